"""督促文书 — a paper of those who supervise the office arrives, or the inspector opens one; its answer goes out."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from policies.core import POLICIES
from policies.things import Supervision
from states.people import HEAD
from states.terms import TERMS
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalNumber, PastDay

ANSWERERS = tuple(sorted(HEAD.roles))
"""Who may answer (states/beside/supervision.py), and so to whom 督办 is addressed."""


class RecordSupervision(Form):
    """登记督促文书"""

    kind: Literal["行政复议意见书", "检察建议书", "司法建议书", "行政执法监督文书"] = Field(
        description="文书种类"
    )
    sender: Line = Field(description="发文机关")
    number: Line = Field(description="文号")
    received: PastDay = Field(description="收到日期")
    content: Lines = Field(description="要求办理的事项")
    due: date | None = Field(
        default=None, description="文书写明的答复期限；行政复议意见书为法定六十日，不填"
    )


@command(RecordSupervision)
def record_supervision(form: RecordSupervision, desk: Desk) -> Change:
    """A paper arrives, and its days run (行政复议法 76, 行政诉讼法 25)."""
    if form.kind == "行政复议意见书" and form.due is not None:
        raise desk.refuse("due", "行政复议意见书的期限是法定的六十日，不用填")
    if form.kind != "行政复议意见书" and form.due is None:
        raise desk.refuse("due", "请照文书填写答复期限；文书没有写明的，填与发文机关商定的日期")
    if form.due is not None and form.due < form.received:
        raise desk.refuse("due", "答复期限早于收到日期")
    paper = Supervision(id=f"v{len(desk.case.supervisions) + 1}", **form.model_dump())
    change = desk.change().append("supervisions", paper).about(paper.id)
    change.made = paper.id
    return change


class OpenSupervision(Form):
    """发出督办"""

    content: Lines = Field(description="督办的事项和要求")
    to: Line = Field(description="由谁办理答复")
    workdays: int = Field(default=5, ge=1, le=60, description="答复期限（工作日，自次日起算）")
    about: tuple[Line, ...] = Field(
        default=(), max_length=20, description="涉及的规则或者期限（编号），每行一项"
    )
    number: OptionalNumber = Field(default="", description="文号；没有的不填，按案号编")


@command(OpenSupervision)
def open_supervision(form: OpenSupervision, desk: Desk) -> Change:
    """The inspector asks for an answer; a working day counts from the day after (行政处罚法 85)."""
    to = desk.person("to", form.to)
    if not to.has(*ANSWERERS):
        able = "、".join(f"{p.id}（{p.name}）" for p in desk.office.with_role(*ANSWERERS))
        raise desk.refuse("to", f"{to.name}不能答复督办，可以答复的：{able or '（机关未配备）'}")
    if strange := [x for x in form.about if x not in POLICIES and x not in TERMS]:
        raise desk.refuse("about", f"没有编号为“{strange[0]}”的规则或者期限")
    id = f"v{len(desk.case.supervisions) + 1}"
    name = desk.case.filing.number if desk.case.filing else ""
    paper = Supervision(
        id=id,
        kind="督办",
        sender=desk.actor.post or "监督员",
        number=form.number or f"{name or '未立案'}督办{len(desk.case.supervisions) + 1}",
        received=desk.as_of,
        content=form.content,
        workdays=form.workdays,
        to=to.id,
        about=form.about,
        opened_by=desk.actor.id,
    )
    change = desk.change().append("supervisions", paper).about(id)
    change.made = id
    return change


class AnswerSupervision(Form):
    """报送办理情况"""

    item: OptionalLine = Field(default="", description="哪一件（编号）；只有一件的不填")
    answer: Lines = Field(description="办理情况")
    answered_on: PastDay | None = Field(default=None, description="报送日期；空为办理之日")


@command(AnswerSupervision)
def answer_supervision(form: AnswerSupervision, desk: Desk) -> Change:
    """What was done about it goes back to whoever asked."""
    n, paper = desk.pick(desk.case.supervisions, form.item)
    update = {"answer": form.answer, "answered_on": form.answered_on or desk.as_of}
    changed = paper.model_copy(update=update)
    return desk.change().replace(f"supervisions/{n}", changed).about(paper.id)
