"""事先告知与陈述申辩 — the party is told, and heard, before anything is decided."""

from __future__ import annotations

from datetime import date

from policies.articles import APL
from policies.calendar import ONE_DAY
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
from policies.facts import Facts, grounds_digest
from policies.lawbook import LawBook
from policies.standstill import time_to_decide

TOLD = ("拟处罚内容", "事实", "理由", "依据", "陈述申辩权利")
"""What a notice must tell; the right to a hearing is a question of its own."""


@policy(
    "notice.contents_told",
    title="告知的内容齐全",
    rules=["R130"],
    cites=[APL(44)],
    needs_form=True,
)
def contents_told(facts: Facts, law: LawBook) -> Verdict:
    """Content, facts, reasons, basis and rights are all told."""
    notice = facts.case.notices[-1] if facts.case.notices else None
    if notice is None:
        return does_not_apply("没有告知书。")
    missing = [t for t in TOLD if t not in notice.told]
    if missing and facts.case.silent:
        return unstated("告知书的" + "、".join(missing))
    if missing:
        return fails(
            f"告知书没有写明：{'、'.join(missing)}。",
            remedy="补全后重新送达告知书。",
            by=facts.handlers,
        )
    return holds("告知书写明了拟处罚的内容、事实、理由、依据和权利。")


@policy("notice.served", title="已事先告知当事人", rules=["R131", "R130"], cites=[APL(44), APL(62)])
def served(facts: Facts, law: LawBook) -> Verdict:
    """Without notice no decision may be made."""
    notice = facts.case.notice
    if notice:
        return holds(f"{notice.number or '告知书'}已于 {notice.served_on} 送达。")
    if facts.case.silent:
        return unstated("事先告知")
    if facts.case.notices:
        return fails(
            "告知书的送达不符合规定，不能作为已告知。",
            remedy="依法重新送达告知书。",
            by=facts.handlers,
        )
    return fails(
        "还没有向当事人送达事先告知书。",
        remedy="送达《行政处罚事先告知书》并登记送达回证。",
        by=facts.handlers,
    )


@policy(
    "notice.matches_decision",
    title="决定与告知一致，且不更重",
    rules=["R134", "R133"],
    cites=[APL(44), APL(45)],
    needs_form=True,
)
def matches_decision(facts: Facts, law: LawBook) -> Verdict:
    """Another fact, basis or kind, or a heavier fine, needs a new notice; a pure reduction does not."""
    return notice_matches(facts)


def notice_matches(facts: Facts) -> Verdict:
    """Compare what is decided (or proposed) with the latest valid notice."""
    notice, proposal, decision = facts.case.notice, facts.case.proposal, facts.case.decision
    if notice is None or (proposal is None and decision is None):
        return does_not_apply("没有可以比较的告知书。")
    grounds = decision.grounds if decision else grounds_digest(proposal) if proposal else ""
    fine = decision.fine if decision else proposal.fine if proposal else notice.fine
    if grounds != notice.grounds:
        return fails(
            "事实、依据或者处罚种类与告知的不同。",
            remedy="就变更后的内容重新告知，重新计算陈述申辩和听证期限。",
            by=facts.handlers,
        )
    if fine > notice.fine:
        return fails(
            f"罚款 {fine} 元，高于告知的 {notice.fine} 元。",
            remedy="不得因申辩加重；因新的事实加重的，重新告知。",
            by=facts.handlers,
        )
    return holds(f"与 {notice.served_on} 送达的告知书一致，罚款 {fine} 元，不高于告知的数额。")


def defence_ends(facts: Facts, law: LawBook) -> tuple[date, str] | None:
    """The last day for 陈述申辩 and where the number comes from; None without a valid notice.

    The statute gives no number: what the notice told the party counts, else the office's parameter.
    """
    notice = facts.case.notice
    if notice is None:
        return None
    period = law.on(notice.served_on)["statement_defence.period"]
    span = period.span
    if notice.defence_days is None:
        source = period.cite
    else:
        span = type(span)(notice.defence_days, "wd")
        source = "告知书写明的期限"
    return facts.calendar.count(notice.served_on, span).rolled, source


