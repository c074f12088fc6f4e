"""公示、履行与结案 — what must be settled before a case is closed."""

from __future__ import annotations

from decimal import Decimal

from policies.articles import AEL, APL
from policies.core import Level, Verdict, does_not_apply, fails, holds, policy, unstated
from policies.dues import paid, standing_fine
from policies.facts import Facts
from policies.lawbook import LawBook

ENDED = ("终结执行", "不再执行", "不予受理", "不予执行", "决定已撤销")
"""How an obligation ends without payment (行政强制法 39, 40, 56, 58); the closing form must say which."""

REMOTE = ("边远", "水上", "交通不便")
"""Where money may be taken on the spot in either procedure, if the party asks for it (行政处罚法 69)."""


@policy(
    "fulfilment.fine_paid",
    title="罚款已缴清",
    rules=["R225", "R201"],
    cites=[APL(66), APL(67)],
)
def fine_paid(facts: Facts, law: LawBook) -> Verdict:
    """A case is not closed over an open obligation."""
    fine, closing = standing_fine(facts.case), facts.case.closing
    if not fine:
        return does_not_apply("没有罚款，或者罚款已被撤销。")
    got = paid(facts.case)
    if got >= fine:
        return holds(f"罚款 {fine} 元已缴清。")
    if closing and closing.how == "已强制执行":
        return holds(f"已强制执行：{closing.text}")
    if closing and closing.how == "其他" and any(word in closing.text for word in ENDED):
        return holds(f"罚款还差 {fine - got} 元，不再执行：{closing.text}")
    if facts.case.silent:
        return unstated("罚款的缴纳")
    return fails(
        f"罚款 {fine} 元，已缴 {got} 元，还差 {fine - got} 元。",
        remedy="缴清后结案；逾期不缴的，催告后申请人民法院强制执行；"
        f"不再执行的，以“其他”结案并写明：{'、'.join(ENDED)}。",
        by=facts.who("clerk"),
    )


@policy(
    "correction.checked",
    title="责令改正已复查",
    rules=["R028"],
    cites=[APL(28)],
    level=Level.WARN,
)
def correction_checked(facts: Facts, law: LawBook) -> Verdict:
    """An order to correct is looked after before the case is closed."""
    correction = facts.case.correction
    if correction is None or correction.ordered_on is None:
        return does_not_apply("没有需要复查的责令改正。")
    if correction.corrected is None and facts.case.silent:
        return unstated("改正的复查")
    if correction.corrected is None:
        return fails("还没有复查是否改正。", remedy="复查并记录结果。", by=facts.handlers)
    return holds(f"{correction.checked_on} 复查：{'已' if correction.corrected else '未'}改正。")


@policy(
    "enforcement.fit_hours",
    title="没有在夜间或者法定节假日强制执行",
    rules=["R050"],
    cites=[AEL(43, "第一款")],
    level=Level.WARN,
    needs_form=True,
)
def fit_hours(facts: Facts, law: LawBook) -> Verdict:
    """Enforcement by force keeps off the night and the holidays unless it is urgent; nothing else has to.

    It is over when the case is closed, so it is answered for and not undone. A plain weekend is no holiday.
    """
    closing = facts.case.closing
    if closing is None or closing.how != "已强制执行" or closing.enforced_on is None:
        return does_not_apply("没有登记强制执行的日期。")
    holiday = facts.calendar.day_name(closing.enforced_on)
    when = [holiday] if holiday else []
    if closing.enforced_at_night:
        when.append("夜间")
    if not when:
        return holds(f"{closing.enforced_on} 强制执行，不在夜间，不是法定节假日。")
    if closing.urgency:
        return holds(f"{closing.enforced_on}（{'、'.join(when)}）情况紧急：{closing.urgency}")
    return fails(
        f"{closing.enforced_on}（{'、'.join(when)}）强制执行，没有写明情况紧急。",
        remedy="写明当时的紧急情况；没有的，写明原因，记入责任追溯。",
        by=facts.who("head"),
    )


@policy(
    "payment.not_self_collected",
    title="罚缴分离",
    rules=["R200", "R202", "R203", "R302"],
    cites=[APL(67), APL(68), APL(69)],
    needs_form=True,
)
def not_self_collected(facts: Facts, law: LawBook) -> Verdict:
    """Officers collect on the spot in the summary procedure up to 100 yuan or if else uncollectable.

    In either procedure they may where the banks are far away and the party asks for it.
    """
    payment = facts.case.payments[-1] if facts.case.payments else None
    if payment is None or not payment.on_spot:
        return does_not_apply("通过银行或者电子支付缴纳。")
    reason = payment.on_spot_reason
    if any(word in reason for word in REMOTE) and "当事人提出" in reason:
        return holds(f"缴纳确有困难，当事人提出：{reason}")
    if facts.case.summary is None:
        return fails(
            "普通程序的罚款不得由执法人员收缴。",
            remedy="由当事人到指定的银行或者通过电子支付系统缴纳；边远、水上、交通不便地区，"
            "缴纳确有困难并由当事人提出的，写明。",
            by=facts.handlers,
        )
    limit = law.on(payment.on)["onspot_collect.fine_max"]
    decision = facts.case.decision
    if decision and decision.fine <= Decimal(str(limit.value)):
        return holds(f"罚款 {decision.fine} 元，不超过 {limit.value} 元（{limit.cite}）。")
    if payment.on_spot_reason:
        return holds(f"不当场收缴事后难以执行：{payment.on_spot_reason}")
    return fails(
        f"罚款超过 {limit.value} 元，没有写明不当场收缴事后难以执行的理由。",
        remedy="写明理由，或者由当事人到银行缴纳。",
        by=facts.handlers,
    )


@policy(
    "payment.lawful_receipt",
    title="当场收缴出具财政专用票据",
    rules=["R204", "R302"],
    cites=[APL(70)],
    needs_form=True,
)
def lawful_receipt(facts: Facts, law: LawBook) -> Verdict:
    """Money taken on the spot is receipted on the finance department's form."""
    payment = facts.case.payments[-1] if facts.case.payments else None
    if payment is None or not payment.on_spot:
        return does_not_apply("不是当场收缴。")
    if payment.receipt:
        return holds(f"票据号 {payment.receipt}。")
    if facts.case.silent:
        return unstated("专用票据")
    return fails(
        "没有登记专用票据号。", remedy="出具财政部门专用票据并登记票号。", by=facts.handlers
    )
