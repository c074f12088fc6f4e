"""移送与退出 — a suspected crime goes to the police; a case that is not ours, or not one at all, ends."""

from __future__ import annotations

from datetime import datetime, timedelta

from policies.articles import APL, TRC
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.facts import Facts
from policies.lawbook import LawBook

MATERIALS = ("涉嫌犯罪案件移送书", "涉嫌犯罪案件情况的调查报告", "涉案物品清单")
"""What always goes along (移送规定 6); test reports and other papers go along where there are any."""


@policy(
    "transfer.team",
    title="两名以上执法人员核实并报告",
    rules=["R271", "R270"],
    cites=[TRC(5, "第一款")],
    needs_form=True,
)
def team(facts: Facts, law: LawBook) -> Verdict:
    """At least two officers verify the facts and report in writing."""
    transfer = facts.case.transfer
    if transfer is None:
        return does_not_apply("没有移送。")
    least = int(law.on(facts.as_of)["criminal_transfer.officers_min"].value)
    if len(set(transfer.officers)) >= least:
        return holds(f"专案组 {len(set(transfer.officers))} 人。")
    return fails(
        f"专案组只有 {len(set(transfer.officers))} 人，少于 {least} 人。",
        remedy="指定两名以上执法人员组成专案组，核实后书面报告。",
        by=facts.who("unit_head"),
    )


@policy(
    "transfer.by_the_head",
    title="正职负责人或者主持工作的负责人审批",
    rules=["R271", "R272"],
    cites=[TRC(5)],
    needs_form=True,
)
def by_the_head(facts: Facts, law: LawBook) -> Verdict:
    """The first head decides, or whoever is in charge in the head's place; not any deputy."""
    transfer = facts.case.transfer
    if facts.actor.has("head"):
        return holds(f"{facts.actor.name}审批。")
    if transfer and transfer.acting_head:
        return holds(f"{facts.actor.name}主持工作：{transfer.acting_head}")
    return fails(
        "移送由正职负责人审批；副职只有在主持工作时才可以审批。",
        remedy="由正职负责人审批，或者写明主持工作的依据。",
        by=facts.who("head"),
    )


@policy(
    "transfer.decided_in_time",
    title="三日内决定是否移送",
    rules=["R272", "R304"],
    cites=[TRC(5, "第二款")],
    level=Level.WARN,
    needs_form=True,
)
def decided_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Three days from the report; late is answered for."""
    transfer = facts.case.transfer
    if transfer is None:
        return does_not_apply("没有移送。")
    span = law.on(transfer.reported_at.date())["criminal_transfer.head_decision"].span
    last = facts.calendar.count(transfer.reported_at.date(), span).due
    if facts.as_of <= last:
        return holds(f"{transfer.reported_at:%Y-%m-%d} 报告，至 {last} 决定。")
    return fails(
        f"{transfer.reported_at:%Y-%m-%d} 报告，应当在 {last} 前决定。",
        remedy="写明迟延的原因。",
        by=facts.who("head"),
    )


def hand_over_by(facts: Facts, law: LawBook) -> datetime | None:
    """The moment by which an approved transfer is with the police."""
    transfer = facts.case.transfer
    if transfer is None or transfer.approved_at is None:
        return None
    hours = int(law.on(transfer.approved_at.date())["criminal_transfer.hand_over"].value)
    return transfer.approved_at + timedelta(hours=hours)


@policy(
    "transfer.handed_over_in_time",
    title="批准后二十四小时内移送",
    rules=["R272", "R304"],
    cites=[TRC(5, "第二款")],
    level=Level.WARN,
    needs_form=True,
)
def handed_over_in_time(facts: Facts, law: LawBook) -> Verdict:
    """Within twenty-four hours of the approval."""
    limit = hand_over_by(facts, law)
    if limit is None:
        return does_not_apply("还没有批准移送。")
    if facts.at <= limit:
        return holds(f"{limit:%Y-%m-%d %H:%M} 前移送。")
    return fails(
        f"应当在 {limit:%Y-%m-%d %H:%M} 前移送。", remedy="写明迟延的原因。", by=facts.handlers
    )


@policy(
    "transfer.materials",
    title="移送材料齐全",
    rules=["R273"],
    cites=[TRC(6)],
    needs_form=True,
)
def materials(facts: Facts, law: LawBook) -> Verdict:
    """The letter, the report and the inventory go along, and what else there is."""
    transfer = facts.case.transfer
    if transfer is None:
        return does_not_apply("没有移送。")
    missing = [m for m in MATERIALS if m not in transfer.materials]
    if missing and facts.case.silent:
        return unstated("移送材料")
    if missing:
        return fails(
            f"移送材料缺少：{'、'.join(missing)}。",
            remedy="补齐；没有涉案物品的，清单写“无”。有检验报告、鉴定结论的一并移送。",
            by=facts.handlers,
        )
    return holds("移送材料齐全。")


@policy(
    "transfer.clue_received",
    title="职务犯罪线索的移送有回执",
    rules=["R277"],
    cites=[TRC(19)],
    level=Level.WARN,
    needs_form=True,
)
def clue_received(facts: Facts, law: LawBook) -> Verdict:
    """A clue against an official goes to the supervisors or the procurators, who say that they have it."""
    fresh = facts.case.referrals[len(facts.was.referrals) :]
    if not fresh:
        return does_not_apply("没有移送线索。")
    if fresh[-1].receipt:
        return holds(f"{fresh[-1].on} 移送{fresh[-1].receiver}，回执 {fresh[-1].receipt}。")
    return fails(
        f"移送{fresh[-1].receiver}的线索没有回执。",
        remedy="取得并登记移送函文号或者回执；一时没有的，写明原因。",
        by=facts.who("head"),
    )


@policy(
    "transfer.not_replaced_by_penalty",
    title="没有以罚代移",
    rules=["R270", "R275"],
    cites=[APL(27), TRC(11)],
)
def not_replaced_by_penalty(facts: Facts, law: LawBook) -> Verdict:
    """Once a transfer is approved, no penalty until the police say no or the case comes back (移送规定 13)."""
    transfer = facts.case.transfer
    if transfer is None or transfer.approved_at is None:
        return does_not_apply("没有批准移送。")
    if transfer.answer == "不予立案":
        return holds(f"公安机关 {transfer.answered_on} 不予立案，依法可以处罚。")
    if transfer.back_on:
        return holds(f"{transfer.back_from} {transfer.back_on} 移回，依法可以处罚。")
    return fails(
        "已批准移送公安机关，不得以行政处罚代替移送。",
        remedy="等公安机关决定；不予立案的，登记通知书后再办。",
        by=facts.handlers,
    )
