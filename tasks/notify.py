"""Notices to people: alerts of clocks, and what a step makes somebody's turn."""

from __future__ import annotations

from celery import shared_task

from tasks.program import program
from tasks.reliable import RELIABLE
from workflow.deliveries import deliver


@shared_task(name="tasks.notify.deadline_alert", **RELIABLE)
def deadline_alert(message_id: int) -> None:
    """Show one alert to one person, once."""
    deliver(program(), message_id)


@shared_task(name="tasks.notify.send", **RELIABLE)
def send(message_id: int) -> None:
    """Send one letter to one person on one channel, until its receiver says that it has come."""
    deliver(program(), message_id)


@shared_task(name="tasks.notify.tell", **RELIABLE)
def tell(message_id: int) -> None:
    """Tell one person that a case needs them, once."""
    deliver(program(), message_id)
