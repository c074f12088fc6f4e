"""我的账户 — a person's password, second factor and sessions; for the security administrator, everybody's."""

from __future__ import annotations

import segno
from fastapi import APIRouter, Request
from itsdangerous import BadSignature, URLSafeTimedSerializer
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from policies.office import Person
from workflow import access_log, accounts, sessions
from workflow.database import reading
from workflow.errors import FashenError, FieldError, Malformed, NotFound, NotYourMove
from workflow.web.pages import signing
from workflow.web.pages.render import render
from workflow.web.pages.session import OWN_PASSWORD, Posted, Signed, Visit, address_of, text

router = APIRouter()

PAGE = 100
"""Lines of the log on one page."""

KEYS = "fashen_keys"
"""The cookie of a browser in which the key "/" is switched off (WCAG 2.1.4)."""

KEPT = 400 * 86400
"""Seconds; no browser keeps a cookie for longer."""


@router.get("/me")
def me(request: Request, visit: Signed, done: str = "") -> Response:
    return _me(visit, done=done, keys=has_keys(request))


def has_keys(request: Request) -> bool:
    """Whether "/" leads to the search in this browser."""
    return request.cookies.get(KEYS) != "off"


def _me(
    visit: Visit,
    *,
    done: str = "",
    wrong: FashenError | None = None,
    codes: list[str] | None = None,
    offered: int = 0,
    keys: bool | None = None,
) -> Response:
    office, person = visit.office, visit.person
    key, address = accounts.factor(visit.fashen, office, person, offered) if offered else ("", "")
    return render(
        "me.html",
        status=wrong.status if wrong else 200,
        visit=visit,
        here="me",
        account=accounts.of(visit.fashen, office.office, person.id),
        sessions=sessions.of(visit.fashen, office.office, person.id),
        key=" ".join(key[n : n + 4] for n in range(0, len(key), 4)),
        qr=_square(address) if offered else "",
        offered=_signer(visit).dumps([visit.session.digest, offered]) if offered else "",
        codes=codes or [],
        keys=keys,
        said=_SAID.get(done, ""),
        wrong=_sentences(wrong),
    )


@router.post("/me/keys")
def switch_keys(visit: Signed, form: Posted) -> Response:
    """Switch the key "/" off in this browser or on again: dictation, or a slip of the hand, types it too."""
    answer = RedirectResponse("/me?done=keys", 303)
    if text(form, "switch") == "off":
        secure = visit.fashen.settings.public_url.startswith("https:")
        answer.set_cookie(KEYS, "off", max_age=KEPT, httponly=True, samesite="lax", secure=secure)
    else:
        answer.delete_cookie(KEYS)
    return answer


def _square(address: str) -> str:
    """The QR code as a drawing of the page itself: no file, no address, and no other site learns the key."""
    return segno.make(address, micro=False).svg_inline(scale=4, border=2, omitsize=True)


_SAID = {
    "password": "密码已修改，其他设备上的登录都已结束。",
    "off": "动态口令已停用。",
    "others": "其他设备上的登录都已结束。",
    "keys": "快捷键的设置已保存在这个浏览器里。",
}


def _sentences(wrong: FashenError | None) -> list[str]:
    if isinstance(wrong, Malformed):
        return [error.message for error in wrong.errors]
    return [str(wrong)] if wrong else []


@router.get(OWN_PASSWORD)
def password_form(visit: Signed) -> Response:
    return _password(visit)


def _password(visit: Visit, wrong: FashenError | None = None) -> Response:
    told = {e.field: e.message for e in wrong.errors} if isinstance(wrong, Malformed) else {}
    if wrong and not told:
        told = {"": str(wrong)}
    status = wrong.status if wrong else 200
    return render(
        "password.html",
        status=status,
        visit=visit,
        here="me",
        wrong=told,
        least=visit.fashen.settings.password_length,
    )


@router.post(OWN_PASSWORD)
def change_password(visit: Signed, form: Posted) -> Response:
    try:
        accounts.change(
            visit.fashen, visit.office, visit.person, text(form, "old"), text(form, "new"),
            text(form, "again"), keep=visit.session.digest, address=visit.session.address,
        )  # fmt: skip
    except FashenError as wrong:
        return _password(visit, wrong)
    return RedirectResponse("/" if visit.session.initial else "/me?done=password", 303)


@router.post("/me/factor")
def switch_factor(visit: Signed, form: Posted) -> Response:
    """Offered and off with the password or a code; on with a code that shows that the offered key works.

    The key stands on this one answer and nowhere else: who opens the page later does not learn it.
    """
    office, person, here = visit.office.office, visit.person.id, visit.session.address
    offered = 0
    try:
        match text(form, "switch"):
            case "offer":
                signing.confirm(visit, form)
                return _me(visit, offered=accounts.offer())
            case "on":
                offered = _offered(visit, form)
                codes = accounts.switch_on(
                    visit.fashen, office, person, offered, _code(form), address=here
                )
                return _me(visit, codes=codes)
        signing.confirm(visit, form)
        accounts.switch_off(visit.fashen, office, person, address=here)
    except FashenError as wrong:
        return _me(visit, wrong=wrong, offered=offered)
    return RedirectResponse("/me?done=off", 303)


