"""听证 — request, notice, hearing, report."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Hearing
from policies.parts import Interruption, Postponement, ThirdParty
from workflow.change import Change
from workflow.commands.intake import WithReason
from workflow.desk import Desk, command
from workflow.forms import Day, Form, Line, Lines, OptionalLine, PastDay


class RequestHearing(Form):
    """登记听证申请"""

    requested_on: PastDay | None = Field(default=None, description="申请日期；空为办理之日")


@command(RequestHearing)
def request_hearing(form: RequestHearing, desk: Desk) -> Change:
    """The party asks for a hearing; the office holds one, at no cost to it (行政处罚法 63)."""
    return desk.change().set("hearing", Hearing(requested_on=form.requested_on or desk.as_of))


class ArrangeHearing(Form):
    """安排听证"""

    chair: Line = Field(description="主持人")
    held_on: Day = Field(description="听证日期")
    notified_on: PastDay | None = Field(default=None, description="通知送达日期；空为办理之日")
    place: Line = Field(description="听证地点")
    closed_because: Literal["", "国家秘密", "商业秘密", "个人隐私"] = Field(
        default="", description="不公开举行的原因；空为公开举行"
    )
    others_told: bool = Field(default=False, description="已一并通知第三人")


@command(ArrangeHearing)
def arrange_hearing(form: ArrangeHearing, desk: Desk) -> Change:
    """Name a chair who did not investigate and tell the party time and place (行政处罚法 64)."""
    chair = desk.person("chair", form.chair)
    hearing = _hearing(desk).model_copy(
        update={
            "chair": chair.id,
            "chair_name": chair.name,
            "place": form.place,
            "held_on": form.held_on,
            "notified_on": form.notified_on or desk.as_of,
            "closed_because": form.closed_because,
            "others_told": form.others_told,
        }
    )
    return desk.change().set("hearing", hearing)


class AddThirdParty(Form):
    """登记第三人"""

    name: Line = Field(description="第三人姓名或者名称")
    interest: Lines = Field(description="与本案的利害关系")


@command(AddThirdParty)
def add_third_party(form: AddThirdParty, desk: Desk) -> Change:
    """Somebody else whose rights the penalty directly concerns is told of the hearing (行政处罚法 64)."""
    third = ThirdParty(name=desk.seal("name", form.name), interest=form.interest, on=desk.as_of)
    return desk.change().append("third_parties", third)


class PostponeHearing(Form):
    """听证改期"""

    held_on: Day = Field(description="改到哪一天")
    reason: Lines = Field(description="改期的理由")
    wished: bool = Field(default=False, description="当事人书面要求或者同意改期")
    place: OptionalLine = Field(default="", description="听证地点；空为不变")
    others_told: bool = Field(default=False, description="已一并通知第三人")


@command(PostponeHearing)
def postpone_hearing(form: PostponeHearing, desk: Desk) -> Change:
    """Move the hearing to another day and tell everybody of the new one."""
    hearing = _arranged(desk, "held_on")
    assert hearing.held_on is not None  # an arranged hearing has its day
    moved = Postponement(
        was_on=hearing.held_on, reason=form.reason, wished=form.wished,
        by=desk.actor.id, on=desk.as_of,
    )  # fmt: skip
    update = {
        "held_on": form.held_on,
        "notified_on": desk.as_of,
        "place": form.place or hearing.place,
        "others_told": form.others_told,
        "postponed": (*hearing.postponed, moved),
    }
    return desk.change().set("hearing", hearing.model_copy(update=update)).say(form.reason)


def _arranged(desk: Desk, field: str) -> Hearing:
    hearing = _hearing(desk)
    if not hearing.chair:
        raise desk.refuse(field, "还没有安排听证：先办“安排听证”，指定主持人并通知当事人")
    return hearing


@command(WithReason)
def suspend_hearing(form: WithReason, desk: Desk) -> Change:
    """Interrupt the hearing: new evidence must be fetched, or somebody needed cannot come."""
    hearing = _arranged(desk, "reason")
    if _interrupted(hearing):
        raise desk.refuse("reason", "听证已经中止，还没有恢复")
    stop = Interruption(on=desk.as_of, reason=form.reason)
    update = {"suspended": (*hearing.suspended, stop)}
    return desk.change().set("hearing", hearing.model_copy(update=update)).say(form.reason)


class ResumeHearing(Form):
    """恢复听证"""

    held_on: Day = Field(description="恢复听证的日期")
    others_told: bool = Field(default=False, description="已一并通知第三人")


@command(ResumeHearing)
def resume_hearing(form: ResumeHearing, desk: Desk) -> Change:
    """Go on with an interrupted hearing on a day that everybody was told of in time."""
    hearing = _arranged(desk, "held_on")
    if not _interrupted(hearing):
        raise desk.refuse("held_on", "听证没有中止，没有可以恢复的")
    resumed = hearing.suspended[-1].model_copy(update={"resumed_on": form.held_on})
    update = {
        "held_on": form.held_on,
        "notified_on": desk.as_of,
        "others_told": form.others_told,
        "suspended": (*hearing.suspended[:-1], resumed),
    }
    return desk.change().set("hearing", hearing.model_copy(update=update))


def _interrupted(hearing: Hearing) -> bool:
    return bool(hearing.suspended) and hearing.suspended[-1].resumed_on is None


class WithdrawHearing(Form):
    """撤回听证申请"""

    proof: Line = Field(description="当事人签名的撤回申请")


@command(WithdrawHearing)
def withdraw_hearing(form: WithdrawHearing, desk: Desk) -> Change:
    """The party takes its request back in writing; the case goes on without a hearing."""
    update = {"ended_as": "withdrawn", "record": form.proof, "reported_on": desk.as_of}
    return desk.change().set("hearing", _hearing(desk).model_copy(update=update))


class HoldHearing(Form):
    """举行听证"""

    record: Lines = Field(description="听证笔录")
    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="到场的调查人员")
    heard_evidence: tuple[str, ...] = Field(
        default=(), max_length=200, description="出示质证的证据；空为全部"
    )
    held_on: PastDay | None = Field(default=None, description="举行日期；空为办理之日")
    agents: tuple[Line, ...] = Field(default=(), max_length=10, description="当事人的代理人")
    mandate: OptionalLine = Field(default="", description="委托书")
    record_signed: Literal["signed", "refused"] = Field(
        default="signed", description="当事人或者代理人在笔录上签名"
    )
    refusal_noted: OptionalLine = Field(default="", description="拒签的，主持人注明的内容")


@command(HoldHearing)
def hold_hearing(form: HoldHearing, desk: Desk) -> Change:
    """The investigators present, the party answers, the record is signed (行政处罚法 64)."""
    known = [e.id for e in desk.case.evidence]
    for id in form.heard_evidence:
        if id not in known:
            raise desk.refuse("heard_evidence", f"没有编号为“{id}”的证据，只有：{'、'.join(known)}")
    hearing = _arranged(desk, "record")
    if _interrupted(hearing):
        raise desk.refuse("record", "听证已经中止：先办“恢复听证”，通知新的日期")
    held = hearing.model_copy(
        update={
            "held_on": form.held_on or desk.as_of,
            "record": form.record,
            "heard_evidence": form.heard_evidence or tuple(known),
            "agents": tuple(desk.seal("name", name) for name in form.agents),
            "mandate": form.mandate,
            "record_signed": form.record_signed,
            "refusal_noted": form.refusal_noted,
        }
    )
    return desk.change().set("hearing", held).at_hand(desk.people("officers", form.officers))


class ReportHearing(Form):
    """听证报告"""

    report: Lines = Field(description="听证报告")


@command(ReportHearing)
def report_hearing(form: ReportHearing, desk: Desk) -> Change:
    """The chair reports; the decision rests on the record (行政处罚法 65)."""
    update = {"report": form.report, "reported_on": desk.as_of, "ended_as": "held"}
    return desk.change().set("hearing", _hearing(desk).model_copy(update=update))


class EndHearing(Form):
    """终止听证"""

    reason: Lines = Field(description="当事人无正当理由不出席或者中途退出的情况")


@command(EndHearing)
def end_hearing(form: EndHearing, desk: Desk) -> Change:
    """The party stayed away without good reason: the right is waived (行政处罚法 64)."""
    update = {"ended_as": "party_absent", "record": form.reason, "reported_on": desk.as_of}
    return desk.change().set("hearing", _hearing(desk).model_copy(update=update))


def _hearing(desk: Desk) -> Hearing:
    assert desk.case.hearing is not None  # only reachable after request_hearing
    return desk.case.hearing
