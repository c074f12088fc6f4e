"""The sweep of the clocks, as a task; it runs just as well without Celery."""

from __future__ import annotations

from datetime import timedelta

from celery import shared_task

from tasks.program import program
from tasks.reliable import RELIABLE
from workflow import sweep as clocks


@shared_task(name="tasks.deadlines.sweep", **RELIABLE)
def sweep() -> None:
    """Raise every alert that is due and let every window lapse that has run out."""
    fashen = program()
    clocks.sweep(fashen, every=timedelta(seconds=fashen.settings.sweep_every))
