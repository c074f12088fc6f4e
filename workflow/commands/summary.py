"""简易程序 — found, told, decided and handed over on the spot."""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field

from policies.casefile import Act, Decision, Lead, Proposal, Service, Summary, Yuan
from policies.facts import grounds_digest
from policies.remedy_clause import remedy
from workflow.change import Change
from workflow.commands.intake import NameParty, Nothing, _inside, name_party
from workflow.desk import Desk, command
from workflow.forms import DocumentNumber, Form, Line, Lines, OptionalLine, OptionalLines, PastDay


class StartOnSpot(NameParty):
    """现场发现"""

    place: Line = Field(description="地点")
    text: Lines = Field(description="违法行为")
    power: Line = Field(description="案由（权力清单编号）")
    inside_area: bool | None = Field(default=None, description="是否在本辖区")
    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="在场执法人员")


@command(StartOnSpot)
def start_on_spot(form: StartOnSpot, desk: Desk) -> Change:
    """Open a summary case where the act was found."""
    if desk.office.power(form.power) is None:
        codes = "、".join(p.code for p in desk.office.power_list)
        raise desk.refuse("power", f"权力清单没有“{form.power}”，只有：{codes}")
    named = NameParty(**form.model_dump(include=set(NameParty.model_fields)))
    change = name_party(named, desk)
    inside = form.inside_area if form.inside_area is not None else _inside(form.place, desk)
    change.set("lead", Lead(source="巡查", found_on=desk.as_of, text=form.text))
    act = Act(text=form.text, place=form.place, inside_area=inside, began=desk.as_of)
    change.set("act", act)
    change.set("power", form.power)
    return change.set("officers", list(desk.people("officers", form.officers)))


PNG = "data:image/png;base64,"
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def _is_small_picture(value: str) -> str:
    """A PNG as a browser's canvas gives it; a longer text than any field holds is refused before."""
    if not value:
        return value
    try:
        picture = base64.b64decode(value.removeprefix(PNG), validate=True)
    except binascii.Error:
        picture = b""
    if not value.startswith(PNG) or not picture.startswith(_SIGNATURE):
        raise ValueError("签名不是图片，请清除后重新签名，或者在纸质决定书上签名")
    return value


SmallPicture = Annotated[OptionalLines, AfterValidator(_is_small_picture)]


class DecideOnSpot(Form):
    """当场处罚"""

    number: DocumentNumber = Field(description="当场处罚决定书编号")
    kinds: tuple[Line, ...] = Field(default=("罚款",), min_length=1, description="处罚种类")
    fine: Yuan = Field(default=Decimal(0), description="罚款（元）")
    facts_undisputed: bool = Field(description="违法事实确凿")
    certificate_shown: bool = Field(description="已出示执法证件")
    told: bool = Field(description="已告知事实、理由、依据和权利")
    defence: OptionalLines = Field(default="", description="当事人的申辩")
    defence_answer: OptionalLines = Field(default="", description="对申辩的复核")
    correction: OptionalLines = Field(
        default="", description="当场责令改正的内容；已改正或者无可改正的，写明"
    )
    records: OptionalLines = Field(
        default="", description="现场记录；照片、录像的编号，何时何处由谁拍摄"
    )
    contents: tuple[Line, ...] = Field(default=(), max_length=30, description="决定书载明的事项")
    receiver: OptionalLine = Field(default="", description="签收人")
    signed: bool = Field(default=True, description="当场签收")
    signature: SmallPicture = Field(default="", description="当事人在屏幕上的签名")
    refusal: OptionalLine = Field(default="", description="拒绝签收的，在决定书上注明的内容")
    officers: tuple[str, ...] = Field(
        default=(), max_length=10, description="在场执法人员；空为承办人"
    )


@command(DecideOnSpot)
def decide_on_spot(form: DecideOnSpot, desk: Desk) -> Change:
    """Decide and hand over at once: at most 200 yuan, 3 000 for an organisation, or a warning (罚51)."""
    case = desk.case
    power = desk.office.power(case.power)
    officers = desk.people("officers", form.officers) or case.officers
    proposal = Proposal(
        facts=case.act.text if case.act else "",
        violated=(power.duty,) if power else (),
        basis=(power.penalty,) if power else (),
        kinds=form.kinds,
        fine=form.fine,
        made_on=desk.as_of,
    )
    decision = Decision(
        number=form.number,
        date=desk.as_of,
        fine=form.fine,
        kinds=form.kinds,
        grounds=grounds_digest(proposal),
        digest="",
        contents=form.contents,
        late_penalty_told=True,
        by=desk.actor.id,
        remedy=remedy(desk.office, desk.law, desk.as_of, on_spot=True),
    )
    moment: datetime = desk.at
    change = desk.change().set("proposal", proposal).set("decision", decision)
    change.set(
        "summary",
        Summary(
            at=moment,
            officers=officers,
            certificate_shown=form.certificate_shown,
            told=form.told,
            defence=form.defence,
            defence_answer=form.defence_answer,
            facts_undisputed=form.facts_undisputed,
            correction=form.correction,
            records=form.records,
            signature=desk.seal("signature", form.signature),
        ),
    )
    service = Service(
        document="行政处罚决定书",
        served_on=desk.as_of,
        method="当场交付",
        receiver=desk.seal("receiver", form.receiver),
        officers=officers,
        signed=form.signed,
        refusal=form.refusal,
    )
    return change.append("services", service).at_hand(officers).bears("当场处罚", form.number)


class ReportOnSpot(Form):
    """当场处罚备案"""

    reported_on: PastDay | None = Field(default=None, description="备案日期；空为办理之日")


@command(ReportOnSpot)
def report_on_spot(form: ReportOnSpot, desk: Desk) -> Change:
    """Report the decision made on the spot to the office (行政处罚法 52)."""
    summary = desk.case.summary
    assert summary is not None  # only reachable after decide_on_spot
    update = {"reported_on": form.reported_on or desk.as_of}
    return desk.change().set("summary", summary.model_copy(update=update))


@command(Nothing)
def convert_to_ordinary(form: Nothing, desk: Desk) -> Change:
    """What does not fit the summary procedure is investigated as an ordinary case."""
    return desk.change()
