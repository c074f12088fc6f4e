"""附上文件 — the files field of a form: what comes with the form itself, what was uploaded before, what is ticked.

Without a script the files come inside the form; with one they are there already and only named. Either way
they are uploads from then on, so a refusal, a fault in another field or a new sign-in loses none of them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, BinaryIO

from starlette.datastructures import FormData, UploadFile

from workflow.errors import FashenError, FieldError
from workflow.files import kinds, uploads
from workflow.files.refused import NoRoom, NotAccepted
from workflow.files.store import BLOCK
from workflow.files.uploads import Upload
from workflow.queries import View
from workflow.web.pages.field import Field, Offer, Setting
from workflow.web.pages.session import Visit, text


def _offer(field: Field, setting: Setting) -> Field:
    told = f"可以一次选几个：{kinds.accepted(setting.visit.fashen.settings)}。"
    told += "原文件一个字节都不改，几张照片登记成一份证据。"
    columns = (Field("file", "文件", "line"), Field("caption", "拍的、录的是什么", "line"))
    return replace(field, kind="files", label="照片、视频、录音、PDF", help=told, columns=columns)


OFFERED: dict[str, Offer] = {
    "add_evidence.files": _offer,
    "taken_time": lambda field, setting: replace(field, kind="time", help="不清楚的不填"),
}


def ticked(form: FormData, field: Field) -> tuple[str, ...]:
    """The uploads that are to be registered, each with its caption."""
    ids = dict.fromkeys(str(v) for v in form.getlist(field.sent) if not isinstance(v, UploadFile))
    return tuple(cell for id in ids for cell in (id, text(form, f"{field.sent}.caption.{id}")))


def taken_in(
    visit: Visit, case: str, fields: Iterable[Field], form: FormData
) -> tuple[FormData, list[FieldError]]:
    """The form with every file that came in it taken in and named by its id; what was not, is said."""
    field = next((field for field in fields if field.kind == "files"), None)
    kept: list[tuple[str, str | UploadFile]] = [
        (name, value) for name, value in form.multi_items() if isinstance(value, str)
    ]
    wrong = []
    for sent in form.getlist(f"{field.sent}.new") if field else ():
        if field is None or not isinstance(sent, UploadFile) or not sent.filename:
            continue  # a file field that was left empty
        try:
            made = take(visit, case, sent, text(form, "key")[:64])
        except (NotAccepted, NoRoom) as no:
            wrong.append(FieldError(field.name, str(no)))
        else:
            kept.append((field.sent, made.id))
    return FormData(kept), wrong


def take(visit: Visit, case: str, sent: UploadFile, key: str) -> Upload:
    """One file of a form. The same form sent again brings the same file, not another."""
    content = sent.file
    size = content.seek(0, 2)
    made = uploads.begin(
        visit.fashen,
        visit.office.office,
        visit.person,
        case,
        name=sent.filename or "",
        declared=sent.content_type or "",
        size=size,
        key=f"{key}:{_digest(content)[:32]}" if key else "",
    )
    if made.state == "receiving":
        with uploads.receive(visit.fashen, made, uploads.offset(visit.fashen, made)) as part:
            content.seek(part.at)
            while block := content.read(BLOCK):
                part.write(block)
    return uploads.finish(visit.fashen, made)


def _digest(content: BinaryIO) -> str:
    content.seek(0)
    made = hashlib.sha256()
    while block := content.read(BLOCK):
        made.update(block)
    return made.hexdigest()


@dataclass(frozen=True, slots=True)
class Attachment:
    """An upload in the form: whether it is to be registered, and with which caption."""

    upload: Upload
    ticked: bool
    caption: str
    came: int

    @property
    def percent(self) -> int:
        return 100 * self.came // self.upload.size


def shown(visit: Visit, view: View | None, fields: Iterable[Field]) -> list[Attachment]:
    """What the form names, and what this person has uploaded to the case before and not registered."""
    field = next((field for field in fields if field.kind == "files"), None)
    if field is None or view is None:
        return []
    captions = {row[0]: row[1] for row in field.rows if row[0]}
    mine = uploads.unclaimed(visit.fashen, visit.office.office, view.row.id, visit.person.id)
    known = {upload.id: upload for upload in mine}
    whole = uploads.of_case(visit.fashen, visit.office.office, view.row.id)
    named = [whole[id] for id in captions if id in whole and whole[id].state == "ready"]
    rest = [upload for upload in known.values() if upload.id not in captions]
    return [
        Attachment(
            upload,
            upload.id in captions,
            captions.get(upload.id, ""),
            uploads.offset(visit.fashen, upload),
        )
        for upload in (*named, *rest)
    ]


def file_context(visit: Visit, view: View) -> dict[str, Any]:
    """What the case page needs to show the files: none of them for those whose work does not need them."""
    try:
        uploads.may_view(visit.person)
    except FashenError:
        return {"uploads": {}, "sees_files": False}
    found = uploads.of_case(visit.fashen, visit.office.office, view.row.id)
    return {"uploads": found, "sees_files": True}
