"""办理 — the form of a verb, the POST that performs it, and the pages that say why not and what then."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from policies.casefile import CaseFile, Proposal
from policies.core import Report
from states.case import CURRENT
from states.flow import Flow, Move
from workflow import accounts, errors, queries, reviewing
from workflow.delegations import signed
from workflow.desk import COMMANDS
from workflow.errors import FieldError
from workflow.files.kinds import ACCEPT
from workflow.order import Order
from workflow.preview import Choice
from workflow.publication.sheet import Sheet
from workflow.queries import Deadline, View
from workflow.times import beijing
from workflow.web.pages import attaching, publicity, signing
from workflow.web.pages.beside import item_words, things
from workflow.web.pages.codes import in_words
from workflow.web.pages.countdown import Countdown, countdown
from workflow.web.pages.field import Field, Setting
from workflow.web.pages.fields import (
    Unreadable,
    data,
    fields_of,
    kept,
    lawful_range,
    shown,
)
from workflow.web.pages.looking import look
from workflow.web.pages.opening import may_open
from workflow.web.pages.publicity import sheet_of
from workflow.web.pages.render import day, render, yuan
from workflow.web.pages.session import Posted, Signed, Visit, text
from workflow.web.pages.way_out import curing, fastest
from workflow.work import perform

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """A verb on a case, or one that opens a case, with the fields that its form asks for."""

    visit: Visit
    verb: str
    flow: Flow
    move: Move
    view: View | None
    choice: Choice | None
    fields: list[Field]
    sheet: Sheet | None = None

    @property
    def here(self) -> str:
        """Where one comes from: the case, the case that another is to come from, or the list."""
        if self.view:
            return f"/cases/{self.view.row.id}"
        return f"/cases/{self.origin}" if self.origin else "/"

    @property
    def back(self) -> str:
        if self.view:
            return f"回到案件　{self.view.row.number or self.view.row.party}"
        return "回到原案" if self.origin else "回到案件列表"

    @property
    def origin(self) -> str:
        told = (f.value for f in self.fields if f.name == "origin" and f.kind == "told")
        return next(told, "")

    @property
    def action(self) -> str:
        folder = f"/cases/{self.view.row.id}" if self.view else "/cases"
        return f"{folder}/do/{self.verb}"

    @property
    def version(self) -> str:
        return str(self.view.row.version) if self.view else ""

    @property
    def becomes(self) -> str:
        """What the thing beside the case is after the move; empty where it stays what it is."""
        side = self.flow.beside.get(self.move.beside)
        dest = side.verbs[self.verb].dest if side else None
        return dest.label if dest else ""


def asked_for(visit: Visit, verb: str, case_id: str | None, wanted: Mapping[str, str]) -> Asked:
    """`wanted` is what the address or the sent form says about which thing, or which other case."""
    if verb not in COMMANDS:
        raise errors.NotFound(f"没有“{verb}”这个动作。")
    if case_id is None:
        flow, move = _opening(verb)
        view, choice = None, None
    else:
        visit = look(visit, case_id)
        view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
        choice = _choice(view, verb, wanted.get("item", ""))
        flow = CURRENT["summary" if view.row.procedure == "简易程序" else "ordinary"]
        found = choice.move if choice else flow.verbs.get(verb)
        if found is None:
            raise errors.NotFound(f"{view.row.procedure}没有“{verb}”这个动作。")
        move = found
    setting = Setting(visit, verb, view, view.choices if view else (), wanted)
    fields = fields_of(COMMANDS[verb].form, setting)
    sheet = sheet_of(visit, verb, view)
    fields = [publicity.filled(field, setting, sheet) for field in fields]
    fields.sort(key=lambda field: field.kind != "told")  # what it is about comes first
    return Asked(visit, verb, flow, move, view, choice, fields, sheet)


def _choice(view: View, verb: str, item: str) -> Choice | None:
    """The move as it would be about this thing; while nobody says about which, nothing is judged yet."""
    able = [c for c in view.choices if c.move.verb == verb]
    if len(able) < 2 and not item:
        return able[0] if able else None
    if item:
        return next((c for c in able if c.item == item), None)
    return replace(able[0], report=Report(), item="", about="")


WANTED = ("item", "origin", "about", "policy")
"""What an address may say of the form that it opens."""


def _wanted(told: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    return {name: str(told.get(prefix + name, "")).strip() for name in WANTED}


def _opening(verb: str) -> tuple[Flow, Move]:
    for flow in CURRENT.values():
        if move := flow.opening(verb):
            return flow, move
    raise errors.NotFound(f"“{verb}”要在一件案件上办理，请先打开案件。")


Screen = Callable[[Asked, dict[str, Any]], Response]
"""A page of its own for a verb's form: it gets what the plain form would show."""

