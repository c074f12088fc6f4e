"""督察 — red list, 督办, accountability trail and every case, over the offices that the visitor sees. Read-only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Request
from starlette.responses import Response

from states.case import CaseState
from workflow import exports, integrity, supervising, trail
from workflow.database import reading
from workflow.errors import NotFound
from workflow.outliers import outliers
from workflow.sight import Sight
from workflow.supervising import GROUPS, Asked, Defect, article_of, title_of
from workflow.web.pages.looking import look, seen_by
from workflow.web.pages.render import render
from workflow.web.pages.session import Signed, Visit

router = APIRouter()

PAGE = 50
"""Lines on one page."""

MOST_ROWS = 20_000
"""Lines of one workbook."""

SHORTCUTS = (
    ("听证、申辩期满前作出的决定", {"group": "window"}),
    ("未经法制审核的决定", {"group": "review"}),
    ("日期倒置", {"group": "dates"}),
    ("决定超过九十日", {"rule": "decision.within_time"}),
)
"""What supervisors ask for again and again."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of a chart: its places are whole numbers in the picture's own units."""

    label: str
    count: int
    note: str
    y: int
    width: int
    href: str


def _asked(told: Mapping[str, str], year: int) -> Asked:
    """What the address asks for; without a year it is this year, `year=0` is all of them."""
    said = told.get("year", "")
    wanted = int(said) if said.isascii() and said.isdigit() and len(said) <= 4 else year
    texts = {n: told.get(n, "")[:80] for n in ("office", "group", "rule", "person", "state")}
    return Asked(**texts, year=wanted if wanted == 0 or 1900 < wanted < 3000 else year)


def _page(told: Mapping[str, str]) -> int:
    said = told.get("page", "1")
    return min(max(int(said), 1), 10_000) if said.isascii() and said.isdigit() else 1


def address(path: str, asked: Asked | trail.Asked, **other: object) -> str:
    """The address of the same question, with something of it changed."""
    told = {**asdict(asked), **other}
    kept = {k: v for k, v in told.items() if v not in ("", None) and (k != "page" or v != 1)}
    return f"{path}?{urlencode(kept)}"


