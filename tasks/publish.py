"""Publication of decisions."""

from __future__ import annotations

from celery import shared_task

from tasks.program import program
from tasks.reliable import RELIABLE
from workflow.deliveries import deliver


@shared_task(name="tasks.publish.publish_decision", **RELIABLE)
def publish_decision(message_id: int) -> None:
    """Publish one decision once and bring its receipt back to the case."""
    deliver(program(), message_id)


@shared_task(name="tasks.publish.withdraw_decision", **RELIABLE)
def withdraw_decision(message_id: int) -> None:
    """Take one decision down where it was published, once, and bring the answer back to the case."""
    deliver(program(), message_id)