PLACES = {"at", "irregular", "on_behalf_of", "verdict", "said", signing.FIELD}
"""Where a mistake can be shown besides a field of the verb's form."""

SCREENS: dict[str, Screen] = {}
"""Verbs whose form is a page of its own, empty and after a mistake alike."""


@router.get("/cases/do/{verb}")
def open_form(request: Request, visit: Signed, verb: str) -> Response:
    """The form of a verb that opens a case."""
    asked = asked_for(visit, verb, None, _wanted(request.query_params))
    if asked.move not in may_open(visit):
        raise _not_yours(asked)
    return _form(asked, asked.fields)


@router.get("/cases/{case_id}/do/{verb}")
def move_form(request: Request, visit: Signed, case_id: str, verb: str) -> Response:
    """The form of a verb, for those whose verb it is and while the case is where it starts."""
    asked = asked_for(visit, verb, case_id, _wanted(request.query_params))
    assert asked.view is not None
    if asked.choice is None:
        raise _not_from_here(asked, asked.view)
    if not asked.choice.mine:
        raise _not_yours(asked)
    return _form(asked, asked.fields)


def _not_yours(asked: Asked) -> errors.NotYourMove:
    able = asked.choice.able if asked.choice else ()
    people = "、".join(able) or asked.move.who.label
    return errors.NotYourMove(
        f"“{asked.move.label}”由{asked.move.who.label}办理，{asked.visit.person.title}不能办。"
        f"可以办的人：{people}。"
    )


def _not_from_here(asked: Asked, view: View) -> errors.NotFromHere:
    said = f"案件现在在“{view.row.state_label}”，不能办理“{asked.move.label}”。"
    if asked.flow.move(view.row.state, asked.verb):  # the case is ready, the thing is not
        side = asked.flow.beside[asked.move.beside]
        known = "；".join(
            f"{item_words(thing, view.names)}{of.state(thing.state).label}"
            for of, thing in things(view.case)
            if of.name == side.name
        )
        said = f"没有现在可以办“{asked.move.label}”的。本案登记的：{known or '无'}。"
    mine = dict.fromkeys(c.move.verb for c in view.choices if c.mine)
    return errors.NotFromHere(said, list(mine))


# — the POST ——————————————————————————————————————————————————————————————————————————————


@router.post("/cases/do/{verb}")
def open_case(visit: Signed, form: Posted, verb: str) -> Response:
    return submit(asked_for(visit, verb, None, _wanted(form, "f.")), form)


@router.post("/cases/{case_id}/do/{verb}")
def make_move(visit: Signed, form: Posted, case_id: str, verb: str) -> Response:
    """Perform a verb; whatever stands in the way comes back as a page with the input kept."""
    asked = asked_for(visit, verb, case_id, _wanted(form, "f."))
    form, wrong = attaching.taken_in(visit, case_id, asked.fields, form)
    if wrong:  # of the files that came with the form; the others are kept
        return mistaken(asked, form, wrong)
    return submit(asked, form)


def submit(asked: Asked, form: FormData, then: str = "", screen: Screen | None = None) -> Response:
    """Perform what a form asks for and go to `then`, or to the case; a mistake comes back on `screen`."""
    fields = kept(asked.fields, form)
    if text(form, "again"):
        return _form(asked, fields, form, screen=screen)
    try:
        order = _order(asked, fields, form)
    except Unreadable as wrong:
        return _form(asked, fields, form, wrong.errors, screen=screen)
    try:
        if signing.asks(asked.verb):
            order = _signed(asked, form, order)
        done = perform(asked.visit.fashen, order)
    except (accounts.NotConfirmed, accounts.TooManyTries) as unknown:
        wrongly = [FieldError(signing.FIELD, str(unknown))]
        return _form(asked, fields, form, wrongly, screen=screen)
    except errors.KeyReused:
        said = "这张表单已经办理过一次，现在的内容又有不同。请先看案件现在的情况；确实要再办一次的，重新提交。"
        return _form(asked, fields, form, [FieldError("", said)], fresh=True, screen=screen)
    except errors.Malformed as wrong:
        return _form(asked, fields, form, wrong.errors, screen=screen)
    except errors.Blocked as refused:
        return _refusal(asked, form, order, refused.report)
    except errors.ChangedMeanwhile as stale:
        return _stale(asked, fields, form, stale)
    there = then or f"/cases/{done.case}"
    mark = "&" if "?" in there else "?"
    return RedirectResponse(f"{there}{mark}done={done.version}", status_code=303)


