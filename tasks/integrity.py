"""The checks of whole offices, as a task: each bell goes on with them for a while."""

from __future__ import annotations

from celery import shared_task

from tasks.program import program
from tasks.reliable import RELIABLE
from workflow import integrity


@shared_task(name="tasks.integrity.advance", **RELIABLE)
def advance() -> None:
    """Go on with every check of an office that is under way; without one it ends at once."""
    integrity.advance(program())
