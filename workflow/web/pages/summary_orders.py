"""从表单到命令 — what the form of 简易程序 says, as the orders of one transaction.

The photos are registered between the first order and the one that decides: evidence stands before the decision.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

from policies import summary
from policies.casefile import PartyKind
from policies.summary_scope import FINE, WARNING
from workflow import models
from workflow.database import reading
from workflow.identifiers import plain_number
from workflow.numbers import next_number
from workflow.order import Order
from workflow.times import beijing
from workflow.web.pages import summary_photos
from workflow.web.pages.fields import NUMBERS
from workflow.web.pages.session import Visit
from workflow.web.pages.summary_photos import Picture, Wrong

NUMBER_KIND = "当场处罚"
"""Under what the decisions on the spot stand in the register of numbers."""

STANCES = (("none", "没有异议"), ("defence", "有申辩"), ("dispute", "事实有争议，或者要求听证"))
RECEIPTS = (("screen", "在屏幕上签名"), ("paper", "在纸质决定书上签名"), ("refused", "拒绝签收"))


def complete(visit: Visit, told: Mapping[str, Any]) -> None:
    """The first thing missing that only this page asks for, as `Wrong`."""
    if told["stance"] not in dict(STANCES):
        raise Wrong("stance", "请选择当事人的意见")
    if told["stance"] == "defence" and not told["defence"]:
        raise Wrong("defence", "请写明当事人申辩的内容")
    if told["received"] not in dict(RECEIPTS):
        raise Wrong("received", "请选择当事人怎样签收")
    if told["received"] == "screen" and not told["signature"]:
        raise Wrong("received", "还没有签名：请当事人在框内签名，或者选择在纸上签名、拒绝签收")
    if told["received"] == "refused" and not (told["refusal"] and told["witness"]):
        raise Wrong(
            "refusal", "拒绝签收的，写明拒签的理由和见证人，注明在决定书上（行政处罚法第五十二条）"
        )
    if _fines(told) and not told["fine"]:
        raise Wrong("fine", "请填写罚款数额；只警告的，选择“警告”")
    if not told["correction"]:
        raise Wrong("correction", "请选择责令改正的情况（行政处罚法第二十八条）")
    power = visit.office.power(told["power"])
    if power is None:
        raise Wrong("power", "请选择案由")


def deciding(
    visit: Visit,
    told: Mapping[str, Any],
    excuses: Mapping[str, str],
    pictures: Sequence[Picture],
    *,
    dry: bool = False,
) -> list[Order]:
    """Found, proved, decided, and paid where it was; `dry` for a preview, which claims no file and no key."""
    key = told["key"][:64] or secrets.token_urlsafe(16)
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
        "records": "\n".join(
            filter(None, (told["records"], summary_photos.lines(visit, pictures, told)))
        ),
        # The page prints the decision, and its template has every one of them.
        "contents": list(summary.CONTENTS),
        "receiver": told["name"],
        "signed": not refused,
        "signature": told["signature"] if told["received"] == "screen" else "",
        "refusal": f"{told['refusal']}；见证人：{told['witness']}" if refused else "",
    }
    made = [("start_on_spot", _start(told))]
    if not dry:
        made += [("add_evidence", form) for form in summary_photos.evidence(visit, pictures, told)]
    made.append(("decide_on_spot", decide))
    if told["pay"] == "spot" and _fines(told):
        paid = {
            "amount": fine,
            "receipt": told["receipt"],
            "on_spot": True,
            "on_spot_reason": told["pay_reason"],
        }
        made.append(("record_payment", paid))
    return _one_after_another(visit, told, made, "" if dry else key, excuses, dry=dry)


def ordinary(visit: Visit, told: Mapping[str, Any], pictures: Sequence[Picture]) -> list[Order]:
    """The ordinary case with all that is known: with a party it begins as found here, without one as a lead.

    Who has pictures of it has begun to check.
    """
    key = told["key"][:64] or secrets.token_urlsafe(16)
    proofs = [("add_evidence", form) for form in summary_photos.evidence(visit, pictures, told)]
    made: list[tuple[str, dict[str, Any]]]
    if told["name"]:
        made = [("start_on_spot", _start(told)), *proofs, ("convert_to_ordinary", {})]
    else:
        made = [("register_lead", {"place": told["place"], "text": told["text"]})]
        made += [("start_check", {}), *proofs] if proofs else []
    return _one_after_another(visit, told, made, key, {})


def _one_after_another(
    visit: Visit,
    told: Mapping[str, Any],
    made: Sequence[tuple[str, dict[str, Any]]],
    key: str,
    excuses: Mapping[str, str],
    *,
    dry: bool = False,
) -> list[Order]:
    """With their number in the key where a verb comes more than once: a form sent again with another
    picture is not the same form, and is not carried out in part."""
    at, count = _moment(told), Counter(verb for verb, _ in made)
    nth: Counter[str] = Counter()
    orders = []
    for verb, form in made:
        nth[verb] += 1
        named = f"{verb}.{nth[verb]}.{count[verb]}" if verb == "add_evidence" else verb
        orders.append(
            Order(
                visit.office.office,
                visit.person.id,
                verb,
                form,
                at=at,
                key=f"{key}.{named}" if key else "",
                excuses=excuses,
                dry_run=dry,
            )
        )
    return orders


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
        raise Wrong("at", said) from None


def pattern(visit: Visit) -> str:
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
    return given or next_number(visit.fashen, visit.office.office, NUMBER_KIND, pattern(visit))
