"""核验 — proof that nobody altered a case, or an office, and the ledger to take away and check elsewhere."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from pydantic import Field

from workflow import integrity, queries
from workflow.database import reading
from workflow.errors import NotFound
from workflow.forms import Form, OptionalLine
from workflow.integrity import Check, Proof
from workflow.times import beijing
from workflow.web import serving
from workflow.web.api.bodies import Body, read_form
from workflow.web.api.calling import Case, There, Who
from workflow.web.api.openapi import ALWAYS, responses, writing
from workflow.web.api.paging import Asked, page
from workflow.web.api.supervision import Seen, of_these

router = APIRouter(responses=ALWAYS, tags=["supervision"])

_LINES: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "一行一条，`fashen ledger verify` 能核对",
        "content": {"application/jsonl": {"schema": {"type": "string"}}},
    }
}


@router.get("/cases/{case}/proof", summary="核验一案", responses=responses(404))
def prove(who: There, seen: Seen, case: Case) -> JSONResponse:
    """Check one case now: digests, links, order, the fold, the clocks, the supervisor's rows."""
    queries.version_of(who.fashen, who.office, case)
    with reading(who.fashen.engine) as tx:
        return JSONResponse(_proof(integrity.prove_case(who.fashen, tx, who.office, case)))


@router.get(
    "/cases/{case}/ledger.jsonl", summary="下载一案的大事记",
    response_class=Response, responses={**_LINES, **responses(404)},
)  # fmt: skip
def case_ledger(who: There, seen: Seen, case: Case) -> Response:
    row = queries.case_row(who.fashen, who.office, case)
    return serving.ledger(who.fashen, who.office, f"大事记-{row.name}", case)


@router.get(
    "/supervision/ledger/{office}", summary="下载全机关的大事记",
    response_class=Response, responses={**_LINES, **responses(404)},
)  # fmt: skip
def office_ledger(who: Who, seen: Seen, office: str) -> Response:
    """It flows, so that a large one needs no room here."""
    return serving.ledger(who.fashen, of_these(seen, office), f"大事记-{office}")


class Checking(Form):
    """Which office is to be checked."""

    office: OptionalLine = Field(default="", description="哪个机关；空为看得到的全部")


@router.get("/supervision/checks", summary="核验")
def list_checks(who: Who, seen: Seen, asked: Asked) -> JSONResponse:
    """The checks of whole offices that people of this office asked for, the newest first."""
    with reading(who.fashen.engine) as tx:
        found = integrity.checks(tx, who.office, asked.limit, asked.offset)
        total = integrity.count(tx, who.office)
    return page([_check(c) for c in found], total, asked)


@router.post(
    "/supervision/checks", summary="开始核验", status_code=201,
    responses=responses(404, 413, 415), openapi_extra=writing([], Checking),
)  # fmt: skip
def begin(request: Request, who: Who, seen: Seen, body: Body) -> JSONResponse:
    """Begin to check one office that is seen, or all of them; ask at `Location` how far it is."""
    wanted = of_these(seen, read_form(request, who, body, Checking, "核验").office)
    offices = (wanted,) if wanted else seen.ids
    id = integrity.begin(who.fashen, seen, who.person(), offices)
    integrity.advance(who.fashen, id, integrity.FIRST_SLICE)
    with reading(who.fashen.engine) as tx:
        found = integrity.check_of(tx, who.office, id)
    assert found is not None  # it was begun just now
    return JSONResponse(_check(found), 201, {"Location": f"{request.url.path}/{id}"})


@router.get("/supervision/checks/{id}", summary="一次核验", responses=responses(404))
def read_check(who: Who, seen: Seen, id: str) -> JSONResponse:
    with reading(who.fashen.engine) as tx:
        found = integrity.check_of(tx, who.office, id[:36])
    if found is None:
        raise NotFound("没有这一次核验。")
    return JSONResponse(_check(found))


def _check(check: Check) -> dict[str, Any]:
    ended = check.finished_at
    return {
        "id": check.id,
        "by": check.asked_by,
        "at": beijing(check.asked_at).isoformat(),
        "finished_at": beijing(ended).isoformat() if ended else None,
        "offices": list(check.offices),
        "cases": check.total,
        "proof": _proof(check.proof),
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {"holds": proof.holds, **asdict(proof)}
