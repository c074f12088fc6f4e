"""案件 — the list, one case, its moves, its ledger; and what each verb asks for."""

from __future__ import annotations

import difflib
import json
import re
from datetime import date
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import BeforeValidator, Field

from policies.casefile import PartyKind
from states.case import CaseState
from workflow import models, queries, workbench
from workflow.database import reading
from workflow.errors import NotFound
from workflow.identifiers import masked, resolve, unsealed
from workflow.scopes import area_of
from workflow.web.api.bodies import etag
from workflow.web.api.calling import Caller, Case, There, Who
from workflow.web.api.openapi import ALWAYS, responses
from workflow.web.api.paging import MOST, Paging, page, part, printable
from workflow.web.api.verbs import form_of, verbs

router = APIRouter(responses=ALWAYS, tags=["cases"])

SEES = ("officer", "unit_head", "head", "deputy_head", "reviewer", "clerk", "inspector")
"""Who may recognise the party; everybody else sees digests."""


def known_state(value: str) -> str:
    known = [s.value for s in CaseState]
    if value and value not in known:
        near = difflib.get_close_matches(value, known, 1)
        hint = f"最接近的是“{near[0]}”；" if near else ""
        raise ValueError(f"没有“{value[:40]}”这个状态，{hint}可用：{'、'.join(known)}")
    return value


class Listing(Paging):
    """Which part of the case list."""

    q: Annotated[str, BeforeValidator(printable)] = Field(
        default="",
        max_length=200,
        description="案号、当事人、案由、车牌、地点中的文字，或者拼音首字母",
    )
    tab: Literal["all", "todo", "done", "mine", "supervised", "alerts"] = Field(
        default="all", description="全部案件，或者令牌持有人工作台上的一栏"
    )
    flow: Literal["", "ordinary", "summary"] = Field(default="", description="程序")
    tone: Literal["", "red", "yellow"] = Field(default="", description="挂着的牌")
    only: Literal["", "today", "publish", "unarchived", "quarter"] = Field(
        default="", description="今日到期、待公示、未归档、本季已决定"
    )
    officer: Annotated[str, BeforeValidator(printable)] = Field(
        default="", max_length=64, description="承办人的编号"
    )
    since: date | None = Field(default=None, description="登记日期从这一天起")
    until: date | None = Field(default=None, description="登记日期到这一天止")
    sort: Literal["", "due", "moved", "opened", "number", "party"] = Field(
        default="", description="排序；空为最近办理的在前，待办、预警、督办先到期的在前"
    )
    state: Annotated[str, BeforeValidator(known_state)] = Field(
        default="",
        description="案件所在的状态",
        json_schema_extra={"enum": ["", *(s.value for s in CaseState)]},
    )


