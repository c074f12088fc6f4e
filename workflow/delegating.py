"""办理委托 — giving a delegation and ending it: by the principal, or by the administrator on a head's written order.

What it may be for is the principal's own roles; what is reserved to a person, and who may stand in for
whom, is in `states/delegation.py`. Both hear of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime

import sqlalchemy as sa
from pydantic import Field
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.office import Office, Person
from policies.officers import investigators
from policies.roles import ROLE_NAMES
from states.delegation import RESERVED, excluded, moves_of, own_verbs, unfit
from workflow import delegations, models
from workflow.delegations import Delegation
from workflow.errors import AlreadyOver, FieldError, Malformed, NotFound, NotYourMove
from workflow.follow_ups import Message, to_person
from workflow.forms import Day, Form, Line, OptionalLine
from workflow.order import label
from workflow.program import Bureau, Fashen
from workflow.times import beijing
from workflow.writing import queue

SEPARATED = frozenset({"reviewer"})
"""Roles that nobody may stand in for in a case that they investigated, whatever the step."""


SEE_ALL = ("head", "deputy_head", "inspector", "admin")
"""Who sees every delegation of the office; others those that they gave or have."""


class Give(Form):
    """委托"""

    principal: Line = Field(description="委托人")
    delegate: Line = Field(description="受托人")
    verbs: tuple[Line, ...] = Field(
        min_length=1,
        max_length=200,
        description="委托办理什么：动作，或者委托人的角色（其全部可以委托的动作）",
    )
    cases: tuple[Line, ...] = Field(
        default=(), max_length=50, description="只限哪些案件；空为全部案件"
    )
    from_on: Day = Field(description="自哪一天起")
    until_on: Day = Field(description="至哪一天止（包括这一天）")
    reason: Line = Field(description="事由")
    proof: OptionalLine = Field(default="", description="委托书，或者负责人书面决定的文号")


class Revoke(Form):
    """撤销委托"""

    delegation: Line = Field(description="委托的编号")
    reason: Line = Field(description="撤销的理由")


def give(fashen: Fashen, office: str, by: str, form: Give) -> Delegation:
    """Give a delegation; everything that stands in its way is said at once.

    It does not reach back: it counts from now on, and from its first day.
    """
    now = _second(fashen)
    with fashen.engine.begin() as tx:
        bureau = fashen.bureau(tx, office)
        giver, principal, delegate = _people(bureau.office, by, form)
        _may_give(giver, principal, form.proof)
        verbs, wrong = _scope(form, principal)
        wrong += _period(form, bureau, beijing(now).date())
        if why := _cannot_sign(giver, principal, delegate):
            wrong.append(FieldError("delegate", why))
        else:
            wrong += _fit(form, verbs, principal, delegate)
        wrong += _cases(tx, office, form, verbs, principal, delegate)
        if wrong:
            raise Malformed("委托", wrong)
        made = Delegation(
            id=fashen.new_id(),
            **form.model_dump(exclude={"verbs", "principal", "delegate"}),
            principal=principal.id,
            delegate=delegate.id,
            verbs=tuple(verbs),
            given_by=giver.id,
            given_at=now,
        )
        tx.execute(models.delegation.insert(), _row(office, made))
        said = f"{principal.name} 委托 {delegate.name} 代为办理 {len(verbs)} 种事项，{made.period}"
        queue(tx, _both(made, "given", said, bureau.office), office, "", now)
    return made


def revoke(fashen: Fashen, office: str, by: str, form: Revoke) -> Delegation:
    """End a delegation now; what was done under it stays as it is."""
    now = _second(fashen)
    with fashen.engine.begin() as tx:
        bureau = fashen.bureau(tx, office)
        found = delegations.find(tx, office, form.delegation)
        person = _known(bureau.office, by)
        if not may_end(person, found):
            raise NotYourMove(
                f"委托由委托人撤销，受托人可以辞去，管理员可以凭负责人书面决定撤销；{person.title}不能办。"
            )
        if found.state_on(now) == "past":
            raise AlreadyOver(
                f"这份委托（{found.period}）{found.ended or '已经期满'}，不用再撤销。"
            )
        ended = replace(found, revoked_at=now, revoked_by=by, revoked_because=form.reason)
        d = models.delegation.c
        tx.execute(
            models.delegation.update()
            .where(d.office_id == office, d.id == found.id)
            .values(revoked_at=now, revoked_by=by, revoked_because=form.reason)
        )
        names = delegations.named(bureau.office, [found])
        said = (
            f"{names[found.principal]} 给 {names[found.delegate]} 的委托（{found.period}）"
            f"已由{person.name}撤销：{form.reason}"
        )
        queue(tx, _both(ended, "revoked", said, bureau.office), office, "", now)
    return ended


def _second(fashen: Fashen) -> datetime:
    """Now to the second, as the ledger writes its moments, so that the two can be compared."""
    return fashen.clock().replace(microsecond=0)


def may_end(person: Person, found: Delegation) -> bool:
    """The principal takes back, the delegate lays down, the administrator on the head's order."""
    return person.id in (found.principal, found.delegate) or person.has("admin")


