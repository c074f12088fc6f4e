"""工作台 — what waits for a person, what they did, what is theirs, what is supervised and what runs out.

Everything is read from the rows that each step keeps beside its case (workflow/lines.py): no case is opened,
however many there are. Every query names its office.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.office import Person
from states.where import CaseState
from workflow import models
from workflow.database import reading
from workflow.line_shown import FLOWS as FLOWS
from workflow.line_shown import Also, line_shown
from workflow.line_shown import Line as Line
from workflow.lines import AT_ONCE
from workflow.lines import NO_DAY as NO_DAY
from workflow.models import grams
from workflow.next_step import acts
from workflow.program import Bureau, Fashen
from workflow.reach import Reach, reaches, waiting
from workflow.search_words import split
from workflow.sight import GIVEN, sees_all, sees_none
from workflow.times import beijing, midnight

TABS = {
    "todo": "待办",
    "done": "已办",
    "mine": "我的案件",
    "supervised": "督办",
    "alerts": "预警",
    "inbox": "通知",
}
"""The tabs in their order; the notices have a page of their own."""

ALL = "all"
"""Every case of the office, under no tab."""

TONES = {"red": "红牌", "yellow": "黄牌"}
ONLY = {"today": "今日到期", "publish": "待公示", "unarchived": "未归档", "quarter": "本季已决定"}
SORTS = {"due": "先到期的在前", "moved": "最近办理的在前", "opened": "最近登记的在前",
         "number": "按案号", "party": "按当事人"}  # fmt: skip

PAGE = 25
"""Cases on one page."""

MANY = 1000
"""So many under a tab are said as 999+."""

COUNTED = 1000
"""How far a search is counted; what is more is told as more."""

_N, _P, _W = models.case_line.c, models.case_person.c, models.case_wait.c
_B, _I = models.publication.c, models.inbox.c

_COLUMNS = [c for c in _N if c.name != "words"]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which cases are wanted, in which order. A value that is not known asks for nothing special."""

    tab: str = ALL
    q: str = ""
    state: str = ""
    flow: str = ""
    officer: str = ""
    tone: str = ""
    only: str = ""
    since: date | None = None
    until: date | None = None
    sort: str = ""

    @property
    def narrows(self) -> bool:
        return bool(self.q or self.since or self.until or self._chosen())

    def _chosen(self) -> tuple[str, ...]:
        return tuple(v for v in (self.state, self.flow, self.officer, self.tone, self.only) if v)

    @property
    def order(self) -> str:
        """What comes first where nobody said: what runs out first, or what was done last."""
        if self.sort in SORTS:
            return self.sort
        return "due" if self.tab in ("todo", "alerts", "supervised") else "moved"

    def query(self, **other: Any) -> str:
        """The address of this list, with some of it changed."""
        told = {
            "tab": self.tab, "q": self.q, "state": self.state, "flow": self.flow,
            "officer": self.officer, "tone": self.tone, "only": self.only,
            "from": self.since, "to": self.until, "sort": self.sort, **other,
        }  # fmt: skip
        return urlencode({name: str(value) for name, value in told.items() if value})


@dataclass(frozen=True, slots=True)
class Page:
    """Some cases of a list, and how many it has; `more`: a search found more than were counted."""

    lines: list[Line]
    total: int
    more: bool = False

    @property
    def said(self) -> str:
        return f"{'超过' if self.more else '共'} {self.total:,} 件"


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers above the list."""

    tabs: Mapping[str, int]
    tiles: Mapping[str, int]
    quarter: Mapping[str, int] = field(default_factory=dict)
    certificates: tuple[tuple[str, date], ...] = ()


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose workbench it is, on which day."""

    fashen: Fashen
    bureau: Bureau
    person: Person

    @property
    def office(self) -> str:
        return self.bureau.office.office

    @property
    def today(self) -> date:
        return beijing(self.fashen.clock()).date()

    def reaches(self, tx: Connection) -> list[Reach]:
        """What this person answers to now."""
        return reaches(tx, self.bureau, self.person, self.fashen.clock())

    @property
    def first_tab(self) -> str:
        """What is opened where nobody said: what waits, or for those who only look everything."""
        return "todo" if acts(self.person) else "mine" if self.limited else ALL

    @property
    def limited(self) -> bool:
        """Somebody who sees the cases that are theirs or were given to them, or none, and no others."""
        return not sees_all(self.person)

    @property
    def own_only(self) -> bool:
        """Whoever answers for their own cases alone is warned of these and not of everybody's."""
        return set(self.person.roles) <= {"officer", "assistant", "counsel"}


