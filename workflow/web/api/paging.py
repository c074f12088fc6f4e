"""一页 — how every list of the interface is cut: `limit` and `offset` in, `total` and `next` out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

MOST = 200


class Paging(BaseModel):
    """Which part of a list; an address that says something else is refused."""

    model_config = ConfigDict(extra="forbid")

    limit: int = Field(default=50, ge=1, le=MOST, description="最多几项")
    offset: int = Field(default=0, ge=0, le=1_000_000_000, description="跳过前几项")


Asked = Annotated[Paging, Query()]


def page(items: Sequence[Any], total: int, asked: Paging, **more: Any) -> JSONResponse:
    """One page: `next` is the offset of the page after it, null on the last."""
    after = asked.offset + len(items)
    follows = bool(items) and (after < total or bool(more.get("more")))
    told = {"items": list(items), "total": total, "next": after if follows else None}
    return JSONResponse({**told, **more})


def part(every: Sequence[Any], asked: Paging) -> Sequence[Any]:
    """The page of a list that is read whole."""
    return every[asked.offset : asked.offset + asked.limit]


def printable(value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("含有控制字符，请删去")
    return value
