"""罚款幅度与档次 — how much and what kind the article allows for this party, and on which condition."""

from __future__ import annotations

from decimal import Decimal

from policies.articles import APL
from policies.casefile import CaseFile, Party, yuan_text
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
from policies.office import Heavier, PowerItem, Range, side_of

ALWAYS = frozenset({"没收违法所得"})
"""What follows from every violation that brought something in (行政处罚法 28), whatever the article says."""


def told(limits: Range) -> str:
    """A range in words; the ends that the article leaves open are said as such."""
    low = f"{yuan_text(limits.min)} 元" if limits.min is not None else "0 元"
    return f"{low}至 {yuan_text(limits.max)} 元" if limits.max is not None else f"{low}以上"


def refused(case: CaseFile) -> bool:
    """Whether the file proves that the party did not correct what it was ordered to."""
    return case.correction is not None and case.correction.corrected is False


def _within(limits: Range | None, amount: Decimal) -> bool:
    if limits is None or (limits.min is None and limits.max is None):
        return False
    return (limits.min or 0) <= amount and (limits.max is None or amount <= limits.max)


def judge(facts: Facts, law: LawBook, power: PowerItem, party: Party, amount: Decimal) -> Verdict:
    """Whether the article allows this fine, from the act alone or on a condition that is on file."""
    proposal = facts.case.proposal
    assert proposal is not None
    basis = law.words(power.penalty.statute, power.penalty.article, power.penalty.paragraph)
    limits = power.limits_for(party.kind, proposal.project_cost)
    if limits and power.share and proposal.project_cost is None:
        if facts.case.silent:
            return unstated(power.share.of)
        return needs_judgement(
            f"{basis}的罚款按{power.share.of}的百分比计算，案卷没有写明{power.share.of}。"
        )
    if limits is not None and _within(limits, amount):
        return holds(f"罚款 {amount} 元，在{basis}规定的 {told(limits)}之间。")
    more = [(h, r) for h in power.heavier if (r := h.range_for(party.kind)) is not None]
    for heavier, range_ in more:
        if _within(range_, amount):
            return _on_condition(facts, basis, heavier, range_, amount)
    if limits is None and more:
        basis, limits = f"{basis}对{more[0][0].when}的", more[0][1]
    return _outside(facts, party, basis, limits, amount)


def _on_condition(
    facts: Facts, basis: str, heavier: Heavier, limits: Range, amount: Decimal
) -> Verdict:
    """A fine that only a further condition allows: proved by the file, or for a person to say."""
    if refused(facts.case):
        assert facts.case.correction is not None
        return holds(
            f"罚款 {amount} 元，在{basis}对{heavier.when}规定的 {told(limits)}之间；"
            f"{facts.case.correction.checked_on} 复查，当事人没有改正。"
        )
    if facts.case.silent:
        return unstated(f"是否{heavier.when}")
    if heavier.judged:
        return needs_judgement(
            f"罚款 {amount} 元，{basis}只对{heavier.when}的规定了 {told(limits)}，"
            "这个条件是否成立须由人判断。"
        )
    return fails(
        f"罚款 {amount} 元，{basis}只对{heavier.when}的规定了 {told(limits)}，"
        "案卷没有责令改正后复查未改的记录。",
        remedy="责令改正并复查；没有这一情形的，罚款改在一般的幅度之内。",
        by=facts.handlers,
    )


def _outside(
    facts: Facts, party: Party, basis: str, limits: Range | None, amount: Decimal
) -> Verdict:
    proposal = facts.case.proposal
    assert proposal is not None
    if limits is None:
        return fails(
            f"{basis}没有对{party.kind.value}规定罚款。",
            remedy="改选适用于该类当事人的依据，或者不予罚款。",
            by=facts.handlers,
        )
    if limits.max is not None and amount > limits.max:
        return fails(
            f"罚款 {amount} 元，高于{basis}规定的上限 {limits.max} 元。",
            remedy=f"改为 {limits.min or 0} 元至 {limits.max} 元之间。",
            by=facts.handlers,
        )
    if limits.min is None:
        return needs_judgement(f"{basis}没有规定罚款数额，本机关也没有登记有效的数额依据。")
    if proposal.mitigation:
        return holds(f"低于下限 {limits.min} 元，减轻理由：{proposal.mitigation}")
    if facts.case.silent:
        return unstated("减轻处罚的理由")
    return fails(
        f"罚款 {amount} 元，低于{basis}规定的下限 {limits.min} 元，没有写明减轻处罚的理由。",
        remedy="写明减轻处罚的法定情形并集体讨论，或者改为幅度之内。",
        by=facts.handlers,
    )