@router.get("/supervise")
def show(request: Request, visit: Signed) -> Response:
    """What breaks a rule or is over its end, by office and by rule."""
    seen = seen_by(visit)
    asked = _asked(request.query_params, visit.now.year)
    page = _page(request.query_params)
    fashen = visit.fashen
    with reading(fashen.engine) as tx:
        red = supervising.running(fashen, tx, seen, asked)
        lines, total = supervising.lines(tx, seen, asked, red, limit=PAGE, offset=(page - 1) * PAGE)
        narrowed = bool(asked.group or asked.rule or asked.person)
        cases = supervising.cases_among(tx, seen, asked, red) if narrowed else 0
        year = replace(Asked(), office=asked.office, year=asked.year)
        all_red = supervising.running(fashen, tx, seen, Asked(office=asked.office))
        numbers = supervising.counts(tx, seen, year)
        orders = supervising.issued(fashen, tx, seen, Asked(office=asked.office))
        times = visit.bureau.law.on(visit.now.date()).find("supervision.outlier")
        far = outliers(tx, seen, year, int(times.value)) if times else []
        people = supervising.people(seen, asked)
        years = supervising.years(tx, seen, visit.now.date())
        checked = integrity.checks(tx, visit.office.office, 1)
    return render(
        "supervise.html",
        visit=visit,
        here="supervise",
        tab="red",
        seen=seen,
        asked=asked,
        address=address,
        lines=lines,
        total=total,
        cases=cases,
        page=page,
        pages=max(1, -(-total // PAGE)),
        numbers=numbers,
        red=all_red,
        orders=orders,
        far=far,
        times=times,
        groups=GROUPS,
        people=people,
        years=years,
        group_options=[(name, group.label) for name, group in GROUPS.items()],
        rule_options=sorted(
            ((k, title_of(k)) for k in {*numbers.keys, *(d.key for d in all_red), asked.rule} if k),
            key=lambda o: o[1],
        ),
        kinds=KINDS,
        power_of=lambda office, code: _power(seen, office, code),
        states=[(s.value, s.label) for s in CaseState],
        by_office=_by_office(seen, asked, numbers, all_red),
        by_rule=_by_rule(asked, numbers),
        shortcuts=_shortcuts(asked, numbers),
        check=checked[0] if checked else None,
        acts=visit.person.has("inspector"),
    )


def _power(seen: Sight, office: str, code: str) -> str:
    bureau = seen.bureau(office)
    power = bureau.office.power(code) if bureau else None
    return power.title if power else code


def _by_office(
    seen: Sight, asked: Asked, numbers: supervising.Counts, red: Sequence[Defect]
) -> list[Bar]:
    wanted = [b for b in seen.bureaus if not asked.office or b.office.office == asked.office]
    told = []
    for bureau in wanted:
        id = bureau.office.office
        over = sum(1 for d in red if d.office == id)
        told.append((bureau.office.name, numbers.offices[id], f"超期未摘牌 {over}", id))
    told.sort(key=lambda t: -t[1])
    return _bars([(a, n, note, address("/supervise", asked, office=id)) for a, n, note, id in told])


def _by_rule(asked: Asked, numbers: supervising.Counts) -> list[Bar]:
    most = numbers.keys.most_common(8)
    rest = sum(numbers.keys.values()) - sum(n for _, n in most)
    told = [
        (title_of(key), n, "", address("/supervise", asked, rule=key, group="")) for key, n in most
    ]
    return _bars([*told, *([("其他", rest, "", "")] if rest else [])])


def _bars(told: Sequence[tuple[str, int, str, str]]) -> list[Bar]:
    """Widths in proportion to the greatest, each at least a sliver where there is anything."""
    most = max((n for _, n, _, _ in told), default=0)
    return [
        Bar(label, n, note, 44 * place, max(3, round(330 * n / most)) if n else 0, href)
        for place, (label, n, note, href) in enumerate(told)
    ]


def _shortcuts(asked: Asked, numbers: supervising.Counts) -> list[tuple[str, str, int]]:
    found = []
    for label, wanted in SHORTCUTS:
        n = numbers.of(wanted["group"]) if "group" in wanted else numbers.keys[wanted["rule"]]
        clean = replace(asked, group="", rule="", person="", state="")
        found.append((label, address("/supervise", clean, **wanted), n))
    return found


@router.get("/supervise/red.xlsx")
def red_workbook(request: Request, visit: Signed) -> Response:
    """The list as it is narrowed, in Excel; parties are not in it."""
    seen = seen_by(visit)
    asked = _asked(request.query_params, visit.now.year)
    with reading(visit.fashen.engine) as tx:
        red = supervising.running(visit.fashen, tx, seen, asked)
        lines, _ = supervising.lines(tx, seen, asked, red, limit=MOST_ROWS)
    rows = [
        (
            d.name, seen.names[d.office], d.rule, d.cite or article_of(d.key), KINDS[d.kind][0], d.on, d.reason,
            d.person, d.state, d.excuse, "；".join(s.told for s in d.orders),
        )
        for d in lines
    ]  # fmt: skip
    return _workbook(
        "红牌清单",
        (
            "案号",
            "机关",
            "规则",
            "依据",
            "性质",
            "日期",
            "情况",
            "责任人",
            "案件环节",
            "说明",
            "督办",
        ),
        rows,
        visit,
    )


KINDS = {
    "running": ("超期未摘牌", "r"),
    "failed": ("不符合，已如实登记", "r"),
    "warned": ("提示，已说明理由", "y"),
    "late_end": ("逾期办结", "y"),
}
"""What each kind of line is called, and its colour."""


def _workbook(
    title: str, columns: Sequence[str], rows: Sequence[Sequence[object]], visit: Visit
) -> Response:
    body = exports.workbook(title, columns, rows)
    name = quote(f"{title}-{visit.now:%Y-%m-%d}.xlsx")
    return Response(
        body,
        media_type=exports.XLSX,
        headers={"Content-Disposition": f"attachment; filename*=UTF-8''{name}"},
    )


# — every case ————————————————————————————————————————————————————————————————————————————


@router.get("/supervise/cases")
def cases(request: Request, visit: Signed) -> Response:
    """The cases of one office that is seen, to be opened and read."""
    seen = seen_by(visit)
    told = request.query_params
    office = told.get("office", "") or visit.office.office
    if office not in seen.ids:
        raise NotFound("没有这个机关，或者不在您监督的范围之内。")
    q, state, page = told.get("q", "")[:100], told.get("state", "")[:40], _page(told)
    rows, total = supervising.cases(
        visit.fashen, seen, office, search=q, state=state, limit=PAGE, offset=(page - 1) * PAGE
    )
    return render(
        "supervise_cases.html",
        visit=visit,
        here="supervise",
        tab="cases",
        seen=seen,
        office=office,
        q=q,
        state=state,
        rows=rows,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        states=[(s.value, s.label) for s in CaseState],
    )


# — 督办 ——————————————————————————————————————————————————————————————————————————————————


@router.get("/supervise/orders")
def orders(request: Request, visit: Signed) -> Response:
    """Every 督办 with its state: what is overdue first."""
    seen = seen_by(visit)
    asked = replace(_asked(request.query_params, 0), group="", rule="", person="", state="")
    with reading(visit.fashen.engine) as tx:
        found = supervising.issued(visit.fashen, tx, seen, asked)
    return render(
        "supervise_orders.html",
        visit=visit,
        here="supervise",
        tab="orders",
        seen=seen,
        asked=asked,
        orders=found,
    )


@router.get("/supervise/orders/{case_id}/{item}")
def order(visit: Signed, case_id: str, item: str) -> Response:
    """One 督办 as a sheet that can be printed and sent; for its office as well as for who opened it."""
    seen = seen_by(visit)
    with reading(visit.fashen.engine) as tx:
        found = supervising.find_order(visit.fashen, tx, seen, case_id, item)
    if found is None:
        raise NotFound("没有这一件督办，或者不在您监督的范围之内。")
    there = look(visit, case_id)
    return render(
        "supervise_order.html",
        visit=visit,
        here="supervise",
        tab="orders",
        seen=seen,
        one=found,
        office=there.office,
        title_of=title_of,
        article_of=article_of,
        answers=visit.person.has("head", "deputy_head")
        and there.office.office == visit.office.office,
    )


# — 责任追溯 ——————————————————————————————————————————————————————————————————————————————


def _trail(told: Mapping[str, str], year: int) -> trail.Asked:
    asked = _asked(told, year)
    kind = told.get("kind", "")
    return trail.Asked(kind if kind in trail.KINDS else "", asked.office, asked.person, asked.year)


@router.get("/supervise/trail")
def show_trail(request: Request, visit: Signed) -> Response:
    """Overridden warnings, irregular acts, cards taken down, late entries, refused attempts: who, when, why."""
    seen, page = seen_by(visit), _page(request.query_params)
    asked = _trail(request.query_params, visit.now.year)
    with reading(visit.fashen.engine) as tx:
        lines, total = trail.trail(tx, seen, asked, limit=PAGE, offset=(page - 1) * PAGE)
        people = supervising.people(seen, Asked(office=asked.office))
        years = supervising.years(tx, seen, visit.now.date())
    return render(
        "supervise_trail.html",
        visit=visit,
        here="supervise",
        tab="trail",
        seen=seen,
        asked=asked,
        address=address,
        lines=lines,
        total=total,
        page=page,
        pages=max(1, -(-total // PAGE)),
        kinds=trail.KINDS,
        people=people,
        years=years,
    )


@router.get("/supervise/trail.xlsx")
def trail_workbook(request: Request, visit: Signed) -> Response:
    seen = seen_by(visit)
    asked = _trail(request.query_params, visit.now.year)
    with reading(visit.fashen.engine) as tx:
        lines, _ = trail.trail(tx, seen, asked, limit=MOST_ROWS)
    rows = [
        (x.word, x.on, seen.names[x.office], x.name, x.seq or "", x.verb, x.person, x.what, x.why)
        for x in lines
    ]
    return _workbook(
        "责任追溯",
        ("类别", "日期", "机关", "案号", "第几步", "事项", "人员", "情况", "理由"),
        rows,
        visit,
    )
