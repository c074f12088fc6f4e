"""简易程序 — one form on a phone: found, told, decided and handed over, or filed as an ordinary case.

One form is several orders in one transaction (`perform_together`): what the law refuses undoes them all, so
no case is left half done; the input stands in the form again with each reason beside its field.
"""

from __future__ import annotations

import json
import secrets
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa
from fastapi import APIRouter
from starlette.responses import FileResponse, RedirectResponse, Response
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from policies import summary
from policies.casefile import CaseFile, PartyKind, yuan_text
from policies.core import Finding, Report
from policies.office import Person, PowerItem
from policies.remedy_clause import remedy
from policies.summary_scope import FINE, WARNING, Scope, between, scope
from states.case import CURRENT
from workflow import accounts, errors, models
from workflow.database import reading
from workflow.identifiers import plain_number
from workflow.numbers import next_number
from workflow.order import Order
from workflow.times import beijing
from workflow.web.pages import signing
from workflow.web.pages.fields import NUMBERS
from workflow.web.pages.render import WEB, render
from workflow.web.pages.session import Posted, Signed, Visit, text
from workflow.web.pages.summary_paper import SCRIPT
from workflow.work import perform_together

router = APIRouter()

NUMBER_KIND = "当场处罚"
"""Under what the decisions on the spot stand in the register of numbers."""

STANCES = (("none", "没有异议"), ("defence", "有申辩"), ("dispute", "事实有争议，或者要求听证"))
CORRECTIONS = (
    "已责令改正，当场改正完毕",
    "已责令改正，要求立即改正，尚未改完",
    "行为已经结束，没有可以改正的",
)
RECEIPTS = (("screen", "在屏幕上签名"), ("paper", "在纸质决定书上签名"), ("refused", "拒绝签收"))
AGES = (
    ("", "按证件号码推算"),
    ("adult", "已满十八周岁"),
    ("under_18", "十四至十八周岁"),
    ("under_14", "不满十四周岁"),
)

