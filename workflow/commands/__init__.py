"""One function per verb: a form and a desk in, a change out. Importing this registers them all."""

from workflow.commands import (
    afterwards,
    decision,
    dispatch,
    evidence,
    hearing,
    intake,
    no_penalty,
    notice,
    review,
    review_desk,
    summary,
)

__all__ = [
    "afterwards",
    "decision",
    "dispatch",
    "evidence",
    "hearing",
    "intake",
    "no_penalty",
    "notice",
    "review",
    "review_desk",
    "summary",
]
