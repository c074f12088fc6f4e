"""线索、核查、立案 — from the first hint to a filed case."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import (
    Act,
    Check,
    CheckExtension,
    Filing,
    Jurisdiction,
    Lead,
    Party,
    PartyKind,
)
from workflow.change import Change
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
from workflow.identifiers import check_number, plain_number


class RegisterLead(Form):
    """登记线索"""

    source: Literal["巡查", "投诉举报", "上级交办", "移送", "12345", "其他"] = Field(
        default="巡查", description="案件来源"
    )
    place: Line = Field(description="地点")
    text: OptionalLines = Field(default="", description="线索内容")
    found_on: PastDay | None = Field(default=None, description="发现日期")
    published_at: OptionalLine = Field(default="", description="公开文书的出处（据公开文书登记时）")


@command(RegisterLead)
def register_lead(form: RegisterLead, desk: Desk) -> Change:
    """Open a case from a lead; the period of limitation looks at the day of discovery."""
    change = desk.change()
    lead = Lead(source=form.source, found_on=form.found_on or desk.as_of, text=form.text)
    change.set("lead", lead)
    change.set("act", Act(text=form.text, place=form.place, inside_area=_inside(form.place, desk)))
    if form.published_at:
        change.set("silent", True).set("origin", form.published_at)
    return change


def _inside(place: str, desk: Desk) -> bool | None:
    """Whether a place names a part of the office's area; None when it names none (a person says)."""
    return True if any(part in place for part in desk.office.area) else None


class Nothing(Form):
    """Nothing to fill in."""


class WithOpinion(Form):
    """意见"""

    opinion: OptionalLines = Field(default="", description="意见")


class WithReason(Form):
    """理由"""

    reason: Lines = Field(description="理由")


@command(Nothing)
def start_check(form: Nothing, desk: Desk) -> Change:
    """Take the lead up; the officers go and look."""
    return desk.change()


class NameParty(Form):
    """登记当事人"""

    kind: PartyKind = Field(description="当事人类别")
    name: Line = Field(description="姓名或者名称")
    number: OptionalLine = Field(default="", description="统一社会信用代码或者身份证件号码")
    paper: Literal["", "居民身份证", "护照", "其他证件"] = Field(
        default="", description="自然人的证件；空为居民身份证"
    )
    number_confirmed: bool = Field(default=False, description="号码校验不符，但已核对原件")
    address: OptionalLine = Field(default="", description="地址")
    phone: OptionalLine = Field(default="", description="电话")
    minor: bool | None = Field(default=None, description="是否未成年人")
    age: Literal["", "under_14", "under_18", "adult"] = Field(
        default="", description="行为时的年龄段"
    )
    capacity: Literal["", "full", "reduced", "none"] = Field(
        default="", description="行为时辨认、控制自己行为的能力"
    )
    representative: OptionalLine = Field(default="", description="法定代表人的姓名；公民不填")


@command(NameParty)
def name_party(form: NameParty, desk: Desk) -> Change:
    """Name the party once, so that every document spells it the same way."""
    number_kind, check = check_number(form.kind, form.number, form.paper)
    if check == "wrong" and form.number_confirmed:
        check = "confirmed"
    natural = form.kind is PartyKind.CITIZEN
    party = Party(
        kind=form.kind,
        name=desk.seal("name", form.name) if natural else form.name,
        number=desk.seal("number", plain_number(form.number)),
        number_kind=number_kind,
        number_check=check,
        address=desk.seal("address", form.address),
        phone=desk.seal("phone", form.phone),
        minor=form.minor,
        age=form.age,
        capacity=form.capacity,
        representative=desk.seal("name", form.representative),
    )
    return desk.change().set("party", party)


