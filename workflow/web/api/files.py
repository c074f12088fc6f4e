"""The evidence files of a case for programs: upload by tus 1.0, list, download, preview.

Announce a file with `POST …/files`, send it in pieces with `PATCH`, ask how far it came with `HEAD`; then
name its id in `files` of `POST …/add_evidence`. What is not named there within a day is cleared away.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from workflow import queries
from workflow.files import uploads
from workflow.files.uploads import Upload
from workflow.web import serving, transfer
from workflow.web.api.bodies import key_of
from workflow.web.api.calling import Case, There
from workflow.web.api.openapi import KEY, header, responses
from workflow.web.api.paging import Asked, page, part

_SAID = {
    400: "连接断了，已收到的都在",
    403: "不由您登记证据，或者不由您看",
    404: "没有这件案件，或者本案没有这个文件",
    409: "接不上，或者案件已经不能登记证据",
    412: "续传协议的版本不对",
    413: "文件太大，或者一段太大",
    422: "写得不对，或者文件没有收下，说明是什么、收什么",
    423: "另一个连接正在传同一个文件",
    460: "这一段的校验值不符",
    507: "服务器放不下",
}


def _responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    like = responses(404)[404]
    return {status: {**like, "description": _SAID[status]} for status in statuses}


router = APIRouter(
    responses={**responses(401, 429), **_responses(403, 404, 422)}, tags=["evidence"]
)

_TUS = header("Tus-Resumable", True, "续传协议的版本", enum=[transfer.VERSION])
_LENGTH = header("Upload-Length", True, "文件有多少字节", pattern="^[0-9]{1,15}$")
_NAMED = header("Upload-Metadata", True, "filename 和 filetype，值为 Base64，用逗号隔开")
_OFFSET = header("Upload-Offset", True, "从第几个字节开始", pattern="^[0-9]{1,15}$")
_CHECKSUM = header("Upload-Checksum", False, "这一段的校验值：sha256 加 Base64")


def known_file(
    who: There, case: Case, file: Annotated[str, Path(max_length=36, pattern="^[!-~]+$")]
) -> Upload:
    queries.version_of(who.fashen, who.office, case)
    return uploads.find(who.fashen, who.office, case, file)


def visible_file(who: There, file: Annotated[Upload, Depends(known_file)]) -> Upload:
    uploads.may_view(who.person())
    return file


def own_file(request: Request, who: There, file: Annotated[Upload, Depends(known_file)]) -> Upload:
    """For whoever sends it: nobody goes on with what somebody else began."""
    transfer.speaks(request)
    return uploads.mine(file, who.person())


File = Annotated[Upload, Depends(visible_file)]
Own = Annotated[Upload, Depends(own_file)]


async def received(request: Request, who: There, file: Own) -> Upload:
    await transfer.piece(request, who.fashen, file)
    return file


@router.options("/cases/{case}/files", summary="能怎样上传", status_code=204)
def options(who: There, case: Case) -> Response:
    """The version, the extensions and the largest file of the tus protocol as it is spoken here."""
    return transfer.capabilities(who.fashen)


@router.get("/cases/{case}/files", summary="本案的证据文件")
def list_files(who: There, case: Case, asked: Asked) -> JSONResponse:
    """Every file of the case that has come whole, with what was read in it."""
    queries.version_of(who.fashen, who.office, case)
    uploads.may_view(who.person())
    found = list(uploads.of_case(who.fashen, who.office, case).values())
    return page([upload.as_dict() for upload in part(found, asked)], len(found), asked)


@router.post(
    "/cases/{case}/files",
    summary="上传：报名字和长度",
    status_code=201,
    responses={
        201: {
            "description": "可以开始传",
            "headers": {"Location": {"schema": {"type": "string"}, "description": "文件的地址"}},
        },
        **_responses(409, 412, 413, 507),
    },
    openapi_extra={"parameters": [_TUS, _LENGTH, _NAMED, KEY]},
)
def begin(request: Request, who: There, case: Case) -> Response:
    """Announce a file: by whoever may register evidence in this case now."""
    transfer.speaks(request)
    queries.version_of(who.fashen, who.office, case)
    key = key_of(request, "files")
    return transfer.begin(request, who.fashen, who.office, who.person(), case, key)


@router.head(
    "/cases/{case}/files/{file}",
    summary="上传：到了多少",
    openapi_extra={"parameters": [_TUS]},
    responses=_responses(412),
)
def how_far(who: There, file: Own) -> Response:
    """`Upload-Offset` says how many bytes have come; `Upload-State: ready` that the file stands."""
    return transfer.how_far(who.fashen, file)


@router.patch(
    "/cases/{case}/files/{file}",
    summary="上传：传一段",
    status_code=204,
    responses=_responses(400, 409, 412, 413, 423, 460, 507),
    openapi_extra={
        "parameters": [_TUS, _OFFSET, _CHECKSUM],
        "requestBody": {
            "required": True,
            "content": {transfer.PIECE: {"schema": {"type": "string", "format": "binary"}}},
        },
    },
)
def send_piece(who: There, file: Annotated[Upload, Depends(received)]) -> Response:
    """One piece behind what has come; with the last one the file is looked at, and refused if it must be."""
    return transfer.came(who.fashen, file)


@router.delete(
    "/cases/{case}/files/{file}",
    summary="上传：取消",
    status_code=204,
    responses=_responses(409, 412),
    openapi_extra={"parameters": [_TUS]},
)
def cancel(who: There, file: Own) -> Response:
    """Take back what no step has registered."""
    uploads.take_back(who.fashen, file)
    return Response(status_code=204, headers={"Tus-Resumable": transfer.VERSION})


_BYTES = {
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
}


@router.get(
    "/cases/{case}/files/{file}",
    summary="下载原文件",
    response_class=Response,
    responses={
        200: {"description": "原文件，逐个字节和上传时相同", **_BYTES},
        206: {"description": "要的那一段（Range）", **_BYTES},
        416: {"description": "没有这一段"},
    },
)
def download(who: There, file: File) -> Response:
    return serving.original(who.fashen, file)


class Previewing(BaseModel):
    model_config = ConfigDict(extra="forbid")

    size: Literal["320", "1600"] = Field(default="1600", description="长边多少像素")


@router.get(
    "/cases/{case}/files/{file}/preview",
    summary="预览",
    response_class=Response,
    responses={200: {"description": "服务器画的 JPEG", "content": {"image/jpeg": {}}}},
)
def preview(who: There, file: File, asked: Annotated[Previewing, Query()]) -> Response:
    return serving.preview(who.fashen, file, asked.size)