# — conditions ————————————————————————————————————————————————————————————————————————————

Condition = sa.ColumnElement[bool]


def _involved(desk: Desk) -> Condition:
    """Asked case by case, where there are few to ask about; of nothing for whoever sees no case."""
    if sees_none(desk.person):
        return sa.false()
    p = models.case_person.alias("involved").c
    return sa.exists().where(
        p.case_id == _N.case_id, p.person_id == desk.person.id, p.part.in_(GIVEN)
    )


def _seen(desk: Desk) -> list[Condition]:
    return [_involved(desk)] if desk.limited else []


_O = models.case_person.alias("of_officer")
"""The officer by whom a list is filtered, beside the person whose list it is."""


def _source(desk: Desk, asked: Asked) -> tuple[sa.FromClause, list[Condition]]:
    """From the person's own side where the list is theirs: they have fewer cases than the office."""
    source: sa.FromClause = models.case_line
    # What waits names the office itself, and so do a person's cases: named once more, SQLite begins with all of it.
    where: list[Condition] = [] if asked.tab == "todo" else [_N.office_id == desk.office]
    if asked.tab in ("done", "mine") or desk.limited:
        source = source.join(models.case_person, _P.case_id == _N.case_id)
        where = [_P.office_id == desk.office, _P.person_id == desk.person.id]
        if asked.tab == "mine" or desk.limited:
            where.append(_P.part.in_(GIVEN))
        if asked.tab == "done":
            where.append(_P.at.is_not(None))
    if sees_none(desk.person):
        where.append(sa.false())
    if asked.officer:
        source = source.join(_O, _O.c.case_id == _N.case_id)
        where += [_O.c.office_id == desk.office, _O.c.person_id == asked.officer]
        where.append(_O.c.part == "officer")
    return source, where


def _waiting(desk: Desk, tx: Connection, reach: Sequence[Reach]) -> Condition:
    return waiting(tx, reach, desk.office, desk.today)


def _warned(desk: Desk, waits: Condition) -> list[Condition]:
    """Whose cards count: those of one's own cases and of what waits for one; for who answers for all, everybody's."""
    own = sa.or_(_involved(desk), waits)
    return [own] if desk.own_only else []


def _tone(tone: str, today: date) -> Condition:
    red = _N.red_on <= today
    if tone == "red":
        return red
    return sa.and_(_N.warned_on <= today, sa.or_(_N.red_on.is_(None), _N.red_on > today))


def _tab(tab: str, desk: Desk, waits: Condition) -> list[Condition]:
    """What stands under a tab; `waits` is `_waiting` of this desk."""
    warned = _warned(desk, waits)
    if tab == "todo":
        return [waits]
    if tab == "supervised":
        return [_N.supervised_by.is_not(None), *warned]
    if tab == "alerts":
        return [_N.warned_on <= desk.today, *warned]
    return []


def _only(only: str, desk: Desk) -> list[Condition]:
    if only == "today":
        return [_N.due_on == desk.today]
    if only == "publish":
        return [_N.publish_by.is_not(None)]
    if only == "unarchived":
        return [_N.state == CaseState.CLOSED.value]
    if only == "quarter":
        return [_N.decided_on >= quarter_of(desk.today)]
    return []


def _filters(asked: Asked, desk: Desk, tx: Connection) -> list[Condition]:
    found = _only(asked.only, desk)
    if asked.q:
        words = split(asked.q)
        found += grams.holding(tx, _N.case_id, _N.words, words) or [sa.false()]
    if asked.state:
        found.append(_N.state == asked.state)
    if asked.flow:
        found.append(_N.flow == asked.flow)
    if asked.tone in TONES:
        found.append(_tone(asked.tone, desk.today))
    if asked.since:
        found.append(_N.opened_at >= midnight(_within(asked.since)))
    if asked.until:
        found.append(_N.opened_at < midnight(_within(asked.until) + timedelta(days=1)))
    return found


