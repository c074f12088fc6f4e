"""委托页 — who signs for whom now, soon and before; a form to give one, and a button that ends it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from policies.office import Person
from policies.roles import ROLE_NAMES
from states.delegation import RESERVED, excluded, own_verbs
from workflow import delegating, delegations, queries
from workflow.delegating import Give, Revoke
from workflow.delegations import Delegation
from workflow.errors import FashenError, FieldError, Malformed, NotFound
from workflow.forms import parse
from workflow.order import label
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()

FORTNIGHT = timedelta(days=13)
"""Two weeks with both their days: what a form offers first."""

GROUPS = (("running", "正在委托"), ("coming", "还没有开始"), ("past", "已经结束"))


@dataclass(frozen=True, slots=True)
class Filled:
    """What stands in the form: as offered, or as it was sent."""

    delegate: str = ""
    verbs: tuple[str, ...] = ()
    cases: str = ""
    from_on: str = ""
    until_on: str = ""
    reason: str = ""
    proof: str = ""


@dataclass(frozen=True, slots=True)
class Scope:
    """What a principal can pass on: whole roles, single verbs, and what is reserved and why."""

    roles: list[tuple[str, str, int]] = field(default_factory=list)
    verbs: list[tuple[str, str]] = field(default_factory=list)
    reserved: list[tuple[str, str]] = field(default_factory=list)


def scope_of(person: Person) -> Scope:
    mine = delegating.delegable(person)
    return Scope(
        [(r, ROLE_NAMES[r], len(delegating.of_role(r, mine))) for r in delegating.roles_of(person)],
        [(verb, label(verb)) for verb in mine],
        [(label(v), RESERVED[v].told) for v in own_verbs(person) if v in RESERVED],
    )


@router.get("/delegations")
def show(visit: Signed, principal: str = "", given: str = "", ended: str = "") -> Response:
    """The delegations that concern the visitor, and the form with which to give one."""
    today = visit.now.date()
    offered = Filled(from_on=today.isoformat(), until_on=(today + FORTNIGHT).isoformat())
    return _page(visit, _principal(visit, principal), offered, done=given or ended)


@router.post("/delegations")
def give(visit: Signed, form: Posted) -> Response:
    """Give one; what is wrong comes back beside its field with the input kept."""
    principal = _principal(visit, text(form, "principal"))
    if principal is None:
        raise NotFound("没有可以委托的人。")
    filled = _filled(form)
    try:
        made = delegating.give(
            visit.fashen, visit.office.office, visit.person.id, _read(visit, principal, filled)
        )
    except Malformed as wrong:
        return _page(visit, principal, filled, wrong.errors)
    return RedirectResponse(f"/delegations?given={made.id}#d-{made.id}", status_code=303)


@router.post("/delegations/{id}/revoke")
def revoke(visit: Signed, form: Posted, id: str) -> Response:
    told = {"delegation": id, "reason": text(form, "reason")}
    read = parse(Revoke, told, verb="撤销委托", now=visit.fashen.clock())
    ended = delegating.revoke(visit.fashen, visit.office.office, visit.person.id, read)
    return RedirectResponse(f"/delegations?ended={ended.id}#d-{ended.id}", status_code=303)


def _principal(visit: Visit, asked: str) -> Person | None:
    """Whose power the form passes on: the visitor's own, or for the administrator whom they chose."""
    if visit.person.has("admin"):
        return next((p for p in _principals(visit) if p.id == asked), None)
    return visit.person if delegating.delegable(visit.person) else None


def _principals(visit: Visit) -> list[Person]:
    return [p for p in visit.office.people if delegating.delegable(p)]


def _filled(form: FormData) -> Filled:
    names = ("delegate", "cases", "from_on", "until_on", "reason", "proof")
    verbs = tuple(str(v) for v in form.getlist("verbs") if isinstance(v, str))
    return Filled(**{n: text(form, n).strip() for n in names}, verbs=verbs)


def _read(visit: Visit, principal: Person, filled: Filled) -> Give:
    """The form as the office reads it; a case is written by its number."""
    office, wrong, cases = visit.office.office, [], []
    for name in filled.cases.split():
        try:
            cases.append(queries.find_case(visit.fashen, office, name))
        except NotFound as no:
            wrong.append(FieldError("cases", str(no)))
    if wrong:
        raise Malformed("委托", wrong)
    told: dict[str, Any] = {
        "principal": principal.id,
        "delegate": filled.delegate,
        "verbs": filled.verbs,
        "cases": cases,
        "from_on": filled.from_on,
        "until_on": filled.until_on,
        "reason": filled.reason,
        "proof": filled.proof,
    }
    return parse(Give, told, verb="委托", now=visit.fashen.clock())


def _page(
    visit: Visit,
    principal: Person | None,
    filled: Filled,
    wrong: list[FieldError] | None = None,
    *,
    done: str = "",
) -> Response:
    office, now = visit.office, visit.fashen.clock()
    everybody = visit.person.has(*delegating.SEE_ALL)
    found = delegations.every(visit.fashen, office.office, None if everybody else visit.person)
    told: dict[str, list[str]] = {}
    for error in wrong or ():
        name = error.field.split(".")[0]
        told.setdefault(name if name in Give.model_fields else "", []).append(error.message)
    return render(
        "delegations.html",
        status=422 if told else 200,
        visit=visit,
        here="delegations",
        groups=[
            (state, title, [d for d in found if d.state_on(now) == state])
            for state, title in GROUPS
        ],
        names=delegations.named(office, found),
        numbers=_numbers(visit, found),
        label=label,
        done=next((d for d in found if d.id == done), None),
        may_end=lambda d: delegating.may_end(visit.person, d),
        asks=visit.person.has("admin"),
        principals=_principals(visit),
        principal=principal,
        delegates=[
            p
            for p in office.people
            if principal and p.id not in (principal.id, visit.person.id) and not excluded(p)
        ],
        scope=scope_of(principal) if principal else Scope(),
        filled=filled,
        wrong=told,
        longest=int(visit.bureau.law.on(visit.now.date())["delegation.max_days"].value),
    )


def _numbers(visit: Visit, found: list[Delegation]) -> Mapping[str, str]:
    """How the cases that are named are called; one that is not there any more keeps its id."""
    ids = {id for d in found for id in d.cases}
    told = {}
    for id in ids:
        try:
            told[id] = queries.case_row(visit.fashen, visit.office.office, id).name
        except FashenError:
            told[id] = id[:8]
    return told