@policy(
    "decision.kinds_allowed",
    title="处罚种类是依据的条文所规定的",
    rules=["R165", "R009", "R012", "R014"],
    cites=[APL(9), APL(38), APL(76, "第一款第（二）项")],
)
def kinds_allowed(facts: Facts, law: LawBook) -> Verdict:
    """No kind of penalty that the article does not give, nor one whose condition is not on file."""
    case, power = facts.case, facts.power
    if case.silent and (power is None or case.proposal is None):
        return unstated("处罚种类的依据")
    if case.proposal is None or power is None:
        return does_not_apply("还没有拟处罚意见或者案由。")
    kinds = case.decision.kinds if case.decision else case.proposal.kinds
    further = [k for k in kinds if k not in {*power.kinds, *ALWAYS}]
    basis = law.words(power.penalty.statute, power.penalty.article, power.penalty.paragraph)
    given = {k: h for h in power.heavier for k in h.kinds}
    unknown = [k for k in further if k not in given]
    if unknown:
        return fails(
            f"{basis}没有规定{'、'.join(unknown)}（规定的是{'、'.join(power.kinds) or '责令改正'}）。",
            remedy="改为条文规定的处罚种类，或者改选依据。",
            by=facts.handlers,
        )
    open_ = [k for k in further if not refused(facts.case)]
    if not open_:
        return holds(f"处罚种类{'、'.join(kinds)}是{basis}规定的。")
    when = "、".join(dict.fromkeys(given[k].when for k in open_))
    if case.silent:
        return unstated(f"是否{when}")
    if all(given[k].judged for k in open_):
        return needs_judgement(f"{basis}只对{when}的规定了{'、'.join(open_)}，须由人判断。")
    return fails(
        f"{basis}只对{when}的规定了{'、'.join(open_)}，案卷没有责令改正后复查未改的记录。",
        remedy="责令改正并复查；已改正的，不用这一种类。",
        by=facts.handlers,
    )


@policy(
    "decision.band_kept",
    title="罚款在所写的裁量档次之内",
    rules=["R164"],
    cites=[APL(34)],
    level=Level.WARN,
)
def band_kept(facts: Facts, law: LawBook) -> Verdict:
    """Where the office has published bands, the reasons name one and the amount lies in it."""
    case, power = facts.case, facts.power
    amount = case.decision.fine if case.decision else case.proposal.fine if case.proposal else None
    if power is None or case.party is None or case.proposal is None or not amount:
        return does_not_apply("没有可以对照档次的罚款。")
    bands = power.bands_for(side_of(case.party.kind))
    if not bands:
        return does_not_apply("该案由没有登记裁量档次。")
    named = [b for b in bands if b.name in case.proposal.discretion]
    # “较重” stands in “特别较重” too: the longest name that is written is the one that is meant.
    named = [b for b in named if not any(b.name != o.name and b.name in o.name for o in named)]
    if not named:
        if case.silent:
            return unstated("裁量档次")
        return fails(
            f"裁量理由没有写明适用哪一档（{'、'.join(b.name for b in bands)}）。",
            remedy="写明适用的档次，或者写明为什么不用任何一档。",
            by=facts.handlers,
        )
    if any(b.min <= amount <= b.max for b in named):
        return holds(f"罚款 {amount} 元，在“{named[0].name}”档之内。")
    band = named[0]
    return fails(
        f"罚款 {amount} 元，不在裁量理由所写的“{band.name}”档"
        f"（{yuan_text(band.min)} 至 {yuan_text(band.max)} 元）之内。",
        remedy="改在该档之内，改写适用的档次，或者写明偏离的理由。",
        by=facts.handlers,
    )
