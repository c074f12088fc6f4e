"""履行、结案、归档 — what follows the decision."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Closing, Payment, Yuan
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, OptionalLine, OptionalLines, PastDay


class RecordPayment(Form):
    """登记缴款"""

    amount: Yuan = Field(gt=0, description="金额（元）")
    receipt: OptionalLine = Field(default="", description="缴款凭证或者票据号")
    on: PastDay | None = Field(default=None, description="缴款日期；空为办理之日")
    on_spot: bool = Field(default=False, description="当场收缴")
    on_spot_reason: OptionalLine = Field(default="", description="不当场收缴事后难以执行的理由")


@command(RecordPayment)
def record_payment(form: RecordPayment, desk: Desk) -> Change:
    """Put a payment on file with its receipt (行政处罚法 67)."""
    payment = Payment(on=form.on or desk.as_of, **form.model_dump(exclude={"on"}))
    return desk.change().append("payments", payment)


class Close(Form):
    """结案"""

    how: Literal["已履行", "已强制执行", "其他"] = Field(default="已履行", description="结案方式")
    text: OptionalLines = Field(default="", description="说明")
    enforced_on: PastDay | None = Field(
        default=None, description="强制执行日期；不是强制执行的不填"
    )
    enforced_at_night: bool | None = Field(default=None, description="在夜间强制执行")
    urgency: OptionalLine = Field(
        default="", description="夜间或者法定节假日强制执行的紧急情况；不是的不填"
    )


@command(Close)
def close(form: Close, desk: Desk) -> Change:
    """Close the case when nothing is open any more."""
    return desk.change().set("closing", Closing(on=desk.as_of, **form.model_dump()))


class Archive(Form):
    """归档"""

    number: OptionalLine = Field(default="", description="档案号")


@command(Archive)
def archive(form: Archive, desk: Desk) -> Change:
    """Put the dossier into the archive."""
    closing = desk.case.closing
    assert closing is not None  # only reachable after close
    update = {"archived_on": desk.as_of, "archive_number": form.number}
    return desk.change().set("closing", closing.model_copy(update=update))