@policy(
    "defence.window_closed",
    title="陈述申辩期限已满",
    rules=["R135", "R131"],
    cites=[APL(45), APL(62)],
)
def defence_window_closed(facts: Facts, law: LawBook) -> Verdict:
    """The window ends by expiry, or earlier when the party signs that nothing will be added."""
    notice = facts.case.notice
    if notice is None:
        return does_not_apply("尚未告知，期限还没有起算。")
    waiver = facts.case.waived("defence")
    # What was signed before this notice was signed about another one.
    if waiver and waiver.on >= notice.served_on:
        return holds(f"当事人于 {waiver.on} 明确放弃陈述申辩（{waiver.proof}）。")
    if any(s.nothing_to_add and s.received_on >= notice.served_on for s in facts.case.statements):
        return holds("当事人已签明没有补充。")
    if facts.case.silent and notice.defence_days is None:
        return unstated("告知书给予的陈述申辩期限")
    ends = defence_ends(facts, law)
    assert ends is not None
    last, source = ends
    if _day(facts) > last and facts.case.decision and facts.case.decision.undated:
        return unstated("决定日期")
    if _day(facts) > last:
        return holds(f"陈述申辩期限至 {last}（{source}），已满。")
    return fails(
        f"告知书于 {notice.served_on} 送达，陈述申辩期限至 {last}（{source}）。",
        remedy="等期限届满，或由当事人书面放弃陈述申辩。",
        by="当事人",
        day=last + ONE_DAY,
    )


def last_day_to_tell(facts: Facts, law: LawBook) -> date | None:
    """The last day on which a notice can be served so that its window is over within the time to decide."""
    counted = time_to_decide(facts, law)
    if counted is None:
        return None
    return facts.calendar.back(
        counted.due - ONE_DAY, law.on(facts.as_of)["statement_defence.period"].span
    )


@policy(
    "notice.leaves_time",
    title="告知之后还来得及决定",
    rules=["R153", "R135"],
    cites=[APL(60), APL(44)],
    level=Level.NOTE,
    needs_form=True,
)
def leaves_time(facts: Facts, law: LawBook) -> Verdict:
    """A notice served so late that its window ends after the ninety days is only noted; it must be served."""
    notice, last = facts.case.notice, last_day_to_tell(facts, law)
    if notice is None or last is None:
        return does_not_apply("没有可以比较的日期。")
    if notice.served_on <= last:
        return holds(f"告知书最迟应于 {last} 送达，{notice.served_on} 已送达。")
    return fails(
        f"告知书最迟应于 {last} 送达才能在期限内决定，{notice.served_on} 才送达。",
        remedy="期限届满即作出决定，写明超期原因。",
        by=facts.handlers,
    )


def _day(facts: Facts) -> date:
    """The day that must lie after a window: the decision's own date once there is one."""
    return facts.case.decision.date if facts.case.decision else facts.as_of


@policy(
    "defence.reply_given",
    title="陈述申辩已复核答复",
    rules=["R132"],
    cites=[APL(45)],
)
def reply_given(facts: Facts, law: LawBook) -> Verdict:
    """Every statement is re-checked, and adopted if established."""
    statements = facts.case.statements
    if not statements:
        return does_not_apply("当事人没有陈述申辩。")
    open_ = [
        str(n)
        for n, s in enumerate(statements, 1)
        if not s.reply or not all(plea.answer for plea in s.pleas)
    ]
    if open_ and facts.case.silent:
        return unstated("对陈述申辩的复核")
    if open_:
        return fails(
            f"第 {'、'.join(open_)} 份陈述申辩还没有逐点的复核意见。",
            remedy="逐点复核事实、理由和证据，写明是否采纳及理由。",
            by=facts.handlers,
        )
    return holds(f"{len(statements)} 份陈述申辩均已复核。")


@policy(
    "notice.not_heavier_for_defence",
    title="重新告知没有因申辩加重",
    rules=["R133"],
    cites=[APL(45, "第二款")],
    needs_form=True,
)
def not_heavier_for_defence(facts: Facts, law: LawBook) -> Verdict:
    """A new notice may ask for more on new facts; with nothing new but the defence it may not."""
    valid = [n for n in facts.case.notices if not n.irregular]
    if len(valid) < 2:
        return does_not_apply("没有更早的告知书。")
    before, latest = valid[-2:]
    heard = [s for s in facts.case.statements if s.received_on >= before.served_on]
    if latest.fine <= before.fine or not heard:
        return holds(f"重新告知的罚款 {latest.fine} 元，前次 {before.fine} 元，没有因申辩加重。")
    if latest.grounds != before.grounds:
        return holds("事实、依据或者种类有变更，就变更后的内容重新告知。")
    heavier = (
        f"当事人申辩之后，认定的事实、依据没有变更，罚款从 {before.fine} 元改为 {latest.fine} 元"
    )
    if any(e.taken_on >= before.served_on for e in facts.case.relied_on()):
        return needs_judgement(f"{heavier}；此后有新取得的证据，要说明加重与申辩无关的理由。")
    return fails(
        f"{heavier}，案卷也没有新取得的证据。",
        remedy="不得因申辩给予更重的处罚：改回不高于原告知的数额；查明新的事实的，就新的事实重新告知。",
        by=facts.handlers,
    )
