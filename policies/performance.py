"""代履行 — others do what the party leaves undone, or at once what it cannot do (行政强制法 50 to 52)."""

from __future__ import annotations

from policies.articles import AEL
from policies.casefile import Clearance
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.enforcement import enforcement_of, uncorrected
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.things import Enforcement

SAYS = ("当事人姓名或者名称、地址", "理由和依据", "方式和时间", "标的", "费用预算", "代履行人")
"""What a 代履行决定书 says (行政强制法 51)."""

_NONE = does_not_apply("没有代履行。")


def _ordered(facts: Facts) -> Enforcement | None:
    made = enforcement_of(facts)
    return made if made and made.way == "代履行" else None


@policy(
    "performance.still_undone",
    title="经催告仍不履行的才代履行",
    rules=["R212"],
    cites=[AEL(50)],
    needs_form=True,
)
def still_undone(facts: Facts, law: LawBook) -> Verdict:
    """A duty to act, not a sum; and after the demand somebody looked and found it undone."""
    made, correction = _ordered(facts), facts.case.correction
    if made is None:
        return _NONE
    if not uncorrected(facts.case) or correction is None or correction.checked_on is None:
        return fails(
            "没有登记责令改正之后复查没有改正；只欠罚款的，不能由别人代履行。",
            remedy="复查并登记没有改正；只欠罚款的，申请人民法院强制执行。",
            by=facts.handlers,
        )
    if correction.checked_on < made.demanded_on:
        return fails(
            f"{made.demanded_on} 催告，最后一次复查是 {correction.checked_on}，催告以后没有再复查。",
            remedy="催告的期限届满后复查，登记仍没有改正；已经履行的，不再代履行。",
            by=facts.handlers,
        )
    return holds(f"{made.demanded_on} 催告，{correction.checked_on} 复查仍没有履行。")


@policy(
    "performance.danger_named",
    title="危害交通安全、污染环境或者破坏资源的才代履行",
    rules=["R212"],
    cites=[AEL(50)],
    needs_form=True,
)
def danger_named(facts: Facts, law: LawBook) -> Verdict:
    """Three kinds of harm, done or coming, and no other; the rest goes to the court."""
    made = _ordered(facts)
    if made is None:
        return _NONE
    if made.danger:
        return holds(f"不履行的后果：{made.danger}。")
    return fails(
        "没有写明不履行的后果已经或者将危害交通安全、造成环境污染或者破坏自然资源。",
        remedy="写明是哪一种后果；都不是的，不能代履行，申请人民法院强制执行。",
        by=facts.who("head"),
    )


@policy(
    "performance.disinterested",
    title="代履行人是本机关或者没有利害关系的第三人",
    rules=["R212"],
    cites=[AEL(50)],
    needs_form=True,
)
def disinterested(facts: Facts, law: LawBook) -> Verdict:
    """The office does it, or a third person who has nothing to gain by it."""
    made = _ordered(facts)
    if made is None:
        return _NONE
    if made.performer == facts.office.name:
        return holds("本机关自己代履行。")
    if made.disinterested:
        return holds(f"委托{made.performer}代履行，没有利害关系。")
    return fails(
        f"没有写明{made.performer}与本案没有利害关系。",
        remedy="核实后写明；有利害关系的，另行委托。",
        by=facts.who("head"),
    )


@policy(
    "performance.order_complete",
    title="代履行决定书载明法定事项",
    rules=["R212"],
    cites=[AEL(51)],
    needs_form=True,
)
def order_complete(facts: Facts, law: LawBook) -> Verdict:
    """Party, grounds, manner and time, what is done, what it will cost, and who does it."""
    made = _ordered(facts)
    if made is None:
        return _NONE
    missing = [said for said in SAYS if said not in made.order_says]
    if missing:
        return fails(
            f"代履行决定书没有载明：{'、'.join(missing)}。",
            remedy="补全后再送达。",
            by=facts.who("head"),
        )
    return holds("代履行决定书载明了法定事项。")


@policy(
    "performance.demanded_before",
    title="代履行三日前催告",
    rules=["R212"],
    cites=[AEL(51), AEL(69)],
    needs_form=True,
)
def demanded_before(facts: Facts, law: LawBook) -> Verdict:
    """The demand comes at least three working days before the work begins."""
    made = _ordered(facts)
    if made is None or made.perform_on is None:
        return _NONE
    period = law.on(made.demanded_on)["substitute_performance.demand"]
    earliest = facts.calendar.count(made.demanded_on, period.span).due
    if made.perform_on >= earliest:
        return holds(f"{made.demanded_on} 催告，{made.perform_on} 代履行，间隔符合规定。")
    return fails(
        f"{made.demanded_on} 催告，代履行定在 {made.perform_on}，"
        f"不足 {period.value} 个工作日（{period.cite}）。",
        remedy=f"代履行改在 {earliest} 以后。",
        by=facts.who("head"),
    )


# — at once (行政强制法 52) ——————————————————————————————————————————————————————————————————————


def _cleared(facts: Facts) -> Clearance | None:
    fresh = facts.case.clearances[len(facts.was.clearances) :]
    return fresh[-1] if fresh else None


@policy(
    "performance.party_unable",
    title="当事人不能清除的才立即代履行",
    rules=["R212"],
    cites=[AEL(52)],
    needs_form=True,
)
def party_unable(facts: Facts, law: LawBook) -> Verdict:
    """Without demand and notice only where the party itself cannot clear what must go at once."""
    cleared = _cleared(facts)
    if cleared is None:
        return does_not_apply("没有立即代履行。")
    if cleared.unable:
        return holds(f"{cleared.where}的{cleared.what}需要立即清除；当事人{cleared.unable}。")
    return fails(
        f"没有写明当事人为什么不能清除{cleared.where}的{cleared.what}。",
        remedy="写明当事人不在场、拒绝或者没有能力清除的情况；当事人能清除的，责令它清除。",
        by=facts.who("head", "deputy_head"),
    )


@policy(
    "performance.absent_told",
    title="当事人不在场的，事后立即通知",
    rules=["R212"],
    cites=[AEL(52)],
    level=Level.WARN,
    needs_form=True,
)
def absent_told(facts: Facts, law: LawBook) -> Verdict:
    """Whoever was not there hears of it at once, so that the costs do not come out of the blue."""
    cleared = _cleared(facts)
    if cleared is None:
        return does_not_apply("没有立即代履行。")
    if cleared.party_present:
        return holds("当事人在场。")
    if cleared.told_on:
        return holds(f"当事人不在场，{cleared.told_on} 通知了当事人。")
    return fails(
        "当事人不在场，没有登记事后的通知。",
        remedy="立即通知当事人并登记通知的日期；一时找不到当事人的，写明怎样找过。",
        by=facts.handlers,
    )
