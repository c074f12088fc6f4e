"""核查与立案 — the filing standard."""

from __future__ import annotations

from policies.articles import APL, HPR
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook

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
    rules=["R061"],
    cites=[HPR(15)],
    level=Level.NOTE,
)
def check_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Leads are checked within fifteen days; late is recorded, it does not stop the filing."""
    lead = facts.case.lead
    if lead is None:
        return does_not_apply("没有线索日期。")
    period = law.on(facts.as_of)["lead_check.default"]
    last = facts.calendar.count(lead.found_on, period.span).due
    if facts.as_of <= last:
        return holds(f"线索登记于 {lead.found_on}，核查期限至 {last}（{period.cite}）。")
    return fails(
        f"线索登记于 {lead.found_on}，核查期限已于 {last} 届满（{period.cite}）。",
        remedy="记明逾期原因。",
        by=facts.handlers,
    )
