"""调查终结与法制审核 — the proposal, its way to the reviewer and back."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.casefile import (
    Citation,
    Judgement,
    Point,
    Proposal,
    Review,
    Submission,
    Yuan,
    yuan_text,
)
from policies.core import POLICIES
from policies.facts import proposal_digest
from policies.office import PowerItem
from policies.review import ITEMS
from workflow.change import Change
from workflow.commands.intake import Nothing, WithOpinion, WithReason, _unknown_power
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines


class Conclude(Form):
    """调查终结"""

    facts: Lines = Field(description="查明的违法事实")
    elements: tuple[Line, ...] = Field(default=(), max_length=50, description="逐项的违法事实")
    evidence: tuple[str, ...] = Field(
        default=(), max_length=200, description="据以认定的证据；空为全部"
    )
    violated: tuple[Citation, ...] = Field(
        default=(), max_length=20, description="违反的条文；空为案由所列"
    )
    basis: tuple[Citation, ...] = Field(
        default=(), max_length=20, description="处罚依据的条文；空为案由所列"
    )
    kinds: tuple[Line, ...] = Field(default=("罚款",), min_length=1, description="处罚种类")
    fine: Yuan = Field(default=Decimal(0), description="罚款（元）")
    confiscation: Yuan = Field(default=Decimal(0), description="没收（元）")
    project_cost: Yuan | None = Field(
        default=None, description="工程造价（元）；罚款按造价的百分比计算的才填"
    )
    discretion: OptionalLines = Field(default="", description="裁量理由")
    mitigation: OptionalLines = Field(default="", description="减轻处罚的法定情形")
    grave: bool = Field(default=False, description="情节复杂或者重大违法")
    illegal_income: Yuan | None = Field(default=None, description="违法所得（元）；没有的不填")
    refunded: Yuan = Field(default=Decimal(0), description="其中依法退赔（元）")
    also_under: tuple[Line, ...] = Field(
        default=(), max_length=10, description="同一行为触犯的其他案由（权力清单编号）"
    )
    must_review: tuple[Literal["public_interest", "complex", "other_law"], ...] = Field(
        default=(), max_length=3, description="属于法定审核范围的情形"
    )
    slight: bool = Field(default=False, description="违法行为轻微")
    first_time: bool = Field(default=False, description="初次违法、危害后果轻微")
    no_fault: bool = Field(
        default=False, description="当事人证明没有主观过错，且法律法规没有另外规定"
    )
    fined_by_court: bool = Field(default=False, description="法院已就同一行为判处罚金")
    lighter: tuple[
        Literal["harm_removed", "coerced", "confessed", "merit", "other_lighter"], ...
    ] = Field(default=(), max_length=5, description="应当从轻、减轻的情形")
    heavier: tuple[Literal["malice", "refusal", "grave_result", "repeated"], ...] = Field(
        default=(), max_length=4, description="依法从重的情形"
    )
    weighed: OptionalLines = Field(default="", description="怎样从轻、减轻、从重，或者为什么不")
    old_and_new_law: OptionalLines = Field(default="", description="新旧法比较")
    signed_by: tuple[str, ...] = Field(default=(), max_length=10, description="签名的承办人")


@command(Conclude)
def conclude(form: Conclude, desk: Desk) -> Change:
    """End the investigation with a report and a proposal (行政处罚法 57)."""
    known = [e.id for e in desk.case.evidence]
    for id in form.evidence:
        if id not in known:
            raise desk.refuse(
                "evidence", f"没有编号为“{id}”的证据，只有：{'、'.join(known) or '（无）'}"
            )
    for code in form.also_under:
        if desk.office.power(code) is None:
            raise desk.refuse("also_under", _unknown_power(code, desk))
    power = desk.office.power(desk.case.power)
    relied = form.evidence or tuple(known)
    elements = form.elements or tuple(
        dict.fromkeys(x for e in desk.case.evidence if e.id in relied for x in e.elements)
    )
    proposal = Proposal(
        **form.model_dump(exclude={"evidence", "elements", "violated", "basis", "signed_by"}),
        elements=elements,
        evidence=relied,
        violated=form.violated or _cited(power, "duty"),
        basis=form.basis or _cited(power, "penalty"),
        signed_by=desk.people("signed_by", form.signed_by),
        made_on=desk.as_of,
    )
    return desk.change().set("proposal", proposal).drop("reduction_confirmed")


def _cited(power: PowerItem | None, which: str) -> tuple[Citation, ...]:
    return (getattr(power, which),) if power else ()


class AnswerPoint(Form):
    """答复退回意见"""

    no: int = Field(ge=1, le=200, description="第几条")
    answer: Lines = Field(description="答复：如何改正，或者为什么不改")


@command(AnswerPoint)
def answer_point(form: AnswerPoint, desk: Desk) -> Change:
    """Answer one numbered point of the last return."""
    review = desk.case.review
    numbers = {p.no: n for n, p in enumerate(review.points)} if review else {}
    if review is None or form.no not in numbers:
        known = "、".join(str(n) for n in numbers) or "（无）"
        raise desk.refuse("no", f"退回意见没有第 {form.no} 条，只有：{known}")
    point = review.points[numbers[form.no]].model_copy(update={"answer": form.answer})
    where = f"reviews/{len(desk.case.reviews) - 1}/points/{numbers[form.no]}"
    return desk.change().replace(where, point)


@command(WithOpinion)
def submit_to_unit(form: WithOpinion, desk: Desk) -> Change:
    """Hand the file to the head of the unit."""
    return desk.change().say(form.opinion)


@command(WithReason)
def return_to_officers(form: WithReason, desk: Desk) -> Change:
    """The head of the unit sends the file back."""
    return desk.change().say(form.reason)


class SubmitReview(Form):
    """送法制审核"""

    materials: tuple[Line, ...] = Field(
        default=(),
        max_length=50,
        description="送审材料：调查终结报告、拟处罚意见、证据材料、执法依据、程序材料",
    )
    opinion: OptionalLines = Field(default="", description="机构意见")


@command(SubmitReview)
def submit_review(form: SubmitReview, desk: Desk) -> Change:
    """Send the package to legal review; the reviewer's days start (行政处罚法 58)."""
    submission = Submission(
        at=desk.at, by=desk.actor.id, materials=form.materials, digest=proposal_digest(desk.case)
    )
    return desk.change().append("submissions", submission).say(form.opinion)


