"""How Celery is set up: one dictionary per meaning, each with its reason.

Most of this turns Celery's features off. It rings a doorbell and runs what the bell is rung for; what
must happen, and when, is a row (docs: "Broker is not a database"). Made for Celery and kombu 5.7, the
first pair that takes up its work again after each way of losing Redis that we know of.
"""

import os
import time
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import click
from celery import Celery
from celery.beat import Scheduler
from kombu.entity import Queue

from tasks import inproc
from tasks.heartbeats import Heart, Pulse
from tasks.reliable import RELIABLE
from workflow.heartbeats import WRITTEN_EVERY

QUEUE: Final = "fashen"

STALE: Final = 900
"""Seconds after which a bell of beat is not heeded: when workers were away for a night, the last quarter of
an hour is enough. It is beat's clock against the worker's, so it must be longer than theirs can differ."""
BEAT_WRITTEN_EVERY: Final = WRITTEN_EVERY.total_seconds()


class BrokerSettings(Protocol):
    """What is asked of the settings."""

    @property
    def broker_url(self) -> str | None:
        """redis://…, or None for a broker inside this process."""


def make_celery(
    settings: BrokerSettings,
    *,
    heart: Heart | None = None,
    beat_schedule: Mapping[str, Mapping[str, Any]] | None = None,
    include: Sequence[str] = (),
) -> Celery:
    """Make the Celery app of this process; `include` names the modules that define tasks.

    With a `heart`, its beat and its worker leave heartbeats.
    """
    url = settings.broker_url or inproc.URL
    in_process = _is_in_process(url)
    _refuse_overrides()

    app = FashenCelery("fashen", include=list(include))
    if not in_process:
        import tasks.steady_redis  # noqa: F401 - redis:// then means ours
    app.heart = heart
    app.conf.update(
        {"broker_url": url, "beat_schedule": {k: dict(v) for k, v in (beat_schedule or {}).items()}}
        | queues()
        | NO_RESULTS
        | JSON_ONLY
        | AT_LEAST_ONCE
        | NOTHING_FOR_LATER
        | QUIET
        | OWN_LOGGING
        | BEIJING_TIME
        | STATELESS_BEAT
        | ({} if in_process else REDIS | PROCESSES)
    )
    if in_process:
        for command in ("worker", "beat", "events"):
            app.user_options[command].add(_refusal())
    # Seen from every thread: a thread without a current app takes the default one, and Celery's own
    # default app would wait for a RabbitMQ that nobody has.
    app.set_default()
    return app


# --- What holds for every broker ------------------------------------------------------------------


def queues() -> dict[str, Any]:
    """One queue. A misspelt name is an error where it is used, not a queue that nobody reads."""
    return {
        "task_default_queue": QUEUE,
        "task_queues": [Queue(QUEUE)],  # type: ignore[no-untyped-call]
        "task_create_missing_queues": False,
    }


# Results are rows. In Redis they would be keys that outlive their use; and result_expires would make
# beat add a task of its own to clean them up.
NO_RESULTS: Final[dict[str, Any]] = {
    "result_backend": None,
    "result_expires": None,
    "task_ignore_result": RELIABLE["ignore_result"],
    "task_store_errors_even_if_ignored": RELIABLE["store_errors_even_if_ignored"],
    "task_track_started": RELIABLE["track_started"],
}

# Whoever can write into a queue must not be able to run code, as pickle would let them.
JSON_ONLY: Final[dict[str, Any]] = {
    "accept_content": ["json"],
    "task_serializer": RELIABLE["serializer"],
    "result_serializer": "json",
    "event_serializer": "json",
}

