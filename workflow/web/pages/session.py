"""登录 — who is here: a random token in a cookie, its session on the server, and a token in every form.

`fashen token` is for programs; people come in with a password of their own (workflow/accounts.py).
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from fastapi.concurrency import run_in_threadpool
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from policies.office import Office, Person
from workflow import accounts, models, passwords, sessions
from workflow.database import reading
from workflow.errors import FashenError, Unauthorised
from workflow.program import Bureau, Fashen
from workflow.sessions import Session
from workflow.sight import may_open, sees_none
from workflow.times import beijing
from workflow.web.pages.render import render

COOKIE = "fashen_session"
GUEST = "fashen_guest"
"""Holds the token of the sign-in form, before there is a session to hold one."""
OWN_PASSWORD = "/me/password"

router = APIRouter()


class FromElsewhere(FashenError):
    """A form that our own pages did not send: a forgery, or a page kept open over a new sign-in."""

    status = 403
    title = "请重新打开页面再提交"


class OwnPasswordFirst(FashenError):
    """Whoever came in with a password that somebody gave them chooses one of their own before anything else."""

    status = 403
    title = "请先设置自己的密码"

    def __init__(self) -> None:
        super().__init__("初始密码只用一次：请先设置自己的密码。这次提交没有办理，什么都没有改变。")


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is looking, and the program they look at."""

    fashen: Fashen
    bureau: Bureau
    person: Person
    session: Session

    @property
    def csrf(self) -> str:
        return self.session.csrf

    @property
    def office(self) -> Office:
        return self.bureau.office

    @property
    def now(self) -> datetime:
        return beijing(self.fashen.clock())

    @property
    def sees_cases(self) -> bool:
        """Whether any case is theirs to see; the administrators of 等级保护 see none."""
        return not sees_none(self.person)


def visitor(request: Request) -> Visit | None:
    """The person behind the cookie, while their session runs and the office still has them; read once a request."""
    if not hasattr(request.state, "visit"):
        request.state.visit = _visitor(request)
    found: Visit | None = request.state.visit
    return found


def _visitor(request: Request) -> Visit | None:
    fashen: Fashen = request.app.state.fashen
    session = sessions.find(fashen, request.cookies.get(COOKIE, ""))
    if session is None:
        return None
    try:
        with reading(fashen.engine) as tx:
            bureau = fashen.bureau(tx, session.office)
    except FashenError:
        return None
    person = bureau.office.person(session.person)
    if person is None or person not in bureau.office.people:
        return None
    return Visit(fashen, bureau, person, session)


def signed_in(request: Request) -> Visit:
    """For pages that only people of an office may see; of a case, that it is this person's to see."""
    visit = perhaps_signed_in(request)
    if visit is None:
        raise Unauthorised("您还没有登录，或者登录已经过期。")
    if case := request.path_params.get("case_id"):
        with reading(visit.fashen.engine) as tx:
            may_open(tx, visit.office.office, case, visit.person)
    return visit


def perhaps_signed_in(request: Request) -> Visit | None:
    """For the one page that greets everybody; with an initial password it too waits for an own one."""
    visit = visitor(request)
    if visit and visit.session.initial and request.url.path != OWN_PASSWORD:
        raise OwnPasswordFirst
    return visit


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form that our own page sent to this very person; its files are closed afterwards."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FromElsewhere("这次提交来自另一个网站，没有办理，什么都没有改变。")
    visit = await run_in_threadpool(visitor, request)
    known = visit.csrf if visit else _guest(request)
    async with request.form() as form:
        _same_person(known, form)
        yield form


def _same_person(known: str, form: FormData) -> None:
    brought = str(form.get("csrf", ""))
    if not known:
        raise Unauthorised(
            "登录已经过期，没有办理，什么都没有改变。请登录后用浏览器的“后退”取回填写的内容。"
        )
    if not hmac.compare_digest(brought.encode(), known.encode()):
        raise FromElsewhere(
            "这张页面是在另一次登录时打开的，没有办理，什么都没有改变。请重新打开页面再提交。"
        )


Signed = Annotated[Visit, Depends(signed_in)]
Posted = Annotated[FormData, Depends(posted)]