def mistaken(
    asked: Asked, form: FormData, wrong: Iterable[FieldError], screen: Screen | None = None
) -> Response:
    """The form again with what was filled in, where the page itself has found what is wrong."""
    return _form(asked, kept(asked.fields, form), form, wrong, screen=screen)


def _signed(asked: Asked, form: FormData, order: Order) -> Order:
    """The order, once it is signed; whose move it is not here and now is refused for that, and signs nothing."""
    if asked.view is None or (asked.choice is not None and asked.choice.mine):
        signing.confirm(asked.visit, form, key=order.key)
        return order
    # What was looked at is the newest that it may rest on: nothing becomes possible unsigned in between.
    return replace(order, version=min(order.version or 0, asked.view.row.version))


def _order(asked: Asked, fields: list[Field], form: FormData) -> Order:
    told = text(form, "version")
    if asked.view is not None and not (told.isascii() and told.isdigit()):
        raise Unreadable(
            [FieldError("", "页面没有说明依据的是案件的哪一步，请回到案件重新打开表单")]
        )
    account = text(form, "irregular").strip()
    if asked.move.irregular == "must" and not account:
        raise Unreadable([FieldError("irregular", "请写明经过：这一步只能作为不合规情况如实登记")])
    excuses = {
        name.removeprefix("excuse."): str(value).strip()
        for name, value in form.multi_items()
        if name.startswith("excuse.") and str(value).strip()
    }
    return Order(
        office=asked.visit.office.office,
        actor=asked.visit.person.id,
        verb=asked.verb,
        form=data(fields),
        case=asked.view.row.id if asked.view else None,
        version=int(told) if asked.view else None,
        at=_moment(form),
        key=text(form, "key")[:64],
        excuses=excuses,
        irregular=account,
        on_behalf_of=text(form, "on_behalf_of")[:64],
    )


def _moment(form: FormData) -> datetime | None:
    """When it happened as stated; a time that nobody touched means now."""
    stated = text(form, "at").strip()
    if not stated or stated == text(form, "shown_at"):
        return None
    try:
        return beijing(datetime.fromisoformat(stated).replace(tzinfo=None))
    except ValueError:
        said = f"“{stated}”不是时间，请写成 2026-01-31T09:30 这样"
        raise Unreadable([FieldError("at", said)]) from None


# — the pages —————————————————————————————————————————————————————————————————————————————


def _form(
    asked: Asked,
    fields: list[Field],
    form: FormData | None = None,
    wrong: Iterable[FieldError] = (),
    *,
    fresh: bool = False,
    screen: Screen | None = None,
) -> Response:
    """The form, empty or with what was filled in and a sentence beside each field that is wrong."""
    now = asked.visit.now
    posted: Mapping[str, Any] = form or {}
    told: dict[str, list[str]] = {}
    names = {field.name for field in fields if field.kind != "told"} | PLACES
    for error in wrong:
        name = error.field.split(".")[0]
        told.setdefault(name if name in names else "", []).append(error.message)
    shown: dict[str, Any] = {
        "status": 422 if told else 200,
        "visit": asked.visit,
        "here": "cases",
        "asked": asked,
        "fields": fields,
        "wrong": told,
        "at": posted.get("at") or f"{now:%Y-%m-%dT%H:%M}",
        "shown_at": posted.get("shown_at") or f"{now:%Y-%m-%dT%H:%M}",
        "version": asked.version if fresh else posted.get("version") or asked.version,
        "key": fresh_key() if fresh else posted.get("key") or fresh_key(),
        "account": posted.get("irregular", ""),
        "excuses": _excuses(form),
        "sent": posted,
        "signs": signing.asks(asked.verb),
        "behalf": behalf(asked, posted),
    }
    if own := screen or SCREENS.get(asked.verb):
        return own(asked, shown)
    return render(
        "form.html",
        **shown,
        starts=_starts(asked),
        **curing(asked.view, asked.verb),
        brief=[] if asked.sheet else _brief(asked),
        sheet=asked.sheet,
        accept=ACCEPT,
        files=attaching.shown(asked.visit, asked.view, fields),
    )


