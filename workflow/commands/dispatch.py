"""交寄、公告、送达地址 — what the office does before a document is served from afar."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.no_penalty import DOCUMENT
from policies.parts import AddressConfirmation, Dispatch
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, OptionalLine, OptionalLines, PastDay


class BeginService(Form):
    """交寄或者公告"""

    method: Literal["邮寄送达", "公告送达"] = Field(description="送达方式")
    proof: Line = Field(description="邮寄单号，或者公告的载体")
    on: PastDay | None = Field(default=None, description="交寄或者发出公告的日期；空为办理之日")
    grounds: OptionalLines = Field(
        default="", description="公告送达的原因和经过：下落不明的证明，或者其他方式无法送达的经过"
    )


@command(BeginService)
def begin_service(form: BeginService, desk: Desk) -> Change:
    """Post the decision or announce it; the office has done its part in time (行政处罚法 61)."""
    document = DOCUMENT if desk.case.no_penalty else "行政处罚决定书"
    sent = Dispatch(
        document=document,
        method=form.method,
        on=form.on or desk.as_of,
        proof=form.proof,
        grounds=form.grounds,
    )
    return desk.change().append("dispatches", sent)


class RecordAddress(Form):
    """登记送达地址确认书"""

    proof: Line = Field(description="当事人签名的确认书")
    address: OptionalLine = Field(default="", description="送达地址")
    electronic: OptionalLine = Field(
        default="", description="同意电子送达的传真、邮箱或者其他特定系统；空为不同意"
    )
    on: PastDay | None = Field(default=None, description="签署日期；空为办理之日")


@command(RecordAddress)
def record_address(form: RecordAddress, desk: Desk) -> Change:
    """The party names its address, and agrees to electronic service or does not (行政处罚法 61(2))."""
    confirmed = AddressConfirmation(
        on=form.on or desk.as_of,
        proof=form.proof,
        address=desk.seal("address", form.address),
        electronic=desk.seal("address", form.electronic),
    )
    return desk.change().set("address", confirmed)