def text(form: FormData, name: str) -> str:
    """One field as text; a file where text belongs counts as nothing."""
    value = form.get(name, "")
    return "" if isinstance(value, UploadFile) else value


def address_of(request: Request) -> str:
    """Where the browser is, as the server was told (docs/access.md says how behind a proxy)."""
    return request.client.host if request.client else ""


# — signing in and out ————————————————————————————————————————————————————————————————————


def _signer(fashen: Fashen) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(fashen.settings.key, salt="fashen.pages.guest")


def _guest(request: Request) -> str:
    """The token of the sign-in form that this browser was shown, or nothing when it is forged or too old."""
    try:
        lasts = int(sessions.LASTS.total_seconds())
        told = _signer(request.app.state.fashen).loads(
            request.cookies.get(GUEST, ""), max_age=lasts
        )
    except BadSignature:
        return ""
    return told if isinstance(told, str) else ""


def _keep(request: Request, response: Response, name: str, value: str) -> None:
    fashen: Fashen = request.app.state.fashen
    response.set_cookie(
        name,
        value,
        max_age=int(sessions.LASTS.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=fashen.settings.public_url.startswith("https:"),
    )


def offices_here(fashen: Fashen) -> list[Office]:
    """Every office of this database, to choose from where there are several."""
    with reading(fashen.engine) as tx:
        ids = tx.execute(sa.select(models.office.c.id).order_by(models.office.c.id)).scalars()
        return [fashen.bureau(tx, id).office for id in ids.all()]


def login_page(
    request: Request,
    *,
    error: str = "",
    status: int = 200,
    then: str = "",
    told: FormData | None = None,
) -> Response:
    """The sign-in page; its form already carries a token, so nobody can be signed in from elsewhere."""
    fashen: Fashen = request.app.state.fashen
    csrf = _guest(request) or secrets.token_urlsafe(24)
    offices = offices_here(fashen)
    response = render(
        "login.html",
        status=status,
        csrf=csrf,
        error=error,
        then=_local(then or request.query_params.get("next", "")),
        every=offices,
        offices=[office for office in offices if office.sample],
        password=passwords.SAMPLE_PASSWORD,
        name=text(told, "name") if told else request.query_params.get("name", ""),
        chosen=text(told, "office") if told else request.query_params.get("office", ""),
    )
    _keep(request, response, GUEST, str(_signer(fashen).dumps(csrf)))
    return response


def _local(path: str) -> str:
    """Only a path of this site; anything else leads to the first page."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() else "/"


@router.get("/login")
def login(request: Request) -> Response:
    return login_page(request)


@router.post("/login")
def log_in(request: Request, form: Posted) -> Response:
    """Account, password and, where it is switched on, the code of the second factor."""
    fashen: Fashen = request.app.state.fashen
    then = _local(text(form, "next"))
    every = offices_here(fashen)
    wanted = text(form, "office")
    office = next((o for o in every if o.office == wanted), every[0] if len(every) == 1 else None)
    if office is None:
        said = "请先选择机关。" if every else "还没有载入机关，请在服务器上运行 fashen init。"
        return login_page(request, error=said, status=422, then=then, told=form)
    try:
        person = accounts.sign_in(
            fashen, office, text(form, "name"), text(form, "password"), text(form, "code"),
            address_of(request),
        )  # fmt: skip
    except FashenError as wrong:
        page = login_page(request, error=str(wrong), status=wrong.status, then=then, told=form)
        page.headers.update(getattr(wrong, "headers", {}))
        return page
    return _enter(request, office.office, person.id, then)


def _enter(request: Request, office: str, person: str, then: str) -> Response:
    """A fresh session with a fresh token, whoever was here before; theirs ends."""
    fashen: Fashen = request.app.state.fashen
    before = visitor(request)
    if before:
        sessions.end(fashen, before.session)
    agent = request.headers.get("user-agent", "")
    token = sessions.begin(fashen, office, person, address=address_of(request), agent=agent)
    response = RedirectResponse(then, status_code=303)
    _keep(request, response, COOKIE, token)
    response.delete_cookie(GUEST, httponly=True, samesite="lax")
    return response


@router.post("/logout")
def log_out(request: Request, form: Posted) -> Response:
    visit = visitor(request)
    if visit:
        sessions.end(visit.fashen, visit.session)
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