@router.get("/cases", summary="案件列表")
def list_cases(who: Who, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """The cases of the caller's office, or of one tab of their workbench; counsel has those given to them.

    A search is counted up to 1,000 cases, or as far as was read: `more` says that there are more than `total`.
    """
    desk = _desk(who)
    wanted = asked.model_dump(exclude={"limit", "offset"})
    found = workbench.page(desk, workbench.Asked(**wanted), limit=asked.limit, offset=asked.offset)
    items = [line.as_dict() for line in found.lines]
    return page(items, found.total, asked, more=found.more)


def _desk(who: Caller) -> workbench.Desk:
    person = who.person()
    with reading(who.fashen.engine) as tx:
        return workbench.Desk(who.fashen, who.fashen.bureau(tx, who.office), person)


@router.get("/workbench", summary="工作台上的数")
def read_counts(who: Who) -> JSONResponse:
    """How many cases stand under each `tab` of the caller's workbench, and under each of its tiles."""
    found = workbench.counts(_desk(who))
    certificates = [{"name": name, "valid_to": f"{day}"} for name, day in found.certificates]
    told = {"tabs": dict(found.tabs), "tiles": dict(found.tiles), "quarter": dict(found.quarter)}
    return JSONResponse({**told, "certificates": certificates})


@router.get("/cases/{case}", summary="一件案件", responses=responses(404))
def read_case(who: There, case: Case) -> JSONResponse:
    """Where a case stands, its file, its history, and in `clocks` its running deadlines in full.

    Identifiers are masked; people who need not recognise the party see their digests.
    """
    person = who.person()
    view = queries.view_case(who.fashen, who.office, case, person)
    row = view.row.as_dict()
    # What the file says, without the fields on which it is silent.
    document = view.case.model_dump(mode="json", exclude_unset=True)
    if person.has(*SEES):
        document = _masked(who, document)
    elif view.case.party and view.case.party.kind is PartyKind.CITIZEN:
        row["party"] = masked("name", row["party"])
    history = [
        {
            "seq": s.seq,
            "verb": s.verb,
            "label": s.label,
            "by": s.by,
            "on_behalf_of": s.on_behalf_of,
            "post": s.post,
            "at": s.at.isoformat(),
            "entered": s.entered.isoformat(),
            "late": s.late,
            "from": s.before,
            "to": s.after,
            "irregular": s.irregular,
            "findings": s.findings,
            "hash": s.hash,
        }
        for s in view.history
    ]
    clocks = [d.as_dict() for d in view.row.deadlines]
    told = {**row, "document": document, "history": history, "clocks": clocks}
    return JSONResponse(told, headers=etag(view.row.version))


def _masked(who: Caller, document: dict[str, Any]) -> Any:
    sealed = set(re.findall(r'"(sealed:[^"]+)"', json.dumps(document)))
    with reading(who.fashen.engine) as tx:
        values = resolve(tx, who.office, sealed)
    shown = {digest: masked(digest.split(":")[1], value) for digest, value in values.items()}
    return unsealed(document, shown)


@router.get("/cases/{case}/moves", summary="现在可以办什么", responses=responses(404))
def read_moves(who: There, case: Case) -> JSONResponse:
    """Every move from here for the caller: whose it is, what stands in the way, what it asks for."""
    # The version first: were it read last, a move made in between would go unnoticed.
    version = queries.version_of(who.fashen, who.office, case)
    choices = queries.moves_of(who.fashen, who.office, case, who.person())
    told = [{**c.as_dict(), "form": form_of(c.move.verb)} for c in choices]
    return JSONResponse({"version": version, "moves": told}, headers=etag(version))


@router.get("/cases/{case}/ledger", summary="大事记原文", responses=responses(404))
def read_ledger(who: There, case: Case) -> JSONResponse:
    """Every entry as it is stored: `hash` is made from `prev` and the bytes of `body`."""
    c = models.ledger.c
    with reading(who.fashen.engine) as tx:
        rows = tx.execute(
            sa.select(c.seq, c.prev, c.hash, c.body)
            .where(c.case_id == case, c.office_id == who.office)
            .order_by(c.seq)
        )
        entries = [dict(row) for row in rows.mappings()]
    if not entries:
        raise NotFound(f"没有编号为“{case}”的案件。")
    return JSONResponse({"entries": entries}, headers=etag(entries[-1]["seq"]))


class Vocabulary(Paging):
    """All at once, where nobody says otherwise."""

    limit: int = Field(default=MOST, ge=1, le=MOST, description="最多几项")


@router.get("/verbs", summary="全部动作")
def read_verbs(who: Who, asked: Annotated[Vocabulary, Query()]) -> JSONResponse:
    """Each verb with who may do it, the scope that its token needs, and its form."""
    told = [
        {
            "verb": move.verb,
            "label": move.label,
            "who": move.who.label,
            "scope": area_of(move.verb),
            "opens": move.opens,
            "irregular": move.irregular,
            "form": form_of(move.verb),
        }
        for move in verbs().values()
    ]
    return page(part(told, asked), len(told), asked)
