"""The interface for programs: cases, their moves and ledgers, and one documented path per verb.

Every call names its caller by a bearer token (`fashen token PERSON`). A write says on which version of
the case it rests (`If-Match`) and may carry an `Idempotency-Key`; `?dry_run=true` judges and changes
nothing. What is refused comes back as `application/problem+json` with every finding inside.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from math import isfinite
from typing import Annotated, Any, Literal

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic.json_schema import models_json_schema

import workflow.commands  # noqa: F401 — registers every verb before the routes are made
from policies.casefile import PartyKind
from policies.office import Office, Person
from states.case import CURRENT, CaseState
from states.flow import Move
from workflow import inbox, models, queries, tokens, workbench
from workflow.database import reading
from workflow.desk import COMMANDS
from workflow.errors import (
    FashenError,
    FieldError,
    Malformed,
    NotFound,
    OnlyReads,
    TooOften,
    Unauthorised,
    VersionMissing,
)
from workflow.forms import Form, Line, Lines, OptionalLine, OptionalLines, parse
from workflow.identifiers import masked, resolve, unsealed
from workflow.order import Done, Order
from workflow.preview import form_schema
from workflow.program import Fashen
from workflow.sight import may_open
from workflow.times import beijing
from workflow.web.numbers import Number
from workflow.work import perform


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


_REFUSALS = {
    401: "没有令牌或者令牌无效",
    403: "不由您办理",
    404: "没有这件案件",
    409: "法律或者流程不允许，列出全部理由",
    412: "案件已有变化，说明其间谁办了什么",
    413: "内容太大",
    415: "内容不是 JSON",
    422: "填写有误，逐栏说明",
    428: "没有写明依据的版本",
    429: "这一分钟里请求太多，Retry-After 秒后再来",
}


def responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    content = {"application/problem+json": {"schema": _ref("Problem")}}
    told: dict[int | str, dict[str, Any]] = {
        s: {"description": _REFUSALS[s], "content": content} for s in statuses
    }
    if 429 in told:
        about = {"description": "多少秒以后再来", "schema": {"type": "integer", "minimum": 1}}
        told[429]["headers"] = {"Retry-After": about}
    return told


router = APIRouter(responses=responses(401, 422, 429))

DEEPEST = 20
"""Levels of lists and objects in one body; no form needs five."""


class NotJson(FashenError):
    status = 415
    title = "内容格式不对"


# — who calls —————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Caller:
    fashen: Fashen
    office: str
    id: str

    def person(self) -> Person:
        with reading(self.fashen.engine) as tx:
            found = self.fashen.bureau(tx, self.office).office.person(self.id)
        if found is None:
            raise Unauthorised("令牌的持有人已不在本机关人员名单中，令牌不能再用。")
        return found

    def office_file(self) -> Office:
        with reading(self.fashen.engine) as tx:
            return self.fashen.bureau(tx, self.office).office


READS = ("GET", "HEAD", "OPTIONS")
"""Methods that a token for reading may use; none of them takes a step."""

_bearer = HTTPBearer(auto_error=False, description="`fashen token PERSON` 领取的令牌")


def caller(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> Caller:
    if credentials is None:
        raise Unauthorised("请在请求头中写明令牌：Authorization: Bearer …；用 fashen token 领取。")
    fashen: Fashen = request.app.state.fashen
    bearer = tokens.bearer(fashen, credentials.credentials)
    if bearer.reads_only and request.method not in READS:
        raise OnlyReads(
            "这个令牌只能读，没有办理，什么都没有改变。"
            "要办理的，领取一个可以办理的令牌（fashen token，不加 --read-only）。"
        )
    who = Caller(fashen, bearer.office, bearer.person)
    most = fashen.settings.api_per_minute
    if wait := request.app.state.calls.spend(credentials.credentials, most):
        raise TooOften(
            f"这个令牌一分钟里已经请求了 {most} 次，这一次没有办理，什么都没有改变。请 {wait} 秒后再来。",
            wait,
        )
    return who


Who = Annotated[Caller, Depends(caller)]


def known_case(who: Who, case: str) -> str:
    """The case's id as the database may be asked for it, of a case that is the caller's to see.

    No id of ours is longer or stranger.
    """
    if not re.fullmatch(r"[!-~]{1,36}", case):
        raise NotFound(f"没有编号为“{case[:40]}”的案件。")
    person = who.person()
    with reading(who.fashen.engine) as tx:
        may_open(tx, who.office, case, person)
    return case


Case = Annotated[str, Depends(known_case)]


# — reading ———————————————————————————————————————————————————————————————————————————

SEES = ("officer", "unit_head", "head", "deputy_head", "reviewer", "clerk", "inspector")
"""Who may recognise the party; everybody else sees digests."""


def _known_state(value: str) -> str:
    known = [s.value for s in CaseState]
    if value and value not in known:
        near = difflib.get_close_matches(value, known, 1)
        hint = f"最接近的是“{near[0]}”；" if near else ""
        raise ValueError(f"没有“{value[:40]}”这个状态，{hint}可用：{'、'.join(known)}")
    return value


def printable(value: str) -> str:
    if re.search(r"[\x00-\x1f\x7f]", value):
        raise ValueError("含有控制字符，请删去")
    return value


class Listing(BaseModel):
    """Which part of the case list."""

    model_config = ConfigDict(extra="forbid")

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
    officer: Annotated[str, BeforeValidator(printable)] = Field(
        default="", max_length=64, description="承办人的编号"
    )
    since: date | None = Field(default=None, description="登记日期从这一天起")
    until: date | None = Field(default=None, description="登记日期到这一天止")
    sort: Literal["", "due", "moved", "opened", "number", "party"] = Field(
        default="", description="排序；空为最近办理的在前，待办、预警、督办先到期的在前"
    )
    state: Annotated[str, BeforeValidator(_known_state)] = Field(
        default="",
        description="案件所在的状态",
        json_schema_extra={"enum": ["", *(s.value for s in CaseState)]},
    )
    limit: int = Field(default=50, ge=1, le=200, description="最多几件")
    offset: int = Field(default=0, ge=0, le=1_000_000_000, description="跳过前几件")


@router.get("/cases", summary="案件列表")
def list_cases(who: Who, asked: Annotated[Listing, Query()]) -> JSONResponse:
    """The cases of the caller's office, or of one tab of their workbench; counsel has those given to them.

    A search is counted up to 1,000 cases, or as far as was read: `more` says that there are more than `total`.
    """
    with reading(who.fashen.engine) as tx:
        bureau = who.fashen.bureau(tx, who.office)
    desk = workbench.Desk(who.fashen, bureau, who.person())
    wanted = asked.model_dump(exclude={"limit", "offset"})
    found = workbench.page(desk, workbench.Asked(**wanted), limit=asked.limit, offset=asked.offset)
    items = [line.as_dict() for line in found.lines]
    return JSONResponse({"items": items, "total": found.total, "more": found.more})


@router.get("/cases/{case}", summary="一件案件", responses=responses(404))
def read_case(who: Who, case: Case) -> JSONResponse:
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
    return JSONResponse(told, headers=_etag(view.row.version))


def _masked(who: Caller, document: dict[str, Any]) -> Any:
    sealed = set(re.findall(r'"(sealed:[^"]+)"', json.dumps(document)))
    with reading(who.fashen.engine) as tx:
        values = resolve(tx, who.office, sealed)
    shown = {digest: masked(digest.split(":")[1], value) for digest, value in values.items()}
    return unsealed(document, shown)


@router.get("/cases/{case}/moves", summary="现在可以办什么", responses=responses(404))
def read_moves(who: Who, case: Case) -> JSONResponse:
    """Every move from here for the caller: whose it is, what stands in the way, what it asks for."""
    # The version first: were it read last, a move made in between would go unnoticed.
    version = queries.version_of(who.fashen, who.office, case)
    choices = queries.moves_of(who.fashen, who.office, case, who.person())
    told = [{**c.as_dict(), "form": _form(c.move.verb)} for c in choices]
    return JSONResponse({"version": version, "moves": told}, headers=_etag(version))


@router.get("/cases/{case}/ledger", summary="大事记原文", responses=responses(404))
def read_ledger(who: Who, case: Case) -> JSONResponse:
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
    return JSONResponse({"entries": entries}, headers=_etag(entries[-1]["seq"]))


@router.get("/verbs", summary="全部动作")
def read_verbs(who: Who) -> JSONResponse:
    """Each verb with who may do it and its form."""
    told = [
        {
            "verb": move.verb,
            "label": move.label,
            "who": move.who.label,
            "opens": move.opens,
            "irregular": move.irregular,
            "form": _form(move.verb),
        }
        for move in _verbs().values()
    ]
    return JSONResponse({"items": told})


@router.get("/inbox", summary="我的消息")
def read_inbox(who: Who) -> JSONResponse:
    """The caller's notices, newest first."""
    shown = ("id", "case_id", "stage", "text", "created_at", "shown_at", "read_at")
    notices = [
        {k: beijing(v).isoformat() if isinstance(v := n[k], datetime) else v for k in shown}
        for n in inbox.notices(who.fashen, who.office, who.id)
    ]
    return JSONResponse({"items": notices})


