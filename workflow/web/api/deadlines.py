"""What programs read of deadlines: the clocks that run, and what will be told of them."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BeforeValidator, Field

from policies.office import SYSTEM, Person
from workflow import queries, upcoming
from workflow.database import reading
from workflow.errors import NotFound
from workflow.sight import sees_all
from workflow.web.api.calling import Caller, Who, known_case
from workflow.web.api.openapi import ALWAYS, responses
from workflow.web.api.paging import MOST, Paging, page, part, printable

router = APIRouter(responses=ALWAYS, tags=["cases"])


def _readable(text: str) -> str:
    if text:
        upcoming.window(text)
    return text


class Filters(Paging):
    """Whose clocks, or which case's."""

    limit: int = Field(default=MOST, ge=1, le=MOST, description="最多几个")
    case: Annotated[str, BeforeValidator(printable)] = Field(
        default="", max_length=36, description="只看一件案件：案件的 id"
    )
    person: Annotated[str, BeforeValidator(printable)] = Field(
        default="", max_length=64, description="只看一个人的：人员编号"
    )


class Listing(Filters):
    """Which running clocks."""

    due_within: Annotated[str, AfterValidator(_readable)] = Field(
        default="",
        max_length=40,
        description="只看多久之内届满的：14d 自然日、5wd 工作日、1mo 月；14 就是 14d",
        examples=["14d", "5wd"],
    )


class Days(Filters):
    """How far ahead."""

    days: int = Field(default=upcoming.AHEAD.n, ge=0, le=366, description="往后几天（自然日）")


@router.get("/deadlines", summary="正在计算的期限", responses=responses(404))
def list_deadlines(who: Who, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """The running clocks of the caller's office, the first to end first; `holders` have them in hand.

    What has ended and still runs is always among them. `person` leaves what this person has in hand.
    """
    case, person = _meant(who, asked)
    span = upcoming.window(asked.due_within) if asked.due_within else None
    found, total = upcoming.page(
        who.fashen,
        who.office,
        case=case,
        person=person,
        until=upcoming.last_day(who.fashen, span) if span else None,
        limit=asked.limit,
        offset=asked.offset,
    )
    return page([r.as_dict() for r in found], total, asked)


@router.get("/forecast", summary="期限预告", responses=responses(404))
def read_forecast(who: Who, asked: Annotated[Days, Query()]) -> JSONResponse:
    """Which clocks reach which stage in the next days if nobody stops them, and who then hears of it.

    Stages are `blue`, `yellow`, `red` and `lapse`. `person` leaves what this person will hear of.
    """
    case, person = _meant(who, asked)
    until = upcoming.last_day(who.fashen, upcoming.window(str(asked.days)))
    found = upcoming.forecast(who.fashen, who.office, until=until, case=case, person=person)
    items = [a.as_dict() for a in part(found, asked)]
    return page(items, len(found), asked, until=until.isoformat())


def _meant(who: Caller, asked: Filters) -> tuple[str, Person | None]:
    """The case and the person of these filters; one that the caller's office does not have is not found."""
    if asked.case:
        queries.version_of(who.fashen, who.office, known_case(who, asked.case))
    own = who.person()
    if not sees_all(own):  # their own, whoever was asked for
        return asked.case, own
    return asked.case, _person(who, asked.person) if asked.person else None


def _person(who: Caller, id: str) -> Person:
    with reading(who.fashen.engine) as tx:
        office = who.fashen.bureau(tx, who.office).office
    found = office.person(id)
    if found is None or found.id == SYSTEM.id:
        people = "、".join(f"{p.id}（{p.name}）" for p in office.people)
        raise NotFound(f"{office.name}没有“{id}”这个人，只有：{people}。")
    return found
