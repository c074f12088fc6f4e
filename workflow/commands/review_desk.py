"""审核台 — receipt, questions, a pass taken back, the closing check, and whose desk it is."""

from __future__ import annotations

from pydantic import Field

from policies.casefile import Review, Submission
from policies.parts import Borrowed, ClosingCheck, Question
from policies.review import MATERIALS
from workflow.change import Change
from workflow.commands.intake import WithReason
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, PastDay


class ReceivePackage(Form):
    """登记收件"""

    received_on: PastDay | None = Field(default=None, description="收件日期；空为办理之日")
    missing: tuple[Line, ...] = Field(
        default=(), max_length=50, description="缺少的材料；空为收齐：" + "、".join(MATERIALS)
    )


@command(ReceivePackage)
def receive_package(form: ReceivePackage, desk: Desk) -> Change:
    """Say when the package was received, and what was missing; the reviewer's days run from the whole of it."""
    sent = _sent(desk)
    day = form.received_on or desk.as_of
    if day < sent.at.date():
        raise desk.refuse("received_on", f"收件日期 {day} 早于送审日期 {sent.at.date()}，请核对")
    update = {"received_on": day, "received_by": desk.actor.id, "missing": form.missing}
    where = f"submissions/{len(desk.case.submissions) - 1}"
    return desk.change().replace(where, sent.model_copy(update=update))


def _sent(desk: Desk) -> Submission:
    if not desk.case.submissions:
        raise desk.refuse("received_on", "还没有送审，没有可以收的材料")
    return desk.case.submissions[-1]


class AskOfficer(Form):
    """询问承办人"""

    text: Lines = Field(description="询问的内容")


@command(AskOfficer)
def ask_officer(form: AskOfficer, desk: Desk) -> Change:
    """Ask the officers something without sending the file back; the reviewer's days go on."""
    question = Question(
        text=form.text,
        asked_by=desk.reviewer.id,
        asked_at=desk.at,
        submission=len(desk.case.submissions),
    )
    return desk.change().append("questions", question)


class AnswerQuestion(Form):
    """答复审核询问"""

    no: int = Field(ge=1, le=200, description="第几个询问")
    answer: Lines = Field(description="答复")


@command(AnswerQuestion)
def answer_question(form: AnswerQuestion, desk: Desk) -> Change:
    """Answer one question of the reviewer."""
    count = len(desk.case.questions)
    if form.no > count:
        raise desk.refuse("no", f"只有 {count} 个询问，没有第 {form.no} 个")
    update = {"answer": form.answer, "answered_by": desk.actor.id, "answered_at": desk.at}
    question = desk.case.questions[form.no - 1].model_copy(update=update)
    return desk.change().replace(f"questions/{form.no - 1}", question)


@command(WithReason)
def withdraw_pass(form: WithReason, desk: Desk) -> Change:
    """Take a pass back before the decision: it does not count any more, and the case is reviewed again.

    While the party's windows or the hearing run, they go on; the decision waits for the next pass.
    """
    review = _passed(desk, "reason")
    update = {
        "withdrawn_at": desk.at,
        "withdrawn_by": desk.reviewer.id,
        "withdrawal": form.reason,
    }
    change = desk.change().replace(_last(desk), review.model_copy(update=update))
    return change.drop("reduction_confirmed").say(form.reason)


class CheckProcedure(Form):
    """核对后续程序"""

    opinion: Lines = Field(description="对告知、陈述申辩和复核的核对意见")


@command(CheckProcedure)
def check_procedure(form: CheckProcedure, desk: Desk) -> Change:
    """Look at what had not happened yet when the review passed: the notice, the defence, the 复核."""
    review = _passed(desk, "opinion")
    reviewer = desk.reviewer
    check = ClosingCheck(at=desk.at, by=reviewer.id, name=reviewer.name, opinion=form.opinion)
    return desk.change().replace(_last(desk), review.model_copy(update={"closing_check": check}))


def _passed(desk: Desk, field: str) -> Review:
    review = desk.case.review
    if review is None or not review.counts:
        raise desk.refuse(field, "没有通过的审核")
    return review


def _last(desk: Desk) -> str:
    return f"reviews/{len(desk.case.reviews) - 1}"


class BorrowReviewer(Form):
    """借用审核人"""

    name: Line = Field(description="借用的审核人姓名")
    office: Line = Field(description="所在单位")
    post: OptionalLine = Field(default="", description="职务")
    licence: OptionalLine = Field(default="", description="法律职业资格证书号")
    began_before_2018: bool = Field(default=False, description="2018 年以前已从事法制审核")
    letter: Line = Field(description="借用的函件或者批准文件")
    no_interest: bool = Field(default=False, description="本人声明与本案没有利害关系")


@command(BorrowReviewer)
def borrow_reviewer(form: BorrowReviewer, desk: Desk) -> Change:
    """A head approves a qualified reviewer of another office or of the district (practice 2).

    The borrowed reviewer signs on paper; the clerk enters the opinion, and it is judged as his.
    """
    lent = Borrowed(**form.model_dump(), approved_by=desk.actor.id, on=desk.as_of)
    return desk.change().set("borrowed", lent)


class AssignReviewer(Form):
    """指定审核人"""

    reviewer: Line = Field(description="审核人")
    reason: OptionalLines = Field(default="", description="理由")


@command(AssignReviewer)
def assign_reviewer(form: AssignReviewer, desk: Desk) -> Change:
    """Say who of the office's reviewers has this file, or give it to another."""
    person = desk.person("reviewer", form.reviewer)
    if not person.has("reviewer"):
        raise desk.refuse("reviewer", f"{person.title}不是法制审核员，不能指定为审核人")
    return desk.change().set("reviewer", person.id).say(form.reason)


@command(WithReason)
def recuse_reviewer(form: WithReason, desk: Desk) -> Change:
    """The reviewer declares a reason to withdraw; a head names another or borrows one."""
    needed = dict.fromkeys((*desk.case.recusal_needed, desk.actor.id))
    change = desk.change().set("recusal_needed", list(needed)).say(form.reason)
    return change.drop("reviewer") if desk.case.reviewer == desk.actor.id else change
