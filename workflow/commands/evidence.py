"""取证 — evidence with what it proves, and the order to correct."""

from __future__ import annotations

import difflib
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from policies.casefile import Correction, Evidence, EvidenceKind
from policies.evidence import FACE_TO_FACE
from policies.formalities import WORDS
from workflow.change import Change
from workflow.desk import Desk, command
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, PastDay


def _known(words: tuple[str, ...]) -> tuple[str, ...]:
    for word in words:
        if word not in WORDS:
            near = difflib.get_close_matches(word, WORDS, 1, 0.3)
            hint = f"最接近的是“{near[0]}”；" if near else ""
            raise ValueError(f"没有“{word}”这一形式要件，{hint}可选：{'、'.join(WORDS)}")
    return words


Formalities = Annotated[tuple[Line, ...], Field(max_length=30), AfterValidator(_known)]
"""Ticks from the list of `policies/formalities.py`."""


class Attached(Form):
    """一个已经传上来的文件"""

    file: Line = Field(description="文件的编号")
    caption: OptionalLine = Field(default="", description="这一个拍的、录的是什么")


class AddEvidence(Form):
    """登记证据"""

    files: tuple[Attached, ...] = Field(
        default=(), max_length=50, description="照片、视频、录音、PDF；先上传，再登记"
    )
    kind: EvidenceKind = Field(description="证据种类")
    name: Line = Field(description="证据名称")
    proves: Lines = Field(description="证明什么")
    elements: tuple[Line, ...] = Field(
        default=(), max_length=50, description="证明哪几项违法事实；空为“证明什么”本身"
    )
    taken_on: PastDay | None = Field(default=None, description="取得日期；空为办理之日")
    taken_time: Annotated[str, Field(pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$")] = Field(
        default="", description="拍摄、录制的时刻；例如 10:53，不清楚的不填"
    )
    place: OptionalLine = Field(default="", description="取得地点")
    maker: OptionalLine = Field(default="", description="制作人、拍摄人或者提供人")
    officers: tuple[str, ...] = Field(default=(), max_length=10, description="在场执法人员")
    certificate_shown: Literal["shown", "on_video", "not_shown", "not_needed"] = Field(
        default="not_needed", description="出示执法证件"
    )
    recorder: OptionalLine = Field(default="", description="执法记录仪编号")
    medium: OptionalLine = Field(
        default="", description="原始存储介质；例如 执法记录仪内存卡、手机，现在由谁保管"
    )
    digest: Annotated[str, Field(pattern="^([0-9a-f]{64})?$")] = Field(
        default="", description="不在系统里的文件的 SHA-256"
    )
    lawful: bool = Field(default=True, description="合法取得")
    formalities: Formalities = Field(default=(), description="已具备的形式要件")
    lacking: OptionalLines = Field(
        default="", description="缺少的要件及原因；例如拒绝签名、在场见证人"
    )
    no_record: bool = Field(default=False, description="询问、检查没有制作笔录")
    device: OptionalLine = Field(default="", description="电子技术监控设备编号；不是监控记录的不填")
    device_reviewed: bool | None = Field(default=None, description="监控记录内容已审核")
    proves_identity: bool = Field(default=False, description="证明当事人身份")


@command(AddEvidence)
def add_evidence(form: AddEvidence, desk: Desk) -> Change:
    """Put an item on file; what was lawfully gathered before filing may be used (住建程序规定 15)."""
    files = tuple(
        desk.files[one.file].model_copy(update={"caption": one.caption})
        for one in {one.file: one for one in form.files}.values()
    )
    if form.digest and files and form.digest not in {file.sha256 for file in files}:
        raise desk.refuse("digest", "填写的校验值和上传的文件都不符；核对文件，或者把这一栏空着")
    item = Evidence(
        id=f"e{len(desk.case.evidence) + 1}",
        **form.model_dump(exclude={"taken_on", "officers", "elements", "files"}),
        files=files,
        elements=form.elements or (form.proves,),
        taken_on=form.taken_on or desk.as_of,
        officers=desk.people("officers", form.officers),
        irregular=desk.irregular,
    )
    change = desk.change().append("evidence", item)
    change.made = item.id
    if form.kind in FACE_TO_FACE:
        change.at_hand(item.officers)
    return change


class VerifyEvidence(Form):
    """查证证据"""

    evidence: tuple[str, ...] = Field(default=(), max_length=200, description="证据编号；空为全部")
    lawful: bool = Field(default=True, description="合法取得")
    formalities: Formalities = Field(default=(), description="核对后已具备的形式要件")
    lacking: OptionalLines = Field(default="", description="缺少的要件及原因")
    device_reviewed: bool | None = Field(default=None, description="监控记录内容已审核")


@command(VerifyEvidence)
def verify_evidence(form: VerifyEvidence, desk: Desk) -> Change:
    """Say that items were checked against their source and found true (行政处罚法 46)."""
    known = {e.id: n for n, e in enumerate(desk.case.evidence)}
    wanted = form.evidence or tuple(known)
    change = desk.change()
    for id in wanted:
        if id not in known:
            raise desk.refuse(
                "evidence", f"没有编号为“{id}”的证据，只有：{'、'.join(known) or '（无）'}"
            )
        before = desk.case.evidence[known[id]]
        update = {
            "verified_by": desk.actor.id,
            "verified_on": desk.as_of,
            "lawful": form.lawful,
            "formalities": tuple(dict.fromkeys((*before.formalities, *form.formalities))),
            "lacking": form.lacking or before.lacking,
        }
        if form.device_reviewed is not None:
            update["device_reviewed"] = form.device_reviewed
        change.replace(f"evidence/{known[id]}", before.model_copy(update=update))
    return change


class OrderCorrection(Form):
    """责令改正"""

    content: OptionalLines = Field(default="", description="责令改正的内容")
    nothing_left: OptionalLines = Field(default="", description="没有需要改正的，写明理由")
    ordered_on: PastDay | None = Field(default=None, description="送达日期；空为办理之日")


@command(OrderCorrection)
def order_correction(form: OrderCorrection, desk: Desk) -> Change:
    """Order the party to correct, or record why nothing is left to correct (行政处罚法 28)."""
    if bool(form.content) == bool(form.nothing_left):
        raise desk.refuse("content", "写明责令改正的内容，或者写明为什么没有需要改正的，二者填一项")
    correction = Correction(
        ordered_on=(form.ordered_on or desk.as_of) if form.content else None,
        content=form.content,
        nothing_left=form.nothing_left,
    )
    return desk.change().set("correction", correction)


class CheckCorrection(Form):
    """复查改正"""

    corrected: bool = Field(description="已经改正")
    checked_on: PastDay | None = Field(default=None, description="复查日期；空为办理之日")


@command(CheckCorrection)
def check_correction(form: CheckCorrection, desk: Desk) -> Change:
    """Look whether the party did what it was ordered to do."""
    before = desk.case.correction
    if before is None or before.ordered_on is None:
        raise desk.refuse("corrected", "还没有责令改正，没有可以复查的；先办“责令改正”")
    update = {"checked_on": form.checked_on or desk.as_of, "corrected": form.corrected}
    return desk.change().set("correction", before.model_copy(update=update))
