"""公示 — chosen by one, reviewed by another, sent, corrected, repaired, taken back."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from policies.casefile import Party, PartyKind
from policies.publication import gravity, period
from policies.publicity import Correction, Exemption, Publication, Receipt, Repair, platform_name
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, PastDay
from workflow.identifiers import check_number, plain_number
from workflow.publication.record import outgoing

PartyNumber = Annotated[
    OptionalLine,
    Field(description="当事人的统一社会信用代码或者证件号码；案卷已有的不填"),
]
Representative = Annotated[
    OptionalLine, Field(description="当事人的法定代表人；案卷已有的不填，公民不填")
]
"""What a platform asks for of the party and the file may not have."""


class ChoosePublication(Form):
    """决定公示"""

    reason: Lines = Field(description="公示的理由")
    title: OptionalLine = Field(default="", description="公示的案件名称；空为案由")
    facts: OptionalLines = Field(
        default="", description="公示的违法事实，不写姓名、证件号、住址、电话等；空为决定所认定的"
    )
    gravity: Literal["", "轻微", "一般", "严重"] = Field(
        default="", description="公示类别；空为按处罚的种类和数额"
    )
    necessity: OptionalLines = Field(default="", description="轻微的处罚确有必要公示的理由")
    party_number: PartyNumber = ""
    representative: Representative = ""


@command(ChoosePublication)
def choose_publication(form: ChoosePublication, desk: Desk) -> Change:
    """Put together what is to be published; it goes out once another person has reviewed it (行政处罚法 48)."""
    _unpublished(desk)
    choice = Publication(
        publish=True,
        reason=form.reason,
        chosen_by=desk.actor.id,
        chosen_on=desk.as_of,
        title=form.title or _title(desk),
        facts=form.facts,
        gravity=form.gravity or gravity(desk.case, desk.law),
        necessity=form.necessity,
    )
    return _complete(form, desk, desk.change().set("publication", choice))


def _complete(form: ChoosePublication | CorrectPublication, desk: Desk, change: Change) -> Change:
    """Put down of the party what nobody wrote down before; what stands there stays."""
    if desk.case.party and (form.party_number or form.representative):
        change.set("party", _completed(desk.case.party, form, desk))
    return change


def _completed(party: Party, form: ChoosePublication | CorrectPublication, desk: Desk) -> Party:
    update: dict[str, str] = {}
    if form.representative:
        if party.kind is PartyKind.CITIZEN or party.representative:
            raise desk.refuse("representative", "公民没有法定代表人，案卷已登记的不能改写")
        update["representative"] = desk.seal("name", form.representative)
    if form.party_number:
        if party.number:
            raise desk.refuse("party_number", "案卷已登记了号码，不能在这里改写")
        kind, check = check_number(party.kind, form.party_number)
        if check == "wrong":
            raise desk.refuse("party_number", f"{kind}的校验位不对，请核对原件")
        update["number"] = desk.seal("number", plain_number(form.party_number))
        update |= {"number_kind": kind, "number_check": check}
    return party.model_copy(update=update)


def _title(desk: Desk) -> str:
    power = desk.office.power(desk.case.power)
    return power.title if power else ""


class WithholdPublication(Form):
    """决定不公示"""

    reason: Lines = Field(description="不公示的理由")
    ground: Exemption = Field(default="不具有一定社会影响", description="不公示的依据")
    approved_by: OptionalLine = Field(
        default="", description="批准的负责人；由负责人自己办理的不填"
    )


@command(WithholdPublication)
def withhold_publication(form: WithholdPublication, desk: Desk) -> Change:
    """Choose not to publish, on which ground, and who approved it (政府信息公开条例 14, 15, 17)."""
    _unpublished(desk)
    approved = desk.person("approved_by", form.approved_by).id if form.approved_by else ""
    if not approved and desk.actor.has("head", "deputy_head"):
        approved = desk.actor.id
    choice = Publication(
        publish=False,
        reason=form.reason,
        ground=form.ground,
        approved_by=approved,
        chosen_by=desk.actor.id,
        chosen_on=desk.as_of,
    )
    return desk.change().set("publication", choice)


def _unpublished(desk: Desk) -> None:
    choice = desk.case.publication
    if choice and choice.went_out:
        on = f"已于 {choice.published_on} 公示" if choice.receipt else "已通过公示审查，正在发出"
        said = f"本案{on}；内容不对的办理更正公示，不该公示的办理撤回公示"
        raise desk.refuse("reason", said)


class ReturnPublication(Form):
    """退回公示"""

    reason: Lines = Field(description="要改什么")


@command(ReturnPublication)
def return_publication(form: ReturnPublication, desk: Desk) -> Change:
    """The reviewer sends it back with what is to be changed; nothing has gone out."""
    return _amend(desk, _to_review(desk), returned=form.reason)


class ReviewPublication(Form):
    """公示审查"""

    digest: OptionalLine = Field(
        default="", description="所核对内容的摘要，与页面所示一致；空为现在的内容"
    )


@command(ReviewPublication)
def review_publication(form: ReviewPublication, desk: Desk) -> Change:
    """A second person looked at exactly this; now it is shown and sent (政府信息公开条例 17)."""
    choice = _to_review(desk)
    seen = outgoing(desk.case, desk.office, desk.law).digest
    if form.digest and form.digest != seen:
        raise desk.refuse("digest", "将要公开的内容在您核对之后改过了，请重新核对")
    reviewed = {
        "reviewed_by": desk.actor.id,
        "reviewed_on": desk.as_of,
        "digest": seen,
        "platforms": desk.office.publication.targets,
    }
    until = period(desk.case, choice, desk.law, desk.calendar, "max")
    return _amend(desk, choice, **reviewed, until=until, returned="")


def _to_review(desk: Desk) -> Publication:
    choice = desk.case.publication
    if choice is None or not choice.publish:
        raise desk.refuse("", "本案没有拟公示的内容")
    if choice.over:
        raise desk.refuse("", "本案的公示已经停止或者撤回")
    if not choice.awaits_review:
        raise desk.refuse(
            "", f"已于 {choice.reviewed_on or choice.published_on} 公示，没有待审查的内容"
        )
    return choice


class RecordPublication(Form):
    """登记公示回执"""

    receipt: Line = Field(description="回执")
    published_on: PastDay = Field(description="公示日期")
    platform: OptionalLine = Field(default="", description="平台；空为本机关的第一个平台")
    version: int = Field(default=0, ge=0, le=999, description="公示的第几版；0 为现在的一版")


@command(RecordPublication)
def record_publication(form: RecordPublication, desk: Desk) -> Change:
    """A platform's receipt is back; the publication clock stops when all are. By hand where there is no interface."""
    choice = desk.case.publication
    if choice is None or not choice.publish:
        raise desk.refuse("receipt", "本案没有选择公示")
    platform = form.platform or desk.office.publication.target
    version = form.version or choice.version
    if version > choice.version:
        raise desk.refuse("version", f"本案的公示只有 {choice.version} 版")
    held = choice.answer_of(platform, version)
    if held:
        raise desk.refuse(
            "receipt", f"本案已有{platform_name(platform)}的公示回执 {held.receipt}，不能改写"
        )
    if not choice.went_out:
        raise desk.refuse("receipt", "公示还没有通过审查，没有发出")
    fresh = Receipt(platform=platform, version=version, receipt=form.receipt, on=form.published_on)
    first = {} if choice.receipt else {"receipt": form.receipt, "published_on": form.published_on}
    return _amend(desk, choice, receipts=(*choice.answers, fresh), **first)


