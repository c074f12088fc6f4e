"""强制措施、先行登记保存 — taking things, extending, and deciding what becomes of them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from policies.measures import SCOPE
from policies.things import Interval, Measure
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, Moment, OptionalLine, OptionalNumber, PastDay


class TakeMeasure(Form):
    """采取措施"""

    kind: Literal["先行登记保存", "查封", "扣押"] = Field(description="措施")
    objects: Lines = Field(description="场所、设施或者财物的名称、数量")
    reason: Lines = Field(description="理由：证据可能灭失、以后难以取得等")
    basis: OptionalLine = Field(default="", description="查封、扣押依据的法律、法规条文")
    place: OptionalLine = Field(default="", description="地点；保存、扣押在何处")
    officers: tuple[str, ...] = Field(default=(), max_length=10, description="在场执法人员")
    urgent: bool = Field(default=False, description="情况紧急，当场实施")
    approved_at: Moment | None = Field(default=None, description="负责人批准的时间")
    approved_by: OptionalLine = Field(default="", description="批准人（人员编号）")
    approved_how: OptionalLine = Field(default="", description="批准方式：书面、电话")
    number: OptionalNumber = Field(default="", description="决定书文号")
    list_handed_over: bool = Field(default=False, description="清单已当场交付当事人")
    steps: tuple[Line, ...] = Field(default=(), max_length=20, description="已办的当场程序")
    scope: tuple[Line, ...] = Field(
        default=(), max_length=10, description="已核实的查封、扣押范围：" + "；".join(SCOPE)
    )
    keeper: OptionalLine = Field(default="", description="保管人")


@command(TakeMeasure)
def take_measure(form: TakeMeasure, desk: Desk) -> Change:
    """Register, seal or take what may get lost (行政处罚法 56, 行政强制法 18, 23, 24)."""
    approver = desk.person("approved_by", form.approved_by).id if form.approved_by else ""
    measure = Measure(
        id=f"m{len(desk.case.measures) + 1}",
        **form.model_dump(exclude={"officers", "approved_by"}),
        officers=desk.people("officers", form.officers),
        approved_by=approver,
        taken_at=desk.at,
        irregular=desk.irregular,
    )
    change = desk.change().append("measures", measure).about(measure.id).at_hand(measure.officers)
    change.made = measure.id
    return change.bears("强制措施", form.number)


class OfMeasure(Form):
    """Which measure; empty where there is only one."""

    item: OptionalLine = Field(default="", description="哪一项措施（编号）；只有一项的不填")


class ApproveMeasure(OfMeasure):
    """补办措施批准"""

    how: Literal["书面", "电话"] = Field(default="书面", description="批准方式")


@command(ApproveMeasure)
def approve_measure(form: ApproveMeasure, desk: Desk) -> Change:
    """The head approves afterwards what was urgent (行政强制法 19); who disagrees lifts it."""
    approval = {"approved_at": desk.at, "approved_by": desk.actor.id, "approved_how": form.how}
    return _amend(desk, form.item, approval)


class ExtendMeasure(OfMeasure):
    """延长查封扣押"""

    reason: Lines = Field(description="情况复杂的理由，已书面告知当事人")


@command(ExtendMeasure)
def extend_measure(form: ExtendMeasure, desk: Desk) -> Change:
    """Thirty days more, once, approved by the head and told to the party (行政强制法 25)."""
    return _amend(desk, form.item, {"extended_on": desk.as_of, "extended_because": form.reason})


class RecordTesting(OfMeasure):
    """登记检测鉴定"""

    since: PastDay = Field(description="检测、检验、检疫或者技术鉴定开始的日期")
    until: PastDay = Field(description="结束的日期")
    proof: Line = Field(description="已书面告知当事人期间的文书")


@command(RecordTesting)
def record_testing(form: RecordTesting, desk: Desk) -> Change:
    """Testing that was told to the party in writing does not count into the thirty days (强25)."""
    if form.until < form.since:
        raise desk.refuse("until", f"{form.until} 早于 {form.since}，请改正日期")
    n, measure = desk.pick(desk.case.measures, form.item)
    testing = Interval(since=form.since, until=form.until, proof=form.proof)
    amended = measure.model_copy(update={"testing": (*measure.testing, testing)})
    return desk.change().replace(f"measures/{n}", amended).about(measure.id)


class EndMeasure(OfMeasure):
    """处理保存扣押物"""

    how: Literal["没收", "销毁", "退还", "移送", "转为查封扣押", "转作证据", "拍卖变卖"] = Field(
        description="处理方式"
    )
    proof: Line = Field(description="处理决定书、清单或者回执")


@command(EndMeasure)
def end_measure(form: EndMeasure, desk: Desk) -> Change:
    """Decide what becomes of the things (行政处罚法 56, 行政强制法 27)."""
    return _end(desk, form.item, form.how, form.proof)


class LiftMeasure(OfMeasure):
    """解除措施"""

    reason: Literal["没有违法行为", "与违法行为无关", "不再需要", "期限已经届满", "其他"] = Field(
        description="解除的理由"
    )
    proof: Line = Field(description="解除决定书和退还的签收")


@command(LiftMeasure)
def lift_measure(form: LiftMeasure, desk: Desk) -> Change:
    """Lift it, and give the things back at once (行政强制法 28)."""
    return _end(desk, form.item, f"解除：{form.reason}", form.proof)


def _end(desk: Desk, item: str, how: str, proof: str) -> Change:
    return _amend(desk, item, {"ended_on": desk.as_of, "ended_as": how, "ended_with": proof})


def _amend(desk: Desk, item: str, update: dict[str, object | datetime]) -> Change:
    n, measure = desk.pick(desk.case.measures, item)
    return (
        desk.change().replace(f"measures/{n}", measure.model_copy(update=update)).about(measure.id)
    )
