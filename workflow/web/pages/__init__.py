"""网页 — one file per screen; here they come together, and every error becomes a page."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, FastAPI, Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from workflow.database import reading
from workflow.errors import FashenError, NotFromHere, Unauthorised
from workflow.order import label
from workflow.sight import may_open
from workflow.web.pages import (
    account,
    admin,
    approvals,
    cases,
    days,
    deadlines,
    delegations,
    discussion,
    dossiers,
    files,
    health,
    inbox,
    integrity,
    moves,
    officefile,
    publication,
    review,
    session,
    state_map,
    summary,
    summary_paper,
    supervise,
    workbench,
)
from workflow.web.pages.render import WEB, render

router = APIRouter()
for screen in (
    session,
    account,
    admin,
    officefile,
    workbench,
    review,
    approvals,
    discussion,
    cases,
    state_map,
    days,
    deadlines,
    publication,
    health,
    inbox,
    files,
    summary,
    summary_paper,
    moves,
    delegations,
    supervise,
    dossiers,
    integrity,
):
    router.include_router(screen.router)


def install(app: FastAPI) -> None:
    """Put the pages and their style sheet on an app that has none yet; `app.state.fashen` is the program."""
    if not any(getattr(route, "original_router", None) is router for route in app.routes):
        app.include_router(router, include_in_schema=False)
    if not any(isinstance(route, Mount) and route.path == "/static" for route in app.routes):
        app.mount("/static", StaticFiles(directory=WEB / "static"), name="static")


def error_page(request: Request, error: Exception) -> Response:
    """Any error of a page, told to a person: what was tried, that nothing changed, what to do now."""
    if isinstance(error, Unauthorised):
        if request.method in ("GET", "HEAD"):
            path = quote(request.url.path + (f"?{request.url.query}" if request.url.query else ""))
            return RedirectResponse(f"/login?next={path}", status_code=303)
        return session.login_page(request, error=str(error), status=401, then="/")
    if isinstance(error, session.OwnPasswordFirst) and request.method in ("GET", "HEAD"):
        return RedirectResponse(session.OWN_PASSWORD, status_code=303)
    status, title, said = _told(error)
    # With a 500 the database itself may be what fails, so nobody is looked up in it.
    visit = session.visitor(request) if status < 500 else None
    verbs = error.verbs if isinstance(error, NotFromHere) else ()
    return render(
        "message.html",
        status=status,
        visit=visit,
        title=title,
        text=said,
        verbs=[(verb, label(verb)) for verb in verbs],
        back=_back(request, visit),
    )


def _told(error: Exception) -> tuple[int, str, str]:
    if isinstance(error, FashenError):
        return error.status, error.title, str(error)
    status = getattr(error, "status_code", 500)
    if status == 404:
        return 404, "没有这一页", "地址可能写错了，或者案件不在您的机关。"
    if status == 405:
        return 405, "不能这样打开", "这个地址只接受页面上的按钮。请回到案件重新办理。"
    if status < 500:
        return status, "不能处理这个请求", str(getattr(error, "detail", "")) or "请回到上一页重试。"
    said = "没有办理完的步骤不会留下任何改动。请稍后重试；仍不行的，告诉管理员时间和案号。"
    return status, "程序出了问题", said


def _back(request: Request, visit: session.Visit | None) -> str:
    """The case that the address belongs to, where it is the visitor's to see."""
    match request.url.path.split("/"):
        case ["", "cases", case_id, _, *_] if case_id != "do" and _opens(visit, case_id):
            return f"/cases/{case_id}"
    return "/"


def _opens(visit: session.Visit | None, case_id: str) -> bool:
    if visit is None:
        return True
    try:
        with reading(visit.fashen.engine) as tx:
            may_open(tx, visit.office.office, case_id, visit.person)
    except FashenError:
        return False
    return True
