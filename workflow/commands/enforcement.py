"""强制执行 — the demand, the court, and how it ends."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.casefile import Clearance, Yuan
from policies.dues import unpaid
from policies.enforcement import DEMAND, PACKAGE
from policies.performance import SAYS
from policies.things import Enforcement
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Day, Form, Line, Lines, OptionalLine, OptionalLines, PastDay


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
    by: Line = Field(description="代履行人；本机关自己代履行的，写本机关的全称")
    disinterested: bool = Field(default=False, description="受委托的第三人与本案没有利害关系")
    danger: Literal["", "危害交通安全", "造成环境污染", "破坏自然资源"] = Field(
        default="", description="不履行的后果已经或者将怎样"
    )
    plan: Lines = Field(description="方式、时间、标的和费用预算")
    contents: tuple[Line, ...] = Field(
        default=(), max_length=20, description="代履行决定书载明的事项：" + "、".join(SAYS)
    )
    perform_on: Day = Field(description="开始代履行的日期")


@command(OrderPerformance)
def order_performance(form: OrderPerformance, desk: Desk) -> Change:
    """Somebody without an interest clears away what the party leaves lying (行政强制法 50, 51)."""
    if form.perform_on < desk.as_of:
        raise desk.refuse("perform_on", f"{form.perform_on} 早于 {desk.as_of}，请改正日期")
    change = _amend(
        desk,
        form.item,
        way="代履行",
        decided_on=desk.as_of,
        danger=form.danger,
        performer=form.by,
        disinterested=form.disinterested,
        order_says=form.contents,
        perform_on=form.perform_on,
        result=f"{form.by}：{form.plan}",
    )
    return change.say(form.document)


class ClearAtOnce(Form):
    """立即代履行"""

    what: Literal["遗洒物", "障碍物", "污染物"] = Field(description="清除什么")
    where: Literal["道路", "河道", "航道", "公共场所"] = Field(description="从哪里清除")
    spot: Line = Field(description="具体地点")
    unable: OptionalLines = Field(default="", description="当事人为什么不能清除")
    by: Line = Field(description="代履行人；本机关自己清除的，写本机关的全称")
    party_present: bool = Field(default=False, description="当事人在场")
    told_on: PastDay | None = Field(default=None, description="不在场的，事后通知当事人的日期")
    cost: Yuan | None = Field(default=None, description="费用（元）")
    proof: Line = Field(description="现场笔录、照片或者执法记录的编号")


@command(ClearAtOnce)
def clear_at_once(form: ClearAtOnce, desk: Desk) -> Change:
    """What lies on the road or in the river is cleared at once, without a demand (行政强制法 52)."""
    said = form.model_dump(exclude={"by", "proof"})
    cleared = Clearance(on=desk.as_of, performer=form.by, **said)
    return desk.change().append("clearances", cleared).say(form.proof)


class OrderDemolition(OfEnforcement):
    """决定强制拆除"""

    document: Line = Field(description="强制拆除决定书文号")
    announced_on: PastDay | None = Field(default=None, description="公告的日期")
    leave_until: Day | None = Field(default=None, description="公告限期自行拆除至哪一日")
    empowered_by: OptionalLine = Field(
        default="", description="区（县）人民政府责成的文书，或者授予强制执行权的法律条文"
    )
    plan: Lines = Field(description="实施的时间、方式和安全措施")


@command(OrderDemolition)
def order_demolition(form: OrderDemolition, desk: Desk) -> Change:
    """Pull down what was built against the law and is not taken away (行政强制法 44, 城乡规划法 68)."""
    change = _amend(
        desk,
        form.item,
        way="强制拆除",
        decided_on=desk.as_of,
        announced_on=form.announced_on,
        leave_until=form.leave_until,
        empowered_by=form.empowered_by,
        result=form.plan,
    )
    return change.say(form.document)


class AgreeExecution(OfEnforcement):
    """达成执行协议"""

    terms: Lines = Field(description="协议的内容：分几次履行、各次的日期和数额")
    until: Day = Field(description="最后履行的日期")
    fine: Yuan = Field(description="协议约定缴纳的罚款（元），不得少于没有缴的罚款")
    waived: Yuan = Field(default=Decimal(0), description="减免的加处罚款（元）")
    put_right: OptionalLines = Field(default="", description="当事人采取的补救措施；减免的必填")


@command(AgreeExecution)
def agree_execution(form: AgreeExecution, desk: Desk) -> Change:
    """Agree with the party how it will perform; whoever breaks it is enforced again (行政强制法 42)."""
    if form.until < desk.as_of:
        raise desk.refuse("until", f"{form.until} 早于 {desk.as_of}，请改正日期")
    return _amend(
        desk,
        form.item,
        agreed_on=desk.as_of,
        broken_on=None,
        agreed_until=form.until,
        agreed_fine=form.fine,
        waived=form.waived,
        put_right=form.put_right,
        agreement=form.terms,
    )


class SuspendExecution(OfEnforcement):
    """中止执行"""

    reason: Lines = Field(description="中止的情形（行政强制法第三十九条）")


@command(SuspendExecution)
def suspend_execution(form: SuspendExecution, desk: Desk) -> Change:
    """It cannot go on for now (行政强制法 39)."""
    return _amend(desk, form.item, suspended_because=form.reason, suspended_on=desk.as_of)


@command(OfEnforcement)
def resume_execution(form: OfEnforcement, desk: Desk) -> Change:
    """The reason is gone, or the agreement was not kept: on from the demand (行政强制法 39, 42)."""
    _, made = desk.pick(desk.case.enforcements, form.item)
    if made.agreed_on and not made.suspended_on:
        return _amend(desk, form.item, broken_on=desk.as_of)
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
