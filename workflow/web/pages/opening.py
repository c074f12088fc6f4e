"""开案 — the verbs that open a case, for those who may use them, also as somebody's delegate."""

from __future__ import annotations

from policies.casefile import CaseFile
from states.case import CURRENT
from states.flow import Move
from workflow.authority import behalves
from workflow.database import reading
from workflow.delegations import not_over
from workflow.desk import COMMANDS
from workflow.web.pages.session import Visit


def openings(visit: Visit) -> list[Move]:
    """Those that open a case out of nothing."""
    return [move for move in may_open(visit) if not _comes_from_another(move)]


def may_open(visit: Visit) -> list[Move]:
    """Every verb that opens a case and that the visitor may use, in the order of the tables."""
    moves = [move for flow in CURRENT.values() for move in flow.moves if move.opens]
    person, office, blank = visit.person, visit.office, CaseFile()
    with reading(visit.fashen.engine) as tx:
        given = not_over(tx, office.office, visit.now.date())
    return [
        move
        for move in moves
        if move.who.allows(person, blank)
        or behalves(given, move, person, blank, None, office, visit.now)
    ]


def _comes_from_another(move: Move) -> bool:
    return "origin" in COMMANDS[move.verb].form.model_fields
