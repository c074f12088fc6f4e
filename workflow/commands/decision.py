"""决定 — collective discussion, decision, and the decision that was really issued elsewhere."""

from __future__ import annotations

from datetime import date as Date
from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.casefile import (
    Citation,
    Decision,
    Discussion,
    Evidence,
    EvidenceKind,
    Filing,
    Notice,
    Proposal,
    Record,
    Yuan,
)
from policies.facts import grounds_digest, proposal_digest
from policies.parts import Rectification, RemedyClause, Spoken
from policies.remedy_clause import remedy
from workflow.change import Change
from workflow.commands.notice import Serving, serving
from workflow.desk import Desk, command
from workflow.forms import (
    DocumentNumber,
    Form,
    Line,
    Lines,
    OptionalLine,
    OptionalLines,
    OptionalNumber,
    PastDay,
)


class Says(Form):
    """一个人的意见"""

    person: OptionalLine = Field(description="发言人")
    text: Lines = Field(description="意见")
    dissents: bool = Field(default=False, description="与结论不同")


class Discuss(Form):
    """集体讨论"""

    attendees: tuple[str, ...] = Field(min_length=1, max_length=30, description="出席人")
    views: OptionalLines = Field(default="", description="各人意见；逐人填写了的不必再写")
    conclusion: Lines = Field(description="结论")
    fine: Yuan | None = Field(default=None, description="讨论决定的罚款（元）")
    on: PastDay | None = Field(default=None, description="讨论日期；空为办理之日")
    place: OptionalLine = Field(default="", description="地点")
    chair: OptionalLine = Field(default="", description="主持人")
    recorder: OptionalLine = Field(default="", description="记录人")
    observers: tuple[Line, ...] = Field(
        default=(), max_length=30, description="列席人，写姓名和职务"
    )
    opinions: tuple[Says, ...] = Field(default=(), max_length=30, description="逐人的意见")


@command(Discuss)
def discuss(form: Discuss, desk: Desk) -> Change:
    """The heads discuss a complex or grave case together (行政处罚法 57)."""
    if not form.views and not form.opinions:
        raise desk.refuse("opinions", "没有填写各人的意见，请逐人填写")
    attendees = desk.people("attendees", form.attendees)
    speakers = desk.people("opinions", tuple(o.person for o in form.opinions))
    if len(speakers) < len(form.opinions):
        raise desk.refuse("opinions", "同一个人的意见写了两次，请合并")
    for id in speakers:
        if id not in attendees:
            name = desk.person("opinions", id).name
            raise desk.refuse("opinions", f"{name}不在出席人里，先写进出席人；列席人不参加表决")
    for field, id in (("chair", form.chair), ("recorder", form.recorder)):
        if id:
            desk.person(field, id)
    return desk.change().set(
        "discussion",
        Discussion(
            on=form.on or desk.as_of,
            attendees=attendees,
            opinions=tuple(Spoken(**o.model_dump()) for o in form.opinions),
            **form.model_dump(exclude={"on", "attendees", "opinions"}),
        ),
    )


class Decide(Form):
    """作出处罚决定"""

    number: DocumentNumber = Field(description="决定书文号")
    date: PastDay | None = Field(default=None, description="决定书日期；空为办理之日")
    fine: Yuan | None = Field(default=None, description="罚款（元）；空为拟处罚数额")
    contents: tuple[Line, ...] = Field(default=(), max_length=30, description="决定书载明的事项")
    late_penalty_told: bool = Field(default=True, description="写明逾期加处罚款")
    opinion: OptionalLines = Field(default="", description="意见")


@command(Decide)
def decide(form: Decide, desk: Desk) -> Change:
    """Decide to penalise; the date is the one on the document (行政处罚法 57, 59)."""
    proposal = desk.case.proposal
    if proposal is None:
        raise desk.refuse("number", "还没有拟处罚意见，没有可以决定的")
    told = remedy(desk.office, desk.law, form.date or desk.as_of, on_spot=False)
    return _decision(form, desk, desk.change(), proposal, proposal_digest(desk.case), told)


def _decision(
    form: Decide,
    desk: Desk,
    change: Change,
    proposal: Proposal,
    digest: str,
    told: RemedyClause | None,
) -> Change:
    decision = Decision(
        number=form.number,
        date=form.date or desk.as_of,
        fine=proposal.fine if form.fine is None else form.fine,
        kinds=proposal.kinds,
        grounds=grounds_digest(proposal),
        digest=digest,
        contents=form.contents,
        late_penalty_told=form.late_penalty_told,
        by=desk.actor.id,
        irregular=desk.irregular,
        undated=isinstance(form, RecordIssuedDecision) and form.undated,
        remedy=told,
    )
    return change.set("decision", decision).bears("决定", form.number).say(form.opinion)


class ListedEvidence(Record):
    """An item as the document lists it, with the date that it bears."""

    name: str = Field(min_length=1, max_length=200)
    kind: EvidenceKind = EvidenceKind.DOCUMENT
    taken_on: Date | None = None


