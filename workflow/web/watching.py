"""What watchers ask: a load balancer `/healthz`, a monitor `/healthz?deep=true`, Prometheus `/metrics`."""

from __future__ import annotations

import hmac
import ipaddress

import sqlalchemy as sa
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from sqlalchemy.exc import SQLAlchemyError

from workflow import metrics
from workflow.database import reading
from workflow.health import as_json, health
from workflow.program import Fashen

router = APIRouter()

_FORWARDED = ("forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip")
"""What a proxy adds: then whoever asks is not on this machine, whatever the address says."""


@router.get("/healthz")
def healthz(request: Request, deep: bool = False) -> JSONResponse:
    """Whether this process can reach its database; `deep` also whether everything that must go on does."""
    fashen: Fashen = request.app.state.fashen
    try:
        with reading(fashen.engine) as tx:
            tx.execute(sa.text("select 1"))
    except SQLAlchemyError as lost:
        told = {"status": "down", "database": type(lost).__name__}
        return JSONResponse(told | (as_json(health(fashen)) if deep else {}), 503)
    told = {"status": "ok", "database": fashen.engine.dialect.name}
    if not deep:
        return JSONResponse(told)
    found = as_json(health(fashen))
    red = found["level"] == "red"
    return JSONResponse(told | {"status": "down" if red else "ok"} | found, 503 if red else 200)


@router.get("/metrics")
def figures(request: Request) -> Response:
    """The figures for Prometheus, to whoever brings FASHEN_METRICS_TOKEN; without one, to this machine."""
    fashen: Fashen = request.app.state.fashen
    token = fashen.settings.metrics_token.get_secret_value()
    if token:
        kind, _, brought = request.headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not hmac.compare_digest(brought.encode(), token.encode()):
            return PlainTextResponse(
                "要带上 FASHEN_METRICS_TOKEN：Authorization: Bearer …\n",
                401,
                {"WWW-Authenticate": 'Bearer realm="fashen"'},
            )
    elif not _on_this_machine(request):
        return PlainTextResponse(
            "没有设 FASHEN_METRICS_TOKEN，指标只给本机直接的连接；要从别处取，请设这个令牌。\n", 403
        )
    try:
        return Response(metrics.exposition(fashen), media_type=metrics.CONTENT_TYPE)
    except SQLAlchemyError as lost:
        return PlainTextResponse(f"数据库连不上（{type(lost).__name__}）。\n", 503)


def _on_this_machine(request: Request) -> bool:
    """Whether the connection comes from this very machine, and not through a proxy that runs on it."""
    if request.client is None or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False
