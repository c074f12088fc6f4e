"""各个动作 — opening a case, and one documented path per verb over one handler."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema

import workflow.commands  # noqa: F401 — registers every verb before the routes are made
from states.case import CURRENT
from states.flow import Move
from workflow import queries
from workflow.desk import COMMANDS
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, parse
from workflow.order import Done, Order
from workflow.preview import form_schema
from workflow.scopes import area_of
from workflow.web.api.bodies import Body, etag, key_of, read_object, version_of
from workflow.web.api.calling import Caller, Case, There, Who
from workflow.web.api.openapi import ALWAYS, IF_MATCH, KEY, REFUSALS, described, ref, responses
from workflow.work import perform

router = APIRouter(responses=ALWAYS)


def _moment(value: Any) -> Any:
    """A written moment. A bare number would be taken for seconds since 1970."""
    if not isinstance(value, str) or not re.match(r"\d{4}-\d\d-\d\d", value.strip()):
        raise ValueError("要写成日期和时间，例如 2026-01-31 09:00；不带时区的是北京时间")
    return value


def _plausible(value: datetime) -> datetime:
    if not 1949 <= value.year <= 2200:
        raise ValueError("年份不对")
    return value


class Envelope(Form):
    """What goes with every form."""

    at: Annotated[datetime, BeforeValidator(_moment), AfterValidator(_plausible)] | None = Field(
        default=None, description="实际发生的时间；空为现在"
    )
    excuse: dict[Line, Lines] = Field(
        default_factory=dict, max_length=100, description="对警告的书面理由，键为规则编号"
    )
    irregular: OptionalLines = Field(
        default="", description="不合规情况的经过；写了就作为不合规情况如实登记"
    )
    on_behalf_of: OptionalLine = Field(
        default="", description="代谁办理（委托人的编号）；受一人委托的可以不写"
    )


class Opening(Envelope):
    """Which verb opens the case."""

    do: Line = Field(default="register_lead", description="以哪个动作立案")


class Doing(BaseModel):
    """The address of a write takes nothing else: a misspelt `dry_run` must not act."""

    model_config = ConfigDict(extra="forbid")

    dry_run: bool = Field(default=False, description="只判断，什么都不改变")


def _order(
    request: Request,
    who: Caller,
    verb: str,
    body: dict[str, Any],
    *,
    envelope: type[Envelope] = Envelope,
    **more: Any,
) -> Order:
    """One flat body split into the form of its verb and what goes with every form."""
    around = {k: v for k, v in body.items() if k in envelope.model_fields}
    wrap = parse(envelope, around, verb=verb, now=who.fashen.clock())
    if isinstance(wrap, Opening):
        verb = wrap.do
    return Order(
        office=who.office,
        actor=who.id,
        verb=verb,
        form={k: v for k, v in body.items() if k not in around},
        at=wrap.at,
        key=key_of(request, verb),
        excuses=wrap.excuse,
        irregular=wrap.irregular,
        on_behalf_of=wrap.on_behalf_of,
        **more,
    )


@dataclass(frozen=True, slots=True)
class Target:
    """A case that exists for the caller, and the version that the caller has seen."""

    case: str
    version: int


def target(request: Request, who: There, case: Case) -> Target:
    queries.version_of(who.fashen, who.office, case)
    return Target(case, version_of(request, request.url.path.rpartition("/")[2]))


On = Annotated[Target, Depends(target)]


def _answer(done: Done, *, opened: str = "") -> JSONResponse:
    headers: dict[str, str] = {}
    if not done.dry_run:
        headers |= etag(done.version)
        if opened:
            headers["Location"] = f"{opened}/{done.case}"
    if done.repeated:
        headers["Idempotency-Replayed"] = "true"
    created = opened and not done.dry_run
    return JSONResponse(done.as_dict(), 201 if created else 200, headers)


@lru_cache
def verbs() -> dict[str, Move]:
    """Every verb of the flows in which new cases run, once."""
    return {move.verb: move for flow in CURRENT.values() for move in flow.moves}


@lru_cache
def form_of(verb: str) -> dict[str, Any]:
    return form_schema(verb)


@lru_cache
def _bodies() -> dict[str, type[BaseModel]]:
    """For each verb its form and what goes with it, as one flat object."""
    made: dict[str, type[BaseModel]] = {}
    by_form: dict[type[Form], type[BaseModel]] = {}
    for verb, move in verbs().items():
        form = COMMANDS[verb].form
        if move.opens:
            # The first verb may be left unsaid; any other must be named.
            only: Any = Literal[verb]
            named = (only, verb if verb == FIRST else ...)
            made[verb] = create_model(f"Open_{verb}", __base__=(form, Opening), do=named)
        else:
            if form not in by_form:
                by_form[form] = create_model(form.__name__, __base__=(form, Envelope))
            made[verb] = by_form[form]
    return made


class Problem(BaseModel):
    """RFC 9457, with what a program needs to go on."""

    type: str
    title: str
    status: int
    detail: str = Field(description="一句话：做了什么，为什么不行，现在怎么办")
    instance: str
    errors: list[dict[str, str]] | None = Field(default=None, description="422：field 和 message")
    findings: list[dict[str, Any]] | None = Field(default=None, description="409：每一条规则的结论")
    verbs: list[str] | None = Field(default=None, description="409：现在可以办的动作")
    scope: str | None = Field(default=None, description="403：令牌要有的范围")
    scopes: list[str] | None = Field(default=None, description="403：令牌现有的范围")
    version: int | None = Field(default=None, description="412：案件现在是第几步")
    since: list[dict[str, Any]] | None = Field(default=None, description="412：其间谁办了什么")


class Outcome(BaseModel):
    """What came of a write."""

    case: str
    version: int
    verb: str
    before: str
    after: str
    made: str = Field(description="新产生的证据等的编号")
    findings: list[dict[str, Any]]
    opened: dict[str, Any] = Field(description="开始计算的期限")
    closed: list[str] = Field(description="结束的期限")
    messages: list[str]
    repeated: bool = Field(description="同一编号的请求早已办成")
    dry_run: bool
    on_behalf_of: str | None = Field(default=None, description="代谁办理的（委托人的编号）")


def schemas() -> dict[str, Any]:
    """The component schemas that the routes below point to."""
    wanted: list[type[BaseModel]] = [Problem, Outcome, *dict.fromkeys(_bodies().values())]
    _, made = models_json_schema(
        [(model, "validation") for model in wanted], ref_template="#/components/schemas/{model}"
    )
    found: dict[str, Any] = made["$defs"]
    return found


FIRST = "register_lead"
"""The verb that opens a case when none is named."""


def open_case(
    request: Request, who: Who, body: Body, asked: Annotated[Doing, Query()]
) -> JSONResponse:
    """Open a case. `do` names the verb that opens it; without it, `register_lead`."""
    read = read_object(request, body, FIRST)
    order = _order(request, who, FIRST, read, envelope=Opening, dry_run=asked.dry_run)
    return _answer(perform(who.fashen, order), opened=request.url.path)


def act(
    request: Request, who: There, on: On, verb: str, body: Body, asked: Annotated[Doing, Query()]
) -> JSONResponse:
    """Any verb, also one that does not exist: then the answer names the nearest."""
    read = read_object(request, body, verb)
    order = _order(
        request, who, verb, read, case=on.case, version=on.version, dry_run=asked.dry_run
    )
    return _answer(perform(who.fashen, order))


def _acting(verb: str) -> Callable[..., Response]:
    def act_on_case(
        request: Request, who: There, on: On, body: Body, asked: Annotated[Doing, Query()]
    ) -> JSONResponse:
        return act(request, who, on, verb, body, asked)

    return act_on_case


def _routes() -> None:
    """One documented path per verb over one handler; whatever else is asked for falls through."""
    done = {"description": "办成", "content": {"application/json": {"schema": ref("Outcome")}}}
    opening = [ref(m.__name__) for v, m in _bodies().items() if verbs()[v].opens]
    router.add_api_route(
        "/cases",
        open_case,
        methods=["POST"],
        status_code=201,
        tags=["cases"],
        summary="新开案件",
        operation_id="open_case",
        responses={
            201: done,
            200: {**done, "description": "只判断（dry_run）：可以办"},
            **responses(401, 403, 409, 413, 415, 422),
        },
        openapi_extra=described([KEY], {"anyOf": opening}),
    )
    for verb, move in verbs().items():
        if move.opens or move.who.roles == frozenset({"system"}):
            continue
        told = (COMMANDS[verb].run.__doc__ or "").strip()
        router.add_api_route(
            f"/cases/{{case}}/{verb}",
            _acting(verb),
            methods=["POST"],
            tags=[area_of(verb)],
            summary=move.label,
            description=f"{told}\n\n由{move.who.label}办理。",
            operation_id=verb,
            responses={200: done, **responses(*REFUSALS)},
            openapi_extra=described([IF_MATCH, KEY], ref(_bodies()[verb].__name__)),
        )
    router.add_api_route(
        "/cases/{case}/{verb}",
        act,
        methods=["POST"],
        tags=["cases"],
        include_in_schema=False,
    )


_routes()
