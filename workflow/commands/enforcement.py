"""强制执行 — the demand, the court, and how it ends."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.enforcement import DEMAND, PACKAGE, unpaid
from policies.things import Enforcement
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, PastDay


class ServeDemand(Form):
    """送达催告书"""

    served_on: PastDay | None = Field(default=None, description="送达日期；空为办理之日")
    demand: tuple[Line, ...] = Field(
        max_length=20, description="催告书载明的事项：" + "、".join(DEMAND)
    )
    proof: Line = Field(description="送达回证")


@command(ServeDemand)
def serve_demand(form: ServeDemand, desk: Desk) -> Change:
    """Remind the party in writing before anybody is asked to enforce (行政强制法 35, 54)."""
    made = Enforcement(
        id=f"x{len(desk.case.enforcements) + 1}",
        demanded_on=form.served_on or desk.as_of,
        demand=form.demand,
        amount=unpaid(desk.case),
    )
    change = desk.change().append("enforcements", made).about(made.id).say(form.proof)
    change.made = made.id
    return change


class OfEnforcement(Form):
    """Which enforcement; empty where there is only one."""

    item: OptionalLine = Field(default="", description="哪一次催告（编号）；只有一次的不填")


class HearDemand(OfEnforcement):
    """登记催告后申辩"""

    heard: Lines = Field(description="当事人的陈述申辩和复核意见")


@command(HearDemand)
def hear_demand(form: HearDemand, desk: Desk) -> Change:
    """What the party says to the demand is recorded and looked into (行政强制法 36)."""
    return _amend(desk, form.item, heard=form.heard)


class ApplyToCourt(OfEnforcement):
    """申请法院执行"""

    court: Line = Field(description="人民法院")
    package: tuple[Line, ...] = Field(max_length=20, description="申请材料：" + "、".join(PACKAGE))
    late_because: OptionalLines = Field(default="", description="逾期申请的正当理由")


@command(ApplyToCourt)
def apply_to_court(form: ApplyToCourt, desk: Desk) -> Change:
    """Ask the court to enforce (行政强制法 53–55)."""
    return _amend(
        desk,
        form.item,
        way="申请法院",
        decided_on=desk.as_of,
        court=form.court,
        package=form.package,
        late_because=form.late_because,
    )


class CourtAnswer(OfEnforcement):
    """法院的裁定"""

    document: Line = Field(description="裁定书文号")
    reason: OptionalLines = Field(default="", description="理由")
    on: PastDay | None = Field(default=None, description="收到日期；空为办理之日")


@command(CourtAnswer)
def court_grants(form: CourtAnswer, desk: Desk) -> Change:
    """The court rules that it will be enforced (行政强制法 57)."""
    on = form.on or desk.as_of
    return _amend(desk, form.item, ruling="准予执行", ruled_on=on).say(form.document)


class CourtRefuses(CourtAnswer):
    """法院不予执行"""

    ruling: Literal["不予受理", "不准予执行"] = Field(description="裁定")


@command(CourtRefuses)
def court_refuses(form: CourtRefuses, desk: Desk) -> Change:
    """The court refuses; within fifteen days the higher court can be asked (行政强制法 56, 58)."""
    update = {
        "ruling": form.ruling,
        "ruled_on": form.on or desk.as_of,
        "ruled_because": form.reason,
    }
    return _amend(desk, form.item, **update).say(form.document)


class OrderPerformance(OfEnforcement):
    """决定代履行"""

    document: Line = Field(description="代履行决定书文号")
    by: Line = Field(description="代履行人")
    plan: Lines = Field(description="方式、时间、标的和费用预算")


@command(OrderPerformance)
def order_performance(form: OrderPerformance, desk: Desk) -> Change:
    """Somebody without an interest clears away what the party leaves lying (行政强制法 50, 51)."""
    change = _amend(
        desk, form.item, way="代履行", decided_on=desk.as_of, result=f"{form.by}：{form.plan}"
    )
    return change.say(form.document)


class SuspendExecution(OfEnforcement):
    """中止执行"""

    reason: Lines = Field(description="中止的情形（行政强制法第三十九条）")


@command(SuspendExecution)
def suspend_execution(form: SuspendExecution, desk: Desk) -> Change:
    """It cannot go on for now (行政强制法 39)."""
    return _amend(desk, form.item, suspended_because=form.reason, suspended_on=desk.as_of)


@command(OfEnforcement)
def resume_execution(form: OfEnforcement, desk: Desk) -> Change:
    """The reason is gone: on from the demand (行政强制法 39)."""
    return _amend(desk, form.item, suspended_because="", suspended_on=None)


class RecordExecution(OfEnforcement):
    """登记执行结果"""

    result: Lines = Field(description="执行结果和凭证")


@command(RecordExecution)
def record_execution(form: RecordExecution, desk: Desk) -> Change:
    """What the enforcement brought; money that came in is a payment of its own."""
    return _amend(desk, form.item, ended_on=desk.as_of, ended_as="已执行", result=form.result)


class EndExecution(OfEnforcement):
    """终结执行"""

    ground: Literal[
        "公民死亡，无遗产，无义务承受人",
        "组织终止，无财产，无义务承受人",
        "执行标的灭失",
        "决定被撤销",
        "中止满三年，确无能力履行",
        "其他",
    ] = Field(description="终结的情形")
    reason: Lines = Field(description="说明")


@command(EndExecution)
def end_execution(form: EndExecution, desk: Desk) -> Change:
    """Nothing can be enforced any more (行政强制法 39, 40)."""
    return _amend(desk, form.item, ended_on=desk.as_of, ended_as=form.ground, result=form.reason)


def _amend(desk: Desk, item: str, **update: object) -> Change:
    n, made = desk.pick(desk.case.enforcements, item)
    changed = made.model_copy(update=update)
    return desk.change().replace(f"enforcements/{n}", changed).about(made.id)
