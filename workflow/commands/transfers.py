"""移送与退出 — to the police and back; to another organ; withdrawn, ended, joined to another case."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from policies.casefile import Ending, Referral, Transfer
from workflow.change import Change
from workflow.commands.intake import WithReason
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, PastDay


class ReportCrime(Form):
    """报告涉嫌犯罪"""

    reason: Lines = Field(description="涉嫌犯罪的事实、情节和理由")
    officers: tuple[str, ...] = Field(min_length=1, max_length=10, description="专案组人员")


@command(ReportCrime)
def report_crime(form: ReportCrime, desk: Desk) -> Change:
    """Two officers report to the head that this looks like a crime (移送规定 5)."""
    transfer = Transfer(
        reported_at=desk.at,
        reason=form.reason,
        officers=desk.people("officers", form.officers),
    )
    return desk.change().set("transfer", transfer)


class ApproveTransfer(Form):
    """批准移送公安机关"""

    acting_head: OptionalLine = Field(default="", description="主持工作的依据；正职负责人不填")


@command(ApproveTransfer)
def approve_transfer(form: ApproveTransfer, desk: Desk) -> Change:
    """The head approves; within twenty-four hours it goes to the police (移送规定 5)."""
    return _transfer(
        desk, approved_at=desk.at, approved_by=desk.actor.id, acting_head=form.acting_head
    )


class RefuseTransfer(ApproveTransfer):
    """不批准移送"""

    reason: Lines = Field(description="不予批准的理由")


@command(RefuseTransfer)
def refuse_transfer(form: RefuseTransfer, desk: Desk) -> Change:
    """The head does not approve; the reasons stand on record (移送规定 5)."""
    return _transfer(desk, refused_because=form.reason, acting_head=form.acting_head)


class HandOverToPolice(Form):
    """移送公安机关"""

    receiver: Line = Field(description="接受移送的公安机关")
    receipt: Line = Field(description="移送书回执")
    materials: tuple[Line, ...] = Field(max_length=30, description="移送的材料")


@command(HandOverToPolice)
def hand_over_to_police(form: HandOverToPolice, desk: Desk) -> Change:
    """Hand the case and its papers to the police of the same level (移送规定 6)."""
    return _transfer(desk, handed_over_at=desk.at, **form.model_dump())


class PoliceAnswer(Form):
    """公安机关的答复"""

    proof: Line = Field(description="通知书文号")
    on: PastDay | None = Field(default=None, description="收到日期；空为办理之日")


@command(PoliceAnswer)
def police_file(form: PoliceAnswer, desk: Desk) -> Change:
    """The police file the case; goods and papers follow within three days (移送规定 8, 12)."""
    return _transfer(desk, answer="立案", answered_on=form.on or desk.as_of).say(form.proof)


@command(PoliceAnswer)
def police_decline(form: PoliceAnswer, desk: Desk) -> Change:
    """The police do not file; the office deals with the case itself (移送规定 8, 10)."""
    return _transfer(desk, answer="不予立案", answered_on=form.on or desk.as_of).say(form.proof)


@command(WithReason)
def object_to_police(form: WithReason, desk: Desk) -> Change:
    """Ask the police to look again, or the procuratorate to look into it (移送规定 9)."""
    if desk.case.transfer is None or desk.case.transfer.answer != "不予立案":
        raise desk.refuse("reason", "公安机关没有作出不予立案的决定，没有可以提请复议的")
    return _transfer(desk, objection=form.reason, answer="", answered_on=None)


class TakeBack(Form):
    """司法机关移回"""

    back_from: Line = Field(description="移回的机关")
    back_with: Lines = Field(description="移回的文书和理由（撤销案件、不起诉、免予刑事处罚等）")
    back_on: PastDay | None = Field(default=None, description="收到日期；空为办理之日")


@command(TakeBack)
def take_back(form: TakeBack, desk: Desk) -> Change:
    """No criminal punishment, but a penalty may be due: the office goes on (行政处罚法 27, 移送规定 13).

    No text that is held leaves the days with the police out of the ninety, so they are counted on.
    """
    back = {"back_from": form.back_from, "back_with": form.back_with}
    return _transfer(desk, back_on=form.back_on or desk.as_of, **back)


class ArchiveTransferred(Form):
    """移送后归档"""

    result: Lines = Field(description="司法机关处理的结果（判决书等文书）")
    number: OptionalLine = Field(default="", description="档案号")


@command(ArchiveTransferred)
def archive_transferred(form: ArchiveTransferred, desk: Desk) -> Change:
    """The courts have dealt with it and nothing comes back; the copy of the file goes into the archive."""
    update = {"result": form.result, "archived_on": desk.as_of, "archive_number": form.number}
    return _transfer(desk, **update)


class HandOverGoods(Form):
    """移交涉案物品"""

    proof: Line = Field(description="交接清单")


@command(HandOverGoods)
def hand_over_goods(form: HandOverGoods, desk: Desk) -> Change:
    """The goods go to the police, with a signed list (移送规定 12)."""
    return _transfer(desk, goods_on=desk.as_of).say(form.proof)


def _transfer(desk: Desk, **update: object) -> Change:
    before = desk.case.transfer
    assert before is not None  # only reachable after report_crime
    return desk.change().set("transfer", before.model_copy(update=update))


class ReferClue(Form):
    """移送职务犯罪线索"""

    to: Literal["监察机关", "人民检察院"] = Field(default="监察机关", description="移送给谁")
    receiver: Line = Field(description="机关名称")
    gist: Lines = Field(description="线索概要，不写姓名")
    receipt: OptionalLine = Field(default="", description="移送函文号或者回执")


@command(ReferClue)
def refer_clue(form: ReferClue, desk: Desk) -> Change:
    """What points to a crime in office is handed on at once; the case itself goes on (移送规定 19)."""
    return desk.change().append("referrals", Referral(on=desk.as_of, **form.model_dump()))


class TransferOut(WithReason):
    """移送其他机关"""

    to: Line = Field(description="接受移送的机关")
    receipt: OptionalLine = Field(default="", description="移送函文号和回执")


@command(TransferOut)
def transfer_out(form: TransferOut, desk: Desk) -> Change:
    """Not ours: it goes to the organ that is competent, a copy stays (住建程序规定 6)."""
    return _end(desk, "移送其他机关", form.reason, to=form.to, receipt=form.receipt)


@command(WithReason)
def withdraw_filing(form: WithReason, desk: Desk) -> Change:
    """A filed case that should not have been filed is withdrawn."""
    return _end(desk, "撤销立案", form.reason)


@command(WithReason)
def terminate(form: WithReason, desk: Desk) -> Change:
    """The party is dead or gone without a successor, or there is nothing left to investigate."""
    return _end(desk, "终止调查", form.reason)


class JoinInto(WithReason):
    """并入另案"""

    to: Line = Field(description="并入的案件（案号或者编号）")


@command(JoinInto)
def join_into(form: JoinInto, desk: Desk) -> Change:
    """Two files of one matter go on as one; this one ends and says where it went."""
    return _end(desk, "并案", form.reason, to=form.to)


def _end(
    desk: Desk,
    how: Literal["移送其他机关", "撤销立案", "终止调查", "并案"],
    reason: str,
    *,
    to: str = "",
    receipt: str = "",
) -> Change:
    ending = Ending(how=how, reason=reason, on=desk.as_of, by=desk.actor.id, to=to, receipt=receipt)
    return desk.change().set("ending", ending)
