"""What a calendar program reads: one person's clocks, under an address that is itself the secret."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from workflow import feed, tokens
from workflow.program import Fashen

router = APIRouter()


@router.api_route("/calendar/{token}.ics", methods=["GET", "HEAD"])
def read_calendar(request: Request, token: str) -> Response:
    """The calendar behind this token; whoever has none learns nothing about why."""
    fashen: Fashen = request.app.state.fashen
    found = tokens.calendar_of(fashen, token)
    if found is None:
        raise HTTPException(404)
    return Response(
        feed.calendar(fashen, *found),
        media_type="text/calendar; charset=utf-8",
        headers={
            "Cache-Control": "private, no-cache",
            "Content-Disposition": 'inline; filename="fashen.ics"',
        },
    )
