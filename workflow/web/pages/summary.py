"""简易程序 — one form on a phone: found, told, decided and handed over, or filed as an ordinary case.

One form is several orders in one transaction (`perform_together`): what the law refuses undoes them all, so
no case is left half done; the input stands in the form again with each reason beside its field.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response

from policies.casefile import CaseFile, PartyKind, yuan_text
from policies.core import Finding, Report
from policies.office import Person, PowerItem
from policies.remedy_clause import remedy
from policies.summary_scope import FINE, Scope, between, scope
from states.case import CURRENT
from workflow import accounts, errors, models
from workflow.database import reading
from workflow.files import kinds
from workflow.numbers import next_number
from workflow.web.pages import signing, summary_orders, summary_paper, summary_photos
from workflow.web.pages.render import WEB, render
from workflow.web.pages.session import Posted, Signed, Visit, text
from workflow.web.pages.summary_orders import NUMBER_KIND, RECEIPTS, STANCES
from workflow.web.pages.summary_paper import SCRIPT
from workflow.web.pages.summary_photos import Picture, Wrong
from workflow.work import perform_together

router = APIRouter()

CORRECTIONS = (
    "已责令改正，当场改正完毕",
    "已责令改正，要求立即改正，尚未改完",
    "行为已经结束，没有可以改正的",
)
AGES = (
    ("", "按证件号码推算"),
    ("adult", "已满十八周岁"),
    ("under_18", "十四至十八周岁"),
    ("under_14", "不满十四周岁"),
)

FIELDS = (
    "power", "kind", "name", "number", "number_confirmed", "phone", "address", "representative", "age",
    "card", "place", "inside", "text", "at", "photos", "records", "officers", "shown", "told", "stance", "defence",
    "defence_answer", "penalty", "fine", "correction", "pay", "receipt", "pay_reason", "received",
    "signature", "refusal", "witness", "decision",
)  # fmt: skip
"""The names of the form, in the order of the page."""

BESIDE = {
    "summary.within_limits": "fine",
    "decision.amount_in_range": "fine",
    "decision.kinds_allowed": "fine",
    "decision.band_kept": "fine",
    "party.number_checked": "number",
    "jurisdiction.place": "place",
    "jurisdiction.power_listed": "power",
    "jurisdiction.hand_over": "power",
    "power.delegated": "power",
    "power.entrusted": "power",
    "power.basis_level": "power",
    "summary.facts_clear": "stance",
    "summary.told_and_heard": "told",
    "summary.certificate_shown": "shown",
    "summary.correction_ordered": "correction",
    "officers.two_certified": "officers",
    "officers.no_assistant_signs": "officers",
    "officers.certificate_covers": "officers",
    "officers.no_interest": "officers",
    "officers.present_without_interest": "officers",
    "evidence.photo_described": "photos",
    "decision.child_spared": "age",
    "decision.refusal_proved": "power",
    "service.proved": "received",
    "payment.not_self_collected": "pay_reason",
    "payment.lawful_receipt": "receipt",
}
"""Where on the form the reason of a rule stands; the others stand above it."""

SENT_AS = {
    "decide_on_spot": {"number": "decision", "kinds": "fine", "signature": "received"},
    "start_on_spot": {"inside_area": "inside"},
    "record_payment": {"amount": "fine", "on_spot_reason": "pay_reason"},
    "add_evidence": dict.fromkeys(("files", "taken_on", "taken_time", "maker", "proves"), "photos"),
}
"""Verb → field of its form → its name on this page, where the two differ."""


@dataclass(frozen=True, slots=True)
class Item:
    """One 案由 of the list, with what may be decided on the spot for each kind of party."""

    power: PowerItem
    scopes: dict[str, Scope]

    @property
    def fits(self) -> bool:
        return any(scope.fits for scope in self.scopes.values())

    @property
    def data(self) -> str:
        """For the script: kind of party → whether, between what, and the sentence."""
        told = {
            kind: [s.fits, FINE in s.kinds, yuan_text(s.least), yuan_text(s.most), s.said, s.cite]
            for kind, s in self.scopes.items()
        }
        return json.dumps(told, ensure_ascii=False)


def items_of(visit: Visit, day: date) -> list[Item]:
    """The items in force on this day, those first that fit."""
    law = visit.bureau.law
    made = [
        Item(power, {kind.value: scope(power, kind, law, day) for kind in PartyKind})
        for power in visit.office.power_list
        if power.in_force_on(day)
    ]
    return sorted(made, key=lambda item: (not item.fits, item.power.title))


@router.get("/summary")
def summary_form(visit: Signed) -> Response:
    _permit(visit)
    return _page(visit, {}, {})


@router.get("/summary/worker.js")
def worker(visit: Signed) -> Response:
    """The service worker, whose word counts for /summary alone."""
    headers = {"Service-Worker-Allowed": "/summary", "Cache-Control": "no-cache"}
    path = WEB / "static" / "summary-worker.js"
    return FileResponse(path, media_type="text/javascript", headers=headers)


@router.post("/summary")
def send(visit: Signed, form: Posted) -> Response:
    """Decide on the spot, or with `way=ordinary` file what does not fit; whatever stands in the way comes back.

    `way=look` only takes in what was chosen and shows what follows, `way=preview` shows the decision as it would be.
    """
    _permit(visit)
    told = {name: text(form, name).strip() for name in FIELDS} | {
        "officers": form.getlist("officers")
    }
    kept = told | {name: text(form, name) for name in ("key", "shown_at", "shown_decision")}
    excuses = {
        name.removeprefix("excuse."): str(value).strip()
        for name, value in form.multi_items()
        if name.startswith("excuse.") and str(value).strip()
    }
    way = text(form, "way")
    if way == "preview":
        pictures, _ = summary_photos.of_form(visit, form, dry=True)
        return _preview(visit, kept, excuses, pictures)
    if (by := text(form, "by")) and by != visit.person.id:
        return _page(visit, kept, {"": [_somebody_elses(visit, by)]}, status=422)
    # Before anything else, so that no picture is lost with a form that comes back for another reason.
    pictures, refused = summary_photos.of_form(visit, form)
    if refused or way == "look":
        return _page(visit, kept, refused, pictures=pictures, status=422 if refused else 200)
    try:
        if way == "ordinary":
            done = perform_together(visit.fashen, summary_orders.ordinary(visit, kept, pictures))
            return RedirectResponse(f"/cases/{done[0].case}?done={done[-1].version}", 303)
        # Whatever must be written at all is asked before the password is.
        summary_orders.complete(visit, told)
        orders = summary_orders.deciding(visit, kept, excuses, pictures)
        signing.confirm(visit, form)
        done = perform_together(visit.fashen, orders)
    except (accounts.NotConfirmed, accounts.TooManyTries) as unknown:
        return _page(visit, kept, {signing.FIELD: [str(unknown)]}, pictures=pictures, status=422)
    except errors.Blocked as no:
        return _page(
            visit, kept, {}, pictures=pictures, report=no.report, excuses=excuses, status=409
        )
    except (Wrong, errors.KeyReused, errors.Malformed, errors.NotYourMove) as no:
        if isinstance(no, errors.KeyReused):
            kept = kept | {"key": ""}
        status = getattr(no, "status", 422)
        return _page(visit, kept, _reasons(no), pictures=pictures, status=status)
    return RedirectResponse(f"/summary/{done[0].case}", status_code=303)


def _reasons(no: Exception) -> dict[str, list[str]]:
    """What stands in the way, by the field beside which it is told."""
    match no:
        case Wrong():
            return {no.field: [no.said]}
        case errors.KeyReused():
            return {
                "": [
                    "这张表单已经办理过一次，现在的内容又有不同。请先到案件列表核对；确实是另一件的，重新提交。"
                ]
            }
        case errors.Malformed():
            return _beside(no)
    return {"officers": [str(no)]}


def _preview(
    visit: Visit,
    told: Mapping[str, Any],
    excuses: Mapping[str, str],
    pictures: Sequence[Picture],
) -> Response:
    """The decision as it would be printed, of a transaction that is undone; nobody signs and nothing is written.

    Whoever is to sign reads it first, so that a signature need not be there.
    """
    if told["received"] not in dict(RECEIPTS) or (
        told["received"] == "screen" and not told["signature"]
    ):
        told = dict(told) | {"received": "paper"}
    try:
        summary_orders.complete(visit, told)
        orders = summary_orders.deciding(visit, told, excuses, pictures, dry=True)
        return summary_paper.preview(visit, orders)
    except errors.Blocked as no:
        findings = no.report.reasons
        return summary_paper.no_preview(visit, [], findings)
    except (Wrong, errors.Malformed, errors.NotYourMove) as no:
        return summary_paper.no_preview(
            visit, [e for all in _reasons(no).values() for e in all], []
        )


def _permit(visit: Visit) -> None:
    move = CURRENT["summary"].opening("start_on_spot")
    assert move is not None
    if not move.who.allows(visit.person, CaseFile()):
        raise errors.NotYourMove(f"当场处罚由{move.who.label}办理，{visit.person.title}不能办。")


def _somebody_elses(visit: Visit, by: str) -> str:
    person = visit.office.person(by)
    name = person.name if person else by
    return (
        f"这份表单是{name}填写的，现在登录的是{visit.person.name}，没有办理。请由{name}登录后发送。"
    )


def _beside(wrong: errors.Malformed) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for error in wrong.errors:
        name = error.field.split(".")[0]
        name = SENT_AS.get(wrong.verb, {}).get(name, name)
        told.setdefault(name if name in FIELDS else "", []).append(error.message)
    return told


# — the page ——————————————————————————————————————————————————————————————————————————————


def _page(
    visit: Visit,
    told: Mapping[str, Any],
    wrong: Mapping[str, list[str]],
    *,
    pictures: Sequence[Picture] = (),
    report: Report | None = None,
    excuses: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    """The form, empty or with what was filled in, each reason beside its field."""
    now = visit.now
    day = _day(told, now)
    items = items_of(visit, day)
    officers = visit.office.with_role("officer", "unit_head")
    beside: dict[str, list[Finding]] = {}
    for finding in report.reasons if report else ():
        beside.setdefault(BESIDE.get(finding.policy.id, ""), []).append(finding)
    chosen = next((i for i in items if i.power.code == told.get("power")), None)
    here = chosen.scopes.get(told.get("kind") or PartyKind.CITIZEN.value) if chosen else None
    number = next_number(
        visit.fashen, visit.office.office, NUMBER_KIND, summary_orders.pattern(visit)
    )
    fresh = {
        "kind": PartyKind.CITIZEN.value, "at": f"{now:%Y-%m-%dT%H:%M}", "penalty": FINE, "pay": "bank",
        "officers": [p.id for p in _usual(visit, officers, day)], "decision": number,
        "shown_at": f"{now:%Y-%m-%dT%H:%M}", "shown_decision": number,
    }  # fmt: skip
    f = {name: "" for name in FIELDS} | fresh | dict(told)
    f["key"] = f.get("key") or secrets.token_urlsafe(16)
    law = visit.bureau.law
    return render(
        "summary.html",
        status=status,
        visit=visit,
        here="summary",
        f=f,
        items=items,
        scope=here,
        hint=between(here.least, here.most) if here and FINE in here.kinds else "",
        over=_over(here, told),
        kinds=[kind.value for kind in PartyKind],
        officers=[(p, _certificate(p, day)) for p in officers],
        wrong=dict(wrong),
        beside=beside,
        excuses=dict(excuses or {}),
        report=report,
        stances=STANCES,
        corrections=CORRECTIONS,
        receipts=RECEIPTS,
        ages=AGES,
        cash=law.on(day)["onspot_collect.fine_max"],
        within=law.on(day)["payment.due"].span.label,
        remedy=remedy(visit.office, law, day, on_spot=True),
        script=SCRIPT,
        **_photos(visit, pictures),
    )


def _photos(visit: Visit, pictures: Sequence[Picture]) -> dict[str, Any]:
    """The pictures taken in already, and what the script must know to refuse one without a network."""
    shown = [one for one in pictures if one.waits]
    settings = visit.fashen.settings
    return {
        "photos": [one for one in shown if one.album is summary_photos.SCENE],
        "cards": [one for one in shown if one.album is summary_photos.CARD],
        "scene": summary_photos.SCENE.proves,
        "most": summary_photos.MOST,
        "limits": json.dumps(
            {
                group: {
                    "word": kinds.GROUPS[group],
                    "most": kinds.limit(group, settings),
                    "told": kinds.in_words(kinds.limit(group, settings)),
                    "endings": [e for k in kinds.KINDS if k.group == group for e in k.endings],
                }
                for group in summary_photos.SCENE.groups
            },
            ensure_ascii=False,
        ),
    }


def _day(told: Mapping[str, Any], now: datetime) -> date:
    try:
        return datetime.fromisoformat(told.get("at") or "").date()
    except ValueError:
        return now.date()


def _over(here: Scope | None, told: Mapping[str, Any]) -> bool:
    """Whether the amount already written is beyond what fits, so that the other way is offered at once."""
    try:
        amount = Decimal(told.get("fine") or 0)
    except InvalidOperation:
        return False
    return here is not None and (not here.fits or amount > here.most)


def _certificate(person: Person, day: date) -> str:
    """What is wrong with somebody's certificate on this day; empty when nothing is."""
    held = person.certificate
    if held is None:
        return "没有执法证"
    if not held.valid_on(day):
        return f"执法证有效期 {held.valid_from} 至 {held.valid_to}，这一天无效"
    return ""


RECENT = 40
"""Cases of the office in which the usual partner is looked for."""


def _usual(visit: Visit, officers: list[Person], day: date) -> list[Person]:
    """Whoever is here, and with whom they went out most of late; else the first who may."""
    able = {p.id: p for p in officers if not _certificate(p, day)}
    me = visit.person.id
    with reading(visit.fashen.engine) as tx:
        docs = tx.execute(
            sa.select(models.cases.c.doc)
            .where(models.cases.c.office_id == visit.office.office)
            .order_by(models.cases.c.ordinal.desc())
            .limit(RECENT)
        ).scalars()
        teams = [json.loads(doc).get("officers", []) for doc in docs]
    beside_me = Counter(p for team in teams if me in team for p in team if p != me and p in able)
    partner = next((p for p, _ in beside_me.most_common(1)), None)
    partner = partner or next((p for p in able if p != me), None)
    return [able[p] for p in (me, partner) if p in able]
