"""工作台 — what waits for the visitor, and every list of cases: searched, filtered, kept, taken away as Excel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import parse_qsl, quote

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from policies.casefile import CaseFile
from states.case import CaseState
from workflow import case_workbook, saved_filters, workbench
from workflow.queries import Deadline
from workflow.web.pages.account import has_keys
from workflow.web.pages.countdown import Countdown, countdown, term_of
from workflow.web.pages.opening import openings
from workflow.web.pages.progress import STATES, when
from workflow.web.pages.render import render
from workflow.web.pages.session import Posted, Signed, Visit, login_page, perhaps_signed_in, text
from workflow.workbench import ALL, TABS, Asked, Counts, Desk, Line, Page

router = APIRouter()

LAST_PAGE = 10_000

HOMES = {"admin": "/admin", "security_admin": "/admin/accounts", "audit_admin": "/admin/access-log"}
"""Where the day of those begins who have no case to see."""

_NO_CASE = CaseFile()
"""The line says itself what its clocks are about; no case is opened for it."""

EMPTY = {
    "todo": "没有等您办理的案件。",
    "done": "您还没有办理过哪一步。",
    "mine": "没有您承办或者交给您的案件。",
    "supervised": "没有待答复的督办。",
    "alerts": "没有挂红牌、黄牌的案件。",
    ALL: "还没有案件。",
}
"""What a list says that has nothing in it."""


@dataclass(frozen=True, slots=True)
class Shown:
    """One row with its clocks in words."""

    line: Line
    main: Countdown | None
    others: tuple[Countdown, ...]
    tone: str
    review: str
    round: str


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: where it leads, its word, its number, whether it is open."""

    href: str
    word: str
    count: str
    here: bool


def desk_of(visit: Visit) -> Desk:
    return Desk(visit.fashen, visit.bureau, visit.person)


def tabs(counts: Counts, here: str) -> list[Tab]:
    """The six tabs in the order that people know."""
    return [
        Tab(
            "/inbox" if tab == "inbox" else f"/?tab={tab}",
            word,
            _said(counts.tabs[tab]),
            tab == here,
        )
        for tab, word in TABS.items()
    ]


def _said(count: int) -> str:
    return f"{count}" if count < workbench.MANY else f"{workbench.MANY - 1}+"


