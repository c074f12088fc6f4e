"""The web application: pages for people, `/api/v1` for programs, and one answer to every error."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from sqlalchemy.exc import OperationalError
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Lifespan, Message, Receive, Scope, Send

from workflow.errors import FashenError, FieldError, Malformed, Unauthorised
from workflow.program import Fashen
from workflow.web import api, calendar, public, transfer, watching
from workflow.web.api.verbs import schemas
from workflow.web.calls import Calls

API = "/api/v1"
LARGEST = 1024 * 1024
"""Bytes of one request: a case is text, and files have addresses of their own (`transfer.room`)."""


def make_app(fashen: Fashen, *, lifespan: Lifespan[FastAPI] | None = None) -> FastAPI:
    """The whole site over one assembled program."""
    from workflow.web import pages

    app = FastAPI(
        routes=_addresses(),
        title="法审 Fashen",
        version="1",
        description=api.__doc__ or "",
        lifespan=lifespan,
        openapi_url=f"{API}/openapi.json",
        # Their viewers are fetched from elsewhere, which the content policy forbids.
        docs_url=None,
        redoc_url=None,
    )
    app.state.fashen = fashen
    app.state.calls = Calls()
    static = StaticFiles(directory=Path(__file__).with_name("static"), check_dir=False)
    app.mount("/static", static, name="static")
    pages.install(app)

    https = fashen.settings.public_url.startswith("https:")
    guards = {**SECURITY, **(HTTPS_ONLY if https else {})}

    def answer(request: Request, error: Exception) -> Response:
        # A script that uploads asks for data too, whichever way its person signed in.
        if request.url.path.startswith("/api/") or "tus-resumable" in request.headers:
            response: Response = problem(request, _known(error))
        else:
            # The pages have words of their own for an address that does not exist.
            unknown = isinstance(error, HTTPException) and error.status_code in (404, 405)
            response = pages.error_page(request, error if unknown else _known(error))
        # An unexpected error is answered outside of everything that stands around a request.
        _guard(response.headers, request.url.path, guards)
        return response

    for kind in (
        FashenError,
        HTTPException,
        RequestValidationError,
        OperationalError,
        Exception,
    ):
        app.add_exception_handler(kind, answer)
    app.add_middleware(BodyLimit, refuse=answer)
    app.add_middleware(SecurityHeaders, guards=guards)
    app.openapi = lambda: _openapi(app)  # type: ignore[method-assign]
    return app


@cache
def _addresses() -> list[BaseRoute]:
    """What every site of this process answers.

    FastAPI works a route out when it is first asked for, a quarter of a second for all of them, and keeps it
    with the inclusion: so all are included once and not once for each program.
    """
    # Not at the top: whoever only wants the interface's description need not load every page.
    from workflow.web import pages

    site = APIRouter()
    site.include_router(api.router, prefix=API)
    for router in (calendar.router, pages.router, watching.router, public.router):
        site.include_router(router, include_in_schema=False)
    return site.routes


# — errors ————————————————————————————————————————————————————————————————————————————


class WebError(FashenError):
    """What the web itself says no to, before anything was asked of the office."""

    def __init__(self, status: int, headers: Mapping[str, str] | None = None) -> None:
        self.kind, self.title, text = _SAID.get(status) or _SAID[400]
        self.status, self.headers = status, headers
        super().__init__(text)


_SAID = {
    400: ("bad-request", "请求有误", "请求读不出来，请检查后重发。"),
    404: ("no-such-address", "没有找到", "没有这个地址。"),
    405: ("method-not-allowed", "不接受这种请求", "这个地址不接受这种请求方法。"),
    413: ("too-large", "内容太大", f"一次最多 {LARGEST // 1024} KiB；长文请作为证据文件登记。"),
    500: ("unexpected", "出了问题", "程序出了意外，没有办成；已记入日志，请告诉管理员。"),
    503: ("unavailable", "暂时办不了", "数据库现在连不上或者正忙，没有办成，请稍后再试。"),
}


def _known(error: Exception) -> FashenError:
    """Any error as one of ours, so that a page and a program hear the same sentence."""
    if isinstance(error, FashenError):
        return error
    if isinstance(error, RequestValidationError):
        return Malformed("请求", [_told(e) for e in error.errors()])
    if isinstance(error, HTTPException):
        return WebError(error.status_code, error.headers)
    return WebError(503 if isinstance(error, OperationalError) else 500)


def _told(error: dict[str, Any]) -> FieldError:
    """FastAPI's own finding about an address, in Chinese."""
    name, context = ".".join(str(step) for step in error["loc"][1:]), error.get("ctx", {})
    bounds = {
        "ge": "不小于 {}",
        "le": "不大于 {}",
        "max_length": "最多 {} 个字符",
        "expected": "只能是：{}",
    }
    for key, words in bounds.items():
        if key in context:
            return FieldError(name, f"{words.format(context[key])}，请改正")
    kind = error["type"]
    if kind == "missing":
        return FieldError(name, "没有填写，请填写")
    if kind == "extra_forbidden":
        return FieldError(name, "地址里没有这个参数，请去掉或者改正")
    if kind.startswith("int"):
        return FieldError(name, "要写成整数，请改正")
    if kind.startswith("bool"):
        return FieldError(name, "只能是 true（是）或 false（否）")
    if kind == "value_error":
        return FieldError(name, str(context.get("error", error["msg"])))
    return FieldError(name, f"的值不能接受（{error['msg']}）")


