"""登录 — one signed cookie says who is here, and every form must bring its token back."""

from __future__ import annotations

import hmac
import secrets
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import sqlalchemy as sa
from fastapi import APIRouter, Depends, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData, UploadFile
from starlette.responses import RedirectResponse, Response

from policies.office import Office, Person
from workflow import models, tokens
from workflow.database import reading
from workflow.errors import FashenError, Unauthorised
from workflow.program import Bureau, Fashen
from workflow.times import beijing
from workflow.web.pages.render import render

COOKIE = "fashen_session"
LASTS = 12 * 60 * 60
"""Seconds until one signs in again: longer than a working day, shorter than a night on a shared PC."""

router = APIRouter()


class FromElsewhere(FashenError):
    """A form that our own pages did not send: a forgery, or a page kept open over a new sign-in."""

    status = 403
    title = "请重新打开页面再提交"


@dataclass(frozen=True, slots=True)
class Visit:
    """Who is looking, and the program they look at."""

    fashen: Fashen
    bureau: Bureau
    person: Person
    csrf: str

    @property
    def office(self) -> Office:
        return self.bureau.office

    @property
    def now(self) -> datetime:
        return beijing(self.fashen.clock())


def _signer(fashen: Fashen) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(fashen.settings.key, salt="fashen.pages.session")


def _read(request: Request) -> dict[str, str]:
    """What the cookie says, or nothing when it is missing, forged or too old."""
    fashen: Fashen = request.app.state.fashen
    try:
        told = _signer(fashen).loads(request.cookies.get(COOKIE, ""), max_age=LASTS)
    except BadSignature:
        return {}
    return told if isinstance(told, dict) else {}


def _write(request: Request, response: Response, told: Mapping[str, str]) -> None:
    fashen: Fashen = request.app.state.fashen
    response.set_cookie(
        COOKIE,
        str(_signer(fashen).dumps(dict(told))),
        max_age=LASTS,
        httponly=True,
        samesite="lax",
        secure=fashen.settings.public_url.startswith("https:"),
    )


def visitor(request: Request) -> Visit | None:
    """The person behind the cookie, if the office still has them."""
    told = _read(request)
    if not told.get("person"):
        return None
    fashen: Fashen = request.app.state.fashen
    try:
        with reading(fashen.engine) as tx:
            bureau = fashen.bureau(tx, told["office"])
    except FashenError:
        return None
    person = bureau.office.person(told["person"])
    if person is None or person not in bureau.office.people:
        return None
    return Visit(fashen, bureau, person, told["csrf"])


def signed_in(request: Request) -> Visit:
    """For pages that only people of an office may see."""
    visit = visitor(request)
    if visit is None:
        raise Unauthorised("您还没有登录，或者登录已经过期。")
    return visit


async def posted(request: Request) -> AsyncIterator[FormData]:
    """The fields of a form that our own page sent to this very person; its files are closed afterwards."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise FromElsewhere("这次提交来自另一个网站，没有办理，什么都没有改变。")
    async with request.form() as form:
        _same_person(request, form)
        yield form


def _same_person(request: Request, form: FormData) -> None:
    brought, known = str(form.get("csrf", "")), _read(request).get("csrf", "")
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


def samples(fashen: Fashen) -> list[Office]:
    """The offices whose people are invented: there, and only there, a button is enough to come in."""
    with reading(fashen.engine) as tx:
        ids = tx.execute(sa.select(models.office.c.id).order_by(models.office.c.id)).scalars()
        found = [fashen.bureau(tx, id).office for id in ids.all()]
    return [office for office in found if office.sample]


def login_page(request: Request, *, error: str = "", status: int = 200, then: str = "") -> Response:
    """The sign-in page; its form already carries a token, so nobody can be signed in from elsewhere."""
    fashen: Fashen = request.app.state.fashen
    told: dict[str, str] = dict(_read(request)) or {"csrf": secrets.token_urlsafe(24)}
    response = render(
        "login.html",
        status=status,
        csrf=told["csrf"],
        error=error,
        then=_local(then or request.query_params.get("next", "")),
        offices=samples(fashen),
    )
    _write(request, response, told)
    return response


def _local(path: str) -> str:
    """Only a path of this site; anything else leads to the case list."""
    plain = path.startswith("/") and not path.startswith(("//", "/\\"))
    return path if plain and path.isprintable() else "/"


@router.get("/login")
def login(request: Request) -> Response:
    return login_page(request)


@router.post("/login")
def log_in(request: Request, form: Posted) -> Response:
    """A token from `fashen token PERSON`, or, in a sample office, the name of a person."""
    fashen: Fashen = request.app.state.fashen
    then = _local(text(form, "next"))
    if wanted := text(form, "person"):
        for office in samples(fashen):
            person = office.person(wanted)
            if office.office == text(form, "office") and person in office.people:
                return _enter(request, office.office, wanted, then)
        return login_page(request, error="只有示例机关可以不用令牌进入。", status=403, then=then)
    try:
        office_id, person_id = tokens.bearer(fashen, text(form, "token").strip())
    except FashenError as wrong:
        return login_page(request, error=str(wrong), status=wrong.status, then=then)
    return _enter(request, office_id, person_id, then)


def _enter(request: Request, office: str, person: str, then: str) -> Response:
    """A fresh cookie with a fresh token, whoever was here before."""
    response = RedirectResponse(then, status_code=303)
    told = {"office": office, "person": person, "csrf": secrets.token_urlsafe(24)}
    _write(request, response, told)
    return response


@router.post("/logout")
def log_out(form: Posted) -> Response:
    response = RedirectResponse("/", status_code=303)
    response.delete_cookie(COOKIE, httponly=True, samesite="lax")
    return response
