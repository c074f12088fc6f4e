"""集体讨论 — who attends and who only listens, each one's view, the conclusion, and the record to be signed.

The page is the form of `discuss`; the record is printed and signed by hand.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import Response

from policies.decision import discussed_collectively
from policies.office import Person
from policies.roles import ROLE_NAMES
from workflow import precedents, queries
from workflow.database import reading
from workflow.errors import NotFound
from workflow.web.pages.amounts import amounts
from workflow.web.pages.looking import look
from workflow.web.pages.moves import SCREENS, Asked, asked_for, fresh_key, submit
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, text

router = APIRouter()

DECIDES = ("head", "deputy_head")
"""Whose attendance the law means: the heads of the organ (行政处罚法 57); they stand first."""

LISTENS = ("admin", "inspector", "assistant", "system")
"""Who is not offered as an attendant."""


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody who may attend: whether they do, what they said, whether that is not the conclusion."""

    person: Person
    post: str
    attends: bool
    said: str
    dissents: bool

    @property
    def decides(self) -> bool:
        return self.person.has(*DECIDES)


@router.get("/cases/{case_id}/discussion")
def show_form(visit: Signed, case_id: str) -> Response:
    """The form, with what a discussion before has left."""
    asked = asked_for(visit, "discuss", case_id, {})
    return _page(asked, {"visit": visit, "status": 200})


@router.post("/cases/{case_id}/discussion")
def record(visit: Signed, form: Posted, case_id: str) -> Response:
    """Put the discussion on file; the record can be printed afterwards."""
    asked = asked_for(visit, "discuss", case_id, {})
    return submit(asked, _as_asked(form), f"/cases/{case_id}/discussion/record")


def _as_asked(form: FormData) -> FormData:
    """Each seat of the page as a row of the verb's form; an empty view is no row."""
    kept = [(n, v) for n, v in form.multi_items() if not n.startswith("f.opinions")]
    for person in form.getlist("f.attendees"):
        said = text(form, f"f.said.{person}").strip()
        if said:
            kept += [
                ("f.opinions.person", person),
                ("f.opinions.text", said),
                ("f.opinions.dissents", text(form, f"f.dissents.{person}")),
            ]
    return FormData(kept)


def _page(asked: Asked, shown: dict[str, Any]) -> Response:
    visit, view = asked.visit, asked.view
    assert view is not None  # a discussion is always about a case
    case, sent = view.case, shown.get("sent", {})
    with reading(visit.fashen.engine) as tx:
        past = precedents.band(tx, visit.office, view.row.id, case, visit.now.date())
    before = case.discussion
    blank: dict[str, Any] = {
        "wrong": {}, "version": asked.version, "key": fresh_key(), "excuses": {}, "sent": {},
        "at": f"{visit.now:%Y-%m-%dT%H:%M}", "shown_at": f"{visit.now:%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    asks = [
        f
        for c in view.choices
        if c.move.verb == "decide"
        for f in c.report.findings
        if f.policy is discussed_collectively
    ]
    return render(
        "discussion.html",
        **{**blank, **shown, "here": "cases", "asked": asked},
        row=view.row,
        case=case,
        before=before,
        seats=[_seat(p, before, sent) for p in _people(asked)],
        yours=asked.choice is not None and asked.choice.mine,
        able=asked.choice.able if asked.choice else (),
        why=asks[0].verdict if asks else None,
        amount=amounts(case, visit.office, past),
        people=[(p.id, p.title) for p in _people(asked)],
        today=visit.now.date(),
    )


def _people(asked: Asked) -> list[Person]:
    """Everybody who may attend, the heads first."""
    office = asked.visit.office
    able = [p for p in office.people if not set(p.roles) <= set(LISTENS)]
    return sorted(able, key=lambda p: not p.has(*DECIDES))


def _seat(person: Person, before: Any, sent: Any) -> Seat:
    post = person.post or ROLE_NAMES[person.roles[0]]
    if sent:
        attends = person.id in sent.getlist("f.attendees")
        said = str(sent.get(f"f.said.{person.id}", ""))
        return Seat(person, post, attends, said, bool(sent.get(f"f.dissents.{person.id}")))
    if before:
        mine = next((o for o in before.opinions if o.person == person.id), None)
        attends = person.id in before.attendees
        return Seat(person, post, attends, mine.text if mine else "", bool(mine and mine.dissents))
    return Seat(person, post, False, "", False)


SCREENS["discuss"] = _page


# — the record ———————————————————————————————————————————————————————————————————————————


@router.get("/cases/{case_id}/discussion/record")
def show_record(visit: Signed, case_id: str, done: int = 0) -> Response:
    """讨论笔录, to be printed and signed by everybody who was there."""
    visit = look(visit, case_id)
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    if view.case.discussion is None:
        raise NotFound("本案还没有集体讨论的记录。")
    office = visit.office

    def named(id: str) -> str:
        person = office.person(id)
        return f"{person.name}（{person.post or ROLE_NAMES[person.roles[0]]}）" if person else id

    return render(
        "discussion_record.html",
        visit=visit,
        here="cases",
        row=view.row,
        case=view.case,
        discussion=view.case.discussion,
        named=named,
        name_of=lambda id: p.name if (p := office.person(id)) else id,
        power=office.power(view.case.power),
        words=lambda c: visit.bureau.law.words(c.statute, c.article, c.paragraph),
        done=done,
    )
