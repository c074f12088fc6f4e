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
