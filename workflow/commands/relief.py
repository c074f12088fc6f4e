"""救济 — what the party takes against the decision, what comes of it, and taking the publication back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Payment, Yuan
from policies.things import RemedyTaken
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, PastDay

Ended = Literal["upheld", "changed", "revoked", "mediated", "withdrawn", "refused", "unanswered"]


class RecordRemedy(Form):
    """登记复议诉讼"""

    kind: Literal["review", "suit"] = Field(description="行政复议（review）或者行政诉讼（suit）")
    began: PastDay = Field(description="申请或者起诉的日期")
    body: Line = Field(description="复议机关或者人民法院")
    summary: bool = Field(default=False, description="适用简易程序审理")
    appealed: bool = Field(default=False, description="登记时已在第二审")
    copy_received: PastDay | None = Field(default=None, description="收到申请书、起诉状副本的日期")


@command(RecordRemedy)
def record_remedy(form: RecordRemedy, desk: Desk) -> Change:
    """The party applies for review or sues; the office must answer in time (行政复议法 48, 行政诉讼法 67)."""
    remedy = RemedyTaken(id=f"r{len(desk.case.remedies) + 1}", **form.model_dump())
    change = desk.change().append("remedies", remedy).about(remedy.id)
    change.made = remedy.id
    return change


class OfRemedy(Form):
    """Which remedy; empty where there is only one."""

    item: OptionalLine = Field(default="", description="哪一件（编号）；只有一件的不填")


class AnswerRemedy(OfRemedy):
    """提交答复答辩"""

    answered_with: Lines = Field(description="答复书、答辩状和证据、依据的清单")
    answered_on: PastDay | None = Field(default=None, description="提交日期；空为办理之日")


@command(AnswerRemedy)
def answer_remedy(form: AnswerRemedy, desk: Desk) -> Change:
    """Hand in the answer with evidence and basis."""
    return _amend(
        desk,
        form.item,
        answered_on=form.answered_on or desk.as_of,
        answered_with=form.answered_with,
    )


class StayExecution(OfRemedy):
    """停止执行"""

    by: Line = Field(description="决定停止执行的机关和文书")


@command(StayExecution)
def stay_execution(form: StayExecution, desk: Desk) -> Change:
    """A remedy does not stop execution; this decision does (行政处罚法 73)."""
    return _amend(desk, form.item, stayed_on=desk.as_of, stayed_by=form.by, stay_lifted_on=None)


class LiftStay(OfRemedy):
    """解除停止执行"""

    by: Line = Field(description="决定不再停止执行的机关和文书")


@command(LiftStay)
def lift_stay(form: LiftStay, desk: Desk) -> Change:
    """What execution stood still for is gone before the remedy is over: it may go on."""
    _, remedy = desk.pick(desk.case.remedies, form.item)
    if not remedy.stayed:
        raise desk.refuse("by", "没有停止执行的决定，没有可以解除的")
    return _amend(desk, form.item, stay_lifted_on=desk.as_of).say(form.by)


class RecordRemedyResult(OfRemedy):
    """登记复议诉讼结果"""

    ended: Ended = Field(
        description="维持（upheld）、变更（changed）、撤销或者确认违法、无效（revoked）、调解（mediated）、"
        "撤回（withdrawn）、不予受理或者驳回（refused）、逾期未决定（unanswered）"
    )
    received: PastDay = Field(description="当事人收到文书的日期")
    document: Line = Field(description="文书文号")
    reason: OptionalLines = Field(default="", description="主要理由")
    fine_after: Yuan | None = Field(default=None, description="变更后的罚款（元）")


@command(RecordRemedyResult)
def record_remedy_result(form: RecordRemedyResult, desk: Desk) -> Change:
    """Upheld, changed, revoked …: on record at once, effective only when no appeal lies any more."""
    return _amend(
        desk,
        form.item,
        ended=form.ended,
        received=form.received,
        document=form.document,
        reason=form.reason,
        fine_after=form.fine_after,
    )


class AppealRemedy(OfRemedy):
    """登记上诉"""

    body: Line = Field(description="上诉法院")


@command(AppealRemedy)
def appeal_remedy(form: AppealRemedy, desk: Desk) -> Change:
    """Somebody appeals: what was decided does not stand yet (行政诉讼法 85)."""
    return _amend(
        desk,
        form.item,
        body=form.body,
        appealed=True,
        ended="",
        received=None,
        copy_received=None,
        final=False,
    )


@command(OfRemedy)
def settle_remedy(form: OfRemedy, desk: Desk) -> Change:
    """No appeal lies any more: the result stands, and with it what is owed to the public."""
    return _amend(desk, form.item, final=True)


class CorrectOwnDecision(Form):
    """自行纠正决定"""

    ended: Literal["changed", "revoked"] = Field(description="变更（changed）或者撤销（revoked）")
    document: Line = Field(description="纠正决定文号")
    reason: Lines = Field(description="纠正的理由")
    fine_after: Yuan | None = Field(default=None, description="变更后的罚款（元）")


@command(CorrectOwnDecision)
def correct_own_decision(form: CorrectOwnDecision, desk: Desk) -> Change:
    """The office finds its own mistake and mends it of its own accord (行政处罚法 75)."""
    remedy = RemedyTaken(
        id=f"r{len(desk.case.remedies) + 1}",
        kind="own",
        began=desk.as_of,
        received=desk.as_of,
        final=True,
        **form.model_dump(),
    )
    return desk.change().append("remedies", remedy).about(remedy.id)


def _amend(desk: Desk, item: str, **update: object) -> Change:
    n, remedy = desk.pick(desk.case.remedies, item)
    changed = remedy.model_copy(update=update)
    return desk.change().replace(f"remedies/{n}", changed).about(remedy.id)


class RecordRefund(Form):
    """登记退款"""

    amount: Yuan = Field(gt=0, description="退还的金额（元）")
    receipt: Line = Field(description="退款凭证")
    on: PastDay | None = Field(default=None, description="退款日期；空为办理之日")


@command(RecordRefund)
def record_refund(form: RecordRefund, desk: Desk) -> Change:
    """Money that was paid on a decision that fell goes back (行政处罚法 80, 国家赔偿法 4)."""
    paid = sum(p.amount for p in desk.case.payments) - sum(r.amount for r in desk.case.refunds)
    if form.amount > paid:
        raise desk.refuse("amount", f"已缴 {paid} 元，退还不能超过这个数额")
    payment = Payment(on=form.on or desk.as_of, amount=form.amount, receipt=form.receipt)
    return desk.change().append("refunds", payment)