@command(SubmitReview)
def submit_final_review(form: SubmitReview, desk: Desk) -> Change:
    """Send the file again: after a hearing always, after any adverse change."""
    return submit_review(form, desk)


class Opinion(Form):
    """审核意见"""

    digest: OptionalLine = Field(
        default="", description="所审内容的摘要；填了的，与现在的内容不一致就不办理"
    )
    settled: tuple[int, ...] = Field(
        default=(), max_length=200, description="上次退回意见中已解决的，写编号"
    )
    unsettled: tuple[int, ...] = Field(
        default=(), max_length=200, description="上次退回意见中未解决的，写编号"
    )


class PassReview(Opinion):
    """审核通过"""

    opinion: Lines = Field(description="审核意见")
    items: dict[Line, Line] = Field(description="九项审核内容：" + "、".join(ITEMS), max_length=20)
    cap: Yuan | None = Field(default=None, description="罚款不高于（元）")


@command(PassReview)
def pass_review(form: PassReview, desk: Desk) -> Change:
    """Record that the proposed penalty passed legal review (行政处罚法 58)."""
    return _opinion(form, desk, passed=True, opinion=form.opinion, items=form.items, cap=form.cap)


@command(PassReview)
def pass_final_review(form: PassReview, desk: Desk) -> Change:
    """Record that it passed again, after the hearing or after what changed."""
    return pass_review(form, desk)


class ReturnCase(Opinion):
    """退回补正"""

    kind: Literal["correct", "investigate", "transfer", "disagree"] = Field(
        default="correct", description="审核结论"
    )

    opinion: Lines = Field(description="退回的理由")
    points: tuple[Lines, ...] = Field(min_length=1, max_length=200, description="逐条的退回意见")
    items: dict[Line, Line] = Field(default_factory=dict, max_length=20, description="九项审核内容")