class CorrectPublication(Form):
    """更正公示"""

    reason: Lines = Field(description="更正的理由")
    title: OptionalLine = Field(default="", description="更正后的案件名称；空为不变")
    facts: OptionalLines = Field(default="", description="更正后的违法事实；空为不变")
    party_number: PartyNumber = ""
    representative: Representative = ""


@command(CorrectPublication)
def correct_publication(form: CorrectPublication, desk: Desk) -> Change:
    """What was published is not accurate: a new version, reviewed anew, takes its place (政府信息公开条例 41).

    A decision that was changed and withdrawn for it may be shown again as it stands now, in a new version.
    """
    choice = _published(desk, withdrawn=_stands_changed(desk))
    pending = bool(choice.corrections) and not choice.reviewed_on
    version = choice.version + (0 if pending else 1)
    told = Correction(
        version=version,
        on=desk.as_of,
        by=desk.actor.id,
        reason=form.reason,
        withdrawn_on=choice.withdrawn_on,
        withdrawn_because=choice.withdrawn_because,
    )
    change = _amend(
        desk,
        choice,
        version=version,
        title=form.title or choice.title,
        facts=form.facts or choice.facts,
        chosen_by=desk.actor.id,
        reviewed_by="",
        reviewed_on=None,
        digest="",
        corrections=(*choice.corrections, told),
        withdrawn_on=None,
        withdrawn_because="",
    )
    return _complete(form, desk, change)


