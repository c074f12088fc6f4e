"""应缴 — the fine that stands, what was paid on it, what is still open, what goes back."""

from __future__ import annotations

from decimal import Decimal

from policies.casefile import CaseFile


def standing_fine(case: CaseFile) -> Decimal:
    """The fine as decided, or as the last result that stands left it; nothing of one that was revoked."""
    fine = case.decision.fine if case.decision else Decimal(0)
    for remedy in case.remedies:
        if remedy.final and remedy.fine_after is not None:
            fine = remedy.fine_after
        elif remedy.falls and remedy.ended == "revoked":
            fine = Decimal(0)
    return fine


def paid(case: CaseFile) -> Decimal:
    """Everything that was paid, whenever."""
    return sum((p.amount for p in case.payments), Decimal(0))


def unpaid(case: CaseFile) -> Decimal:
    """What is still open of the fine that stands."""
    return max(standing_fine(case) - paid(case), Decimal(0))


def to_refund(case: CaseFile) -> Decimal:
    """What was paid beyond a fine that has effectively fallen or become less, and has not gone back yet."""
    if case.decision is None or standing_fine(case) >= case.decision.fine:
        return Decimal(0)
    back = sum((r.amount for r in case.refunds), Decimal(0))
    return max(paid(case) - back - standing_fine(case), Decimal(0))
