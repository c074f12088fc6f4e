"""The configuration of Celery, line by line, and what its command line does with it."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import celery._state
import pytest
from celery import Task, shared_task
from celery.app.defaults import DEFAULTS

from tasks import inproc
from tasks.celery_app import SteadyScheduler, make_celery
from tasks.reliable import RELIABLE

ROOT = Path(__file__).parents[2]
SOON = 30.0


@pytest.fixture(autouse=True)
def _own_process_state(monkeypatch) -> Iterator[None]:
    """The default app belongs to the process: do not leave ours to the next test."""
    for name in [name for name in os.environ if name.startswith("CELERY_")]:
        monkeypatch.delenv(name)
    default, current = celery._state.default_app, celery._state._tls.current_app
    yield
    celery._state.set_default_app(default)
    celery._state._tls.current_app = current


def celery_for(broker_url, **options):
    return make_celery(SimpleNamespace(broker_url=broker_url), **options)


def assert_configured(app, expected) -> None:
    """Every expected line, and no other that differs from Celery's own defaults."""
    found = {
        key: app.conf.get(key)
        for key, default in DEFAULTS.items()
        if key in expected or app.conf.get(key) != default
    }
    assert found | {"task_queues": [queue.name for queue in app.conf.task_queues]} == expected


ALWAYS = {
    "accept_content": ["json"],
    "beat_enable_remote_control": False,
    "beat_max_loop_interval": 10,
    "beat_schedule": {},
    "beat_scheduler": "tasks.celery_app:SteadyScheduler",
    "broker_connection_max_retries": None,
    "broker_connection_retry": True,
    "broker_connection_retry_on_startup": True,
    "enable_utc": True,
    "event_serializer": "json",
    "include": [],
    "result_backend": None,
    "result_expires": None,
    "result_serializer": "json",
    "task_acks_late": True,
    "task_acks_on_failure": True,
    "task_acks_on_timeout": True,
    "task_create_missing_queues": False,
    "task_default_queue": "fashen",
    "task_ignore_result": True,
    "task_queues": ["fashen"],
    "task_reject_on_worker_lost": False,
    "task_send_sent_event": False,
    "task_serializer": "json",
    "task_store_errors_even_if_ignored": False,
    "task_track_started": False,
    "timezone": "Asia/Shanghai",
    "worker_cancel_long_running_tasks_on_connection_loss": False,
    "worker_enable_remote_control": False,
    "worker_eta_task_limit": 10,
    "worker_hijack_root_logger": False,
    "worker_prefetch_multiplier": 1,
    "worker_redirect_stdouts": False,
    "worker_send_task_events": False,
}


def test_every_line_for_a_broker_in_this_process():
    assert_configured(celery_for(None), ALWAYS | {"broker_url": "inproc://localhost/"})


def test_every_line_for_redis():
    only_redis = {
        "broker_url": "redis://redis.example:6379/3",
        "broker_transport_options": {
            "visibility_timeout": 600,
            "unacked_restore_interval": 15,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 3,
            "socket_keepalive": True,
            "health_check_interval": 15,
            "max_retries": 2,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 0.5,
        },
        "task_publish_retry": True,
        "task_publish_retry_policy": {
            "max_retries": 2,
            "interval_start": 0,
            "interval_step": 0.2,
            "interval_max": 0.5,
        },
        "task_soft_time_limit": 90,
        "task_time_limit": 120,
        "worker_concurrency": 2,
        "worker_max_memory_per_child": 300_000,
        "worker_max_tasks_per_child": 500,
        "worker_soft_shutdown_timeout": 20,
    }
    assert_configured(celery_for("redis://redis.example:6379/3"), ALWAYS | only_redis)


def test_every_option_that_our_tasks_carry():
    assert RELIABLE == {
        "acks_late": True,
        "acks_on_failure": True,
        "acks_on_timeout": True,
        "ignore_result": True,
        "max_retries": 0,
        "reject_on_worker_lost": False,
        "serializer": "json",
        "soft_time_limit": 90,
        "store_errors_even_if_ignored": False,
        "time_limit": 120,
        "track_started": False,
    }


def test_celery_knows_every_option_that_our_tasks_carry():
    app = celery_for(None)

    @app.task(name="t", shared=False, **RELIABLE)
    def task() -> None: ...

    for option in RELIABLE:
        assert hasattr(Task, option), option
        assert getattr(task, option) == RELIABLE[option]


def test_redis_never_hands_on_a_task_that_may_still_run():
    options = celery_for("redis://redis.example/0").conf.broker_transport_options

    assert options["visibility_timeout"] >= 2 * RELIABLE["time_limit"]


def test_schedule_and_task_modules_are_the_callers():
    schedule = {"sweep": {"task": "tasks.deadlines.sweep", "schedule": 60.0}}
    app = celery_for(None, beat_schedule=schedule, include=["tasks.reliable"])

    assert app.conf.beat_schedule == schedule
    assert app.conf.include == ["tasks.reliable"]


def test_celery_adds_no_task_of_its_own_to_the_beat():
    app = celery_for(None, beat_schedule={"sweep": {"task": "sweep", "schedule": 60.0}})

    assert list(SteadyScheduler(app).schedule) == ["sweep"]


def test_every_thread_finds_our_app():
    @shared_task(name="tests.anywhere", **RELIABLE)
    def anywhere() -> None: ...

    app = celery_for(None)

    assert celery._state.default_app is app


@pytest.mark.parametrize(
    "url",
    ["redis://:secret@h:6379/0", "rediss://h:6379/0", "redis+socket:///run/fashen/redis.sock"],
)
def test_each_way_to_redis_gets_the_options_for_redis(url):
    assert celery_for(url).conf.broker_transport_options["visibility_timeout"] == 600


