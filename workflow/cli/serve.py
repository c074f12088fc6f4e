"""`fashen serve` — the page, the worker and the beat in one process; on Redis the page alone."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import logging
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from typing import Any

import uvicorn

from tasks import program as tasks_program
from tasks.embedded import EmbeddedCelery
from workflow.cli.common import opened, say
from workflow.cli.worker_here import celery_app
from workflow.errors import FashenError
from workflow.program import Fashen
from workflow.web.app import make_app


def run(asked: argparse.Namespace) -> int:
    logging.basicConfig(
        level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    fashen = opened()
    with _alone(fashen):
        return _serve(asked, fashen)


def _serve(asked: argparse.Namespace, fashen: Fashen) -> int:
    listening = _listen(asked.host, asked.port)
    embedded = None if fashen.settings.broker_url else EmbeddedCelery(celery_app())
    tasks_program.use(fashen)

    @contextlib.asynccontextmanager
    async def lifespan(_app: Any) -> AsyncIterator[None]:
        import anyio

        if embedded:
            await anyio.to_thread.run_sync(embedded.start)
            # What an earlier process left undone is taken up at once, not at the first tick.
            embedded.app.send_task("tasks.deadlines.sweep")
            embedded.app.send_task("tasks.outbox.relay")
        yield
        if embedded:
            await anyio.to_thread.run_sync(embedded.stop)

    server = _Server(
        uvicorn.Config(
            make_app(fashen, lifespan=lifespan),
            host=asked.host,
            port=asked.port,
            log_level="warning",
            timeout_graceful_shutdown=10,
            server_header=False,
        )
    )
    port = listening.getsockname()[1]
    server.told = f"法审已启动：http://{asked.host}:{port}/" + (
        "" if embedded else "　（任务由 celery -A worker worker 和 beat 运行）"
    )
    server.run(sockets=[listening])
    return 0 if server.started else 1


def _listen(host: str, port: int) -> socket.socket:
    """The socket that people will come to; port 0 takes a free one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except (OSError, OverflowError) as wrong:
        raise FashenError(
            f"不能在 {host} 的端口 {port} 上提供网页（{getattr(wrong, 'strerror', wrong)}）；"
            "换一个端口：fashen serve --port 8001。"
        ) from None


class _Server(uvicorn.Server):
    """Says where it is once it listens, and ends with 0 when it is asked to stop."""

    told = ""

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        if self.started:
            say(self.told)
            sys.stdout.flush()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        with contextlib.suppress(KeyboardInterrupt), super().capture_signals():
            try:
                yield
            finally:
                # uvicorn would raise the signal again and end with -15; a clean stop is a success.
                self._captured_signals.clear()


@contextlib.contextmanager
def _alone(fashen: Fashen) -> Iterator[None]:
    """One process per data directory: two would mean two beats and two queues."""
    if fashen.settings.broker_url:
        yield
        return
    with (fashen.settings.data_dir / "serve.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise FashenError(
                f"数据目录 {fashen.settings.data_dir} 已有一个 fashen serve 在运行；"
                "先停掉它，或者设 FASHEN_BROKER_URL 改用 Redis 运行多个进程。"
            ) from None
        yield