@router.post("/inbox/{notice}/read", summary="已读", status_code=204)
def notice_read(who: Who, notice: Number) -> Response:
    """The caller has read this notice; again it changes nothing, and of somebody else's nothing is said."""
    inbox.mark_read(who.fashen, who.office, who.id, [notice])
    return Response(status_code=204)


# — reading what a program wants done —————————————————————————————————————————————————


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


async def raw_body(request: Request) -> bytes:
    return await request.body()


Body = Annotated[bytes, Depends(raw_body)]


def read_object(request: Request, body: bytes, verb: str) -> dict[str, Any]:
    """The body as one JSON object that means the same to every reader, or a sentence."""
    kind, _, rest = request.headers.get("content-type", "").partition(";")
    charset = re.search(r'charset="?([\w-]+)', rest.lower())
    if kind.strip().lower() != "application/json" or (charset and charset[1] not in _UTF8):
        raise NotJson("内容要写成 JSON（Content-Type: application/json，UTF-8 编码）。")
    try:
        value = json.loads(
            body.decode(),
            object_pairs_hook=_once_each,
            parse_constant=_no_number,
            parse_float=_number,
        )
        _check_depth(value)
        # A text that cannot be written down again cannot be kept either.
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeError:
        raise _malformed(verb, "内容不是 UTF-8 文字，或者含有残缺的字符") from None
    except RecursionError:
        raise _malformed(verb, f"内容套得太深，最多 {DEEPEST} 层") from None
    except json.JSONDecodeError as wrong:
        where = f"第 {wrong.lineno} 行第 {wrong.colno} 个字符处"
        empty = "内容是空的；没有要填的，写 {}"
        raise _malformed(verb, f"JSON 写法有误，在{where}" if body.strip() else empty) from None
    except ValueError as wrong:
        said = str(wrong) if isinstance(wrong, _Unreadable) else "数字太长，请改正"
        raise _malformed(verb, said) from None
    if not isinstance(value, dict):
        raise _malformed(verb, '内容要写成一个 JSON 对象，例如 {"place": "西杜庄村"}')
    return value