def behalf(asked: Asked, posted: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """For whom the step can be taken, each with whether it is chosen; nothing where only for oneself."""
    choice = asked.choice
    if choice is None or not choice.through:
        return []
    own = [("", f"{asked.visit.person.name}本人")] if choice.own else []
    name = asked.visit.person.name
    able = [*own, *((p.id, signed(name, p.name)) for p in choice.through)]
    chosen = posted.get("on_behalf_of", able[0][0] if choice.own or len(able) == 1 else None)
    return [(id, words, id == chosen) for id, words in able]


DECIDERS = frozenset({"unit_head", "reviewer", "head", "deputy_head", "chair"})
"""Who answers for a step that others prepared, and needs the case before the eyes."""


def _brief(asked: Asked) -> list[tuple[str, str]]:
    """The case in a few lines above a form in which somebody judges it."""
    roles = asked.move.who.roles
    if asked.view is None or not roles <= DECIDERS | {"clerk"} or not roles & DECIDERS:
        return []
    view, office = asked.view, asked.visit.office
    case, power = view.case, office.power(view.case.power)
    told = [
        ("当事人", view.row.party),
        ("违法事实", _facts_of(case)),
        ("案由", power.title if power else ""),
        ("证据", "、".join(e.name for e in case.evidence)),
    ]
    if case.proposal:
        lawful = power.range_for(case.party.kind) if power and case.party else None
        amount = _penalty(case.proposal) + (f"（{lawful_range(lawful)}）" if lawful else "")
        told += [("拟处罚", amount), ("裁量理由", case.proposal.discretion)]
    if case.review:
        said = "通过" if case.review.passed else "退回"
        said = "通过已撤回" if case.review.withdrawn_at else said
        told.append(("法制审核", f"{case.review.name} {said}：{case.review.opinion}"))
    told += [("陈述申辩", s.text) for s in case.statements]
    told += [("期限", _deadline(asked, d)) for d in view.row.deadlines]
    return [(name, words) for name, words in told if words]


def _facts_of(case: CaseFile) -> str:
    if case.proposal:
        return case.proposal.facts
    return case.act.text if case.act else ""


def _penalty(proposal: Proposal) -> str:
    """罚款 800 元、没收违法所得."""
    return "、".join(f"罚款 {yuan(proposal.fine)}" if k == "罚款" else k for k in proposal.kinds)


def _deadline(asked: Asked, deadline: Deadline) -> str:
    assert asked.view is not None  # only a case has deadlines
    told = _counted(asked, asked.view, deadline)
    return f"{told.label} {told.count}，{told.left}，{day(told.ends)}届满"


def _counted(asked: Asked, view: View, deadline: Deadline) -> Countdown:
    return countdown(deadline, view.case, asked.visit.fashen.calendar, asked.visit.now.date())


def fresh_key() -> str:
    return secrets.token_urlsafe(16)


def _excuses(form: FormData | None) -> dict[str, str]:
    return {
        name.removeprefix("excuse."): str(value)
        for name, value in (form.multi_items() if form else ())
        if name.startswith("excuse.") and value
    }


def _starts(asked: Asked) -> list[str]:
    """The clocks that the move may start."""
    flow = CURRENT[asked.move.becomes] if asked.move.becomes else asked.flow
    return [term.label for term in flow.every_term if asked.verb in term.starts_at]


def _refusal(asked: Asked, form: FormData, order: Order, report: Report) -> Response:
    """Why not, all of it, and the way out."""
    at = (beijing(order.at) if order.at else asked.visit.now).date()
    running = {d.clock: d for d in asked.view.row.deadlines} if asked.view else {}
    ends = running.get("decision")
    return render(
        "refusal.html",
        status=409,
        visit=asked.visit,
        here="cases",
        asked=asked,
        report=report,
        answered=[f for f in report.warnings if order.excuses.get(f.policy.id)],
        **curing(asked.view, asked.verb),
        fastest=fastest(
            report, at, _counted(asked, asked.view, ends) if asked.view and ends else None
        ),
        kept=_kept(form),
        excuses=_excuses(form),
        account=text(form, "irregular"),
        signs=signing.asks(asked.verb),
    )


def _kept(form: FormData) -> list[tuple[str, str]]:
    """Everything that was sent, for the hidden fields of the next attempt."""
    own = ("version", "key", "at", "shown_at", "on_behalf_of")
    return [
        (name, str(value))
        for name, value in form.multi_items()
        if name in own or name.startswith("f.")
    ]


def _stale(
    asked: Asked, fields: list[Field], form: FormData, stale: errors.ChangedMeanwhile
) -> Response:
    """Somebody acted first: who, what, and the input to take along."""
    told = [(field.label, shown(field)) for field in fields]
    seen = text(form, "version")
    assert asked.view is not None  # only a case can have moved on
    changed = reviewing.changed_since(
        asked.visit.fashen, asked.visit.office.office, asked.view.row.id, int(seen), in_words
    )
    return render(
        "stale.html",
        changed=changed,
        status=412,
        visit=asked.visit,
        here="cases",
        asked=asked,
        since=[{**s, "entered": datetime.fromisoformat(s["entered"])} for s in stale.since],
        told=[(label, value) for label, value in told if value],
        hidden_fields=[(name, str(v)) for name, v in form.multi_items() if name.startswith("f.")],
        possible=asked.choice is not None and asked.choice.mine,
    )
