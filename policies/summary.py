"""简易程序 — the decision on the spot, its limits and its duties."""

from __future__ import annotations

from decimal import Decimal

from policies.articles import APL, ARL
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.facts import Facts
from policies.lawbook import LawBook

CONTENTS = (
    "违法行为",
    "种类和依据",
    "罚款数额",
    "时间、地点",
    "先申请行政复议的途径和期限",
    "机关名称",
    "执法人员签名",
)
"""What a summary decision must carry; the remedy names reconsideration first."""

KINDS = frozenset({"警告", "罚款"})
"""The only kinds that may be decided on the spot."""


@policy(
    "summary.within_limits",
    title="在简易程序的范围内",
    rules=["S3"],
    cites=[APL(51)],
    needs_form=True,
)
def within_limits(facts: Facts, law: LawBook) -> Verdict:
    """A warning, or a fine up to 200 yuan for a citizen and 3 000 for an organisation."""
    decision, party = facts.case.decision, facts.case.party
    if decision is None or party is None:
        return does_not_apply("还没有当场决定。")
    limit = law.on(decision.date)[f"summary.fine_max.{facts.limits_of(law)}"]
    other = [k for k in decision.kinds if k not in KINDS]
    if other or decision.fine > Decimal(str(limit.value)):
        what = "、".join(other) or f"罚款 {decision.fine} 元，超过 {limit.value} 元（{limit.cite}）"
        return fails(
            f"{what}，不能当场决定。",
            remedy="转为普通程序立案。",
            by=facts.handlers,
        )
    return holds(f"罚款 {decision.fine} 元，不超过 {limit.value} 元（{limit.cite}）。")


@policy(
    "summary.facts_clear",
    title="违法事实确凿",
    rules=["R080"],
    cites=[APL(51)],
    needs_form=True,
)
def facts_clear(facts: Facts, law: LawBook) -> Verdict:
    """Only clear facts are decided on the spot."""
    summary = facts.case.summary
    if summary is None:
        return does_not_apply("不是简易程序。")
    if summary.facts_undisputed:
        return holds("违法事实确凿。")
    return fails("事实有争议。", remedy="转为普通程序，调查取证。", by=facts.handlers)


@policy(
    "summary.told_and_heard",
    title="当场告知并听取申辩",
    rules=["R148", "R130", "R131"],
    cites=[APL(44), APL(45), APL(62)],
    needs_form=True,
)
def told_and_heard(facts: Facts, law: LawBook) -> Verdict:
    """The party is told and heard before the document is written, also on the spot."""
    summary = facts.case.summary
    if summary is None:
        return does_not_apply("不是简易程序。")
    if not summary.told:
        return fails(
            "没有告知事实、理由、依据和权利。", remedy="先告知并听取陈述申辩。", by=facts.handlers
        )
    if summary.defence and not summary.defence_answer:
        return fails(
            "当事人提出了申辩，没有复核。", remedy="当场复核并记明是否采纳。", by=facts.handlers
        )
    return holds("已当场告知，并听取了陈述申辩。")


@policy(
    "summary.certificate_shown",
    title="出示执法证件",
    rules=["R042"],
    cites=[APL(52)],
    needs_form=True,
)
def certificate_shown(facts: Facts, law: LawBook) -> Verdict:
    """The officers show their certificates."""
    summary = facts.case.summary
    if summary is None:
        return does_not_apply("不是简易程序。")
    if summary.certificate_shown:
        return holds("已出示执法证件。")
    return fails("没有出示执法证件。", remedy="出示证件后再作出决定。", by=facts.handlers)


@policy(
    "summary.contents_complete",
    title="当场处罚决定书载明法定事项",
    rules=["R170", "R167"],
    cites=[APL(52, "第二款"), ARL(23)],
    needs_form=True,
)
def contents_complete(facts: Facts, law: LawBook) -> Verdict:
    """The pre-printed, numbered form; its remedy clause names reconsideration first."""
    decision = facts.case.decision
    if decision is None:
        return does_not_apply("还没有当场决定。")
    missing = [c for c in CONTENTS if c not in decision.contents]
    if missing:
        return fails(
            f"当场处罚决定书没有载明：{'、'.join(missing)}。",
            remedy="用简易程序的格式文书填写齐全。",
            by=facts.handlers,
        )
    return holds("当场处罚决定书载明了法定事项。")


@policy(
    "summary.correction_ordered",
    title="当场责令改正",
    rules=["R028"],
    cites=[APL(28, "第一款")],
    level=Level.NOTE,
    needs_form=True,
)
def correction_ordered(facts: Facts, law: LawBook) -> Verdict:
    """Also on the spot the party is ordered to correct; how it was done or why not is noted."""
    summary = facts.case.summary
    if summary is None:
        return does_not_apply("不是简易程序。")
    if summary.correction:
        return holds(f"当场责令改正：{summary.correction}")
    return fails(
        "没有登记当场责令改正，也没有写明无须改正。",
        remedy="写明责令改正的内容，或者已当场改正、无可改正。",
        by=facts.handlers,
    )


@policy(
    "summary.reported",
    title="当场处罚已备案",
    rules=["S5"],
    cites=[APL(52, "第三款")],
)
def reported(facts: Facts, law: LawBook) -> Verdict:
    """Decisions made on the spot are reported to the office."""
    summary = facts.case.summary
    if summary is None:
        return does_not_apply("不是简易程序。")
    if summary.reported_on:
        return holds(f"已于 {summary.reported_on} 备案。")
    return fails("还没有向机关备案。", remedy="登记备案。", by=facts.handlers)


@policy(
    "summary.reported_in_time",
    title="按期备案",
    rules=["S5"],
    cites=[APL(52, "第三款")],
    level=Level.NOTE,
    own_rule=True,
    needs_form=True,
)
def reported_in_time(facts: Facts, law: LawBook) -> Verdict:
    """The law gives no number of days; the office's own number is only recorded."""
    summary = facts.case.summary
    period = law.on(facts.as_of).find("summary.report")
    if summary is None or summary.reported_on is None or period is None:
        return does_not_apply("没有可以比较的期限。")
    last = facts.calendar.count(summary.at.date(), period.span).due
    if summary.reported_on <= last:
        return holds(f"备案期限至 {last}（{period.cite}）。")
    return fails(
        f"备案期限至 {last}（{period.cite}），{summary.reported_on} 才备案。",
        remedy="记明原因。",
        by=facts.handlers,
    )
