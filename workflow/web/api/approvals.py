"""待我审批 — what waits for the caller's word; the answer is one of the verbs of the case."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from workflow import approving
from workflow.approving import Pending
from workflow.web.api.calling import Who
from workflow.web.api.openapi import ALWAYS
from workflow.web.api.paging import Asked

router = APIRouter(responses=ALWAYS, tags=["cases"])


@router.get("/approvals", summary="待我审批")
def list_approvals(who: Who, asked: Asked) -> JSONResponse:
    """The questions that wait for the caller, what runs out first before the rest. `yes` agrees, each of `backs`
    sends back.

    `item` names the thing beside the case that it is about; `through` for whom the caller may answer it as delegate.
    A case can have several: `limit`, `offset`, `total` and `next` count cases.
    """
    found, cases = approving.pending(
        who.fashen, who.office, who.person(), limit=asked.limit, offset=asked.offset
    )
    after = asked.offset + asked.limit
    told = {
        "items": [_told(p) for p in found],
        "total": cases,
        "next": after if after < cases else None,
    }
    return JSONResponse(told)


def _told(one: Pending) -> dict[str, Any]:
    return {
        "yes": one.ask.yes,
        "backs": list(one.ask.backs),
        "others": [*one.ask.others, *(["discuss"] if one.ask.discuss else [])],
        "question": one.ask.question,
        "label": one.ask.short,
        "item": one.item,
        "about": one.about,
        "through": list(one.through),
        "case": one.row.as_dict(),
    }
