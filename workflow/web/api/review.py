"""法制审核 — the queue, what a reviewer needs of one file, and what changed in a case since one of its steps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from policies.facts import proposal_digest
from policies.nine_items import Item
from workflow import queries, reviewing, sight
from workflow.errors import NotForYou, NotFound
from workflow.reviewing import LawPair, Waiting
from workflow.since import Changed, Since
from workflow.web.api.calling import Caller, Case, There, Who
from workflow.web.api.cases import SEES
from workflow.web.api.openapi import ALWAYS, responses
from workflow.web.api.paging import Asked, page

router = APIRouter(responses=ALWAYS, tags=["cases"])


@router.get("/review", summary="审核台")
def list_review(who: Who, asked: Asked) -> JSONResponse:
    """The files under review, the case's shortest days first; `why` says why the caller may not review one.

    What will come soon is `/cases?state=unit_review` and `state=concluded`.
    """
    person = who.person()
    sight.every_case(person)
    found = reviewing.queue(who.fashen, who.office, person, limit=asked.limit, offset=asked.offset)
    return page([_waiting(w) for w in found.waiting], found.total, asked)


def _waiting(file: Waiting) -> dict[str, Any]:
    return {
        "case": file.row.as_dict(),
        "round": file.round,
        "passed": file.passed,
        "failed": file.failed,
        "open": file.open,
        "why": file.why,
        "named": file.named,
        "desk": file.desk.as_dict(),
    }


@router.get("/cases/{case}/review", summary="送审材料", responses=responses(404))
def read_review(who: There, case: Case) -> JSONResponse:
    """The nine items with every machine check, the points of the last return, old and new law, past cases.

    `digest` is what an opinion is bound to: the forms of `pass_review` and `return_case` take it.
    """
    person = _recognises(who)
    row = queries.case_row(who.fashen, who.office, case)
    sheet = reviewing.sheet(who.fashen, who.office, case, person)
    told = {
        "version": row.version,
        "digest": proposal_digest(row.case),
        "why": sheet.why,
        "named": sheet.named,
        "desk": sheet.desk.as_dict(),
        "items": [_item(i) for i in sheet.items],
        "since": _since(sheet.since) if sheet.since else None,
        "returned": sheet.returned.model_dump(mode="json") if sheet.returned else None,
        "laws": [_laws(pair) for pair in sheet.laws],
        "band": asdict(sheet.band) if sheet.band else None,
        "past": [asdict(p) for p in sheet.past],
        "party": [asdict(r) for r in sheet.party],
        "told": [asdict(t) for t in sheet.told],
    }
    return JSONResponse(jsonable_encoder(told))


def _recognises(who: Caller) -> Any:
    """The caller, who may recognise the party: the texts of a file name it."""
    person = who.person()
    if not person.has(*SEES):
        raise NotForYou(f"送审材料写有当事人的情况，接口不给{person.title}看；请在网页上打开案件。")
    return person


def _item(item: Item) -> dict[str, Any]:
    checks = [
        {
            "policy": s.finding.policy.id,
            "title": s.finding.policy.title,
            "outcome": s.finding.outcome.value,
            "reason": s.finding.verdict.reason,
            "remedy": s.finding.verdict.remedy,
            "rests": s.check.rests.value,
            "on": s.check.on,
        }
        for s in item.seen
    ]
    rests = item.rests.value if item.rests else ""
    return {"name": item.name, "later": item.later, "rests": rests, "checks": checks}


def _laws(pair: LawPair) -> dict[str, Any]:
    table = pair.table
    return {
        "act": table.act,
        "decided": table.decided,
        "answer": table.answer.value,
        "says": table.says,
        "rows": [asdict(row) for row in table.rows],
        "old": asdict(pair.old),
        "new": asdict(pair.new),
    }


class Step(BaseModel):
    """Since which step."""

    model_config = ConfigDict(extra="forbid")

    since: int = Field(
        default=1, ge=1, le=1_000_000_000, description="和第几步办完时相比；不写为登记时"
    )


@router.get("/cases/{case}/changes", summary="有哪些变化", responses=responses(404))
def read_changes(who: There, case: Case, asked: Annotated[Step, Query()]) -> JSONResponse:
    """What is different from how the case stood after one of its steps, and by whom."""
    _recognises(who)
    version = queries.version_of(who.fashen, who.office, case)
    if asked.since > version:
        raise NotFound(f"本案只办到第 {version} 步，没有第 {asked.since} 步。")
    found = reviewing.changed_since(who.fashen, who.office, case, asked.since)
    return JSONResponse(jsonable_encoder(_since(found) if found else None))


def _since(found: Since) -> dict[str, Any]:
    return {
        "seq": found.seq,
        "verb": found.verb,
        "at": found.at,
        "changes": _changes(found.changes),
        "back": _changes(found.back),
    }


def _changes(found: Iterable[Changed]) -> list[dict[str, Any]]:
    return [asdict(change) for change in found]