def problem(request: Request, error: FashenError) -> JSONResponse:
    """RFC 9457: one sentence for the person, and the data behind it for the program."""
    headers = dict(getattr(error, "headers", None) or {})
    if isinstance(error, Unauthorised):
        headers["WWW-Authenticate"] = 'Bearer realm="fashen"'
    # `ChangedMeanwhile` → `changed-meanwhile`
    kind = re.sub("(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
    body = {
        "type": f"urn:fashen:problem:{error.kind if isinstance(error, WebError) else kind}",
        "title": error.title,
        "status": error.status,
        "detail": str(error),
        "instance": request.url.path,
        **error.details(),
    }
    return JSONResponse(body, error.status, headers, media_type="application/problem+json")


# — around every request ——————————————————————————————————————————————————————————————


class BodyLimit:
    """No request larger than its address takes, whether it says so or is found out while it is read.

    Starlette's own limit answers in English plain text whatever the handlers say.
    """

    def __init__(self, app: ASGIApp, refuse: Callable[[Request, Exception], Response]) -> None:
        self.app, self.refuse = app, refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)
        headers = Headers(scope=scope)
        kind, said = headers.get("content-type", ""), headers.get("content-length", "0")
        fashen = scope["app"].state.fashen
        most, no = transfer.room(scope["method"], scope["path"], kind, fashen, LARGEST)
        no = no or HTTPException(413)
        if not said.isdigit() or len(said) > 18 or int(said) > most:
            response = self.refuse(Request(scope), no)
            return await response(scope, receive, send)
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > most:
                raise no
            return message

        await self.app(scope, counted, send)


SECURITY = {
    # Each kind of thing by name, and of what is not named nothing; our style sheet draws arrows from data: pictures.
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; "
    "img-src 'self' data:; media-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # The phone's camera and place are for our own pages alone; nothing else of a device is for anybody.
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000"}
"""Of a site that is reached by https: for a year browsers come by nothing else."""


class SecurityHeaders:
    """Nothing from elsewhere, no frames, no guessing of types, and no copy of a case in a cache."""

    def __init__(self, app: ASGIApp, guards: Mapping[str, str]) -> None:
        self.app, self.guards = app, guards

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self.app(scope, receive, send)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                _guard(MutableHeaders(scope=message), scope["path"], self.guards)
            await send(message)

        await self.app(scope, receive, guarded)


def _guard(headers: MutableHeaders, path: str, guards: Mapping[str, str]) -> None:
    for name, value in guards.items():
        headers.setdefault(name, value)  # a file brings a stricter policy of its own
    if not path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-store")


def _openapi(app: FastAPI) -> dict[str, Any]:
    if not app.openapi_schema:
        made = get_openapi(
            title=app.title, version=app.version, description=app.description, routes=app.routes
        )
        made["components"].setdefault("schemas", {}).update(schemas())
        app.openapi_schema = made
    return app.openapi_schema
