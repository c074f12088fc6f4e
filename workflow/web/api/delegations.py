"""委托 for programs: what runs, comes and is past for the caller; giving one, and ending it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field

from workflow import delegating, delegations
from workflow.delegating import Give, Revoke
from workflow.forms import parse
from workflow.web.api.bodies import Body, read_form
from workflow.web.api.calling import Who
from workflow.web.api.openapi import ALWAYS, responses, writing
from workflow.web.api.paging import Paging, page, part

router = APIRouter(responses=ALWAYS, tags=["office"])


class Asked(Paging):
    """Whose delegations."""

    all: bool = Field(default=False, description="本机关全部；只有负责人、监督员、管理员看得到")


@router.get("/delegations", summary="委托")
def list_delegations(who: Who, asked: Annotated[Asked, Query()]) -> JSONResponse:
    """The delegations that concern the caller, newest first, each with whether it runs now."""
    person, now = who.person(), who.fashen.clock()
    office = who.office_file()
    everybody = asked.all and person.has(*delegating.SEE_ALL)
    found = delegations.every(who.fashen, who.office, None if everybody else person)
    return page([d.as_dict(office, now) for d in part(found, asked)], len(found), asked)


@router.post(
    "/delegations",
    summary="给一份委托",
    status_code=201,
    responses=responses(403, 413, 415, 422),
    openapi_extra=writing([], Give),
)
def give_delegation(request: Request, who: Who, body: Body) -> JSONResponse:
    """By the principal, or by the administrator on a head's written order, whose number is `proof`."""
    form = read_form(request, who, body, Give, "委托")
    made = delegating.give(who.fashen, who.office, who.id, form)
    told = made.as_dict(who.office_file(), who.fashen.clock())
    return JSONResponse(told, 201, {"Location": f"{request.url.path}/{made.id}"})


class Ending(BaseModel):
    """Why a delegation ends."""

    model_config = ConfigDict(extra="forbid")

    reason: str = Field(min_length=1, max_length=200, description="撤销的理由")


@router.delete("/delegations/{delegation}", summary="撤销委托", responses=responses(403, 404, 409))
def revoke_delegation(who: Who, delegation: str, asked: Annotated[Ending, Query()]) -> JSONResponse:
    """Ends it now; what was done under it stays. Answers with the delegation as it stands then."""
    told = {"delegation": delegation, "reason": asked.reason}
    form = parse(Revoke, told, verb="撤销委托", now=who.fashen.clock())
    ended = delegating.revoke(who.fashen, who.office, who.id, form)
    return JSONResponse(ended.as_dict(who.office_file(), who.fashen.clock()))