class DescribeAct(Form):
    """登记违法行为"""

    text: Lines = Field(description="违法行为")
    place: OptionalLine = Field(default="", description="地点；空为线索所记")
    inside_area: bool | None = Field(default=None, description="是否在本辖区")
    began: PastDay | None = Field(default=None, description="行为开始日期")
    ended: PastDay | None = Field(default=None, description="行为终了日期")
    continuing: bool = Field(default=False, description="行为仍在继续")
    harm: Literal["", "none", "life_health_finance", "environment", "other"] = Field(
        default="", description="危害后果"
    )
    power: OptionalLine = Field(default="", description="案由（权力清单编号）")
    business: bool | None = Field(default=None, description="是否在经营活动中")
    emergency: OptionalLine = Field(default="", description="违反应对措施的突发事件；没有的不填")
    fined_elsewhere: OptionalLine = Field(
        default="", description="其他机关就此已作的罚款；没有的不填"
    )


@command(DescribeAct)
def describe_act(form: DescribeAct, desk: Desk) -> Change:
    """Say what is alleged, when and where, and which 案由 it falls under."""
    if form.began and form.ended and form.ended < form.began:
        raise desk.refuse("ended", f"终了日期 {form.ended} 早于开始日期 {form.began}，请改正")
    if form.continuing and form.ended:
        raise desk.refuse("continuing", "已有终了日期，就不是仍在继续，请改正其中之一")
    if form.power and desk.office.power(form.power) is None:
        raise desk.refuse("power", _unknown_power(form.power, desk))
    place = form.place or (desk.case.act.place if desk.case.act else "")
    inside = form.inside_area if form.inside_area is not None else _inside(place, desk)
    act = Act(
        text=form.text,
        place=place,
        inside_area=inside,
        began=form.began,
        ended=form.ended,
        continuing=form.continuing,
        harm=form.harm,
        business=form.business,
        emergency=form.emergency,
        fined_elsewhere=form.fined_elsewhere,
    )
    change = desk.change().set("act", act)
    return change.set("power", form.power) if form.power else change


def _unknown_power(code: str, desk: Desk) -> str:
    import difflib

    codes = [p.code for p in desk.office.power_list]
    near = difflib.get_close_matches(code, codes, 1)
    hint = f"最接近的是“{near[0]}”；" if near else ""
    return f"权力清单没有“{code}”，{hint}共 {len(codes)} 项：{'、'.join(codes)}"


class RecordJurisdiction(Form):
    """登记管辖"""

    other: Line = Field(description="另一机关")
    other_filed_on: PastDay | None = Field(default=None, description="对方立案日期")
    disputed_on: PastDay | None = Field(default=None, description="发生管辖争议的日期")
    settled: Literal["", "协商一致", "指定管辖"] = Field(default="", description="如何解决")
    ours: bool | None = Field(default=None, description="由本机关管辖")
    document: OptionalLine = Field(default="", description="协商记录或者指定管辖的文书")


@command(RecordJurisdiction)
def record_jurisdiction(form: RecordJurisdiction, desk: Desk) -> Change:
    """Another organ filed the case or claims it: record it, and how it was settled (行政处罚法 25)."""
    if form.settled and (form.ours is None or not form.document):
        raise desk.refuse("settled", "已经解决的，写明由谁管辖和依据的协商记录或者指定文书")
    return desk.change().set("jurisdiction", Jurisdiction(**form.model_dump()))


class AnswerComplainant(Form):
    """答复投诉举报人"""

    answer: Lines = Field(description="答复的内容；匿名无法答复的写明（不写投诉举报人的身份）")
    on: PastDay | None = Field(default=None, description="答复日期；空为办理之日")


@command(AnswerComplainant)
def answer_complainant(form: AnswerComplainant, desk: Desk) -> Change:
    """Tell whoever reported the act what became of it; who that is stays out of the file."""
    lead = desk.case.lead
    if lead is None:
        raise desk.refuse("answer", "没有线索，没有可以答复的")
    update = {"answered_on": form.on or desk.as_of, "answer": form.answer}
    return desk.change().set("lead", lead.model_copy(update=update))