def delegable(person: Person) -> list[str]:
    """What this person can give to somebody: their own verbs without the reserved ones."""
    return [verb for verb in own_verbs(person) if verb not in RESERVED]


def roles_of(person: Person) -> list[str]:
    """The roles whose verbs this person can give as a whole."""
    return [role for role in person.roles if of_role(role, delegable(person))]


def of_role(role: str, verbs: Iterable[str]) -> list[str]:
    """Those of these verbs that whoever has this role may take."""
    return [verb for verb in verbs if any(role in move.who.roles for move in moves_of(verb))]


def _known(office: Office, id: str) -> Person:
    found = office.person(id)
    if found is None or found not in office.people:
        raise NotFound(f"{office.name}没有“{id}”这个人。")
    return found


def _people(office: Office, by: str, form: Give) -> tuple[Person, Person, Person]:
    """Giver, principal and delegate; the last two are fields of a form, so they are told as such."""
    known = "、".join(f"{p.id}（{p.name}）" for p in office.people)
    wrong = [
        FieldError(name, f"本机关没有“{id}”这个人，只有：{known}")
        for name, id in (("principal", form.principal), ("delegate", form.delegate))
        if (p := office.person(id)) is None or p not in office.people
    ]
    if wrong:
        raise Malformed("委托", wrong)
    return _known(office, by), _known(office, form.principal), _known(office, form.delegate)


def _may_give(giver: Person, principal: Person, proof: str) -> None:
    if giver.id == principal.id:
        return
    if not giver.has("admin"):
        raise NotYourMove(
            f"委托由委托人本人（{principal.title}）给；本人办不了的，由管理员凭负责人书面决定登记。"
            f"{giver.title}不能替他委托。"
        )
    if not proof:
        said = f"管理员替{principal.name}登记委托，要写明负责人书面决定的文号"
        raise Malformed("委托", [FieldError("proof", said)])


def _cannot_sign(giver: Person, principal: Person, delegate: Person) -> str:
    """Why this person can be nobody's delegate here."""
    if delegate.id == principal.id:
        return "不能委托自己，请另选受托人"
    if delegate.id == giver.id:
        return f"{giver.name}登记的委托，受托人不能是{giver.name}自己，请另选受托人"
    why = excluded(delegate)
    return f"{why}（本机关规则，未确认），请另选受托人" if why else ""


