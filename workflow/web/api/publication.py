"""公示台账 — what waits at which step, and the platform's own list laid beside ours."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workflow import sight
from workflow.database import reading
from workflow.errors import FieldError, Malformed, NotFound
from workflow.publication import lists, reconcile
from workflow.publication.overview import Line, overview
from workflow.web.api.bodies import Body
from workflow.web.api.calling import Who
from workflow.web.api.openapi import ALWAYS, responses
from workflow.web.api.paging import Paging, page, part, printable

router = APIRouter(responses=ALWAYS, tags=["publication"])

STEPS = ("unchosen", "unreviewed", "refused", "waiting", "settled")


class Listing(Paging):
    """Which step."""

    step: Literal["", "unchosen", "unreviewed", "refused", "waiting", "settled"] = Field(
        default="",
        description="待选内容、待审查、平台不收、等回执、最近办结；空为全部",
    )


@router.get("/publication", summary="公示台账")
def list_publication(who: Who, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """What somebody has to do something about, step by step, and the last that came back; at most 200 a step."""
    sight.every_case(who.person())
    with reading(who.fashen.engine) as tx:
        found = overview(who.fashen, tx, who.fashen.bureau(tx, who.office))
    lines = [
        (step, line) for step in STEPS if asked.step in ("", step) for line in getattr(found, step)
    ]
    return page([_told(step, line) for step, line in part(lines, asked)], len(lines), asked)


def _told(step: str, line: Line) -> dict[str, Any]:
    return {
        "step": step,
        "case": line.row.as_dict(),
        "deadline": line.deadline.as_dict() if line.deadline else None,
        "platform": line.platform,
        "version": line.version,
        "state": line.state,
        "state_label": line.word,
        "error": line.error,
        "receipt": line.receipt,
        "tried_at": line.tried_at.isoformat() if line.tried_at else None,
    }


class Sent(BaseModel):
    """What list it is that is sent."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, BeforeValidator(printable)] = Field(
        min_length=1, max_length=200, description="文件名；看扩展名：csv、xlsx、json"
    )
    platform: Annotated[str, BeforeValidator(printable)] = Field(
        default="", max_length=80, description="哪个平台的清单；空为第一个"
    )


_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}


@router.post(
    "/publication/reconcile",
    summary="与平台的清单对账",
    responses=responses(404, 413),
    openapi_extra={"requestBody": {"required": True, "content": _FILE}},
)
def compare(who: Who, asked: Annotated[Sent, Query()], body: Body) -> JSONResponse:
    """The platform's list, as the body, laid beside ours; nothing of it is kept and nothing is changed."""
    sight.every_case(who.person())
    targets = who.office_file().publication.targets
    platform = asked.platform or next(iter(targets), "")
    if platform not in targets:
        raise NotFound(f"本机关不向“{platform}”报送公示，只有：{'、'.join(targets)}。")
    try:
        theirs = lists.parse(body, asked.name)
    except lists.Unreadable as no:
        raise Malformed("对账", [FieldError("name", str(no))]) from None
    ours = reconcile.ours(who.fashen, who.office, platform)
    return JSONResponse(reconcile.compare(ours, theirs, platform).as_dict())
