"""救济 — remedies that the party takes, what they change, and what is then owed to the public."""

from __future__ import annotations

from datetime import date

from policies.alongside import in_force_on, pending
from policies.articles import ALL, APL, ARL, SCL
from policies.calendar import ONE_DAY
from policies.casefile import yuan_text
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy
from policies.dues import to_refund
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.things import RemedyTaken


def remedy_of(facts: Facts) -> RemedyTaken | None:
    return next((r for r in facts.case.remedies if r.id == facts.item), None)


def fallen_on(facts: Facts, law: LawBook) -> date | None:
    """The day on which the first change of the decision took effect (行政处罚法 48(2))."""
    fallen = next((r for r in facts.case.remedies if r.falls), None)
    return in_force_on(fallen, law, facts.calendar) if fallen else None


def answer_key(remedy: RemedyTaken) -> str:
    """Which period the office has to answer (行政复议法 48, 54; 行政诉讼法 67)."""
    if remedy.kind == "suit":
        return "defendant.evidence.suit"
    return f"defendant.evidence.review_{'summary' if remedy.summary else 'ordinary'}"


@policy(
    "remedy.answered_in_time",
    title="在期限内答复、答辩并举证",
    rules=["R253", "R254"],
    cites=[ARL(48), ARL(54), ALL(67)],
    level=Level.WARN,
    needs_form=True,
)
def answered_in_time(facts: Facts, law: LawBook) -> Verdict:
    """What is not handed in in time counts as not being there."""
    remedy = remedy_of(facts)
    if remedy is None or remedy.copy_received is None or remedy.answered_on is None:
        return does_not_apply("还没有答复。")
    period = law.on(remedy.copy_received)[answer_key(remedy)]
    last = facts.calendar.count(remedy.copy_received, period.span).rolled
    if remedy.answered_on <= last:
        return holds(f"{remedy.copy_received} 收到副本，至 {last} 答复（{period.cite}）。")
    return fails(
        f"应当在 {last} 前答复并提交证据、依据（{period.cite}），{remedy.answered_on} 才提交。",
        remedy="写明逾期的原因；视为没有证据的风险报负责人。",
        by=facts.handlers,
    )


@policy(
    "remedy.appeal_over",
    title="上诉期已届满",
    rules=["R256"],
    cites=[ALL(85)],
    needs_form=True,
)
def appeal_over(facts: Facts, law: LawBook) -> Verdict:
    """A first judgment stands when nobody has appealed in time; until then it changes nothing."""
    remedy = remedy_of(facts)
    if remedy is None or remedy.kind != "suit" or remedy.received is None:
        return does_not_apply("不是人民法院的裁判。")
    if remedy.appealed:
        return does_not_apply("第二审裁判，不能再上诉。")
    if remedy.ended in ("withdrawn", "mediated"):
        return does_not_apply("准予撤诉的裁定、调解书，不能上诉。")
    last = in_force_on(remedy.model_copy(update={"final": True}), law, facts.calendar)
    assert last is not None
    if facts.as_of > last:
        return holds(f"{remedy.received} 收到第一审裁判，上诉期至 {last}，没有人上诉。")
    return fails(
        f"{remedy.received} 收到第一审裁判，上诉期至 {last}，还没有届满。",
        remedy="期满没有人上诉的，再登记生效；有人上诉的，登记上诉。",
        by=facts.handlers,
        day=last + ONE_DAY,
    )


@policy(
    "remedy.ended",
    title="复议、诉讼已终结",
    rules=["R256"],
    cites=[APL(73)],
    level=Level.WARN,
)
def ended(facts: Facts, law: LawBook) -> Verdict:
    """A case whose decision is still under attack is closed only for a reason."""
    open_ones = pending(facts.case)
    if not open_ones:
        return does_not_apply("没有进行中或者尚未生效的复议、诉讼。")
    return fails(
        f"还没有终结或者生效：{'；'.join(r.told for r in open_ones)}。",
        remedy="终结后结案，或者写明先行结案的理由。",
        by=facts.handlers,
    )


@policy(
    "remedy.refunded",
    title="决定变更、撤销后多缴的罚款已退还",
    rules=["R258"],
    cites=[SCL(4), SCL(36)],
    level=Level.WARN,
)
def refunded(facts: Facts, law: LawBook) -> Verdict:
    """A fine without a decision behind it goes back to the party; the addition for lateness too."""
    owed = to_refund(facts.case)
    if not owed and not any(r.falls for r in facts.case.remedies):
        return does_not_apply("决定没有变更、撤销。")
    if not owed:
        return holds("没有应当退还的罚款。")
    return fails(
        f"决定已被变更、撤销，已缴的罚款还有 {yuan_text(owed)} 元没有退还。",
        remedy="退还并登记退款凭证；由财政部门退库的，写明办理情况。",
        by=facts.who("clerk"),
    )
