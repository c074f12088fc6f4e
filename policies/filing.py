"""核查与立案 — the filing standard."""

from __future__ import annotations

from policies.articles import APL, HPR
from policies.calendar import Span
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook, Parameter

TESTS = {
    "prima_facie": "有初步证据证明违法行为",
    "penalty_due": "依法应当给予处罚",
    "own_jurisdiction": "属于本机关管辖",
    "within_limitation": "未超过追责期限",
}


@policy("filing.standard_met", title="符合立案标准", rules=["R063", "R060"], cites=[APL(54)])
def standard_met(facts: Facts, law: LawBook) -> Verdict:
    """A case is filed when all four tests are answered yes."""
    check = facts.case.check
    if check is None:
        if facts.case.silent:
            return unstated("立案前的核查")
        return fails("还没有核查结论。", remedy="核查后逐项回答立案的四个条件。", by=facts.handlers)
    no = [words for key, words in TESTS.items() if getattr(check, key) is False]
    open_ = [words for key, words in TESTS.items() if getattr(check, key) is None]
    if no:
        return fails(
            f"不符合立案条件：{'、'.join(no)}一项的回答是否。",
            remedy="不予立案；属其他机关管辖的，移送。",
            by=facts.who("head"),
        )
    if open_ and facts.case.silent:
        return unstated("立案条件的核查：" + "、".join(open_))
    if open_:
        return fails(f"尚未回答：{'、'.join(open_)}。", remedy="补充核查。", by=facts.handlers)
    return holds("立案的四个条件均已核查为是。")


@policy(
    "filing.check_in_time",
    title="线索在期限内核查完毕",
    rules=["R061", "R062", "R060"],
    cites=[HPR(15)],
    level=Level.NOTE,
)
def check_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Leads are checked within fifteen days; late is recorded, it does not stop the filing.

    A 案由 that follows the market regulator's profile has its working days; an approved extension is added.
    """
    lead = facts.case.lead
    if lead is None:
        return does_not_apply("没有线索日期。")
    period = check_period(facts, law)
    last = facts.calendar.count(lead.found_on, check_span(facts, law)).due
    longer = "，经批准延长" if facts.case.check_extended else ""
    if facts.as_of <= last:
        return holds(f"线索登记于 {lead.found_on}，核查期限至 {last}（{period.cite}{longer}）。")
    return fails(
        f"线索登记于 {lead.found_on}，核查期限已于 {last} 届满（{period.cite}{longer}）。",
        remedy="记明逾期原因。",
        by=facts.handlers,
    )


def check_period(facts: Facts, law: LawBook, ending: str = "") -> Parameter:
    """How long a lead may be checked: by the profile of the 案由 if it names one, else the general number."""
    start = facts.case.lead.found_on if facts.case.lead else facts.as_of
    profile = facts.power.clock_profile if facts.power else None
    numbers = law.on(start)
    own = numbers.find(f"lead_check.{profile}{ending}") if profile else None
    return own or numbers[f"lead_check.default{ending}"]


def check_span(facts: Facts, law: LawBook) -> Span:
    """The same as a period to count, with the extension that the head approved."""
    first = check_period(facts, law)
    if facts.case.check_extended is None:
        return first.span
    more = check_period(facts, law, ".extension")
    return Span(int(first.value) + int(more.value), first.unit)


@policy(
    "filing.extension_in_time",
    title="核查期限届满之前延长",
    rules=["R061", "R062"],
    cites=[HPR(15)],
    level=Level.WARN,
    needs_form=True,
)
def extension_in_time(facts: Facts, law: LawBook) -> Verdict:
    """An extension is approved while the period still runs; afterwards it excuses nothing."""
    lead, asked = facts.case.lead, facts.case.check_extended
    if lead is None or asked is None:
        return does_not_apply("没有延长核查。")
    last = facts.calendar.count(lead.found_on, check_period(facts, law).span).due
    if asked.on <= last:
        return holds(f"{asked.on} 批准延长，核查期限原至 {last}。")
    return fails(
        f"核查期限已于 {last} 届满，{asked.on} 才批准延长。",
        remedy="写明逾期的原因。",
        by=facts.handlers,
    )


@policy(
    "filing.approved",
    title="经机关负责人批准立案",
    rules=["R065"],
    cites=[APL(54, "第二款"), HPR(15)],
)
def approved(facts: Facts, law: LawBook) -> Verdict:
    """An ordinary case is filed, and the head approved it; the ninety days run from that day.

    What a court or a review body orders decided anew is not filed a second time (行政诉讼法 70, 行政复议法 64).
    """
    filing, anew = facts.case.filing, facts.case.anew
    if filing and filing.approved_on:
        return holds(f"{filing.approved_on} 批准立案。")
    if anew is not None:
        return holds(f"依“{anew.because}”重新作出决定，沿用原案的立案。")
    if facts.case.silent:
        return unstated("立案及其批准")
    return fails(
        "案件没有经批准立案。",
        remedy="报负责人批准立案后再办；符合简易程序的，当场处罚。",
        by=facts.who("head", "deputy_head"),
    )


@policy(
    "filing.urgent_in_time",
    title="紧急先行调查的，及时补办立案",
    rules=["R069"],
    cites=[APL(54, "第二款")],
    level=Level.WARN,
    own_rule=True,
    needs_form=True,
)
def urgent_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Investigated first because it could not wait: the filing follows within the office's own days.

    The number comes from a superseded ministry rule and is unconfirmed; the statute says promptly.
    """
    check, filing = facts.case.check, facts.case.filing
    begun = min((e.taken_on for e in facts.case.evidence), default=None)
    if check is None or not check.urgent or filing is None or begun is None:
        return does_not_apply("不是紧急先行调查的案件。")
    period = law.on(begun).find("lead_check.urgent_filing")
    if period is None:
        return does_not_apply("没有登记补办立案的期限。")
    last = facts.calendar.count(begun, period.span).due
    day = filing.approved_on or facts.as_of
    if day <= last:
        return holds(f"{begun} 先行调查，{day} 立案，期限至 {last}（{period.cite}）。")
    return fails(
        f"{begun} 先行调查，补办立案的期限至 {last}（{period.cite}），{day} 才立案。",
        remedy="写明没有及时立案的原因。",
        by=facts.handlers,
    )