# The same as in RELIABLE, where the reasons are, for a task that forgot to ask for it.
AT_LEAST_ONCE: Final[dict[str, Any]] = {
    "task_acks_late": RELIABLE["acks_late"],
    "task_acks_on_failure": RELIABLE["acks_on_failure"],
    "task_acks_on_timeout": RELIABLE["acks_on_timeout"],
    "task_reject_on_worker_lost": RELIABLE["reject_on_worker_lost"],
    # No worker holds what another could be doing.
    "worker_prefetch_multiplier": 1,
    # A task that still runs when Redis comes back may finish: whoever gets its message again finds
    # the row leased.
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    # The broker may come later than we do, and go as often as it likes.
    "broker_connection_retry_on_startup": True,
    "broker_connection_retry": True,
    "broker_connection_max_retries": None,
}

# Nobody sends a message for later (eta, countdown, retry): Redis would deliver it again and again,
# or lose it, and a worker that holds one exits when Redis dies. If one slips in, it stays a few.
NOTHING_FOR_LATER: Final[dict[str, Any]] = {"worker_eta_task_limit": 10}

# No remote control and no events: one way in and one way to hang less, and keys that would grow.
# Whether work gets done is read from the rows.
QUIET: Final[dict[str, Any]] = {
    "worker_enable_remote_control": False,
    "beat_enable_remote_control": False,
    "worker_send_task_events": False,
    "task_send_sent_event": False,
}

# The process that embeds a worker has its own logging and its own standard output.
OWN_LOGGING: Final[dict[str, Any]] = {
    "worker_hijack_root_logger": False,
    "worker_redirect_stdouts": False,
}

# For crontab entries. What the law counts in days is counted elsewhere.
BEIJING_TIME: Final[dict[str, Any]] = {"timezone": "Asia/Shanghai", "enable_utc": True}

# No schedule file: it can be corrupt, and then beat does not start. A sweep looks at the rows that are
# due, so nothing is owed for the time when beat was down.
STATELESS_BEAT: Final[dict[str, Any]] = {
    "beat_scheduler": f"{__name__}:SteadyScheduler",
    "beat_max_loop_interval": 10,  # seconds; within these a clock that was set back is noticed
}


# --- What only a broker beyond this process needs ----------------------------------------------------

# Published or refused within seconds. Without a socket timeout a publish on a half-open connection
# waits for ever (after 60 s it still did), and whoever publishes with it.
_FEW_SHORT_RETRIES: Final = {
    "max_retries": 2,
    "interval_start": 0,
    "interval_step": 0.2,
    "interval_max": 0.5,
}

REDIS: Final[dict[str, Any]] = {
    "broker_transport_options": {
        # After so many seconds Redis hands an unacknowledged message to another worker. Well above
        # the time limit of a task, and far below the default hour that an orphan would wait.
        "visibility_timeout": 600,
        # Look for orphans every 15 s, each time, instead of about every 100 s.
        "unacked_restore_interval": 15,
        "unacked_restore_throttle": 1,
        # Above the second that a worker's BRPOP waits, or every idle wait would look like a failure.
        "socket_timeout": 10,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 15,
        **_FEW_SHORT_RETRIES,
    },
    "task_publish_retry": True,
    "task_publish_retry_policy": _FEW_SHORT_RETRIES,
}

# Worker processes of their own can be limited and replaced; the embedded worker's threads cannot.
PROCESSES: Final[dict[str, Any]] = {
    "worker_concurrency": 2,
    "worker_max_tasks_per_child": 500,
    "worker_max_memory_per_child": 300_000,  # KiB
    "task_soft_time_limit": RELIABLE["soft_time_limit"],
    "task_time_limit": RELIABLE["time_limit"],
    # On a cold shutdown, running tasks get so many seconds before they are thrown out.
    "worker_soft_shutdown_timeout": 20,
}


# --- The app, and what the command line may do with it -----------------------------------------------


