"""处罚种类与并罚 — which kinds this office may impose, one act and one fine, and what is confiscated."""

from __future__ import annotations

from decimal import Decimal

from policies.articles import APL, EEC
from policies.casefile import PartyKind
from policies.core import (
    Level,
    Verdict,
    does_not_apply,
    fails,
    holds,
    needs_judgement,
    policy,
    unstated,
)
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.office import PowerItem

FREEDOM = ("拘留", "限制人身自由", "驱逐出境", "限期出境")
"""What touches personal freedom; only the police and other organs that a law names may impose it."""

DAILY = "按日连续处罚"


def _kinds(facts: Facts) -> tuple[str, ...]:
    if facts.case.decision:
        return facts.case.decision.kinds
    return facts.case.proposal.kinds if facts.case.proposal else ()


@policy(
    "penalty.no_freedom",
    title="不含限制人身自由的处罚",
    rules=["R009"],
    cites=[APL(9, "第（五）项"), APL(18, "第三款")],
)
def no_freedom(facts: Facts, law: LawBook) -> Verdict:
    """Detention and whatever else restricts personal freedom is never this office's to impose."""
    kinds = _kinds(facts)
    if not kinds:
        return does_not_apply("还没有拟定处罚种类。")
    wrong = [k for k in kinds if any(word in k for word in FREEDOM)]
    if wrong:
        return fails(
            f"{'、'.join(wrong)}限制人身自由，本机关无权作出。",
            remedy="删去该种类；依法应当拘留的，移送公安机关。",
            by=facts.handlers,
        )
    return holds(f"{'、'.join(kinds)}不限制人身自由。")


@policy("penalty.daily_fine", title="按日连续处罚的条件", rules=["R030"], cites=[EEC(1060)])
def daily_fine(facts: Facts, law: LawBook) -> Verdict:
    """Daily fines are for enterprises and other operators who go on after an order, found on re-inspection."""
    if not any(DAILY in k for k in _kinds(facts)):
        return does_not_apply("不是按日连续处罚。")
    power, party, correction = facts.power, facts.case.party, facts.case.correction
    wrong = []
    if power is None or DAILY not in power.kinds:
        wrong.append("权力清单没有把按日连续处罚交给本机关")
    if party and party.kind is PartyKind.CITIZEN:
        wrong.append("当事人不是企业事业单位或者其他生产经营者")
    if correction is None or correction.ordered_on is None or correction.corrected is not False:
        if facts.case.silent:
            return unstated("责令改正后的复查")
        wrong.append("没有责令改正之后复查发现继续违法的记录")
    if wrong:
        return fails(
            f"{'；'.join(wrong)}。",
            remedy="不按日连续处罚；确有权力的，责令改正并复查之后再作。",
            by=facts.handlers,
        )
    return holds(
        "责令改正之后复查发现继续违法，可以自责令改正之日的次日起按原罚款数额按日连续处罚。"
    )


@policy(
    "penalty.higher_fine_norm",
    title="同一行为触犯数个规范的，按罚款数额高的处罚",
    rules=["R026"],
    cites=[APL(29)],
)
def higher_fine_norm(facts: Facts, law: LawBook) -> Verdict:
    """One act that breaks several norms is fined once, under the norm with the higher fine."""
    proposal, party, power = facts.case.proposal, facts.case.party, facts.power
    if (
        proposal is None
        or party is None
        or power is None
        or not proposal.also_under
        or not facts.fine
    ):
        return does_not_apply("没有登记同一行为触犯的其他案由。")
    chosen = _top(power, party.kind)
    others = [o for code in proposal.also_under if (o := facts.office.power(code)) is not None]
    unknown = [o.title for o in (power, *others) if _top(o, party.kind) is None]
    if unknown:
        return needs_judgement(f"清单没有登记罚款上限，无法比较高低：{'、'.join(unknown)}。")
    higher = [o for o in others if (_top(o, party.kind) or 0) > (chosen or 0)]
    if higher:
        named = "、".join(f"“{o.title}”（上限 {_top(o, party.kind)} 元）" for o in higher)
        return fails(
            f"所选案由的罚款上限是 {chosen} 元，低于同一行为触犯的{named}。",
            remedy="改按罚款数额高的规定处罚，只罚一次。",
            by=facts.handlers,
        )
    return holds(f"同一行为触犯 {len(others) + 1} 个案由，已选罚款数额高的“{power.title}”。")


def _top(item: PowerItem, kind: PartyKind) -> Decimal | None:
    """The highest fine of an item for this kind of party; none known where the article names no sum."""
    limits = item.range_for(kind)
    return Decimal(0) if limits is None else limits.max


@policy(
    "penalty.illegal_income",
    title="违法所得依法没收",
    rules=["R029"],
    cites=[APL(28, "第二款")],
    level=Level.WARN,
)
def illegal_income(facts: Facts, law: LawBook) -> Verdict:
    """Illegal income is confiscated, less what is refunded; it is the gross proceeds of the act.

    A law, an administrative regulation or a ministry's rule may count it otherwise, so this warns.
    """
    proposal = facts.case.proposal
    if proposal is None or proposal.illegal_income is None:
        return does_not_apply("没有登记违法所得。")
    if proposal.refunded > proposal.illegal_income:
        return fails(
            f"退赔 {proposal.refunded} 元多于违法所得 {proposal.illegal_income} 元。",
            remedy="核对违法所得和依法应当退赔的数额。",
            by=facts.handlers,
        )
    net = proposal.illegal_income - proposal.refunded
    if net == proposal.confiscation:
        return holds(f"违法所得 {proposal.illegal_income} 元，除退赔外没收 {net} 元。")
    return fails(
        f"违法所得 {proposal.illegal_income} 元、退赔 {proposal.refunded} 元，"
        f"应当没收 {net} 元，拟没收 {proposal.confiscation} 元。",
        remedy="改正没收数额；另有计算规定或者还没收非法财物的，写明。",
        by=facts.handlers,
    )


@policy(
    "penalty.emergency_heavier",
    title="违反突发事件应对措施的，依法从重",
    rules=["R027"],
    cites=[APL(49)],
    level=Level.WARN,
)
def emergency_heavier(facts: Facts, law: LawBook) -> Verdict:
    """Whoever breaks the measures against an emergency is dealt with fast and more heavily."""
    act, proposal = facts.case.act, facts.case.proposal
    if act is None or not act.emergency or proposal is None:
        return does_not_apply("没有登记违反突发事件应对措施。")
    if "从重" in proposal.discretion:
        return holds(f"违反{act.emergency}的应对措施，裁量理由已写明从重。")
    if facts.case.silent:
        return unstated("是否从重")
    return fails(
        f"违反{act.emergency}的应对措施，裁量理由没有说明是否从重。",
        remedy="在裁量理由中写明依法从重，或者为什么不从重。",
        by=facts.handlers,
    )