FIELDS = (
    "power", "kind", "name", "number", "number_confirmed", "phone", "address", "representative", "age",
    "place", "inside", "text", "at", "records", "officers", "shown", "told", "stance", "defence",
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
    """Decide on the spot, or with `way=ordinary` file what does not fit; whatever stands in the way comes back."""
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
    if text(form, "way") == "look":
        return _page(visit, kept, {})
    try:
        if (by := text(form, "by")) and by != visit.person.id:
            raise _Wrong("", _somebody_elses(visit, by))
        if text(form, "way") == "ordinary":
            return _file_ordinary(visit, kept)
        # Whatever must be written at all is asked before the password is.
        _complete(visit, told)
        orders = _orders(visit, kept, excuses)
        signing.confirm(visit, form)
        done = perform_together(visit.fashen, orders)
    except _Wrong as wrong:
        return _page(visit, kept, {wrong.field: [wrong.said]}, status=422)
    except (accounts.NotConfirmed, accounts.TooManyTries) as unknown:
        return _page(visit, kept, {signing.FIELD: [str(unknown)]}, status=422)
    except errors.KeyReused:
        said = "这张表单已经办理过一次，现在的内容又有不同。请先到案件列表核对；确实是另一件的，重新提交。"
        return _page(visit, kept | {"key": ""}, {"": [said]}, status=422)
    except errors.Malformed as wrong:
        return _page(visit, kept, _beside(wrong), status=422)
    except errors.Blocked as refused:
        return _page(visit, kept, {}, report=refused.report, excuses=excuses, status=409)
    except errors.NotYourMove as refused:
        return _page(visit, kept, {"officers": [str(refused)]}, status=refused.status)
    return RedirectResponse(f"/summary/{done[0].case}", status_code=303)


class _Wrong(Exception):
    """One field that the page itself finds wanting."""

    def __init__(self, field: str, said: str) -> None:
        super().__init__(said)
        self.field, self.said = field, said


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


# — from the form to the orders ———————————————————————————————————————————————————————————


def _complete(visit: Visit, told: Mapping[str, Any]) -> None:
    """The first thing missing that only this page asks for, as `_Wrong`."""
    if told["stance"] not in dict(STANCES):
        raise _Wrong("stance", "请选择当事人的意见")
    if told["stance"] == "defence" and not told["defence"]:
        raise _Wrong("defence", "请写明当事人申辩的内容")
    if told["received"] not in dict(RECEIPTS):
        raise _Wrong("received", "请选择当事人怎样签收")
    if told["received"] == "screen" and not told["signature"]:
        raise _Wrong("received", "还没有签名：请当事人在框内签名，或者选择在纸上签名、拒绝签收")
    if told["received"] == "refused" and not (told["refusal"] and told["witness"]):
        raise _Wrong(
            "refusal", "拒绝签收的，写明拒签的理由和见证人，注明在决定书上（行政处罚法第五十二条）"
        )
    if _fines(told) and not told["fine"]:
        raise _Wrong("fine", "请填写罚款数额；只警告的，选择“警告”")
    if not told["correction"]:
        raise _Wrong("correction", "请选择责令改正的情况（行政处罚法第二十八条）")
    power = visit.office.power(told["power"])
    if power is None:
        raise _Wrong("power", "请选择案由")


def _orders(visit: Visit, told: Mapping[str, Any], excuses: Mapping[str, str]) -> list[Order]:
    key = told["key"][:64] or secrets.token_urlsafe(16)
    at = _moment(told)
    fine = told["fine"] if _fines(told) else "0"
    refused = told["received"] == "refused"
    decide = {
        "number": _number(visit, told, key),
        "kinds": [
            k
            for k in (WARNING, FINE)
            if k in told["penalty"] or (k == FINE and not told["penalty"])
        ],
        "fine": fine,
        "facts_undisputed": told["stance"] != "dispute",
        "certificate_shown": told["shown"] == "yes",
        "told": told["told"] == "yes",
        "defence": told["defence"] if told["stance"] != "none" else "",
        "defence_answer": told["defence_answer"] if told["stance"] != "none" else "",
        "correction": told["correction"],
        "records": told["records"],
        # The page prints the decision, and its template has every one of them.
        "contents": list(summary.CONTENTS),
        "receiver": told["name"],
        "signed": not refused,
        "signature": told["signature"] if told["received"] == "screen" else "",
        "refusal": f"{told['refusal']}；见证人：{told['witness']}" if refused else "",
    }
    made = [("start_on_spot", _start(told)), ("decide_on_spot", decide)]
    if told["pay"] == "spot" and _fines(told):
        paid = {
            "amount": fine,
            "receipt": told["receipt"],
            "on_spot": True,
            "on_spot_reason": told["pay_reason"],
        }
        made.append(("record_payment", paid))
    return [
        Order(visit.office.office, visit.person.id, verb, form, at=at, key=f"{key}.{verb}", excuses=excuses)
        for verb, form in made
    ]  # fmt: skip


def _fines(told: Mapping[str, Any]) -> bool:
    return FINE in (told["penalty"] or FINE)


def _start(told: Mapping[str, Any]) -> dict[str, Any]:
    kind = told["kind"] or PartyKind.CITIZEN.value
    natural = kind == PartyKind.CITIZEN.value
    age = (told["age"] or _age(told)) if natural else ""
    start: dict[str, Any] = {
        "kind": kind, "name": told["name"], "number": told["number"], "phone": told["phone"],
        "address": told["address"], "number_confirmed": told["number_confirmed"] == "yes", "age": age,
        "representative": "" if natural else told["representative"], "place": told["place"],
        "text": told["text"], "power": told["power"], "officers": list(told["officers"]),
    }  # fmt: skip
    if age:
        start["minor"] = age != "adult"
    if told["inside"] == "yes":
        start["inside_area"] = True
    return start


def _age(told: Mapping[str, Any]) -> str:
    """The band of age on the day, as the identity number tells it; nothing where there is none."""
    number = plain_number(told["number"])
    if len(number) != 18:
        return ""
    try:
        born = ric.get_birth_date(number)
    except (ValidationError, ValueError):
        return ""
    day = (_moment(told) or datetime.fromisoformat(told["at"] or "2000-01-01T00:00")).date()
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    return "under_14" if years < 14 else "under_18" if years < 18 else "adult"


def _moment(told: Mapping[str, Any]) -> datetime | None:
    """When it happened as stated; a time that nobody touched means now."""
    if not told["at"] or told["at"] == told["shown_at"]:
        return None
    try:
        return beijing(datetime.fromisoformat(told["at"]).replace(tzinfo=None))
    except ValueError:
        said = f"“{told['at'][:40]}”不是时间，请写成 2026-01-31T09:30 这样"
        raise _Wrong("at", said) from None


def _pattern(visit: Visit) -> str:
    year = visit.now.date().year
    return visit.office.short + NUMBERS["decide_on_spot"].replace("001", "{{}}").format(year)


def _number(visit: Visit, told: Mapping[str, Any], key: str) -> str:
    """The number as typed; one that was only proposed gives way to the next while nobody has decided under it."""
    if told["decision"] and told["decision"] != told["shown_decision"]:
        return str(told["decision"])
    with reading(visit.fashen.engine) as tx:
        k, n = models.command_key.c, models.document_number.c
        given = tx.execute(
            sa.select(n.number)
            .join(models.command_key, k.case_id == n.case_id)
            .where(
                k.office_id == visit.office.office,
                k.person_id == visit.person.id,
                k.key == f"{key}.decide_on_spot",
                n.kind == NUMBER_KIND,
            )
        ).scalar()
    return given or next_number(visit.fashen, visit.office.office, NUMBER_KIND, _pattern(visit))


def _file_ordinary(visit: Visit, told: Mapping[str, Any]) -> Response:
    """The ordinary case with all that is known: with a party it begins as found here, without one as a lead."""
    key = told["key"][:64] or secrets.token_urlsafe(16)
    at = _moment(told)
    made: list[tuple[str, dict[str, Any]]]
    if told["name"]:
        made = [("start_on_spot", _start(told)), ("convert_to_ordinary", {})]
    else:
        made = [("register_lead", {"place": told["place"], "text": told["text"]})]
    orders = [
        Order(visit.office.office, visit.person.id, verb, form, at=at, key=f"{key}.{verb}")
        for verb, form in made
    ]
    done = perform_together(visit.fashen, orders)
    return RedirectResponse(f"/cases/{done[0].case}?done={done[-1].version}", status_code=303)


# — the page ——————————————————————————————————————————————————————————————————————————————


def _page(
    visit: Visit,
    told: Mapping[str, Any],
    wrong: Mapping[str, list[str]],
    *,
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
    number = next_number(visit.fashen, visit.office.office, NUMBER_KIND, _pattern(visit))
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
    )


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