_UTF8 = ("utf-8", "utf8", "us-ascii")


class _Unreadable(ValueError):
    """JSON that parses but that two programs would read differently."""


def _malformed(verb: str, said: str, field: str = "") -> Malformed:
    return Malformed(verb, [FieldError(field, said)])


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _Unreadable(f"“{twice[:40]}”出现了两次，只能写一次")
    return made


def _no_number(text: str) -> float:
    raise _Unreadable(f"{text} 不是数字，请改正")


def _number(text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise _Unreadable(f"{text[:20]} 太大，请改正")
    return value


def _check_depth(value: Any) -> None:
    level = [value]
    for _ in range(DEEPEST + 1):
        level = [
            part
            for whole in level
            if isinstance(whole, (dict, list))
            for part in (whole.values() if isinstance(whole, dict) else whole)
        ]
        if not level:
            return
    raise RecursionError


def _version(request: Request, verb: str) -> int:
    """The version of `If-Match`: `"7"`, `W/"7"` or plain 7."""
    said = request.headers.get("if-match")
    if said is None:
        raise VersionMissing(
            '请在请求头中写明依据的是案件的第几步：If-Match: "7"；第几步见案件的 version 或者 ETag。'
        )
    found = re.fullmatch(r'(?:W/)?"(\d{1,9})"|(\d{1,9})', said.strip(), re.ASCII)
    if found is None:
        raise _malformed(verb, f'“{said[:40]}”读不成案件的第几步，要写成 If-Match: "7"', "If-Match")
    return int(found[1] or found[2])


def _key(request: Request, verb: str) -> str:
    said = request.headers.get("idempotency-key")
    if said is None:
        return ""
    if not re.fullmatch(r"[!-~]{1,200}", said):
        raise _malformed(verb, "要写成 1 至 200 个可见的英文字符，不含空格", "Idempotency-Key")
    return said


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
        key=_key(request, verb),
        excuses=wrap.excuse,
        irregular=wrap.irregular,
        on_behalf_of=wrap.on_behalf_of,
        **more,
    )


