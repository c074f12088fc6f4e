"""One function per verb: a form and a desk in, a change out. Importing this registers them all."""

from workflow.commands import (
    afterwards,
    decision,
    enforcement,
    evidence,
    hearing,
    intake,
    measures,
    notice,
    origins,
    relief,
    requests,
    review,
    summary,
    transfers,
)

__all__ = [
    "afterwards",
    "decision",
    "enforcement",
    "evidence",
    "hearing",
    "intake",
    "measures",
    "notice",
    "origins",
    "relief",
    "requests",
    "review",
    "summary",
    "transfers",
]
