"""上栏与下栏 — a step that publishes or takes down changes the notice board in its own transaction."""

from __future__ import annotations

from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from workflow.follow_ups import TAKES_DOWN
from workflow.identifiers import resolve
from workflow.program import Bureau
from workflow.publication import board, record


def project(tx: Connection, verb: str, bureau: Bureau, case_id: str, case: CaseFile) -> None:
    """Show what was just reviewed; take down what was withdrawn, repaired or is over."""
    choice, office = case.publication, bureau.office
    if choice is None or verb not in ("review_publication", *TAKES_DOWN):
        return
    key = record.key_of(case, office, case_id)
    if verb == "review_publication":
        values = resolve(tx, office.office, record.sealed_in(case.model_dump(mode="json")))
        out = record.opened(record.outgoing(case, office, bureau.law), values)
        board.put(tx, office.office, case_id, record.notice(out, choice, key))
    elif choice.withdrawn_on:
        reason = choice.withdrawn_because
        board.take_down(tx, office.office, key, "withdrawn", reason, choice.withdrawn_on)
    elif choice.ended_on:
        board.take_down(tx, office.office, key, "ended", TAKES_DOWN[verb], choice.ended_on)