@command(ReturnCase)
def return_case(form: ReturnCase, desk: Desk) -> Change:
    """Send the file back with numbered points that must be answered one by one."""
    points = tuple(Point(no=n, text=text) for n, text in enumerate(form.points, 1))
    return _opinion(
        form,
        desk,
        passed=False,
        opinion=form.opinion,
        items=form.items,
        points=points,
        kind=form.kind,
    )


def _opinion(
    form: Opinion,
    desk: Desk,
    *,
    passed: bool,
    opinion: str,
    items: dict[str, str],
    cap: Decimal | None = None,
    points: tuple[Point, ...] = (),
    kind: Literal["", "correct", "investigate", "transfer", "disagree"] = "",
) -> Change:
    proposal, hearing = desk.case.proposal, desk.case.hearing
    seen = proposal_digest(desk.case)
    if form.digest and form.digest != seen:
        raise desk.refuse("digest", "您打开页面之后，所审的内容改过了，请看过改动再签署")
    _name_points(form, desk)
    signer = desk.reviewer
    review = Review(
        at=desk.at,
        by=signer.id,
        name=signer.name,
        entered_by=desk.actor.id if signer.borrowed else "",
        passed=passed,
        opinion=opinion,
        items=items,
        points=points,
        kind=kind,
        settled=tuple(sorted(set(form.settled))),
        unsettled=tuple(sorted(set(form.unsettled))),
        digest=seen,
        fine=proposal.fine if proposal else Decimal(0),
        cap=cap,
        after_hearing=bool(hearing and hearing.ended_as == "held"),
        submission=len(desk.case.submissions),
    )
    change = desk.change().append("reviews", review)
    return change.drop("reduction_confirmed")


def _name_points(form: Opinion, desk: Desk) -> None:
    """Only points of the return before can be settled or not, and none can be both."""
    before = desk.case.review
    known = {p.no for p in before.points} if before and not before.passed else set()
    for field, numbers in (("settled", form.settled), ("unsettled", form.unsettled)):
        if strange := sorted(set(numbers) - known):
            told = "、".join(map(str, sorted(known))) or "（无）"
            raise desk.refuse(field, f"上次退回意见没有第 {strange[0]} 条，只有：{told}")
    if both := sorted(set(form.settled) & set(form.unsettled)):
        raise desk.refuse("unsettled", f"第 {both[0]} 条不能既已解决又未解决")


class ConfirmReduction(Form):
    """确认减少数额"""

    fine: Yuan = Field(description="减少后的罚款（元）")
    opinion: OptionalLines = Field(default="", description="意见")


@command(ConfirmReduction)
def confirm_reduction(form: ConfirmReduction, desk: Desk) -> Change:
    """The reviewer agrees to a lighter fine than the one that passed; no new notice is needed."""
    review = desk.case.review
    if review is None or not review.counts:
        raise desk.refuse("fine", "还没有通过的审核，没有可以确认的数额")
    if form.fine >= review.fine:
        raise desk.refuse("fine", f"{form.fine} 元不低于审核通过的 {review.fine} 元，不是减少")
    change = desk.change().set("reduction_confirmed", yuan_text(form.fine))
    return change.say(form.opinion)


class Judge(Form):
    """书面判断"""

    policy: Line = Field(description="需要判断的规则编号")
    holds: bool = Field(description="判断结论：符合")
    reasons: Lines = Field(description="判断理由")


@command(Judge)
def judge(form: Judge, desk: Desk) -> Change:
    """Answer with reasons a question that only a person can answer."""
    asked = POLICIES.get(form.policy)
    if asked is None:
        import difflib

        near = difflib.get_close_matches(form.policy, POLICIES, 1)
        hint = f"，最接近的是“{near[0]}”" if near else ""
        raise desk.refuse("policy", f"没有“{form.policy}”这条规则{hint}")
    answer = Judgement(
        holds=form.holds,
        reasons=form.reasons,
        by=desk.actor.id,
        name=desk.signature,
        at=desk.at,
    )
    return desk.change().entry("judgements", form.policy, answer)


@command(WithReason)
def reopen_investigation(form: WithReason, desk: Desk) -> Change:
    """Investigate further, or change the proposal; what changes adversely is reviewed and told anew."""
    return desk.change().say(form.reason)


@command(Nothing)
def proceed(form: Nothing, desk: Desk) -> Change:
    """Every window is over or waived: ask the head to decide."""
    return desk.change()
