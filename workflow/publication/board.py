"""公示栏 — what the public lists, searches and reads; and how a notice comes there and goes.

A shown notice is read from the JSON of its row. Of one that was taken down the row itself keeps number, reason
and day, of which the public reads those of a withdrawn one: what it said is not hidden, it is gone.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.publication import words
from workflow.publication.notice import PublicNotice

SIZE = 20
"""Notices on one page of the list."""

COUNTED = 1000
"""How far a search is counted; what is more is told as more."""

State = Literal["shown", "withdrawn", "ended"]

_N = models.notice.c
_READ = (
    _N.slug,
    _N.place,
    _N.state,
    _N.key,
    _N.number,
    _N.reason,
    _N.changed_on,
    _N.until,
    _N.body,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for; everything empty is the whole board. Both days belong to the period."""

    words: str = ""
    organ: str = ""
    since: date | None = None
    until: date | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.organ or self.since or self.until)


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Line:
    """One notice of the board. Only a shown one has `notice`; only a withdrawn one `number` and `reason` beside."""

    slug: str
    place: int
    state: State
    changed_on: date
    key: str = ""
    number: str = ""
    reason: str = ""
    notice: PublicNotice | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines of the list, newest decision first.

    `older` and `newer` are the places from which the neighbouring pages go on; `total` counts no further
    than `COUNTED` when something was asked for, and then `more` says that there is more.
    """

    lines: tuple[Line, ...]
    total: int
    more: bool = False
    older: int | None = None
    newer: int | None = None


# — reading ————————————————————————————————————————————————————————————————————————————


def page(
    tx: Connection,
    office: str,
    asked: Asked,
    today: date,
    *,
    before: int | None = None,
    after: int | None = None,
    size: int = SIZE,
) -> Page:
    """The notices of one office below `before` or above `after`, or from the newest on."""
    source, where, place = _sought(tx, office, asked, today)
    statement = sa.select(*_READ).select_from(source).where(*where).limit(size + 1)
    if after is not None:
        rows = tx.execute(statement.where(place > after).order_by(place)).all()
    else:
        below = statement if before is None else statement.where(place < before)
        rows = tx.execute(below.order_by(place.desc())).all()
    further, lines = len(rows) > size, [_line(row, today) for row in rows[:size]]
    if after is not None:
        lines.reverse()
    total, more = _counted(tx, office, asked, today)
    return Page(
        tuple(lines),
        total,
        more,
        older=lines[-1].place if lines and (after is not None or further) else None,
        newer=lines[0].place if lines and (further if after is not None else before) else None,
    )


def find(tx: Connection, office: str, slug: str, today: date) -> Line | None:
    """The notice behind an address; None where there never was one."""
    return _one(tx, today, _N.office_id == office, _N.slug == slug)


def by_key(tx: Connection, office: str, key: str, today: date) -> Line | None:
    """The notice of one decision, by the key that it has on every platform."""
    return _one(tx, today, _N.office_id == office, _N.key == key)


def newest(tx: Connection, office: str, today: date, limit: int = 50) -> list[Line]:
    """What was put up or withdrawn last."""
    order = (_N.changed_on.desc(), _N.place.desc())
    found = sa.select(*_READ).where(*_listed(office, today)).order_by(*order).limit(limit)
    return [_line(row, today) for row in tx.execute(found)]


def every(tx: Connection, office: str, today: date) -> Iterator[Line]:
    """The whole list, newest decision first."""
    order = sa.select(*_READ).where(*_listed(office, today)).order_by(_N.place.desc())
    for row in tx.execute(order):
        yield _line(row, today)


def organs(tx: Connection, office: str) -> list[str]:
    """In whose names decisions on the board are."""
    found = [""]
    # One step of the index for each: there are two or three of them among a hundred thousand rows.
    after = sa.select(sa.func.min(_N.organ)).where(
        _N.office_id == office, _N.organ > sa.bindparam("last")
    )
    while (name := tx.scalar(after, {"last": found[-1]})) is not None:
        found.append(name)
    return found[1:]


def changed_on(tx: Connection, office: str) -> date | None:
    """The day of the last change of the board."""
    last: date | None = tx.scalar(
        sa.select(sa.func.max(_N.changed_on)).where(_N.office_id == office)
    )
    return last


def _listed(office: str, today: date) -> list[sa.ColumnElement[bool]]:
    """What is on the list today, also where nobody has yet taken down what ran out."""
    in_time = sa.or_(_N.until.is_(None), _N.until >= today)
    return [_N.office_id == office, _N.state.in_(("shown", "withdrawn")), in_time]


def _sought(
    tx: Connection, office: str, asked: Asked, today: date
) -> tuple[sa.FromClause, list[sa.ColumnElement[bool]], sa.ColumnElement[int]]:
    """Where to look, for what, and the column that orders it."""
    where, sought = _listed(office, today), words.split(asked.words)
    source: sa.FromClause = models.notice
    place: sa.ColumnElement[int] = _N.place
    if asked.organ:
        where.append(_N.organ == asked.organ[:200])
    if sought and words.has_index(tx):
        place = words.INDEX.c.rowid
        source = words.INDEX.join(models.notice, _N.place == words.FOUND)
        where.append(words.in_index(office, asked.organ[:200], sought))
    else:
        where += words.in_text(tx, sought)
    if asked.since:
        where.append(place >= _floor(asked.since))
    if asked.until:
        where.append(place < _floor(asked.until) + (1 << _IN_A_DAY))
    return source, where, place


def _counted(tx: Connection, office: str, asked: Asked, today: date) -> tuple[int, bool]:
    source, where, _ = _sought(tx, office, asked, today)
    if not asked:
        every = sa.select(sa.func.count()).select_from(source).where(*where)
        return tx.scalar(every) or 0, False
    some = sa.select(sa.literal(1)).select_from(source).where(*where).limit(COUNTED + 1)
    found = tx.scalar(sa.select(sa.func.count()).select_from(some.subquery())) or 0
    return min(found, COUNTED), found > COUNTED


def _one(tx: Connection, today: date, *where: sa.ColumnElement[bool]) -> Line | None:
    row = tx.execute(sa.select(*_READ).where(*where)).first()
    return _line(row, today) if row else None


def _line(row: Any, today: date) -> Line:
    over = row.state == "ended" or (row.until is not None and row.until < today)
    if over:
        return Line(row.slug, row.place, "ended", row.changed_on)
    if row.state == "withdrawn":
        return Line(
            row.slug, row.place, "withdrawn", row.changed_on, row.key, row.number, row.reason
        )
    told = PublicNotice.model_validate_json(row.body)
    return Line(row.slug, row.place, "shown", row.changed_on, notice=told)


# — the projection —————————————————————————————————————————————————————————————————————


def put(
    tx: Connection, office: str, case_id: str, notice: PublicNotice, *, on: date | None = None
) -> bool:
    """Show this notice from now on, in the transaction of the move; whether anything changed.

    Safe to repeat: a version that is not higher than what is known of the key changes nothing, so that a
    withdrawn notice comes back only as a new version. `on` is the day of the change, by itself the day of
    publication.
    """
    old = _held(tx, office, notice.key)
    if old is not None and notice.version <= old.version:
        return False
    row = {
        "case_id": case_id,
        "version": notice.version,
        "place": _place(notice.decided_on, notice.number, office, notice.key),
        "state": "shown",
        "organ": notice.organ[:200],
        "number": notice.number[:120],
        "title": notice.title[:200],
        "party": notice.party[:200],
        "decided_on": notice.decided_on,
        "published_on": notice.published_on,
        "until": notice.until,
        "changed_on": on or notice.published_on,
        "reason": "",
        "body": notice.model_dump_json(),
        "words": words.words_of(notice),
    }
    _write(tx, office, notice.key, old, row)
    return True


def take_down(
    tx: Connection,
    office: str,
    key: str,
    state: Literal["withdrawn", "ended"],
    reason: str,
    on: date,
) -> bool:
    """Withdraw a notice for a reason that the public reads, or end it; whether anything changed.

    What it said leaves the database with it. A withdrawn one stands in the list at the day of its withdrawal,
    with number and reason (行政处罚法 48(2)), and is found by its number alone; an ended one may still be
    withdrawn, when the decision falls after the period is over.
    """
    old = _held(tx, office, key)
    if old is None or old.state in (state, "withdrawn"):
        return False
    row = {
        "place": _place(on, old.number, office, key),
        "state": state,
        "organ": "",
        "number": old.number,
        "title": "",
        "party": "",
        "decided_on": on,
        "published_on": on,
        "until": None,
        "changed_on": on,
        "reason": reason,
        "body": "",
        "words": words.plain(old.number) if state == "withdrawn" else "",
    }
    _write(tx, office, key, old, row)
    return True


def _held(tx: Connection, office: str, key: str) -> Any:
    """The row of a key, ours until the transaction ends."""
    held = sa.select(_N.version, _N.state, _N.place, _N.number, _N.organ, _N.words).where(
        _N.office_id == office, _N.key == key
    )
    return tx.execute(held.with_for_update()).first()


def _write(tx: Connection, office: str, key: str, old: Any, row: dict[str, Any]) -> None:
    if old is None:
        named = {"office_id": office, "key": key, "slug": slug_of(office, key)}
        tx.execute(models.notice.insert(), named | row)
    else:
        words.forget(tx, office, old.organ, old.words, old.place)
        this = (_N.office_id == office, _N.key == key)
        tx.execute(models.notice.update().where(*this).values(**row))
    words.add(tx, office, row["organ"], row["words"], row["place"])


def slug_of(office: str, key: str) -> str:
    """The name of a notice in addresses: short, always the same, and it tells nothing."""
    digest = hashlib.sha256(f"{office}\0{key}".encode()).digest()
    return base64.b32encode(digest)[:12].decode().lower()


_FIRST_DAY = date(1980, 1, 1).toordinal()
_LAST_DAY = (1 << 15) - 1  # 2069: a place must fit into 63 bits
_IN_A_DAY, _CHANCE = 47, 30
"""Bits of a place below its day, and below its number within the day."""


def _floor(day: date) -> int:
    """Below every place of this day, above all of the day before."""
    return min(max(day.toordinal() - _FIRST_DAY, 0), _LAST_DAY) << _IN_A_DAY


def _place(day: date, number: str, office: str, key: str) -> int:
    """Where a notice stands in the list: by day, then by the last figure of its number, then by chance.

    One number, so that a page of the list, a period and a search are each one range of it.
    """
    figures: Sequence[str] = re.findall(r"[0-9]+", number) or ("0",)
    within = min(int(figures[-1][-9:]), (1 << (_IN_A_DAY - _CHANCE)) - 1)
    digest = hashlib.sha256(f"{key}\0{office}".encode()).digest()
    chance = int.from_bytes(digest[:4], "big") >> 2
    return _floor(day) | within << _CHANCE | chance
