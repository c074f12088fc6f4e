"""Celery inside this process, for `fashen serve` and the demo. The only place that reaches for tasks."""

from __future__ import annotations

import threading
import uuid
from types import TracebackType
from typing import Any

from celery import Celery, signals

from tasks import program as tasks_program
from tasks.embedded import EmbeddedCelery
from workflow import outbox
from workflow.follow_ups import TASKS
from workflow.program import Fashen


def celery_app() -> Celery:
    """The app of worker.py: the tasks and the beat schedule are said there and nowhere else."""
    import worker

    return worker.app


class CeleryHands:
    """Sweeps and works off messages through real tasks, one after the other, as the demo's clock stands."""

    def __init__(self, fashen: Fashen) -> None:
        self.fashen = fashen
        self.app = celery_app()
        self._ended: dict[str, threading.Event] = {}

    def __enter__(self) -> CeleryHands:
        tasks_program.use(self.fashen)
        signals.task_postrun.connect(self._over, weak=False)
        beat, self.app.conf.beat_schedule = self.app.conf.beat_schedule, {}
        self._beat = beat
        # The demo's clock is not the database's, and nobody watches over it.
        self._heart, self.app.heart = self.app.heart, None
        self.worker = EmbeddedCelery(self.app, concurrency=1)
        self.worker.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.worker.stop()
        self.app.conf.beat_schedule = self._beat
        self.app.heart = self._heart
        signals.task_postrun.disconnect(self._over)

    def sweep(self) -> None:
        self._do("tasks.deadlines.sweep")

    def work_off(self) -> None:
        """Let the relay send what is due until nothing is left."""
        while True:
            with self.fashen.engine.connect() as tx:
                waiting = outbox.due(tx, self.fashen.now(tx))
            if not waiting:
                return
            for id, kind in waiting:
                self._do(TASKS[kind], id)

    def _do(self, name: str, *arguments: Any) -> None:
        task, over = str(uuid.uuid4()), threading.Event()
        self._ended[task] = over  # before sending: the task may be over before send_task returns
        self.app.send_task(name, list(arguments), task_id=task)
        if not over.wait(60):
            raise RuntimeError(f"the task {name} ({task}) did not end within a minute")
        del self._ended[task]

    def _over(self, task_id: str = "", **_: Any) -> None:
        if event := self._ended.get(task_id):
            event.set()
