"""强制措施与先行登记保存 — when things may be kept, how, for how long, and how it ends."""

from __future__ import annotations

from datetime import date

from policies.alongside import seizure_of
from policies.articles import AEL, APL
from policies.calendar import Span
from policies.core import (
    Level,
    Verdict,
    does_not_apply,
    fails,
    holds,
    policy,
    unstated,
)
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.period import Period
from policies.periods import seizure
from policies.things import Measure

STEPS = (
    "出示执法证件", "通知当事人到场", "告知理由、依据、权利和救济途径", "听取陈述和申辩",
    "制作现场笔录", "现场笔录签名或者注明拒签",
)  # fmt: skip
"""What 行政强制法 18 asks for on the spot, beside the approval and the two officers."""

WITNESS = "当事人不到场，见证人签名"
"""Takes the place of hearing a party who is not there (行政强制法 18(九))."""


SCOPE = ("与违法行为有关", "不是公民个人及其所扶养家属的生活必需品", "没有被其他国家机关依法查封")
"""What may be sealed or taken (行政强制法 23): each has to be made sure of."""


def measure_of(facts: Facts) -> Measure | None:
    """The measure that the step is about; in a preview without a form there may be none yet."""
    return next((m for m in facts.case.measures if m.id == facts.item), None)


def held(facts: Facts) -> list[Measure]:
    """The measures that still hold something."""
    return [m for m in facts.case.measures if not m.ended_on]


def last_day(facts: Facts, measure: Measure, law: LawBook) -> date:
    """Seven working days; thirty days, once thirty more, and the days of testing that are over on top.

    What is still being tested counts as kept: nobody knows yet how many days will be left out.
    """
    taken = measure.taken_at.date()
    if not measure.seizure:
        period = law.on(taken)["evidence_preregistration.disposal"]
        return facts.calendar.count(taken, period.span).due
    over = tuple(t for t in measure.testing if t.until)
    kept = seizure_of(measure.model_copy(update={"testing": over}), law)
    found = seizure(kept, law, facts.calendar, as_of=facts.as_of)
    assert isinstance(found, Period)  # the law of 2012 is held
    return found.ends


def longest(facts: Facts, measure: Measure, law: LawBook) -> Span:
    """The same as a length: working days for what is registered, days for what is seized."""
    taken = measure.taken_at.date()
    if not measure.seizure:
        return law.on(taken)["evidence_preregistration.disposal"].span
    return Span((last_day(facts, measure, law) - taken).days, "d")


@policy(
    "measure.power",
    title="有权采取强制措施",
    rules=["R100", "R011"],
    cites=[AEL(17), AEL(22)],
    needs_form=True,
)
def power(facts: Facts, law: LawBook) -> Verdict:
    """A seizure rests on a statute or regulation that gives this power; registration on 罚56 itself."""
    measure = measure_of(facts)
    if measure is None or not measure.seizure:
        return does_not_apply("不是查封、扣押。")
    if measure.basis:
        return holds(f"{measure.kind}依据：{measure.basis}。")
    return fails(
        f"没有写明{measure.kind}依据的法律、法规。",
        remedy="写明授予本机关查封、扣押权的法律、法规条文；没有的，可以先行登记保存。",
        by=facts.handlers,
    )


@policy(
    "measure.approved",
    title="经负责人批准",
    rules=["R086", "R101", "R102"],
    cites=[APL(56), AEL(18), AEL(19)],
    needs_form=True,
)
def approved(facts: Facts, law: LawBook) -> Verdict:
    """The head approves before the act, by word of mouth too; an urgent seizure within 24 hours after."""
    measure = measure_of(facts)
    if measure is None:
        return does_not_apply("没有可以批准的措施。")
    if measure.approved_at and measure.approved_at <= measure.taken_at:
        head = facts.office.person(measure.approved_by)
        return holds(f"{head.name if head else '负责人'}事前{measure.approved_how or '书面'}批准。")
    if not measure.seizure:
        return fails(
            "先行登记保存没有事前批准。",
            remedy="登记事前的批准（电话批准的写明时间、批准人）；确实没有的，作为不合规情况如实登记。",
            by=facts.who("head"),
        )
    if not measure.urgent:
        return fails(
            f"{measure.kind}没有事前批准，也没有写明情况紧急。",
            remedy="登记事前的批准，或者写明为什么情况紧急。",
            by=facts.who("head"),
        )
    limit = facts.calendar.count_hours(
        measure.taken_at, int(law.on(measure.taken_at.date())["seizure.emergency_report"].value)
    )
    if measure.approved_at is None and facts.at <= limit:
        return holds(f"情况紧急，当场实施；{limit:%m月%d日%H时%M分}前报告并补办批准。")
    if measure.approved_at and measure.approved_at <= limit:
        return holds(f"情况紧急，已于 {measure.approved_at:%m月%d日%H时%M分} 补办批准。")
    return fails(
        f"情况紧急当场实施的，应在 {limit:%m月%d日%H时%M分} 前报告并补办批准，现在没有或者已经超过。",
        remedy="负责人认为不应当采取的，立即解除；否则作为不合规情况如实登记补办的时间。",
        by=facts.who("head"),
    )


@policy(
    "measure.steps_taken",
    title="当场程序齐备",
    rules=["R101"],
    cites=[AEL(18)],
    needs_form=True,
)
def steps_taken(facts: Facts, law: LawBook) -> Verdict:
    """Identity shown, party called, told, heard, recorded and signed, as 行政强制法 18 lists them."""
    measure = measure_of(facts)
    if measure is None or not measure.seizure:
        return does_not_apply("不是查封、扣押。")
    wanted = [s for s in STEPS if not (WITNESS in measure.steps and s == "听取陈述和申辩")]
    missing = [s for s in wanted if s not in measure.steps]
    if missing and facts.case.silent:
        return unstated("、".join(missing))
    if missing:
        return fails(
            f"{measure.kind}缺少：{'、'.join(missing)}。",
            remedy=f"补全程序后再实施；当事人不到场的，写明“{WITNESS}”。",
            by=facts.handlers,
        )
    return holds("当场程序齐备。")