@command(WithReason)
def extend_check(form: WithReason, desk: Desk) -> Change:
    """The head allows more days to check the lead (住建程序规定 15)."""
    if desk.case.check_extended:
        raise desk.refuse(
            "reason", f"核查已于 {desk.case.check_extended.on} 延长过一次，不能再延长"
        )
    longer = CheckExtension(on=desk.as_of, by=desk.actor.id, reason=form.reason)
    return desk.change().set("check_extended", longer)


class AssignOfficers(Form):
    """指派承办人"""

    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="承办人")


@command(AssignOfficers)
def assign_officers(form: AssignOfficers, desk: Desk) -> Change:
    """Say who carries the case; a change of hands is a step like any other."""
    return desk.change().set("officers", list(desk.people("officers", form.officers)))


class DeclareNoInterest(Form):
    """回避声明"""

    officers: tuple[str, ...] = Field(default=(), description="声明人；空为本人")
    interest: bool = Field(default=False, description="有应当回避的情形")
    text: OptionalLines = Field(default="", description="说明")


@command(DeclareNoInterest)
def declare_no_interest(form: DeclareNoInterest, desk: Desk) -> Change:
    """Each officer says whether there is a reason to withdraw; one paper may carry several signatures."""
    named = desk.people("officers", form.officers) or (desk.actor.id,)
    where = "recusal_needed" if form.interest else "recusal_declared"
    before = getattr(desk.case, where)
    return desk.change().set(where, list(dict.fromkeys((*before, *named)))).say(form.text)


class ProposeFiling(Form):
    """报请立案"""

    prima_facie: bool = Field(description="有初步证据证明违法行为")
    penalty_due: bool = Field(description="依法应当给予处罚")
    own_jurisdiction: bool = Field(description="属于本机关管辖")
    within_limitation: bool = Field(description="未超过追责期限")
    text: OptionalLines = Field(default="", description="核查情况")
    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="拟指派的承办人")
    no_interest: bool = Field(default=False, description="承办人均声明没有应当回避的情形")
    urgent: bool = Field(default=False, description="情况紧急，已先行调查")


@command(ProposeFiling)
def propose_filing(form: ProposeFiling, desk: Desk) -> Change:
    """Answer the four tests and ask the head to file."""
    check = Check(**form.model_dump(include=set(Check.model_fields)))
    officers = desk.people("officers", form.officers)
    change = desk.change().set("check", check).set("officers", list(officers))
    change.set("filing", Filing(proposed_on=desk.as_of))
    if form.no_interest:
        declared = dict.fromkeys((*desk.case.recusal_declared, *officers))
        change.set("recusal_declared", list(declared))
    return change


@command(WithReason)
def return_filing(form: WithReason, desk: Desk) -> Change:
    """The head wants more before filing."""
    return desk.change().drop("filing").say(form.reason)


class ApproveFiling(Form):
    """批准立案"""

    number: OptionalNumber = Field(default="", description="案号")
    opinion: OptionalLines = Field(default="", description="意见")


@command(ApproveFiling)
def approve_filing(form: ApproveFiling, desk: Desk) -> Change:
    """File the case; the ninety days run from today (行政处罚法 60)."""
    proposed = desk.case.filing.proposed_on if desk.case.filing else desk.as_of
    filing = Filing(
        proposed_on=proposed,
        approved_on=desk.as_of,
        approved_by=desk.actor.id,
        number=form.number,
    )
    return desk.change().set("filing", filing).bears("立案", form.number).say(form.opinion)


class DeclineFiling(Form):
    """不予立案"""

    reason: Lines = Field(description="不予立案的理由")
    ground: Literal[
        "",
        "不符合立案条件",
        "轻微并及时改正，没有危害后果",
        "初次违法，后果轻微并及时改正",
        "当事人证明没有主观过错",
        "其他依法可以不予立案的",
    ] = Field(default="", description="不予立案的情形")


@command(DeclineFiling)
def decline_filing(form: DeclineFiling, desk: Desk) -> Change:
    """Do not file, and say why."""
    change = desk.change().say(form.reason)
    return change.set("declined", form.ground) if form.ground else change
