"""传文件 — the tus 1.0 protocol (core, creation, checksum, termination), over whichever way somebody signed in.

A file is announced with its length, comes in pieces of any size, and after a lost connection the sender asks
how far it came and goes on from there. With the last byte it is looked at, and either stands or is refused.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import AsyncIterator

from fastapi import Request
from fastapi.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response

from policies.office import Person
from workflow.errors import FieldError, Malformed
from workflow.files import uploads
from workflow.files.kinds import MB, in_words, limit
from workflow.files.refused import ChecksumWrong, Cut, TooLarge, Unsupported
from workflow.files.store import BLOCK, Receiving
from workflow.files.uploads import Upload
from workflow.program import Fashen

VERSION = "1.0.0"
PIECE = "application/offset+octet-stream"

LARGEST_PIECE = 64 * MB
"""Bytes of one request; whoever sends more sends another."""

SILENCE = 60
"""Seconds without a byte after which a connection counts as lost, so that another may go on."""

CHECKSUMS = ("sha256", "sha1")


def capabilities(fashen: Fashen) -> Response:
    """What a client may ask for, before it begins."""
    return Response(
        status_code=204,
        headers={
            "Tus-Resumable": VERSION,
            "Tus-Version": VERSION,
            "Tus-Extension": "creation,checksum,termination",
            "Tus-Max-Size": str(limit("video", fashen.settings)),
            "Tus-Checksum-Algorithm": ",".join(CHECKSUMS),
        },
    )


def speaks(request: Request) -> None:
    """Only our version of the protocol; what another one means we do not know."""
    said = request.headers.get("tus-resumable")
    if said != VERSION:
        raise Unsupported(
            f"请在请求头中写 Tus-Resumable: {VERSION}（{said or '没有写'}），只会这一版。"
        )


def announced(request: Request) -> tuple[str, str, int]:
    """Name, declared type and length of the file that is to come."""
    length = _number(request, "upload-length")
    told = {}
    for pair in request.headers.get("upload-metadata", "").split(","):
        key, _, value = pair.strip().partition(" ")
        try:
            told[key] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise _wrong(
                "Upload-Metadata", "每一项要写成“名称 Base64 的 UTF-8 文字”，用逗号隔开"
            ) from None
    if not told.get("filename"):
        raise _wrong("Upload-Metadata", "要写 filename（文件名的 Base64）")
    return told["filename"], told.get("filetype", ""), length


def begin(
    request: Request, fashen: Fashen, office: str, person: Person, case: str, key: str
) -> Response:
    """A place for a file; its address is in `Location`."""
    name, declared, size = announced(request)
    made = uploads.begin(
        fashen, office, person, case, name=name, declared=declared, size=size, key=key
    )
    headers = {"Location": f"{request.url.path}/{made.id}", **_where(fashen, made)}
    return Response(status_code=201, headers=headers)


def how_far(fashen: Fashen, upload: Upload) -> Response:
    """How many bytes have come; a file whose last step was cut off is brought to its end."""
    done = uploads.finish(fashen, upload)
    return Response(headers={"Upload-Length": str(done.size), **_where(fashen, done)})


def came(fashen: Fashen, upload: Upload) -> Response:
    """After a piece: how far it is now; after the last one the file was looked at and stands."""
    done = uploads.finish(fashen, upload)
    return Response(status_code=204, headers=_where(fashen, done))


def _where(fashen: Fashen, upload: Upload) -> dict[str, str]:
    told = {"Tus-Resumable": VERSION, "Upload-Offset": str(uploads.offset(fashen, upload))}
    return told | ({"Upload-State": "ready"} if upload.whole else {})


async def piece(request: Request, fashen: Fashen, upload: Upload) -> None:
    """Write what this request brings to the disk as it comes; never more than a block of it is in memory.

    What came before a connection was lost stays, unless a checksum was promised for the whole piece.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip() != PIECE:
        raise _wrong("Content-Type", f"要写 {PIECE}")
    offset = _number(request, "upload-offset")
    check = _checksum(request)
    part = await run_in_threadpool(uploads.receive, fashen, upload, offset)
    try:
        await _write(request, part, upload, check)
    finally:
        part.close()


async def _write(
    request: Request, part: Receiving, upload: Upload, check: tuple[str, bytes] | None
) -> None:
    made = hashlib.new(check[0]) if check else None
    try:
        async for data in _blocks(request):
            if part.at + len(data) > upload.size:
                part.drop()
                raise TooLarge(
                    f"“{upload.name}”送来的比说好的 {in_words(upload.size)}（{upload.size} 字节）多，"
                    "这一段没有写入；请重新上传。"
                )
            await run_in_threadpool(part.write, data)
            if made:
                made.update(data)
    except (ClientDisconnect, TimeoutError, asyncio.CancelledError):
        if check:
            part.drop()
        raise Cut(f"连接断了，已收到 {part.at} 字节，都在；从那里接着传。") from None
    if check and made and not hmac.compare_digest(made.digest(), check[1]):
        part.drop()
        raise ChecksumWrong("这一段的校验值不符，没有写入；请重新传这一段。")


async def _blocks(request: Request) -> AsyncIterator[bytes]:
    """The body in blocks worth writing; what came before the connection was lost comes first."""
    held, stream = bytearray(), request.stream()
    while True:
        try:
            data = await asyncio.wait_for(anext(stream), SILENCE)
        except StopAsyncIteration:
            break
        except (ClientDisconnect, TimeoutError):
            if held:
                yield bytes(held)
            raise
        held += data
        if len(held) >= BLOCK:
            yield bytes(held)
            held.clear()
    if held:
        yield bytes(held)


def _checksum(request: Request) -> tuple[str, bytes] | None:
    said = request.headers.get("upload-checksum")
    if said is None:
        return None
    name, _, value = said.partition(" ")
    try:
        wanted = base64.b64decode(value, validate=True)
    except binascii.Error:
        wanted = b""
    if name not in CHECKSUMS or len(wanted) != hashlib.new(name).digest_size:
        raise _wrong("Upload-Checksum", f"要写成“算法 Base64”，算法只有 {'、'.join(CHECKSUMS)}")
    return name, wanted


def _number(request: Request, header: str) -> int:
    said = request.headers.get(header, "")
    if not re.fullmatch(r"\d{1,15}", said, re.ASCII):
        name = "-".join(word.capitalize() for word in header.split("-"))
        raise _wrong(name, f"要写字节数（“{said[:40]}”读不懂）")
    return int(said)


def _wrong(header: str, said: str) -> Malformed:
    return Malformed("files", [FieldError(header, said)])


# — how much one request may bring —————————————————————————————————————————————————————————

_FORM = re.compile(r"/cases/[^/]+/do/add_evidence|/summary")
_PIECE = re.compile(r"(/api/v1)?/cases/[^/]+/files/[^/]+")


def room(
    method: str, path: str, kind: str, fashen: Fashen, otherwise: int
) -> tuple[int, Exception | None]:
    """The largest body that this address takes, and what is said of a larger one if that is not the usual."""
    if method == "PATCH" and _PIECE.fullmatch(path):
        said = f"一段最多 {in_words(LARGEST_PIECE)}，没有写入；请分成小段接着传。"
        return LARGEST_PIECE, TooLarge(said)
    if method == "POST" and kind.startswith("multipart/form-data") and _FORM.fullmatch(path):
        most = fashen.settings.files_form * MB
        said = (
            f"一张表单连同文件最多 {in_words(most)}，什么都没有改变。"
            "请少选几个，分几次登记；大的视频在能运行脚本的浏览器里选择，会分段续传。"
        )
        return most, TooLarge(said)
    return otherwise, None
