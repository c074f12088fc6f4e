"""受托办理 — whether somebody may take a step for another, and the words where not.

The delegation that counts is that of the moment at which the step happened: what was done in the period
stays, what was done outside it never was allowed. A delegated power is no role, so it cannot be passed on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from policies.casefile import CaseFile
from policies.office import Office, Person
from states.delegation import RESERVED, excluded, unfit
from states.flow import Move
from workflow.delegations import Behalf, Delegation, signed
from workflow.errors import FieldError, Malformed, NotYourMove
from workflow.times import beijing, stamp


def behalves(
    found: Iterable[Delegation],
    move: Move,
    actor: Person,
    case: CaseFile,
    case_id: str | None,
    office: Office,
    at: datetime,
) -> list[Behalf]:
    """For whom this person may make this move at this moment, each principal once."""
    if move.verb in RESERVED or actor.id in case.recusal_needed or excluded(actor):
        return []
    able: dict[str, Behalf] = {}
    for d in found:
        if d.delegate != actor.id or move.verb not in d.verbs:
            continue
        principal = office.person(d.principal)
        if (
            principal is not None
            and d.is_about(case_id)
            and d.runs_at(at)
            and d.principal not in case.recusal_needed
            and move.who.allows(principal, case)
            and not unfit(move, actor, principal, beijing(at).date())
        ):
            able[principal.id] = Behalf(principal, d)
    return list(able.values())


def the_one(able: Sequence[Behalf], named: str, move: Move, actor: Person) -> Behalf | None:
    """The principal who is named, or the only one; two unnamed are a question back."""
    fits = [b for b in able if not named or b.principal.id == named]
    if len(fits) > 1:
        who = "、".join(f"{b.principal.name}（{b.principal.id}）" for b in fits)
        said = f"{actor.name}同时受 {who} 委托办理“{move.label}”，请写明代谁办理"
        raise Malformed(move.verb, [FieldError("on_behalf_of", said)])
    return fits[0] if fits else None


def not_yours(
    move: Move,
    actor: Person,
    case: CaseFile,
    case_id: str | None,
    office: Office,
    at: datetime,
    named: str,
    had: Callable[[], Sequence[Delegation]],
) -> NotYourMove:
    """Whose move it is; and where a delegation was thought of, who gave it, for when, and what now."""
    people = [p for p in office.people if move.who.allows(p, case)]
    able = "、".join(p.title for p in people) or "（机关未配备）"
    said = f"“{move.label}”由{move.who.label}办理，{actor.title}不能办。"
    if named:
        person = office.person(named)
        whom = person.name if person else f"“{named}”"
        said = f"{actor.name}不能受 {whom} 委托办理“{move.label}”。"
    mine = [d for d in had() if not named or d.principal == named]
    told = dict.fromkeys(_why(d, move, actor, case, case_id, office, at) for d in mine)
    if move.verb in RESERVED and (named or told):
        told = {f"不能委托他人：{RESERVED[move.verb].told}。": None}
    elif named and not told:
        told = {
            f"没有 {whom} 给 {actor.name} 的委托，由委托人本人或者管理员凭负责人书面决定登记。": None
        }
    now = f"可以办的人：{able}。"
    if told and move.irregular != "no":
        now += "确已这样办了的，由其中一人写明经过，作为不合规情况如实登记。"
    return NotYourMove(said + "".join(told) + now)


def _why(
    d: Delegation,
    move: Move,
    actor: Person,
    case: CaseFile,
    case_id: str | None,
    office: Office,
    at: datetime,
) -> str:
    """What this delegation lacks for the step, in one sentence that names both and the period."""
    principal = office.person(d.principal)
    name = principal.name if principal else d.principal
    about = f"{signed(actor.name, name)}的期间是 {d.period}"
    when = stamp(at)[:16].replace("T", " ")
    if d.revoked_at is not None and at >= d.revoked_at:
        return f"{about}，已于 {d.ended}；要继续由他人办理的，另行委托。"
    if not d.runs_at(at):
        if d.from_on <= beijing(at).date() <= d.until_on:
            given = stamp(d.given_at)[:16].replace("T", " ")
            return f"{about}，{given} 才登记，{when} 还没有；委托不能补给过去的办理。"
        return f"{about}，{when} 不在期间内；要由他人办理的，另行委托。"
    if move.verb not in d.verbs:
        return f"{about}，范围里没有“{move.label}”；要由他人办理的，另行委托。"
    if not d.is_about(case_id):
        return f"{about}，只限 {len(d.cases)} 件案件，不包括本案；要由他人办理的，另行委托。"
    recused = [i for i in (d.principal, actor.id) if i in case.recusal_needed]
    if recused:
        who = name if recused[0] == d.principal else actor.name
        return f"{about}，但{who}应当回避，不能由他人代为办理，也不能代他人办理；由其他人办理。"
    if principal is None or not move.who.allows(principal, case):
        return f"{about}，但{name}自己也不能办理；受托的权力不能大于委托人的，也不能转托。"
    lack = unfit(move, actor, principal, beijing(at).date())
    return f"{about}，但{lack}。"