class RecordIssuedDecision(Decide):
    """登记已作出的决定"""

    number: OptionalNumber = Field(default="", description="决定书文号；未载明的不填")
    facts: OptionalLines = Field(default="", description="决定书认定的事实")
    violated: tuple[Citation, ...] = Field(default=(), max_length=20, description="违反的条文")
    basis: tuple[Citation, ...] = Field(default=(), max_length=20, description="处罚依据")
    kinds: tuple[Line, ...] = Field(default=("罚款",), min_length=1, description="处罚种类")
    discretion: OptionalLines = Field(default="", description="裁量理由")
    filed_on: PastDay | None = Field(default=None, description="立案日期")
    evidence: tuple[Line, ...] = Field(default=(), max_length=50, description="决定书所列证据")
    evidence_dated: tuple[ListedEvidence, ...] = Field(
        default=(), max_length=50, description="决定书所列证据中写明种类、日期的"
    )
    undated: bool = Field(default=False, description="决定日期未载明；date 写最迟的一天")
    notice_number: OptionalNumber = Field(default="", description="告知书文号")
    notice_served_on: PastDay | None = Field(default=None, description="告知书送达日期")
    hearing_told: bool = Field(default=False, description="已告知听证权利")
    review_body: OptionalLine = Field(default="", description="决定书写明的复议机关")
    court: OptionalLine = Field(default="", description="决定书写明的法院")


@command(RecordIssuedDecision)
def record_issued_decision(form: RecordIssuedDecision, desk: Desk) -> Change:
    """Record a decision that was really issued against the rules, or on paper elsewhere, as what it is.

    Whatever the file already holds stays; what the document says is added where the file is silent.
    Its later duties run; it can never be made to look regular.
    """
    change, case = desk.change(), desk.case
    day: Date = form.date or desk.as_of
    if form.filed_on and case.filing is None:
        change.set("filing", Filing(proposed_on=form.filed_on, approved_on=form.filed_on))
    proves = form.facts or "决定书认定的事实"
    items = list(case.evidence)
    began = (case.act.began if case.act else None) or day
    listed = [ListedEvidence(name=name) for name in form.evidence]
    for entry in (*listed, *form.evidence_dated):
        item = Evidence(
            id=f"e{len(items) + 1}",
            kind=entry.kind,
            name=entry.name,
            proves=proves,
            elements=(proves,),
            taken_on=entry.taken_on or began,
        )
        items.append(item)
        change.append("evidence", item)
    proposal = case.proposal
    if form.facts or proposal is None:
        power = desk.office.power(case.power)
        proposal = Proposal(
            facts=proves,
            elements=(proves,),
            evidence=tuple(e.id for e in items),
            violated=form.violated or ((power.duty,) if power else ()),
            basis=form.basis or ((power.penalty,) if power else ()),
            kinds=form.kinds,
            fine=form.fine or Decimal(0),
            discretion=form.discretion,
            made_on=day,
        )
        change.set("proposal", proposal)
    if form.notice_served_on and case.notice is None:
        notice = Notice(
            number=form.notice_number,
            served_on=form.notice_served_on,
            method="",
            hearing_told=form.hearing_told,
            grounds=grounds_digest(proposal),
            fine=proposal.fine if form.fine is None else form.fine,
        )
        change.append("notices", notice)
    after = case.model_copy(update={"proposal": proposal, "evidence": tuple(items)})
    told = remedy(desk.office, desk.law, day, on_spot=False)
    printed = {k: v for k, v in (("review_body", form.review_body), ("court", form.court)) if v}
    said = told.model_copy(update={**printed, "text": ""}) if printed else None
    return _decision(form, desk, change, proposal, proposal_digest(after), said)


class CorrectDecision(Form):
    """补正决定书"""

    what: Literal[
        "文字", "文号", "名称", "条文序号", "日期", "事实", "依据", "种类", "罚款数额"
    ] = Field(description="哪里写错了")
    wrong: Line = Field(description="原来写的")
    right: Line = Field(description="应当是")
    number: OptionalNumber = Field(default="", description="补正书文号")
    told_on: PastDay | None = Field(default=None, description="补正书送达日期")


@command(CorrectDecision)
def correct_decision(form: CorrectDecision, desk: Desk) -> Change:
    """Put a clerical error of the document right; no window opens, and the review stays what it is."""
    decision = desk.case.decision
    if decision is None:
        raise desk.refuse("what", "本案没有处罚决定书，没有可以补正的")
    slip = Rectification(**form.model_dump(), on=desk.as_of, by=desk.actor.id)
    update = {"rectified": (*decision.rectified, slip)}
    change = desk.change().set("decision", decision.model_copy(update=update))
    return change.bears("补正", form.number)


class ServeDecision(Serving):
    """送达决定书"""

    publication_told: bool = Field(default=False, description="已告知处罚信息将公示")
    repair_told: bool = Field(default=False, description="已一并送达信用修复告知书")


@command(ServeDecision)
def serve_decision(form: ServeDecision, desk: Desk) -> Change:
    """Hand the decision over; payment and remedies run from here (行政处罚法 61, 67)."""
    change = desk.change()
    told = {"publication_told": form.publication_told, "repair_told": form.repair_told}
    serving(form, desk, "行政处罚决定书", change, **told)
    return change