def _scope(form: Give, principal: Person) -> tuple[list[str], list[FieldError]]:
    """The verbs meant, each once: a role brings all of its own that may be passed on."""
    mine = delegable(principal)
    meant: list[str] = []
    wrong: list[FieldError] = []
    for word in dict.fromkeys(form.verbs):
        if word in principal.roles:
            meant += of_role(word, mine)
        elif word in RESERVED and principal.has(*(r for m in moves_of(word) for r in m.who.roles)):
            said = f"“{label(word)}”不能委托：{RESERVED[word].told}，请从范围里去掉"
            wrong.append(FieldError("verbs", said))
        elif word in mine:
            meant.append(word)
        elif word in ROLE_NAMES:
            said = f"{principal.title}没有“{ROLE_NAMES[word]}”这个角色，不能委托别人以它办理"
            wrong.append(FieldError("verbs", said))
        elif not moves_of(word):
            said = f"没有“{word[:40]}”这个动作或者角色；全部动作见 fashen scenario --verbs"
            wrong.append(FieldError("verbs", said))
        else:
            said = (
                f"“{label(word)}”不是{principal.name}自己的职权；只能委托自己的，受托得来的不得转托"
            )
            wrong.append(FieldError("verbs", said))
    if not meant and not wrong:
        wrong.append(FieldError("verbs", f"{principal.title}的这个角色没有可以委托的动作"))
    return list(dict.fromkeys(meant)), wrong


def _period(form: Give, bureau: Bureau, today: date) -> list[FieldError]:
    if form.until_on < form.from_on:
        return [FieldError("until_on", f"{form.until_on} 早于 {form.from_on}，请改正")]
    wrong = []
    if form.from_on < today:
        said = f"{form.from_on} 已经过去（今天是 {today}）；委托从登记起有效，不能补给过去的办理"
        wrong.append(FieldError("from_on", said))
    longest = int(bureau.law.on(today)["delegation.max_days"].value)
    days = (form.until_on - form.from_on).days + 1
    if days > longest:
        said = f"共 {days} 日（自然日），一次最多 {longest} 日；到期可以另行委托"
        wrong.append(FieldError("until_on", said))
    return wrong


def _fit(form: Give, verbs: Sequence[str], principal: Person, delegate: Person) -> list[FieldError]:
    """What the delegate lacks on the first day; a scope that is a whole role leaves such verbs out in words."""
    lacks = dict.fromkeys(
        lack
        for verb in verbs
        for move in moves_of(verb)
        if principal.has(*move.who.roles)
        and (lack := unfit(move, delegate, principal, form.from_on))
    )
    told = list(lacks)[:3]
    more = f"；另有 {len(lacks) - 3} 项" if len(lacks) > 3 else ""
    return [FieldError("delegate", "；".join(told) + more)] if told else []


def _cases(
    tx: Connection,
    office: str,
    form: Give,
    verbs: Sequence[str],
    principal: Person,
    delegate: Person,
) -> Iterator[FieldError]:
    """Each case exists, and neither must stay out of it nor would review what both investigated."""
    if not form.cases:
        return
    c = models.cases.c
    rows = tx.execute(
        sa.select(c.id, c.number, c.doc).where(c.office_id == office, c.id.in_(form.cases))
    )
    known = {row.id: row for row in rows}
    reviews = any(SEPARATED & m.who.roles for verb in verbs for m in moves_of(verb))
    for id in form.cases:
        if id not in known:
            yield FieldError("cases", f"没有编号为“{id[:40]}”的案件")
            continue
        name = known[id].number or id[:8]
        case = CaseFile.model_validate_json(known[id].doc)
        out = [p.name for p in (principal, delegate) if p.id in case.recusal_needed]
        if out:
            yield FieldError("cases", f"{'、'.join(out)}应当回避案件 {name}，不能委托或者受托")
        elif reviews and principal.has("reviewer") and delegate.id in investigators(case):
            said = f"{delegate.name}是案件 {name} 的承办人，不能代审核人审核"
            yield FieldError("cases", said)


def _row(office: str, made: Delegation) -> dict[str, object]:
    told = {name: getattr(made, name) for name in Delegation.__slots__}
    return {
        **told,
        "office_id": office,
        "verbs": json.dumps(made.verbs),
        "cases": json.dumps(made.cases),
        "revoked_by": None,
        "revoked_because": None,
    }


def _both(made: Delegation, what: str, said: str, office: Office) -> list[Message]:
    people = [p for id in (made.principal, made.delegate) if (p := office.person(id))]
    return [
        message
        for person in people
        for message in to_person(
            "tell", f"tell:delegation:{made.id}:{what}:{person.id}", person, f"{said}。"
        )
    ]
