"""督促文书 — a paper of those who supervise the office arrives; its answer goes out."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from policies.things import Supervision
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, PastDay


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
