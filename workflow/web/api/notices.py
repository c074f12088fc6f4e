"""通知 — the caller's own notices, and their read receipts."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from workflow import inbox
from workflow.times import beijing
from workflow.web.api.calling import Who
from workflow.web.api.openapi import ALWAYS
from workflow.web.api.paging import Paging, page
from workflow.web.numbers import Number

router = APIRouter(responses=ALWAYS, tags=["cases"])


class Listing(Paging):
    """Which notices."""

    unread: bool = Field(default=False, description="只看没有读过的")


@router.get("/inbox", summary="我的消息")
def read_inbox(who: Who, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """The caller's notices, newest first."""
    shown = ("id", "case_id", "stage", "text", "created_at", "shown_at", "read_at")
    found, total = inbox.page(
        who.fashen, who.office, who.id, unread=asked.unread, limit=asked.limit, offset=asked.offset
    )
    notices = [
        {k: beijing(v).isoformat() if isinstance(v := n[k], datetime) else v for k in shown}
        for n in found
    ]
    return page(notices, total, asked)


@router.post("/inbox/read", summary="全部已读", status_code=204)
def all_read(who: Who) -> Response:
    """The caller has read all of their notices."""
    inbox.mark_read(who.fashen, who.office, who.id)
    return Response(status_code=204)


@router.post("/inbox/{notice}/read", summary="已读", status_code=204)
def notice_read(who: Who, notice: Number) -> Response:
    """The caller has read this notice; again it changes nothing, and of somebody else's nothing is said."""
    inbox.mark_read(who.fashen, who.office, who.id, [notice])
    return Response(status_code=204)
