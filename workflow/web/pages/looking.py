"""督察的视野 — who may open the supervisor's pages, and a case of an office below as its inspector sees it."""

from __future__ import annotations

from dataclasses import replace

from workflow import sight
from workflow.database import reading
from workflow.sight import Sight
from workflow.web.pages.session import Visit


def seen_by(visit: Visit) -> Sight:
    """The offices that the visitor may look into; whoever is no supervisor is refused."""
    with reading(visit.fashen.engine) as tx:
        return sight.supervised(visit.fashen, tx, visit.bureau, visit.person)


def inspector_only(visit: Visit, what: str) -> None:
    sight.inspector_only(visit.person, what)


def every_case(visit: Visit) -> None:
    """For pages that list the office's cases: counsel and the administrators are refused."""
    sight.every_case(visit.person)


def look(visit: Visit, case_id: str) -> Visit:
    """The visit as it is in the office of this case (`sight.stand_in`)."""
    with reading(visit.fashen.engine) as tx:
        there, person = sight.stand_in(visit.fashen, tx, visit.bureau, visit.person, case_id)
    return visit if there is visit.bureau else replace(visit, bureau=there, person=person)