@router.get("/")
def show(request: Request) -> Response:
    """The workbench; the sign-in page for whoever is not signed in, their own page for administrators."""
    visit = perhaps_signed_in(request)
    if visit is None:
        return login_page(request)
    home = next((path for role, path in HOMES.items() if visit.person.has(role)), "")
    if home and not visit.sees_cases and not request.query_params:
        return RedirectResponse(home, status_code=303)
    desk, told = desk_of(visit), request.query_params
    asked = read(told, desk)
    number = told.get("page", "")
    page = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 1
    page = min(max(page, 1), LAST_PAGE)
    start = (page - 1) * workbench.PAGE
    found = workbench.page(desk, asked, offset=start)
    counts = workbench.counts(desk)
    return render(
        "workbench.html",
        visit=visit,
        here="cases" if asked.tab == ALL else "workbench",
        asked=asked,
        tabs=tabs(counts, asked.tab),
        title=TABS.get(asked.tab, "案件"),
        keys=has_keys(request),
        counts=counts,
        desk=desk,
        lines=[shown(desk, line) for line in found.lines],
        found=found,
        page=page,
        pages=max(1, -(-found.total // workbench.PAGE)) + found.more,
        saved=saved_filters.saved(visit.fashen, desk.office, visit.person.id),
        states=[(s.value, s.label) for s in CaseState],
        officers=[p for p in visit.office.people if p.has("officer", "unit_head")],
        flows=workbench.FLOWS,
        tones=workbench.TONES,
        only=workbench.ONLY,
        sorts=workbench.SORTS,
        empty=EMPTY[asked.tab] if visit.sees_cases else "您不办理案件，也不查看案件内容。",
        openings=openings(visit),
        when=lambda at: when(at, desk.today),
        limit=case_workbook.MOST,
        no_day=workbench.NO_DAY.isoformat(),
    )


def read(told: Mapping[str, str], desk: Desk) -> Asked:
    """What the address asks for; what it says wrongly is passed over, as a mistyped search would be."""
    only, tone = told.get("only", ""), told.get("tone", "")
    if only in workbench.TONES:  # addresses of before there were tabs
        only, tone = "", only
    tab = told.get("tab", "")
    if tab not in EMPTY:
        tab = "alerts" if tone else ALL if only or told.get("q") else desk.first_tab
    known = {s.value for s in CaseState}
    return Asked(
        tab=tab,
        q=told.get("q", "").strip()[:100],
        state=_one_of(known, told.get("state", "")),
        flow=_one_of(workbench.FLOWS, told.get("flow", "")),
        officer=_one_of({p.id for p in desk.bureau.office.people}, told.get("officer", "")),
        tone=_one_of(workbench.TONES, tone),
        only=_one_of(workbench.ONLY, only),
        since=_day(told.get("from", "")),
        until=_day(told.get("to", "")),
        sort=_one_of(workbench.SORTS, told.get("sort", "")),
    )


def _one_of(known: Any, value: str) -> str:
    return value if value in known else ""


def _day(value: str) -> date | None:
    try:
        return date.fromisoformat(value) if value else None
    except ValueError:
        return None


def shown(desk: Desk, line: Line) -> Shown:
    found = [_countdown(desk, line, d) for d in sorted(line.deadlines, key=_rank)]
    tones = [c.tone for c in found]
    # 审核中（第 2 次送审）: the word in its colour, the rest below it
    review, _, rest = ("不需要" if line.flow == "summary" else line.review).partition("（")
    return Shown(
        line=line,
        main=found[0] if found else None,
        others=tuple(c for c in found[1:] if c.card),
        tone=next((t for t in ("r", "y") if t in tones), ""),
        review=review,
        round=rest.removesuffix("）"),
    )


def _rank(deadline: Deadline) -> tuple[bool, bool]:
    """The ninety days first, then what the office must keep, then what the party may use."""
    return deadline.clock != "decision", bool(term_of(deadline.clock).on_lapse)


def _countdown(desk: Desk, line: Line, deadline: Deadline) -> Countdown:
    one = countdown(deadline, _NO_CASE, desk.fashen.calendar, desk.today)
    return replace(one, label=deadline.label + line.about.get(deadline.clock, ""))


# — Excel ————————————————————————————————————————————————————————————————————————————————


@router.get("/cases.xlsx")
def export(request: Request, visit: Signed) -> Response:
    """The list as it is filtered; beyond the limit the first ones, and the first row says so."""
    desk = desk_of(visit)
    asked = read(request.query_params, desk)
    found = workbench.page(desk, asked, limit=case_workbook.MOST)
    body = case_workbook.workbook(found.lines, _heading(visit, asked, found), desk.today)
    name = quote(f"案件-{visit.now:%Y-%m-%d-%H%M}.xlsx")
    return Response(
        body,
        media_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        headers={
            "Content-Disposition": f"attachment; filename=\"cases.xlsx\"; filename*=UTF-8''{name}",
            "Cache-Control": "no-store",
        },
    )


def _heading(visit: Visit, asked: Asked, found: Page) -> str:
    said = [TABS.get(asked.tab, "全部案件")]
    if asked.q:
        said.append(f"搜索“{asked.q}”")
    if asked.state:
        said.append(f"环节：{STATES[asked.state].label}")
    named = (
        (workbench.FLOWS, asked.flow), (workbench.TONES, asked.tone), (workbench.ONLY, asked.only),
    )  # fmt: skip
    said += [words[value] for words, value in named if value]
    officer = visit.office.person(asked.officer) if asked.officer else None
    said += [f"承办人：{officer.name}"] if officer else []
    said += [f"登记日期 {asked.since or '…'} 至 {asked.until or '…'}"] * bool(
        asked.since or asked.until
    )
    cut = (
        f"，超过 {case_workbook.MOST:,} 件，只导出前 {case_workbook.MOST:,} 件，请缩小范围后再导出"
    )
    return (
        f"{visit.office.name}　{'、'.join(said)}　{found.said}"
        f"{cut if found.more or found.total > case_workbook.MOST else ''}　{visit.now:%Y-%m-%d %H:%M}（北京时间）　"
        f"由{visit.person.name}导出"
    )


# — saved filters ——————————————————————————————————————————————————————————————————————————


@router.post("/filters")
def save_filter(visit: Signed, form: Posted) -> Response:
    """保存为筛选: this list, as it is, under a name."""
    desk = desk_of(visit)
    asked = read(dict(parse_qsl(text(form, "query"))), desk)
    saved_filters.save(
        visit.fashen, desk.office, visit.person.id, text(form, "name"), asked.query()
    )
    return RedirectResponse(f"/?{asked.query()}", status_code=303)


@router.post("/filters/delete")
def delete_filter(visit: Signed, form: Posted) -> Response:
    """One of the visitor's own filters is not needed any more."""
    id = text(form, "filter")
    if id.isascii() and id.isdigit() and len(id) < 19:
        saved_filters.forget(visit.fashen, visit.office.office, visit.person.id, int(id))
    asked = read(dict(parse_qsl(text(form, "query"))), desk_of(visit))
    return RedirectResponse(f"/?{asked.query()}", status_code=303)
