"""法律咨询 — the counsel is asked, answers, or is asked no more."""

from __future__ import annotations

from pydantic import Field

from policies.things import Consultation
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine


class ConsultCounsel(Form):
    """请法律顾问提意见"""

    counsel: Line = Field(description="法律顾问")
    question: Lines = Field(description="请其提意见的问题")


@command(ConsultCounsel)
def consult_counsel(form: ConsultCounsel, desk: Desk) -> Change:
    """The case is given to a counsel of the office, who reads all of it from now on."""
    person = desk.person("counsel", form.counsel)
    if not person.has("counsel"):
        able = "、".join(f"{p.id}（{p.name}）" for p in desk.office.with_role("counsel"))
        raise desk.refuse(
            "counsel", f"{person.name}不是法律顾问，可以请：{able or '（机关未配备）'}"
        )
    asked = Consultation(
        id=f"y{len(desk.case.consultations) + 1}",
        counsel=person.id,
        question=form.question,
        asked_by=desk.actor.id,
        asked_on=desk.as_of,
    )
    change = desk.change().append("consultations", asked).about(asked.id)
    change.made = asked.id
    return change


class GiveCounselOpinion(Form):
    """出具法律意见"""

    item: OptionalLine = Field(default="", description="哪一件咨询（编号）；只有一件的不填")
    opinion: Lines = Field(description="法律意见")


@command(GiveCounselOpinion)
def give_counsel_opinion(form: GiveCounselOpinion, desk: Desk) -> Change:
    """The counsel who was asked writes the opinion; another counsel does not answer in that one's place."""
    mine = [
        c.id
        for c in desk.case.consultations
        if c.state in desk.starts and c.counsel == desk.actor.id
    ]
    n, asked = desk.pick(desk.case.consultations, form.item or (mine[0] if len(mine) == 1 else ""))
    if asked.counsel != desk.actor.id:
        person = desk.office.person(asked.counsel)
        raise desk.refuse("item", f"这一件请的是{person.name if person else asked.counsel}")
    update = {"opinion": form.opinion, "answered_on": desk.as_of}
    changed = asked.model_copy(update=update)
    return desk.change().replace(f"consultations/{n}", changed).about(asked.id)


class WithdrawConsultation(Form):
    """撤回法律咨询"""

    item: OptionalLine = Field(default="", description="哪一件咨询（编号）；只有一件的不填")
    reason: Lines = Field(description="理由")


@command(WithdrawConsultation)
def withdraw_consultation(form: WithdrawConsultation, desk: Desk) -> Change:
    """No opinion is wanted any more; the counsel does not see the case any longer."""
    n, asked = desk.pick(desk.case.consultations, form.item)
    changed = asked.model_copy(
        update={"withdrawn_on": desk.as_of, "withdrawn_because": form.reason}
    )
    return desk.change().replace(f"consultations/{n}", changed).about(asked.id).say(form.reason)
