"""听证 — request, notice, hearing, report."""

from __future__ import annotations

from pydantic import Field

from policies.casefile import Hearing
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Day, Form, Line, Lines, PastDay


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
        }
    )
    return desk.change().set("hearing", hearing)


class HoldHearing(Form):
    """举行听证"""

    record: Lines = Field(description="听证笔录")
    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="到场的调查人员")
    heard_evidence: tuple[str, ...] = Field(
        default=(), max_length=200, description="出示质证的证据；空为全部"
    )
    held_on: PastDay | None = Field(default=None, description="举行日期；空为办理之日")


@command(HoldHearing)
def hold_hearing(form: HoldHearing, desk: Desk) -> Change:
    """The investigators present, the party answers, the record is signed (行政处罚法 64)."""
    known = [e.id for e in desk.case.evidence]
    for id in form.heard_evidence:
        if id not in known:
            raise desk.refuse("heard_evidence", f"没有编号为“{id}”的证据，只有：{'、'.join(known)}")
    hearing = _hearing(desk)
    if not hearing.chair:
        raise desk.refuse("record", "还没有安排听证：先办“安排听证”，指定主持人并通知当事人")
    held = hearing.model_copy(
        update={
            "held_on": form.held_on or desk.as_of,
            "record": form.record,
            "heard_evidence": form.heard_evidence or tuple(known),
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
