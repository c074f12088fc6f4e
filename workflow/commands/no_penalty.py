"""不予处罚 — decided, served, the party educated, closed."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Closing
from policies.no_penalty import DOCUMENT
from policies.parts import NoPenalty
from workflow.change import Change
from workflow.commands.notice import Serving, serving
from workflow.desk import Desk, command
from workflow.forms import DocumentNumber, Form, Lines, OptionalLines, PastDay

Ground = Literal[
    "under_14", "incapable", "slight", "first_time", "no_fault", "expired", "not_unlawful_now",
    "not_established",
]  # fmt: skip


class DecideNoPenalty(Form):
    """作出不予处罚决定"""

    number: DocumentNumber = Field(description="不予行政处罚决定书文号")
    date: PastDay | None = Field(default=None, description="决定书日期；空为办理之日")
    ground: Ground = Field(description="不予处罚的理由")
    reasons: Lines = Field(description="事实和说理")
    guardian_ordered: OptionalLines = Field(default="", description="责令监护人管教、看管的内容")


@command(DecideNoPenalty)
def decide_no_penalty(form: DecideNoPenalty, desk: Desk) -> Change:
    """Decide not to penalise (行政处罚法 57); no review, no notice and no window bind this outcome."""
    spared = NoPenalty(
        **form.model_dump(exclude={"date"}), date=form.date or desk.as_of, by=desk.actor.id
    )
    change = desk.change().set("no_penalty", spared).bears("不予处罚", form.number)
    return change.say(form.reasons)


class ServeNoPenalty(Serving):
    """送达不予处罚决定书"""


@command(ServeNoPenalty)
def serve_no_penalty(form: ServeNoPenalty, desk: Desk) -> Change:
    """Hand the decision over; nothing is due and no payment runs."""
    change = desk.change()
    serving(form, desk, DOCUMENT, change)
    return change


class RecordEducation(Form):
    """登记教育"""

    education: Lines = Field(description="教育的内容和方式")
    educated_on: PastDay | None = Field(default=None, description="日期；空为办理之日")


@command(RecordEducation)
def record_education(form: RecordEducation, desk: Desk) -> Change:
    """The party is educated (行政处罚法 33(3))."""
    assert desk.case.no_penalty is not None  # only reachable after decide_no_penalty
    update = {"education": form.education, "educated_on": form.educated_on or desk.as_of}
    return desk.change().set("no_penalty", desk.case.no_penalty.model_copy(update=update))


class CloseWithoutPenalty(Form):
    """不予处罚结案"""

    text: OptionalLines = Field(default="", description="说明")


@command(CloseWithoutPenalty)
def close_without_penalty(form: CloseWithoutPenalty, desk: Desk) -> Change:
    """Close a case that ended without a penalty, when the party was told and educated."""
    return desk.change().set("closing", Closing(on=desk.as_of, how="其他", text=form.text))
