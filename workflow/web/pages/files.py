"""证据文件页 — what the upload script of the form talks to, the files themselves, and the sheet of photographs."""

from __future__ import annotations

import hmac
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.responses import Response

from workflow import queries
from workflow.files import uploads
from workflow.files.uploads import Upload
from workflow.web import serving, transfer
from workflow.web.pages.attaching import Attachment, file_context
from workflow.web.pages.render import render
from workflow.web.pages.session import FromElsewhere, Signed, Visit

router = APIRouter()


def _from_our_page(request: Request, visit: Signed) -> Visit:
    """A script of our own page sends the token of that page along; a page elsewhere cannot know it."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FromElsewhere("这次上传来自另一个网站，没有收下。")
    brought = request.headers.get("x-csrf-token", "")
    if not hmac.compare_digest(brought.encode(), visit.csrf.encode()):
        raise FromElsewhere("这张页面是在另一次登录时打开的，没有收下。请重新打开页面再传。")
    transfer.speaks(request)
    return visit


Scripted = Annotated[Visit, Depends(_from_our_page)]


def _of_case(visit: Visit, case_id: str, file_id: str) -> Upload:
    return uploads.find(visit.fashen, visit.office.office, case_id, file_id)


def _visible(visit: Signed, case_id: str, file_id: str) -> Upload:
    found = _of_case(visit, case_id, file_id)
    uploads.may_view(visit.person)
    return found


def _own(visit: Scripted, case_id: str, file_id: str) -> Upload:
    return uploads.mine(_of_case(visit, case_id, file_id), visit.person)


File = Annotated[Upload, Depends(_visible)]
Own = Annotated[Upload, Depends(_own)]


async def _received(request: Request, visit: Scripted, file: Own) -> Upload:
    await transfer.piece(request, visit.fashen, file)
    return file


# — the script ————————————————————————————————————————————————————————————————————————————


@router.post("/cases/{case_id}/files")
def begin(request: Request, visit: Scripted, case_id: str) -> Response:
    """A place for a file that is to come in pieces."""
    return transfer.begin(request, visit.fashen, visit.office.office, visit.person, case_id, "")


@router.head("/cases/{case_id}/files/{file_id}")
def how_far(visit: Scripted, file: Own) -> Response:
    return transfer.how_far(visit.fashen, file)


@router.patch("/cases/{case_id}/files/{file_id}")
def send_piece(visit: Scripted, file: Annotated[Upload, Depends(_received)]) -> Response:
    return transfer.came(visit.fashen, file)


@router.delete("/cases/{case_id}/files/{file_id}")
def cancel(visit: Scripted, file: Own) -> Response:
    uploads.take_back(visit.fashen, file)
    return Response(status_code=204)


@router.get("/cases/{case_id}/files/{file_id}/row")
def row(file: File, visit: Signed) -> Response:
    """One attachment as the form shows it, for the script to put there."""
    made = Attachment(file, True, "", uploads.offset(visit.fashen, file))
    return render("file_row.html", visit=visit, a=made)


# — looking ———————————————————————————————————————————————————————————————————————————————


@router.get("/cases/{case_id}/files/{file_id}")
def original(visit: Signed, file: File, inline: str = "") -> Response:
    """The file as it was uploaded; shown by the browser only where that is asked for and safe."""
    return serving.original(visit.fashen, file, inline=bool(inline))


@router.get("/cases/{case_id}/files/{file_id}/preview/{size}")
def preview(visit: Signed, file: File, size: str) -> Response:
    return serving.preview(visit.fashen, file, size)


@router.get("/cases/{case_id}/photos")
def photos(visit: Signed, case_id: str) -> Response:
    """证据照片: every picture of the case with when, where, by whom and what it proves, to be printed."""
    view = queries.view_case(visit.fashen, visit.office.office, case_id, visit.person)
    uploads.may_view(visit.person)
    context = file_context(visit, view)
    sheets = [
        (
            number,
            item,
            [(f, u) for f in item.files if (u := context["uploads"].get(f.file)) and u.picture],
        )
        for number, item in enumerate(view.case.evidence, 1)
    ]
    sheets = [sheet for sheet in sheets if sheet[2]]
    return render("photos.html", visit=visit, here="cases", view=view, row=view.row, sheets=sheets)