def _signer(visit: Visit) -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visit.fashen.settings.key, salt="fashen.pages.factor")


def _offered(visit: Visit, form: FormData) -> int:
    """The number that this very session was offered a while ago."""
    try:
        digest, number = _signer(visit).loads(text(form, "offered"), max_age=15 * 60)
    except BadSignature:
        digest, number = "", 0
    if digest != visit.session.digest:
        said = "这个二维码不是这次登录时给的，或者已经过了 15 分钟，没有启用；请重新开始"
        raise Malformed("启用动态口令", [FieldError("", said)])
    return int(number)


def _code(form: FormData) -> str:
    return "".join(text(form, "code").split())


@router.post("/me/others")
def end_others(request: Request, visit: Signed, form: Posted) -> Response:
    """Whoever lost a phone ends what runs on it."""
    office, person = visit.office.office, visit.person.id
    with visit.fashen.engine.begin() as tx:
        sessions.end_all(tx, office, person, keep=visit.session.digest)
        access_log.note(
            tx, visit.fashen.clock(), office, person, "others_ended", address=address_of(request)
        )
    return RedirectResponse("/me?done=others", 303)


# — everybody's accounts ——————————————————————————————————————————————————————————————————


def only(visit: Visit, *roles: str, what: str) -> None:
    """Whoever has none of these roles is told who has."""
    if not visit.person.has(*roles):
        able = "、".join(p.name for p in visit.office.with_role(*roles)) or "（机关未配备）"
        raise NotYourMove(f"{what}不由{visit.person.title}办理。可以看、可以办的人：{able}。")


KEEPERS = ("security_admin",)
"""Who looks after accounts: neither who keeps the people and powers, nor who reads the log of what was done."""


@router.get("/admin/accounts")
def list_accounts(visit: Signed) -> Response:
    return _accounts(visit)


def _accounts(visit: Visit, *, given: tuple[Person, str] | None = None) -> Response:
    only(visit, *KEEPERS, what="账户管理")
    every = accounts.every(visit.fashen, visit.office.office)
    now = visit.fashen.clock()
    rows = [
        (
            person,
            every.get(person.id),
            len(sessions.of(visit.fashen, visit.office.office, person.id)),
        )
        for person in visit.office.people
    ]
    return render(
        "accounts.html", visit=visit, here="accounts", rows=rows, now=now, given=given
    )  # fmt: skip


@router.post("/admin/accounts/{person_id}")
def look_after(visit: Signed, form: Posted, person_id: str) -> Response:
    """Give an initial password, shut or free an account, take a lost factor off, end the sessions."""
    only(visit, *KEEPERS, what="账户管理")
    person = visit.office.person(person_id)
    if person is None or person not in visit.office.people:
        raise NotFound(f"{visit.office.name}没有“{person_id}”这个人。")
    office, by = visit.office.office, visit.person.id
    match text(form, "do"):
        case "initial":
            made = accounts.give_initial(visit.fashen, office, person.id, by=by)
            return _accounts(visit, given=(person, made))
        case "free":
            accounts.free(visit.fashen, office, person.id, by=by)
        case "shut":
            if person.id == by:
                raise NotYourMove(
                    "没有停用：停用自己的账户以后，就没有人能恢复它。请由别的安全管理员停用。"
                )
            accounts.shut(visit.fashen, office, person.id, by=by)
        case "factor_off":
            accounts.switch_off(visit.fashen, office, person.id, by=by)
        case "end":
            with visit.fashen.engine.begin() as tx:
                sessions.end_all(tx, office, person.id)
                access_log.note(tx, visit.fashen.clock(), office, person.id, "others_ended", by=by)
        case other:
            raise NotFound(f"没有“{other}”这个动作。")
    return RedirectResponse("/admin/accounts", 303)


@router.get("/admin/access-log")
def read_log(visit: Signed, person: str = "", what: str = "", page: int = 1) -> Response:
    """Who came in, who was turned away, whose account was touched by whom; nobody can change it."""
    only(visit, *access_log.READERS, what="登录日志")
    page = min(max(page, 1), 10_000)
    with reading(visit.fashen.engine) as tx:
        lines, total = access_log.lines(
            tx, visit.office.office, person=person[:64], what=what[:20],
            limit=PAGE, offset=(page - 1) * PAGE,
        )  # fmt: skip
    return render(
        "access_log.html",
        visit=visit,
        here="log",
        lines=lines,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        names={p.id: p.name for p in visit.office.people},
        person=person,
        what=what,
        kinds=access_log.WHAT,
    )
