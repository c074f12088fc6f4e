"""管理 — what the office is made of, to read: people, roster, powers, parameters, calendar, channels, tokens.

Nothing is changed here but a token; what the office file says is changed on pages/officefile.py, by two.
"""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from policies.roles import ROLE_NAMES
from workflow import administration, officefile, proposals, tokens
from workflow.differences import cited
from workflow.errors import FashenError
from workflow.health import health, worst
from workflow.scopes import MEANS, READ, SCOPES, chosen, in_words
from workflow.web.pages import signing
from workflow.web.pages.account import only
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, text

router = APIRouter()

TABS = (
    ("/admin", "概况"),
    ("/admin/office", "机关文件"),
    ("/admin/unconfirmed", "未确认"),
    ("/admin/people", "人员"),
    ("/admin/duty", "值班"),
    ("/admin/powers", "权力事项"),
    ("/admin/parameters", "参数"),
    ("/admin/calendar", "放假安排"),
    ("/admin/channels", "渠道"),
    ("/admin/tokens", "令牌"),
)


def page(visit: Visit, template: str, tab: str, **context: Any) -> Response:
    """One of these pages under its tabs, for whoever may read them."""
    only(visit, *administration.READERS, what="管理页")
    return screen(visit, template, tab, **context)


def screen(visit: Visit, template: str, tab: str, **context: Any) -> Response:
    full = visit.person.has(*administration.READERS)
    return render(
        f"admin/{template}.html",
        visit=visit,
        here="admin",
        tabs=TABS if full else (),
        tab=tab,
        roles=ROLE_NAMES,
        names={p.id: p.name for p in visit.office.people},
        **context,
    )


@router.get("/admin")
def overview(visit: Signed) -> Response:
    """What wants a hand, and the way to each page."""
    only(visit, *administration.READERS, what="管理页")
    office, today = visit.office, visit.now.date()
    held = administration.certificates(office, today)
    every, newest = proposals.listed(visit.fashen, office.office)
    return page(
        visit,
        "overview",
        "/admin",
        newest=newest,
        waiting=[p for p in every if p.state == "open" and not p.stale(newest)],
        expired=sum(h.tone == "r" for h in held),
        soon=sum(h.tone == "y" for h in held),
        roster=administration.roster(office, visit.now),
        powers=len(administration.powers(office, on=today)),
        unconfirmed=len(officefile.unconfirmed(office)),
        through=visit.fashen.calendar.published_through,
        ways=administration.ways(visit.fashen, office),
        worst=worst(health(visit.fashen)),
    )


@router.get("/admin/people")
def people(visit: Signed) -> Response:
    held = administration.certificates(visit.office, visit.now.date())
    return page(visit, "people", "/admin/people", held=held)


@router.get("/admin/duty")
def duty(visit: Signed) -> Response:
    roster = administration.roster(visit.office, visit.now)
    return page(visit, "duty", "/admin/duty", roster=roster)


@router.get("/admin/powers")
def powers(visit: Signed, q: str = "", all: str = "") -> Response:
    """The list, by default as it applies to an act of today."""
    on = None if all else visit.now.date()
    found = administration.powers(visit.office, search=q[:100], on=on)
    return page(
        visit, "powers", "/admin/powers", powers=found, q=q[:100], all=bool(all),
        amount=administration.amount, cited=cited,
    )  # fmt: skip


@router.get("/admin/parameters")
def parameters(visit: Signed) -> Response:
    rows = administration.parameters(visit.office, visit.now.date())
    return page(visit, "parameters", "/admin/parameters", rows=rows)


@router.get("/admin/calendar")
def calendar(visit: Signed) -> Response:
    only(visit, *administration.READERS, what="管理页")
    days = administration.days(visit.fashen, visit.office.office)
    return page(visit, "calendar", "/admin/calendar", days=days)


@router.get("/admin/channels")
def channels(visit: Signed) -> Response:
    ways = administration.ways(visit.fashen, visit.office)
    return page(visit, "channels", "/admin/channels", ways=ways)


# — tokens ————————————————————————————————————————————————————————————————————————————————

KEEPERS = ("admin", "security_admin")
"""Who sees and ends everybody's tokens. Nobody takes one for somebody else: it would act in their name."""


@router.get("/admin/tokens")
def list_tokens(visit: Signed) -> Response:
    return _tokens(visit)


def _tokens(visit: Visit, *, made: str = "", wrong: FashenError | None = None) -> Response:
    keeper = visit.person.has(*KEEPERS)
    of = "" if keeper else visit.person.id
    return screen(
        visit,
        "tokens",
        "/admin/tokens",
        status=wrong.status if wrong else 200,
        rows=tokens.issued(visit.fashen, visit.office.office, of),
        keeper=keeper,
        made=made,
        wrong=str(wrong) if wrong else "",
        calendar=tokens.CALENDAR,
        scopes=[(name, word, MEANS[name]) for name, word in SCOPES.items()],
        default=READ,
        in_words=in_words,
    )


@router.post("/admin/tokens")
def take_token(visit: Signed, form: Posted) -> Response:
    """A token for oneself, told once, that only reads where nothing else is chosen; who takes it signs for it."""
    try:
        held = chosen(str(value) for value in form.getlist("scope"))
        signing.confirm(visit, form)
    except FashenError as wrong:
        return _tokens(visit, wrong=wrong)
    office, person = visit.office.office, visit.person.id
    return _tokens(visit, made=tokens.issue(visit.fashen, office, person, scopes=held))


@router.post("/admin/tokens/end")
def end_token(visit: Signed, form: Posted) -> Response:
    own = "" if visit.person.has(*KEEPERS) else visit.person.id
    digest = text(form, "token")[:64]
    tokens.end(visit.fashen, visit.office.office, digest, by=visit.person.id, only_of=own)
    return RedirectResponse("/admin/tokens", 303)
