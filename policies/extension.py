"""延期 — how long there is to decide, and when that time may be made longer (行政处罚法 60)."""

from __future__ import annotations

from datetime import date

from policies.articles import APL
from policies.calendar import Span
from policies.casefile import CaseFile
from policies.core import Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook


def decision_span(case: CaseFile, law: LawBook, day: date, *, without_last: bool = False) -> Span:
    """Ninety days, and what was lawfully added to them."""
    base = law.on(day)["decision.deadline"].span
    granted = [e for e in case.extensions if not e.irregular]
    counted = granted[:-1] if without_last else granted
    return Span(base.n + sum(e.days for e in counted), base.unit)


@policy(
    "decision.extension_allowed",
    title="延期有依据、在期限之内",
    rules=["R154"],
    cites=[APL(60)],
    needs_form=True,
)
def extension_allowed(facts: Facts, law: LawBook) -> Verdict:
    """The statute knows no extension; a rule named for the 案由 may, once by a head, again by all of them."""
    filing = facts.case.filing
    if not facts.case.extensions or filing is None or filing.approved_on is None:
        return does_not_apply("没有延期。")
    profile = facts.power.clock_profile if facts.power else None
    if not profile:
        return fails(
            "行政处罚法第六十条没有规定延期，本案由也没有选用规章另定的期限。",
            remedy="在期限内作出决定；确有规章依据的，先在权力清单登记。",
            by=facts.who("head"),
        )
    before = decision_span(facts.case, law, facts.as_of, without_last=not facts.irregular)
    ends = facts.calendar.count(filing.approved_on, before).due
    if facts.as_of > ends:
        return fails(
            f"期限已于 {ends} 届满，{facts.as_of} 不能再延期。",
            remedy="尽快作出决定，写明超期原因。",
            by=facts.who("head"),
        )
    latest = facts.case.extensions[-1]
    if len(facts.case.extensions) > 1 and not latest.discussed:
        return fails(
            "再次延期没有经负责人集体讨论。",
            remedy="集体讨论后延期。",
            by=facts.who("head", "deputy_head"),
        )
    return holds(f"依据{profile}延期 {latest.days} 日：{latest.reason}")
