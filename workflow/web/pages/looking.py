"""督察的视野 — who may open the supervisor's pages, and a case of an office below as its inspector sees it."""

from __future__ import annotations

from dataclasses import replace

from workflow.database import reading
from workflow.errors import NotForYou
from workflow.sight import LOOKERS, Sight, as_seen_below, case_seen, sees_all, sight
from workflow.web.pages.session import Visit


def seen_by(visit: Visit) -> Sight:
    """The offices that the visitor may look into; whoever is no supervisor is refused."""
    if not visit.person.has(*LOOKERS):
        raise NotForYou("督察的页面只给监督员和机关负责人看。要查看自己的案件，请回到案件列表。")
    with reading(visit.fashen.engine) as tx:
        return sight(visit.fashen, tx, visit.bureau, visit.person)


def inspector_only(visit: Visit, what: str) -> None:
    if not visit.person.has("inspector"):
        raise NotForYou(f"{what}由监督员办理；您可以查看，不能办理。")


def every_case(visit: Visit) -> None:
    """For pages that list the office's cases: counsel and the administrators are refused."""
    if not sees_all(visit.person):
        raise NotForYou(f"{visit.person.title}不查看全机关的案件；交给您的，在工作台。")


def look(visit: Visit, case_id: str) -> Visit:
    """The visit as it is in the office of this case: an inspector from above acts there as inspector alone.

    Of everybody else, and of a case that is not seen, nothing changes: the query finds no such case.
    """
    if not visit.person.has("inspector"):
        return visit
    with reading(visit.fashen.engine) as tx:
        seen = sight(visit.fashen, tx, visit.bureau, visit.person)
        there = case_seen(visit.fashen, tx, seen, case_id)
    if there is None or there.office.office == visit.office.office:
        return visit
    return replace(visit, bureau=there, person=as_seen_below(visit.person, visit.bureau))