def _within(day: date) -> date:
    """A day that a database and Beijing's clock can both hold."""
    return min(max(day, date(1900, 1, 1)), date(2999, 12, 31))


def quarter_of(day: date) -> date:
    """The first day of its quarter."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


# — the list ——————————————————————————————————————————————————————————————————————————————


def page(desk: Desk, asked: Asked, *, limit: int = PAGE, offset: int = 0) -> Page:
    """The cases that are wanted, and how many there are in all."""
    done, more = asked.tab == "done", False
    columns: list[sa.ColumnElement[Any]] = list(_COLUMNS)
    if done:
        columns += [_P.verb.label("did"), _P.at.label("did_at")]
    source, where = _source(desk, asked)
    with reading(desk.fashen.engine) as tx:
        reach = desk.reaches(tx)
        where += [*_tab(asked.tab, desk, _waiting(desk, tx, reach)), *_filters(asked, desk, tx)]
        order = _order(asked, done)
        chosen = sa.select(*columns).select_from(source).order_by(*order)
        if asked.q:
            # Which they are, read once from the index of the words alone; then only those of the page.
            most = max(COUNTED, offset + limit)
            ids = sa.select(_N.case_id).select_from(source).where(*where).order_by(*order)
            found = tx.execute(ids.limit(most + 1)).scalars().all()
            total, more = min(len(found), most), len(found) > most
            # The lines by their ids alone; of a person's own list also what the person did.
            own = [] if source is models.case_line else where
            chosen = chosen.where(_N.case_id.in_(found[offset : offset + limit]), *own)
        else:
            alone = asked.tab in ("done", "mine") and not asked.narrows  # every case has its line
            counted = models.case_person if alone else source
            total = tx.scalar(sa.select(sa.func.count()).select_from(counted).where(*where)) or 0
            chosen = chosen.where(*where).limit(limit).offset(offset or None)
        rows = [dict(row) for row in tx.execute(chosen).mappings()]
        lines = _lines(desk, tx, rows, reach)
    return Page(lines, total, more)


def besides(desk: Desk, verbs: Collection[str]) -> list[tuple[Line, Also]]:
    """Which of these waits for this person besides the next steps of cases; first what ends first."""
    with reading(desk.fashen.engine) as tx:
        reach = desk.reaches(tx)
        theirs = (one.only(verbs).besides(desk.office, desk.today) for one in reach)
        chosen = sa.select(*_COLUMNS).where(_N.case_id.in_(sa.union(*theirs)))
        due = chosen.order_by(_N.due_on.is_(None), _N.due_on, _N.case_id).limit(MANY)
        rows = [dict(row) for row in tx.execute(due).mappings()]
        lines = _lines(desk, tx, rows, reach)
    return [(line, one) for line in lines for one in line.also if one.yours and one.verb in verbs]


def _lines(
    desk: Desk, tx: Connection, rows: Sequence[Mapping[str, Any]], reach: Sequence[Reach]
) -> list[Line]:
    office, calendar = desk.bureau.office, desk.fashen.calendar
    waits = _besides(tx, [row["case_id"] for row in rows], desk.today)
    return [
        line_shown(row, office, calendar, desk.today, waits[row["case_id"]], reach) for row in rows
    ]


def _besides(
    tx: Connection, cases: Sequence[str], today: date
) -> Mapping[str, dict[tuple[str, str], list[str]]]:
    """For each of these cases what waits besides its next step: verb and item → for whom."""
    found: defaultdict[str, dict[tuple[str, str], list[str]]] = defaultdict(dict)
    now = sa.or_(_W.from_on.is_(None), _W.from_on <= today)
    for start in range(0, len(cases), AT_ONCE):
        some = _W.case_id.in_(cases[start : start + AT_ONCE]), now
        for row in tx.execute(sa.select(_W.case_id, _W.verb, _W.item, _W.mark).where(*some)):
            found[row.case_id].setdefault((row.verb, row.item), []).append(row.mark)
    return found


def _order(asked: Asked, done: bool) -> Sequence[sa.ColumnElement[Any]]:
    if done and asked.order == "moved":
        return (_P.at.desc(), _P.case_id.desc())
    first: dict[str, Sequence[sa.ColumnElement[Any]]] = {
        "due": (_N.due_on.is_(None), _N.due_on),
        "moved": (_N.moved_at.desc(),),
        "opened": (_N.opened_at.desc(), _N.ordinal.desc()),
        "number": (_N.number == "", _N.number),
        "party": (_N.party == "", _N.party),
    }
    by = first[asked.order]
    if asked.tab == "supervised" and asked.order == "due":
        by = (_N.supervised_by,)
    return (*by, _N.case_id.desc())


# — the numbers above it ———————————————————————————————————————————————————————————————————


def counts(desk: Desk) -> Counts:
    """How many stand under each tab and tile, asked in one statement."""
    person = desk.person
    with reading(desk.fashen.engine) as tx:
        waits = _waiting(desk, tx, desk.reaches(tx))
        seen, warned = _seen(desk), _warned(desk, waits)
        scope = [_N.office_id == desk.office, *seen]
        asked: dict[str, sa.Select[int]] = {
            tab: _count(*scope, *_tab(tab, desk, waits)) for tab in ("supervised", "alerts")
        }
        asked["todo"] = _count(*seen, *_tab("todo", desk, waits))
        mine = _P.office_id == desk.office, _P.person_id == person.id
        asked["mine"] = _up_to(*mine, _P.part.in_(GIVEN))
        asked["done"] = _up_to(*mine, _P.at.is_not(None))
        asked["inbox"] = sa.select(sa.func.count()).where(
            _I.office_id == desk.office, _I.person_id == person.id, _I.read_at.is_(None)
        )
        tiles = {tone: _count(*scope, *warned, _tone(tone, desk.today)) for tone in TONES}
        tiles |= {
            only: _count(*scope, *warned, *_only(only, desk)) for only in ("today", "publish")
        }
        if keeps_the_books(person):
            tiles["unarchived"] = _count(*scope, *_only("unarchived", desk))
            tiles["refused"] = sa.select(sa.func.count()).where(
                _B.office_id == desk.office, _B.state == "refused"
            )
            for flow in FLOWS:
                quarter = _only("quarter", desk)
                tiles[f"quarter_{flow}"] = _count(*scope, *quarter, _N.flow == flow)
        both = {**asked, **{f"tile_{name}": one for name, one in tiles.items()}}
        named = [one.scalar_subquery().label(name) for name, one in both.items()]
        row = tx.execute(sa.select(*named)).mappings().one()
    told = {name: row[f"tile_{name}"] for name in tiles}
    return Counts(
        tabs={tab: row[tab] for tab in TABS},
        tiles={k: v for k, v in told.items() if not k.startswith("quarter_")},
        quarter={f: told[f"quarter_{f}"] for f in FLOWS if f"quarter_{f}" in told},
        certificates=_running_out(desk) if keeps_the_books(person) else (),
    )


def keeps_the_books(person: Person) -> bool:
    """Who numbers, publishes, files away and counts: the clerk, and whoever answers for all of it."""
    return person.has("clerk", "head", "deputy_head")


def _count(*where: Condition) -> sa.Select[int]:
    return sa.select(sa.func.count()).select_from(models.case_line).where(*where)


def _up_to(*where: Condition) -> sa.Select[int]:
    """Of cases that somebody ever had to do with no more than `MANY` are counted for a tab."""
    some = sa.select(_P.case_id).where(*where).limit(MANY).subquery()
    return sa.select(sa.func.count()).select_from(some)


def _running_out(desk: Desk) -> tuple[tuple[str, date], ...]:
    """Certificates that end within the days that the office watches, or have ended."""
    office = desk.bureau.office
    until = desk.today + timedelta(days=office.alerts.watch.certificate)
    held = ((p.name, p.certificate.valid_to) for p in office.people if p.certificate)
    return tuple(sorted((h for h in held if h[1] <= until), key=lambda h: h[1]))
