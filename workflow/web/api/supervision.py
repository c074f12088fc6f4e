"""督察 — red list, numbers, 督办, trail and cases of every office that the caller supervises; the log of sign-ins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from workflow import access_log, sight, supervising, trail
from workflow.database import reading
from workflow.errors import NotFound, NotYourMove
from workflow.outliers import outliers
from workflow.sight import Sight
from workflow.supervising import GROUPS, Asked, Defect, Issued
from workflow.times import beijing
from workflow.web.api.calling import Who
from workflow.web.api.cases import known_state
from workflow.web.api.openapi import ALWAYS, responses
from workflow.web.api.paging import Paging, page, part, printable

router = APIRouter(responses=ALWAYS, tags=["supervision"])


def seen_by(who: Who) -> Sight:
    """The offices that the caller may look into; whoever is no supervisor is refused."""
    person = who.person()
    with reading(who.fashen.engine) as tx:
        home = who.fashen.bureau(tx, who.office)
        return sight.supervised(who.fashen, tx, home, person)


Seen = Annotated[Sight, Depends(seen_by)]
Word = Annotated[str, BeforeValidator(printable)]


def of_these(seen: Sight, office: str) -> str:
    """An office that is seen, or none said."""
    if office and office not in seen.ids:
        raise NotFound("没有这个机关，或者不在您监督的范围之内。")
    return office


class Period(BaseModel):
    """Whose, of which year."""

    model_config = ConfigDict(extra="forbid")

    office: Word = Field(default="", max_length=64, description="只看一个机关")
    year: int = Field(default=0, ge=0, le=2999, description="只看一年；0 为全部")


class Listing(Paging, Period):
    """What the list is narrowed to."""

    person: Word = Field(default="", max_length=64, description="只看一个责任人：人员编号")


class Red(Listing):
    """What the red list is narrowed to."""

    group: Literal["", "late", "review", "window", "publication", "dates", "discretion"] = Field(
        default="", description="一组规则"
    )
    rule: Word = Field(default="", max_length=80, description="一条规则，或者一个期限")
    state: Annotated[str, BeforeValidator(known_state)] = Field(
        default="", description="案件所在的状态"
    )


@router.get("/supervision/red", summary="红牌清单", responses=responses(404))
def list_red(who: Who, seen: Seen, asked: Annotated[Red, Query()]) -> JSONResponse:
    """What runs over its end now, then what was done against a rule or too late, the newest first; no party."""
    of_these(seen, asked.office)
    wanted = Asked(**asked.model_dump(exclude={"limit", "offset"}))
    with reading(who.fashen.engine) as tx:
        red = supervising.running(who.fashen, tx, seen, wanted)
        found, total = supervising.lines(
            tx, seen, wanted, red, limit=asked.limit, offset=asked.offset
        )
        cases = supervising.cases_among(tx, seen, wanted, red)
    return page([_defect(d) for d in found], total, asked, cases=cases)


def _defect(line: Defect) -> dict[str, Any]:
    return {
        "kind": line.kind,
        "key": line.key,
        "rule": line.rule,
        "cite": line.cite or supervising.article_of(line.key),
        "office": line.office,
        "case": line.case_id,
        "number": line.number,
        "title": line.title,
        "state": line.state,
        "seq": line.seq,
        "on": f"{line.on}",
        "person": line.person,
        "reason": line.reason,
        "excuse": line.excuse,
        "orders": [order.id for order in line.orders],
    }


@router.get("/supervision/numbers", summary="督察的数", responses=responses(404))
def read_numbers(who: Who, seen: Seen, asked: Annotated[Period, Query()]) -> JSONResponse:
    """How often each rule was broken, in which office, how many decisions were in time, which fines lie far off."""
    of_these(seen, asked.office)
    wanted = Asked(office=asked.office, year=asked.year)
    with reading(who.fashen.engine) as tx:
        numbers = supervising.counts(tx, seen, wanted)
        red = supervising.running(who.fashen, tx, seen, wanted)
        law = who.fashen.bureau(tx, who.office).law
        times = law.on(beijing(who.fashen.clock()).date()).find("supervision.outlier")
        far = outliers(tx, seen, wanted, int(times.value)) if times else []
    told = {
        "rules": dict(numbers.keys),
        "offices": {id: numbers.offices[id] for id in wanted.offices(seen)},
        "groups": {name: numbers.of(name) for name in GROUPS},
        "running": len(red),
        "decided": numbers.decided,
        "late": numbers.late,
        "outliers": [asdict(o) for o in far],
    }
    return JSONResponse(jsonable_encoder(told))


class Cases(Paging):
    """Which cases of which office."""

    office: Word = Field(default="", max_length=64, description="哪个机关；空为本机关")
    q: Word = Field(default="", max_length=100, description="案号、当事人、案由中的文字")
    state: Annotated[str, BeforeValidator(known_state)] = Field(
        default="", description="案件所在的状态"
    )


@router.get("/supervision/cases", summary="下级机关的案件", responses=responses(404))
def list_cases(who: Who, seen: Seen, asked: Annotated[Cases, Query()]) -> JSONResponse:
    """The cases of one office that is seen, the last opened first; each is read at `/cases/{case}`."""
    office = of_these(seen, asked.office) or who.office
    rows, total = supervising.cases(
        who.fashen, seen, office,
        search=asked.q, state=asked.state, limit=asked.limit, offset=asked.offset,
    )  # fmt: skip
    return page([row.as_dict() for row in rows], total, asked)


# — 督办 ——————————————————————————————————————————————————————————————————————————————————


@router.get("/supervision/orders", summary="督办", responses=responses(404))
def list_orders(who: Who, seen: Seen, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """Every 督办 with its answer, the most urgent first. One is opened by `/cases/{case}/open_supervision`."""
    of_these(seen, asked.office)
    with reading(who.fashen.engine) as tx:
        every = supervising.issued(who.fashen, tx, seen, Asked(office=asked.office))
    found = [
        i
        for i in every
        if asked.year in (0, i.paper.received.year) and asked.person in ("", i.paper.to)
    ]
    return page([_order(i) for i in part(found, asked)], len(found), asked)


@router.get("/supervision/orders/{case}/{item}", summary="一件督办", responses=responses(404))
def read_order(who: Who, seen: Seen, case: str, item: str) -> JSONResponse:
    with reading(who.fashen.engine) as tx:
        found = supervising.find_order(who.fashen, tx, seen, case[:36], item[:64])
    if found is None:
        raise NotFound("没有这一件督办，或者不在您监督的范围之内。")
    return JSONResponse(_order(found))


def _order(one: Issued) -> dict[str, Any]:
    return {
        "office": one.office,
        "case": one.case_id,
        "number": one.number,
        "title": one.title,
        "item": one.paper.id,
        "by": one.by,
        "to": one.to,
        "content": one.paper.content,
        "about": list(one.paper.about),
        "received": f"{one.paper.received}",
        "ends": f"{one.ends}",
        "working_days_left": one.left,
        "open": one.open,
        "overdue": one.overdue,
        "answered_on": f"{one.paper.answered_on}" if one.paper.answered_on else None,
        "answer": one.paper.answer,
    }


# — 责任追溯、登录日志 ———————————————————————————————————————————————————————————————————————


class Trail(Listing):
    """What the trail is narrowed to."""

    kind: Literal["", "warned", "irregular", "card", "late", "refused"] = Field(
        default="", description="越过提示、不合规登记、摘牌、补录、被拒绝的办理"
    )


@router.get("/supervision/trail", summary="责任追溯", responses=responses(404))
def list_trail(who: Who, seen: Seen, asked: Annotated[Trail, Query()]) -> JSONResponse:
    """Overridden warnings, irregular acts, cards taken down, late entries, refused attempts: who, when, why."""
    of_these(seen, asked.office)
    wanted = trail.Asked(asked.kind, asked.office, asked.person, asked.year)
    with reading(who.fashen.engine) as tx:
        found, total = trail.trail(tx, seen, wanted, limit=asked.limit, offset=asked.offset)
    items = [{**asdict(line), "label": line.word} for line in found]
    return page(jsonable_encoder(items), total, asked)


class Log(Paging):
    """Which lines of the log."""

    person: Word = Field(default="", max_length=64, description="谁的账户：人员编号")
    what: Word = Field(default="", max_length=20, description="哪一种事项")


@router.get("/access-log", summary="登录日志")
def list_log(who: Who, asked: Annotated[Log, Query()]) -> JSONResponse:
    """Who came in, who was turned away, whose account was touched by whom, the newest first."""
    person = who.person()
    if not person.has(*access_log.READERS):
        raise NotYourMove(f"登录日志不给{person.title}看；由审计管理员和监督员查看。")
    with reading(who.fashen.engine) as tx:
        lines, total = access_log.lines(
            tx, who.office, person=asked.person, what=asked.what, limit=asked.limit, offset=asked.offset
        )  # fmt: skip
    return page([_logged(line) for line in lines], total, asked)


def _logged(line: access_log.Line) -> Mapping[str, str]:
    at = beijing(line.at).isoformat()
    return {**asdict(line), "at": at, "label": line.label}