REPORTED = ("投诉举报", "12345")
"""Sources behind which somebody waits for an answer."""


@policy(
    "filing.complainant_answered",
    title="已答复投诉举报人",
    rules=["R070"],
    cites=[APL(54)],
    level=Level.NOTE,
    own_rule=True,
)
def complainant_answered(facts: Facts, law: LawBook) -> Verdict:
    """Whoever reported an act hears what became of it; who it was never stands in the file."""
    lead = facts.case.lead
    if lead is None or lead.source not in REPORTED:
        return does_not_apply("不是投诉、举报的线索。")
    if lead.answered_on:
        return holds(f"{lead.answered_on} 已答复投诉举报人。")
    if facts.case.silent:
        return unstated("对投诉举报人的答复")
    return fails(
        "还没有登记对投诉举报人的答复。",
        remedy="告知处理结果并登记；匿名无法答复的，登记为无法答复。",
        by=facts.handlers,
    )


@policy(
    "filing.decline_grounded",
    title="不予立案有法定理由",
    rules=["R064"],
    cites=[APL(33), APL(54)],
    level=Level.NOTE,
    needs_form=True,
)
def decline_grounded(facts: Facts, law: LawBook) -> Verdict:
    """Not filing rests on a failed test, or on one of the grounds on which no penalty would follow."""
    check = facts.case.check
    ground = facts.case.declined
    failed = check and [w for key, w in TESTS.items() if getattr(check, key) is False]
    if failed:
        return holds(f"不符合立案条件：{'、'.join(failed)}。")
    if ground:
        return holds(f"不予立案的理由：{ground}。")
    if facts.case.silent:
        return unstated("不予立案的理由")
    return fails(
        "没有写明属于哪一种不予立案的情形。",
        remedy="选择不予立案的情形，填入不予立案审批表。",
        by=facts.who("head", "deputy_head"),
    )