# — writing ———————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Target:
    """A case that exists for the caller, and the version that the caller has seen."""

    case: str
    version: int


def target(request: Request, who: Who, case: Case) -> Target:
    queries.version_of(who.fashen, who.office, case)
    return Target(case, _version(request, request.url.path.rpartition("/")[2]))


On = Annotated[Target, Depends(target)]


def _answer(done: Done, *, opened: str = "") -> JSONResponse:
    headers: dict[str, str] = {}
    if not done.dry_run:
        headers |= _etag(done.version)
        if opened:
            headers["Location"] = f"{opened}/{done.case}"
    if done.repeated:
        headers["Idempotency-Replayed"] = "true"
    created = opened and not done.dry_run
    return JSONResponse(done.as_dict(), 201 if created else 200, headers)


def _etag(version: int) -> dict[str, str]:
    return {"ETag": f'"{version}"'}


# — the description ———————————————————————————————————————————————————————————————————


@lru_cache
def _verbs() -> dict[str, Move]:
    """Every verb of the flows in which new cases run, once."""
    return {move.verb: move for flow in CURRENT.values() for move in flow.moves}


@lru_cache
def _form(verb: str) -> dict[str, Any]:
    return form_schema(verb)


@lru_cache
def _bodies() -> dict[str, type[BaseModel]]:
    """For each verb its form and what goes with it, as one flat object."""
    made: dict[str, type[BaseModel]] = {}
    by_form: dict[type[Form], type[BaseModel]] = {}
    for verb, move in _verbs().items():
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


def _header(name: str, required: bool, text: str, **schema: Any) -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": required,
        "description": text,
        "schema": {"type": "string", **schema},
    }


_KEY = _header(
    "Idempotency-Key", False, "同一编号的同一请求只办一次", maxLength=200, pattern="^[!-~]+$"
)
_IF_MATCH = _header("If-Match", True, "依据的是案件的第几步", examples=['"7"'])


def writing(parameters: list[dict[str, Any]], form: type[Form]) -> dict[str, Any]:
    """How the description of a write shows its body, which the route reads itself."""
    return _writing(parameters, form.model_json_schema())


def _writing(parameters: list[dict[str, Any]], body: dict[str, Any]) -> dict[str, Any]:
    content = {"application/json": {"schema": body}}
    return {"parameters": parameters, "requestBody": {"required": True, "content": content}}


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
    request: Request, who: Who, on: On, verb: str, body: Body, asked: Annotated[Doing, Query()]
) -> JSONResponse:
    """Any verb, also one that does not exist: then the answer names the nearest."""
    read = read_object(request, body, verb)
    order = _order(
        request, who, verb, read, case=on.case, version=on.version, dry_run=asked.dry_run
    )
    return _answer(perform(who.fashen, order))


def _acting(verb: str) -> Callable[..., Response]:
    def act_on_case(
        request: Request, who: Who, on: On, body: Body, asked: Annotated[Doing, Query()]
    ) -> JSONResponse:
        return act(request, who, on, verb, body, asked)

    return act_on_case


def _routes() -> None:
    """One documented path per verb over one handler; whatever else is asked for falls through."""
    done = {"description": "办成", "content": {"application/json": {"schema": _ref("Outcome")}}}
    opening = [_ref(m.__name__) for v, m in _bodies().items() if _verbs()[v].opens]
    router.add_api_route(
        "/cases",
        open_case,
        methods=["POST"],
        status_code=201,
        summary="新开案件",
        operation_id="open_case",
        responses={
            201: done,
            200: {**done, "description": "只判断（dry_run）：可以办"},
            **responses(401, 403, 409, 413, 415, 422),
        },
        openapi_extra=_writing([_KEY], {"anyOf": opening}),
    )
    for verb, move in _verbs().items():
        if move.opens or move.who.roles == frozenset({"system"}):
            continue
        told = (COMMANDS[verb].run.__doc__ or "").strip()
        router.add_api_route(
            f"/cases/{{case}}/{verb}",
            _acting(verb),
            methods=["POST"],
            summary=move.label,
            description=f"{told}\n\n由{move.who.label}办理。",
            operation_id=verb,
            responses={200: done, **responses(*_REFUSALS)},
            openapi_extra=_writing([_IF_MATCH, _KEY], _ref(_bodies()[verb].__name__)),
        )
    router.add_api_route(
        "/cases/{case}/{verb}", act, methods=["POST"], include_in_schema=False, name="any_verb"
    )


_routes()
