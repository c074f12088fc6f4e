"""事先告知、陈述申辩 — telling the party, and hearing it."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.casefile import Notice, Service, Statement, Waiver
from policies.facts import grounds_digest
from policies.parts import Plea
from workflow.change import Change
from workflow.commands.intake import Nothing, WithReason
from workflow.desk import Desk, command
from workflow.forms import (
    Form,
    Line,
    Lines,
    OptionalLine,
    OptionalLines,
    OptionalNumber,
    PastDay,
)

Method = Literal["直接送达", "留置送达", "邮寄送达", "电子送达", "公告送达", "当场交付"]

Receiver = Literal[
    "", "本人", "同住成年家属", "法定代表人", "主要负责人", "负责收件的人", "代理人", "指定代收人",
    "其他人",
]  # fmt: skip

IN_PERSON = frozenset({"直接送达", "留置送达", "当场交付"})
"""Manners of service that two officers carry out face to face."""


class Serving(Form):
    """送达"""

    served_on: PastDay | None = Field(default=None, description="送达日期；空为办理之日")
    method: Method = Field(default="直接送达", description="送达方式")
    receiver: OptionalLine = Field(default="", description="受送达人或者代收人及其身份")
    officers: tuple[str, ...] = Field(default=(), max_length=10, description="送达人")
    signed: bool = Field(default=True, description="已签收")
    refusal: OptionalLine = Field(default="", description="拒收的事由")
    proof: OptionalLine = Field(default="", description="见证、录像、邮寄回执、确认书或者公告")
    receiver_kind: Receiver = Field(default="", description="签收人的身份")
    begun_on: PastDay | None = Field(default=None, description="交寄或者发出公告的日期")
    grounds: OptionalLines = Field(default="", description="公告送达的原因和经过")


def serving(form: Serving, desk: Desk, document: str, change: Change, **told: bool) -> Service:
    """Put a service on file; face to face it needs its officers (行政处罚法 42, 民事诉讼法 87)."""
    service = Service(
        document=document,
        served_on=form.served_on or desk.as_of,
        method=form.method,
        receiver=desk.seal("receiver", form.receiver),
        officers=desk.people("officers", form.officers),
        signed=form.signed,
        refusal=form.refusal,
        proof=form.proof,
        receiver_kind=form.receiver_kind,
        begun_on=form.begun_on,
        grounds=form.grounds,
        **told,
    )
    change.append("services", service)
    if form.method in IN_PERSON:
        change.at_hand(service.officers)
    return service


class ServeNotice(Serving):
    """送达告知书"""

    number: OptionalNumber = Field(default="", description="告知书文号")
    told: tuple[Line, ...] = Field(
        max_length=20, description="告知的内容：拟处罚内容、事实、理由、依据、陈述申辩权利"
    )
    hearing_told: bool = Field(default=False, description="已告知听证权利")
    defence_days: int | None = Field(
        default=None, ge=1, le=60, description="告知的陈述申辩期限（工作日）；空为本机关的期限"
    )


@command(ServeNotice)
def serve_notice(form: ServeNotice, desk: Desk) -> Change:
    """Tell the party what is intended and why; its windows run from the service (行政处罚法 44)."""
    change = desk.change()
    service = serving(form, desk, "行政处罚事先告知书", change)
    proposal = desk.case.proposal
    notice = Notice(
        number=form.number,
        served_on=service.served_on,
        method=service.method,
        officers=service.officers,
        told=form.told,
        hearing_told=form.hearing_told,
        defence_days=form.defence_days,
        grounds=grounds_digest(proposal) if proposal else "",
        fine=proposal.fine if proposal else Decimal(0),
        irregular=desk.irregular,
    )
    return change.append("notices", notice).bears("告知", form.number)


@command(WithReason)
def renew_notice(form: WithReason, desk: Desk) -> Change:
    """Go back to tell the party anew, because what was told or how it was served was wrong."""
    return desk.change().say(form.reason)


class RecordStatement(Form):
    """登记陈述申辩"""

    text: Lines = Field(description="陈述申辩的内容")
    pleas: tuple[Lines, ...] = Field(
        default=(), max_length=50, description="逐点：当事人提出的事实、理由、证据"
    )
    received_on: PastDay | None = Field(default=None, description="收到日期；空为办理之日")
    nothing_to_add: bool = Field(default=False, description="当事人签明没有补充")


@command(RecordStatement)
def record_statement(form: RecordStatement, desk: Desk) -> Change:
    """Put the party's statement on file; nothing may get heavier because of it (行政处罚法 45)."""
    statement = Statement(
        received_on=form.received_on or desk.as_of,
        text=form.text,
        pleas=tuple(Plea(no=n, text=text) for n, text in enumerate(form.pleas, 1)),
        nothing_to_add=form.nothing_to_add,
    )
    return desk.change().append("statements", statement)


class ReplyStatement(Form):
    """复核陈述申辩"""

    no: int = Field(default=1, ge=1, le=200, description="第几份")
    adopted: bool = Field(description="予以采纳")
    reply: Lines = Field(description="复核意见：逐点写明是否采纳及理由")
    answers: tuple[Lines, ...] = Field(
        default=(), max_length=50, description="逐点复核，按登记的顺序"
    )


@command(ReplyStatement)
def reply_statement(form: ReplyStatement, desk: Desk) -> Change:
    """Re-check what the party said and answer it."""
    count = len(desk.case.statements)
    if form.no > count:
        raise desk.refuse("no", f"只有 {count} 份陈述申辩，没有第 {form.no} 份")
    said = desk.case.statements[form.no - 1]
    if len(form.answers) > len(said.pleas):
        told = (
            f"第 {form.no} 份陈述申辩登记了 {len(said.pleas)} 点，复核写了 {len(form.answers)} 点"
        )
        raise desk.refuse("answers", told)
    pleas = tuple(
        plea.model_copy(update={"answer": form.answers[n]}) if n < len(form.answers) else plea
        for n, plea in enumerate(said.pleas)
    )
    statement = said.model_copy(
        update={
            "pleas": pleas,
            "reply": form.reply,
            "adopted": form.adopted,
            "replied_on": desk.as_of,
            "replied_by": desk.actor.id,
        }
    )
    return desk.change().replace(f"statements/{form.no - 1}", statement)


class RecordWaiver(Form):
    """登记放弃权利"""

    of: Literal["defence", "hearing"] = Field(
        description="放弃陈述申辩（defence）或者听证（hearing）"
    )
    proof: Line = Field(description="当事人签名的文书")
    on: PastDay | None = Field(default=None, description="签署日期；空为办理之日")


@command(RecordWaiver)
def record_waiver(form: RecordWaiver, desk: Desk) -> Change:
    """An express, signed waiver; giving up the defence is not giving up the hearing (行政处罚法 62)."""
    return desk.change().append(
        "waivers", Waiver(of=form.of, on=form.on or desk.as_of, proof=form.proof)
    )


@command(Nothing)
def lapse_windows(form: Nothing, desk: Desk) -> Change:
    """The windows ran out unused; taken by the sweep."""
    return desk.change()