@policy(
    "measure.scope",
    title="只查封、扣押可以查封、扣押的",
    rules=["R103"],
    cites=[AEL(23)],
    level=Level.WARN,
    needs_form=True,
)
def scope(facts: Facts, law: LawBook) -> Verdict:
    """Only what belongs to the case, nothing that a household lives by, nothing that is sealed already."""
    measure = measure_of(facts)
    if measure is None or not measure.seizure:
        return does_not_apply("不是查封、扣押。")
    missing = [s for s in SCOPE if s not in measure.scope]
    if missing and facts.case.silent:
        return unstated(f"{measure.kind}的物品是否{'、'.join(missing)}")
    if missing:
        return fails(
            f"没有核实{measure.kind}的场所、设施、财物：{'、'.join(missing)}。",
            remedy="逐项核实；有一项不是的，不得查封、扣押，已经查封、扣押的立即解除。",
            by=facts.handlers,
        )
    return holds("与违法行为有关，不是生活必需品，没有重复查封。")


@policy(
    "measure.documents",
    title="当场交付决定书和清单",
    rules=["R104"],
    cites=[AEL(24)],
    needs_form=True,
)
def documents(facts: Facts, law: LawBook) -> Verdict:
    """A seizure has a decision and an inventory in duplicate, both handed over there and then."""
    measure = measure_of(facts)
    if measure is None or not measure.seizure:
        return does_not_apply("不是查封、扣押。")
    missing = [
        what
        for what, there in (("决定书", measure.number), ("清单", measure.list_handed_over))
        if not there
    ]
    if missing and facts.case.silent:
        return unstated(f"{measure.kind}{'、'.join(missing)}")
    if missing:
        return fails(
            f"没有当场交付{measure.kind}{'和'.join(missing)}。",
            remedy="制作并当场交付决定书（登记文号）和一式二份的清单。",
            by=facts.handlers,
        )
    return holds(f"决定书 {measure.number} 和清单已当场交付。")


@policy(
    "measure.inventory",
    title="先行登记保存有清单",
    rules=["R086"],
    cites=[APL(56)],
    level=Level.WARN,
    needs_form=True,
)
def inventory(facts: Facts, law: LawBook) -> Verdict:
    """The statute names no inventory for registration; practice makes one and hands it over."""
    measure = measure_of(facts)
    if measure is None or measure.seizure:
        return does_not_apply("不是先行登记保存。")
    if measure.list_handed_over:
        return holds("清单已交当事人。")
    return fails(
        "没有向当事人交付先行登记保存清单。", remedy="制作清单，当场交付。", by=facts.handlers
    )


@policy(
    "measure.extension",
    title="在期限内延长一次",
    rules=["R105"],
    cites=[AEL(25)],
    needs_form=True,
)
def extension(facts: Facts, law: LawBook) -> Verdict:
    """Once, before the thirty days are over, with a written reason told to the party."""
    measure = measure_of(facts)
    if measure is None:
        return does_not_apply("没有可以延长的措施。")
    if not measure.seizure:
        return fails(
            "先行登记保存没有延长的规定。",
            remedy="在七个工作日内作出处理决定；需要的，依法改为查封、扣押。",
            by=facts.who("head"),
        )
    before = next((m for m in facts.was.measures if m.id == measure.id), measure)
    if before.extended_on:
        return fails(
            f"已于 {before.extended_on} 延长过一次。",
            remedy="作出处理决定或者解除。",
            by=facts.who("head"),
        )
    last = last_day(facts, before, law)
    if facts.as_of > last:
        return fails(
            f"{before.kind}期限已于 {last} 届满，不能再延长。",
            remedy="立即作出处理决定或者解除。",
            by=facts.who("head"),
        )
    return holds(f"在 {last} 届满之前延长。")


@policy(
    "measure.ended_in_time",
    title="在期限内处理",
    rules=["R087", "R105", "R106"],
    cites=[APL(56), AEL(25), AEL(27)],
    level=Level.WARN,
    needs_form=True,
)
def ended_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Expiry lifts nothing by itself: late is answered for, and the party's things go back all the same."""
    measure = measure_of(facts)
    if measure is None or measure.ended_on is None:
        return does_not_apply("措施还没有处理。")
    last = last_day(facts, measure, law)
    if measure.ended_on <= last:
        return holds(f"{measure.ended_on} 处理，期限至 {last}。")
    return fails(
        f"期限至 {last}，{measure.ended_on} 才处理。",
        remedy="写明超期的原因；造成损失的，依法赔偿。",
        by=facts.handlers,
    )


@policy(
    "measures.settled",
    title="登记保存、查封、扣押的物品已处理",
    rules=["R106", "R224"],
    cites=[AEL(27), AEL(28), APL(56)],
)
def settled(facts: Facts, law: LawBook) -> Verdict:
    """No case is closed over somebody's things that nobody has decided about."""
    open_ones = held(facts)
    if not open_ones:
        return does_not_apply("没有未处理的措施。")
    return fails(
        f"还没有处理：{'、'.join(m.told for m in open_ones)}。",
        remedy="作出处理决定（没收、销毁、退还、移送）或者解除。",
        by=facts.who("head"),
    )