class WithdrawPublication(Form):
    """撤回公示"""

    reason: Lines = Field(description="公开说明的理由")


@command(WithdrawPublication)
def withdraw_publication(form: WithdrawPublication, desk: Desk) -> Change:
    """Take a published decision back everywhere and say why (行政处罚法 48(2)); before it stands, too."""
    choice = _published(desk, ended=True)
    return _amend(desk, choice, withdrawn_on=desk.as_of, withdrawn_because=form.reason)


def _stands_changed(desk: Desk) -> bool:
    """Whether the decision was changed by a result that stands, and not revoked or declared void."""
    fallen = [r for r in desk.case.remedies if r.falls]
    return bool(fallen) and all(r.ended == "changed" for r in fallen)


def _published(desk: Desk, *, ended: bool = False, withdrawn: bool = False) -> Publication:
    """What is out; what has run out or was repaired can still be withdrawn (`ended`), nothing else of it done."""
    choice = desk.case.publication
    if choice is None or not choice.went_out:
        raise desk.refuse("reason", "本案没有公示")
    if choice.withdrawn_on and not withdrawn:
        raise desk.refuse("reason", f"已于 {choice.withdrawn_on} 撤回")
    if choice.ended_on and not ended:
        raise desk.refuse("reason", f"公示已于 {choice.ended_on} 停止")
    return choice


class RecordWithdrawal(Form):
    """登记下架回执"""

    receipt: Line = Field(description="平台下架的回执")
    withdrawn_on: PastDay = Field(description="下架日期")
    platform: OptionalLine = Field(default="", description="平台；空为本机关的第一个平台")
    version: int = Field(default=0, ge=0, le=999, description="公示的第几版；0 为收到过的最后一版")


@command(RecordWithdrawal)
def record_withdrawal(form: RecordWithdrawal, desk: Desk) -> Change:
    """A platform has taken it down, and says so."""
    choice = desk.case.publication
    platform = form.platform or desk.office.publication.target
    if choice is None or not (choice.over or choice.corrections):
        raise desk.refuse("receipt", "本案没有撤回或者停止公示")
    there = [r.version for r in choice.answers if r.platform == platform]
    version = form.version or max(there, default=0)
    held = choice.answer_of(platform, version)
    if held is None:
        raise desk.refuse("platform", f"{platform_name(platform)}没有收到过本案的公示")
    if not choice.over and held.version == choice.version:
        raise desk.refuse("receipt", "本案没有撤回或者停止公示")
    if held.withdrawn_on:
        raise desk.refuse("receipt", f"{platform_name(platform)}已于 {held.withdrawn_on} 下架")
    down = held.model_copy(update={"withdrawn_on": form.withdrawn_on, "withdrawal": form.receipt})
    return _amend(desk, choice, receipts=tuple(down if r == held else r for r in choice.answers))


class RepairCredit(Form):
    """信用修复"""

    asked_on: PastDay = Field(description="当事人申请的日期")
    granted: bool = Field(description="同意修复，停止公示")
    reason: Lines = Field(description="理由")


@command(RepairCredit)
def repair_credit(form: RepairCredit, desk: Desk) -> Change:
    """Who decided also repairs: what is granted ends the display everywhere (信用修复管理办法, 条文未见)."""
    choice = _published(desk)
    repair = Repair(
        asked_on=form.asked_on,
        decided_on=desk.as_of,
        by=desk.actor.id,
        granted=form.granted,
        reason=form.reason,
    )
    ended = {"ended_on": desk.as_of} if form.granted else {}
    return _amend(desk, choice, repairs=(*choice.repairs, repair), **ended)


class LapsePublication(Form):
    """公示期满"""


@command(LapsePublication)
def lapse_publication(form: LapsePublication, desk: Desk) -> Change:
    """The longest time of display is over: it is taken down everywhere. Taken by the system."""
    return _amend(desk, _published(desk), ended_on=desk.as_of)


def _amend(desk: Desk, choice: Publication, **update: Any) -> Change:
    return desk.change().set("publication", choice.model_copy(update=update))