class FashenCelery(Celery):
    """A Celery whose plain ``celery -A worker worker`` needs no further options."""

    heart: Heart | None = None

    @cached_property
    def Worker(self) -> Any:
        """The worker program, without the three conversations that workers hold with each other."""
        from celery.apps.worker import Worker

        class Silent(Worker):
            pulse: Pulse | None = None

            def __init__(self, *args: Any, **options: Any) -> None:
                silence = dict.fromkeys(
                    ("without_gossip", "without_heartbeat", "without_mingle"), True
                )
                super().__init__(*args, **options | silence)

            def on_consumer_ready(self, consumer: Any) -> None:
                super().on_consumer_ready(consumer)
                if self.pulse is None and self.app.heart:
                    self.pulse = Pulse(self.app.heart, self.hostname)
                    self.pulse.start()

            def stop(self, in_sighandler: bool = False, exitcode: int | None = None) -> None:
                super().stop(in_sighandler, exitcode)
                if self.pulse:
                    self.pulse.stop()

        return self.subclass_with_self(Silent)


class SteadyScheduler(Scheduler):
    """Celery's scheduler in memory, which also survives a clock that is set back.

    Celery remembers by the wall clock when an entry is due. On a PC that starts with a wrong date and
    then learns the right one, that may be next year, and until then no sweep would run.
    """

    _wall_ahead_by: float | None = None
    _written: float | None = None

    def tick(self, *args: Any, **options: Any) -> float | None:
        """Run what is due; return the seconds until the next tick."""
        ahead_by = time.time() - time.monotonic()
        if self._wall_ahead_by is not None and ahead_by < self._wall_ahead_by - 1.0:
            self.schedule.clear()
            self.setup_schedule()
            self._heap = None
        self._wall_ahead_by = ahead_by
        pause: float | None = super().tick(*args, **options)
        self._show_life()
        return pause

    def close(self) -> None:
        """End in good order."""
        super().close()
        if self._written is not None:
            self._written = None
            self.app.heart.take_back("beat")

    def _show_life(self) -> None:
        """Leave the heartbeat of the beat, now and then; a tick never waits for it."""
        heart, now = getattr(self.app, "heart", None), time.monotonic()
        if heart and (self._written is None or now - self._written >= BEAT_WRITTEN_EVERY):
            self._written = now
            heart.leave_soon("beat")


def _refusal() -> click.Option:
    """An option that nobody gives, whose callback runs before the command does.

    The signals celeryd_init and beat_init come too late: a worker that was told to --detach has left
    for the background by then, with exit code 0, and beat has printed its banner.
    """

    def refuse(ctx: click.Context, _option: click.Parameter, _value: object) -> None:
        if not ctx.resilient_parsing:
            raise click.ClickException(
                f"celery {ctx.info_name}: FASHEN_BROKER_URL is not set, so the broker is inside each "
                "process: messages would stay inside that process, and this one would wait for ever "
                "without a sign of it.\n"
                "On one PC start 'fashen serve' alone: it brings its own worker and beat.\n"
                "For separate processes set FASHEN_BROKER_URL=redis://HOST:6379/0, the same for the "
                "web server, every worker and beat."
            )

    return click.Option(
        ["--broker-in-this-process"],
        hidden=True,
        expose_value=False,
        is_flag=True,
        is_eager=True,
        callback=refuse,
    )


def _is_in_process(url: str) -> bool:
    scheme = urlsplit(url).scheme
    if scheme in ("redis", "rediss", "redis+socket"):
        return False
    if url == inproc.URL:
        return True
    raise ValueError(
        f"FASHEN_BROKER_URL: cannot use a broker of the kind {scheme!r}; "
        "give redis://HOST:6379/0 (or rediss://, redis+socket://), or leave it unset"
    )


def _refuse_overrides() -> None:
    """Celery prefers these variables to any configuration, silently; `celery -b` sets the first."""
    for name in (
        "CELERY_BROKER_URL",
        "CELERY_BROKER_READ_URL",
        "CELERY_BROKER_WRITE_URL",
        "CELERY_RESULT_BACKEND",
    ):
        if os.environ.get(name):
            raise ValueError(
                f"{name} is set and Celery would follow it past our settings; "
                "unset it (and leave out celery's -b) and set FASHEN_BROKER_URL"
            )
