"""期限表 — every clock of every flow by its kind, those beside the case too."""

from __future__ import annotations

from states.case import FLOWS

TERMS = {term.clock: term for flow in FLOWS.values() for term in flow.every_term}
"""A clock that both flows have is the same in both."""