@pytest.mark.parametrize("url", ["amqp://:secret@h/", "memory://", "h:6379", "inproc://other/"])
def test_another_broker_is_refused_with_the_cure(url):
    with pytest.raises(ValueError, match=r"FASHEN_BROKER_URL.*redis://HOST") as refusal:
        celery_for(url)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize(
    "name",
    [
        "CELERY_BROKER_URL",
        "CELERY_BROKER_READ_URL",
        "CELERY_BROKER_WRITE_URL",
        "CELERY_RESULT_BACKEND",
    ],
)
def test_a_variable_that_celery_would_prefer_is_refused(monkeypatch, name):
    monkeypatch.setenv(name, "redis://elsewhere/0")

    with pytest.raises(ValueError, match=f"{name}.*FASHEN_BROKER_URL"):
        celery_for(None)


def test_the_url_for_one_process_is_known_to_kombu():
    assert celery_for(None).connection_for_read().transport_cls == "inproc"
    assert isinstance(celery_for(None).connection_for_read().transport, inproc.Transport)


# --- The command line ----------------------------------------------------------------------------

OFFICE = """
import os, time
from pathlib import Path
from types import SimpleNamespace
from tasks.celery_app import SteadyScheduler, make_celery
from tasks.reliable import RELIABLE

app = make_celery(
    SimpleNamespace(broker_url=os.environ.get("URL")),
    beat_schedule={"beat": {"task": "note", "schedule": 0.2, "args": ["beat"]}},
)

@app.task(name="note", **RELIABLE)
def note(what):
    with Path("done").open("a") as done:
        done.write(what + "\\n")

@app.task(name="fail", **RELIABLE)
def fail(how):
    note(how)
    raise {"error": RuntimeError, "exit": SystemExit}[how]

@app.task(name="nap", **RELIABLE)
def nap():
    note("asleep")
    time.sleep(1.0)
    note("rested")
"""


def command(folder: Path, *words: str, **environment: str):
    """The words of a command line, and where it runs."""
    (folder / "office.py").write_text(OFFICE, encoding="utf-8")
    return {
        "args": [sys.executable, "-m", "celery", "-A", "office", *words],
        "cwd": folder,
        "env": os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"} | environment,
        "text": True,
    }


@pytest.mark.parametrize(
    "words",
    [
        ("worker", "--pool", "solo"),
        ("worker", "-B"),
        ("worker", "--detach", "--logfile", "log", "--pidfile", "pid"),
        ("beat",),
        ("beat", "--detach", "--logfile", "log", "--pidfile", "pid"),
        ("events",),
    ],
    ids=" ".join,
)
def test_a_separate_process_without_a_broker_is_refused(tmp_path, words):
    run = subprocess.run(**command(tmp_path, *words), capture_output=True, timeout=SOON)

    assert run.returncode == 1
    assert "FASHEN_BROKER_URL" in run.stderr
    assert "messages would stay inside that process" in run.stderr
    assert "fashen serve" in run.stderr
    assert run.stdout == ""  # neither a banner nor "ready"
    assert {file.name for file in tmp_path.iterdir()} <= {"office.py", "__pycache__"}


@pytest.mark.parametrize("words", [("worker", "--help"), ("report",)], ids=" ".join)
def test_questions_are_answered_without_a_broker(tmp_path, words):
    run = subprocess.run(**command(tmp_path, *words), capture_output=True, timeout=SOON)

    assert run.returncode == 0
    assert "--broker-in-this-process" not in run.stdout


def test_a_broker_on_the_command_line_is_refused(tmp_path):
    words = command(tmp_path, "-b", "redis://elsewhere/0", "worker")
    words["args"][3:7] = ["-b", "redis://elsewhere/0", "-A", "office"]
    run = subprocess.run(**words, capture_output=True, timeout=SOON)

    assert run.returncode != 0
    assert "unset it (and leave out celery's -b) and set FASHEN_BROKER_URL" in run.stderr


@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_worker_and_beat_run_as_processes_of_their_own_on_redis(tmp_path, redis_url, pool):
    log, done = tmp_path / "log", tmp_path / "done"
    office = celery_for(redis_url)

    def saw(what: str, times: int = 1) -> bool:
        give_up = time.monotonic() + SOON
        while time.monotonic() < give_up:
            if done.exists() and done.read_text().splitlines().count(what) >= times:
                return True
            time.sleep(0.02)
        return False

    with log.open("w") as out:
        programs = [
            subprocess.Popen(
                **command(tmp_path, *words, URL=redis_url), stdout=out, stderr=subprocess.STDOUT
            )
            for words in (("worker", "--pool", pool, "--loglevel", "info"), ("beat",))
        ]
    worker, beat = programs
    try:
        assert saw("beat", times=3), log.read_text()
        beat.terminate()
        assert beat.wait(SOON) == 0

        breaks = ["error", "exit"] if pool == "prefork" else ["error"]
        for how in breaks * 4:
            office.send_task("fail", [how])
        office.send_task("note", ["after"])
        assert all(saw(how, times=4) for how in breaks), log.read_text()
        assert saw("after"), log.read_text()

        office.send_task("nap")
        assert saw("asleep"), log.read_text()
        worker.terminate()
        assert worker.wait(SOON) == 0, log.read_text()
    finally:
        for program in programs:
            program.kill()
            program.wait(SOON)

    assert done.read_text().splitlines()[-1] == "rested"  # what was running has finished
    assert {file.name for file in tmp_path.iterdir()} <= {"office.py", "__pycache__", "log", "done"}
    assert "mingle" not in log.read_text()
