"""公示栏 — the board for everybody: no sign-in, no cookie, nothing to send, and caches may keep it.

Decisions ask search engines to keep no copy: what is taken down here would stay readable there. What must be
public beforehand may be indexed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from email.utils import format_datetime

import sqlalchemy as sa
from fastapi import APIRouter, Request
from sqlalchemy.engine import Connection
from starlette.responses import RedirectResponse, Response

from workflow import models
from workflow.database import reading
from workflow.errors import NotFound
from workflow.program import Bureau, Fashen
from workflow.publication import board
from workflow.publication.board import Asked
from workflow.publication.pages import Board, Links
from workflow.times import BEIJING, beijing, midnight

router = APIRouter()

HTML, JSON, ATOM = "text/html", "application/json", "application/atom+xml"
FRESH = "public, max-age=60"
"""A withdrawal is seen by everybody within a minute; the law gives three working days."""

LONGEST = 100
"""Characters of a search that count."""


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at one office's board, in one reading transaction."""

    request: Request
    fashen: Fashen
    tx: Connection
    bureau: Bureau
    today: date
    pages: Board

    @property
    def office(self) -> str:
        return self.bureau.office.office

    def answer(
        self, body: bytes, kind: str = HTML, *, status: int = 200, noindex: bool = True
    ) -> Response:
        """The body with what a cache needs; 304 when the reader has it. HEAD loses its body on the wire."""
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"Cache-Control": FRESH, "ETag": tag}
        if noindex:
            headers["X-Robots-Tag"] = "noindex, noarchive"
        if self.pages.changed is not None:
            changed = midnight(self.pages.changed).astimezone(UTC)
            headers["Last-Modified"] = format_datetime(changed, usegmt=True)
        if status == 200 and _has(self.request, tag):
            return Response(status_code=304, headers=headers)
        return Response(body, status, headers, media_type=f"{kind}; charset=utf-8")

    def page(self, asked: Asked, place: Mapping[str, int | None]) -> board.Page:
        before, after = place["before"], place["after"]
        return board.page(self.tx, self.office, asked, self.today, before=before, after=after)


def _has(request: Request, tag: str) -> bool:
    """By the tag alone: a day is too coarse a date for what may be withdrawn at noon."""
    said = request.headers.get("if-none-match", "")
    return tag in (part.strip().removeprefix("W/") for part in said.split(",")) or said == "*"


def _look(request: Request, office: str, show: Callable[[Visit], Response]) -> Response:
    fashen: Fashen = request.app.state.fashen
    with reading(fashen.engine) as tx:
        try:
            bureau = fashen.bureau(tx, office)
        except NotFound:
            raise NotFound("没有这个机关的公示栏，请检查地址。") from None
        links = Links(office, fashen.settings.public_url.rstrip("/"))
        known = Board(bureau.office, links, board.changed_on(tx, office))
        today = beijing(fashen.clock()).date()
        return show(Visit(request, fashen, tx, bureau, today, known))


def _get(path: str) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
    return router.api_route(path, methods=["GET", "HEAD"])


# — addresses ——————————————————————————————————————————————————————————————————————————


@_get("/public")
@_get("/public/")
def only_office(request: Request) -> Response:
    """To the board of the one office there is."""
    fashen: Fashen = request.app.state.fashen
    with reading(fashen.engine) as tx:
        known = list(tx.scalars(sa.select(models.office.c.id).limit(2)))
    if len(known) != 1:
        raise NotFound("这里有几个机关的公示栏，请用机关自己公布的地址。")
    return RedirectResponse(f"/public/{known[0]}/", 307)


@_get("/public/{office}")
def without_slash(office: str) -> Response:
    return RedirectResponse(f"/public/{office}/", 307)


@_get("/public/{office}/")
def index(request: Request, office: str) -> Response:
    """The list, all of it or what was asked for."""

    def show(visit: Visit) -> Response:
        organs = board.organs(visit.tx, office)
        given = {n: request.query_params.get(n, "").strip() for n in ("q", "unit", "from", "to")}
        try:
            asked, place = _asked(request)
        except ValueError as wrong:
            nothing = board.Page((), 0)
            body = visit.pages.index(nothing, organs=organs, wrong=str(wrong), given=given)
            return visit.answer(body, status=422)
        page, links = visit.page(asked, place), visit.pages.links
        body = visit.pages.index(
            page,
            asked,
            organs,
            newer=links.index(asked, after=page.newer) if page.newer else "",
            older=links.index(asked, before=page.older) if page.older else "",
        )
        return visit.answer(body)

    return _look(request, office, show)


@_get("/public/{office}/decisions.json")
def as_json(request: Request, office: str) -> Response:
    """The same list for programs, with the same questions."""

    def show(visit: Visit) -> Response:
        try:
            asked, place = _asked(request)
        except ValueError as wrong:
            return Response(f"{wrong}\n", 422, media_type="text/plain; charset=utf-8")
        page, links = visit.page(asked, place), visit.pages.links
        next = links.json(asked, before=page.older) if page.older else ""
        told = visit.pages.json(page.lines, total=page.total, more=page.more, next=next)
        return visit.answer(told, JSON)

    return _look(request, office, show)


@_get("/public/{office}/feed.atom")
def feed(request: Request, office: str) -> Response:
    """What was put up or withdrawn last."""

    def show(visit: Visit) -> Response:
        lines = board.newest(visit.tx, office, visit.today)
        return visit.answer(visit.pages.feed(lines), ATOM)

    return _look(request, office, show)


@_get("/public/{office}/about")
def about(request: Request, office: str) -> Response:
    """事前公示."""

    def show(visit: Visit) -> Response:
        body = visit.pages.about(visit.bureau.law, visit.today)
        return visit.answer(body, noindex=False)

    return _look(request, office, show)


@_get("/public/{office}/decisions/{slug}")
def notice(request: Request, office: str, slug: str) -> Response:
    """One decision; of a withdrawn one the reason; of one that is over, that it is over (410)."""

    def show(visit: Visit) -> Response:
        line = board.find(visit.tx, office, slug, visit.today)
        if line is None:
            body = visit.pages.message(
                "没有这一页", "地址可能写错了；公示中的决定都在公示栏的列表里。"
            )
            return visit.answer(body, status=404)
        return visit.answer(visit.pages.notice(line), status=410 if line.state == "ended" else 200)

    return _look(request, office, show)


# — questions ——————————————————————————————————————————————————————————————————————————


def _asked(request: Request) -> tuple[Asked, dict[str, int | None]]:
    """What the address asks for; `ValueError` in words for the reader when it cannot be read."""
    given = request.query_params
    asked = Asked(
        given.get("q", "").strip()[:LONGEST],
        given.get("unit", "").strip(),
        _day(given.get("from", ""), "起始日期"),
        _day(given.get("to", ""), "截止日期"),
    )
    if asked.since and asked.until and asked.since > asked.until:
        raise ValueError(
            f"起始日期 {asked.since} 晚于截止日期 {asked.until}，没有查询；请改正日期。"
        )
    return asked, {name: _place(given.get(name, "")) for name in ("before", "after")}


def _day(text: str, what: str) -> date | None:
    if not text.strip():
        return None
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=BEIJING).date()
    except ValueError:
        raise ValueError(
            f"{what}“{text.strip()[:20]}”读不出来，没有查询；请写成 2026-01-05。"
        ) from None


def _place(text: str) -> int | None:
    """Where a page of the list goes on; whatever no page has written is the beginning."""
    readable = text.isascii() and text.isdigit() and len(text) <= 19
    return int(text) if readable and int(text) < 1 << 63 else None
