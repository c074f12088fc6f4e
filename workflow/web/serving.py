"""给文件 — originals and previews as an answer that a browser cannot be led astray by.

The type is ours, never guessed; nothing in a file can run, load or frame anything; what is not safe to show
is only ever saved. Parts of a video may be asked for (`Range`).
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import quote

from starlette.responses import FileResponse, Response, StreamingResponse

from workflow import exports
from workflow.database import reading
from workflow.errors import NotFound
from workflow.files import kinds, views
from workflow.files.look import SIZES
from workflow.files.uploads import Upload, store_of
from workflow.program import Fashen
from workflow.times import beijing

SHUT = "sandbox; default-src 'none'; frame-ancestors 'none'"

READER = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""The browser's own PDF reader opens nothing in a sandbox; a PDF that holds a script never comes this way."""


def original(fashen: Fashen, upload: Upload, *, inline: bool = False) -> Response:
    """The bytes as they were uploaded."""
    store = store_of(fashen)
    if not upload.whole or not store.has(upload.sha256, upload.size):
        raise NotFound(
            f"“{upload.name}”还没有传完。"
            if not upload.whole
            else f"“{upload.name}”的原文件找不到了，请告诉管理员（fashen ledger verify --files）。"
        )
    shown = inline and upload.inline
    reader = shown and upload.kind is kinds.PDF
    return FileResponse(
        store.blob(upload.sha256),
        media_type=upload.media_type,
        filename=upload.name,
        content_disposition_type="inline" if shown else "attachment",
        headers={"Content-Security-Policy": READER if reader else SHUT},
    )


def ledger(fashen: Fashen, office: str, name: str, case: str = "") -> Response:
    """The ledger of an office, or of one case of it, as a file named by today; it flows."""

    def lines() -> Iterator[str]:
        with reading(fashen.engine) as tx:
            yield from exports.ledger_lines(tx, office, case)

    dated = quote(f"{name}-{beijing(fashen.clock()):%Y%m%d}")
    return StreamingResponse(
        lines(),
        media_type="application/jsonl",
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{dated}.jsonl"},
    )


def preview(fashen: Fashen, upload: Upload, size: str) -> Response:
    """A picture that we drew ourselves, without anything that the original says of itself."""
    drawn = None
    if size in SIZES and upload.whole and upload.kind:
        drawn = views.preview(store_of(fashen), upload.sha256, upload.kind, size)
    if drawn is None:
        raise NotFound("这个文件没有预览，请下载原文件。")
    return FileResponse(drawn, media_type="image/jpeg", headers={"Content-Security-Policy": SHUT})
