"""每日 — once a day, at the office's hour: one digest of open cards for heads, and what the watch has seen.

Both are messages like any other, each once by its key; a day on which everything was down is not made up
for, the next morning tells what is then so.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import sqlalchemy as sa

from policies.calendar import Span
from policies.casefile import CaseFile
from policies.office import Office
from states.flow import kind_of
from states.terms import TERMS
from workflow import models
from workflow.cards import hanging
from workflow.database import insert_new, reading
from workflow.follow_ups import Message, case_name, to_person
from workflow.program import Fashen
from workflow.times import beijing
from workflow.watch import WATCHES, Look
from workflow.writing import queue

log = logging.getLogger(__name__)

NAMED = 5
"""So many cards a digest names; of the others it says how many they are."""

LONGEST = {"d": 1, "mo": 31, "wd": 3}
"""No unit of an offset is more natural days than this, and `ODD` more: no holidays are longer."""

ODD = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Card:
    """A yellow or red card that hangs: of which case, for which clock, since when it was due."""

    case: str
    name: str
    label: str
    stage: str
    ends: date


def daily(fashen: Fashen) -> list[str]:
    """Begin the day of every office whose hour has come; returns those that had not been begun."""
    begun = []
    for office in _not_begun(fashen):
        try:
            if _begin(fashen, office):
                begun.append(office)
        except Exception:
            log.exception("the day of the office %s could not be begun", office)
    return begun


def _not_begun(fashen: Fashen) -> list[str]:
    o, d = models.office.c, models.day_begun.c
    with reading(fashen.engine) as tx:
        today = beijing(fashen.now(tx)).date()
        begun = sa.select(d.office_id).where(d.day == today)
        offices = tx.execute(sa.select(o.id).where(o.id.not_in(begun)).order_by(o.id)).scalars()
        at = beijing(fashen.now(tx)).time()
        return [id for id in offices if at >= fashen.bureau(tx, id).office.alerts.digest_at]


def _begin(fashen: Fashen, office: str) -> bool:
    """One transaction: the day is marked and its messages stand in the outbox, or neither."""
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        today = beijing(now).date()
        marked = tx.execute(
            insert_new(tx, models.day_begun), {"office_id": office, "day": today, "at": now}
        )
        if marked.rowcount == 0:
            return False  # somebody else did
        look = Look(fashen, tx, fashen.bureau(tx, office), now)
        for case, messages in (*_digest(look), *_watched(look)):
            queue(tx, messages, office, case, now)
    return True


def _digest(look: Look) -> Iterator[tuple[str, list[Message]]]:
    cards = open_cards(look)
    if not cards:
        return
    office = look.bureau.office
    text = _told(cards, look.today)
    for person in office.hearing(office.alerts.digest_to, beijing(look.now)):
        key = f"digest:{office.office}:{look.today}:{person.id}"
        yield "", to_person("tell", key, person, text)


def _told(cards: list[Card], today: date) -> str:
    red = [c for c in cards if c.stage == "red"]
    named = "；".join(
        f"{c.name}“{c.label}”{f'已超期 {(today - c.ends).days} 日' if c.stage == 'red' else f'{c.ends} 届满'}"
        for c in cards[:NAMED]
    )
    more = f"；另有 {len(cards) - NAMED} 项，见“期限”页" if len(cards) > NAMED else ""
    return f"今日期限：红牌 {len(red)} 项，黄牌 {len(cards) - len(red)} 项。{named}{more}。"


def open_cards(look: Look) -> list[Card]:
    """The red and yellow cards that hang today, red first, the oldest first; what was taken down is not among them."""
    c, office = models.cases.c, look.bureau.office
    rows = look.tx.execute(sa.select(c.id, c.doc).where(c.id.in_(_near(office, look.today))))
    found = []
    for id, doc in rows:
        case = CaseFile.model_validate_json(doc)
        hung = hanging(case, office, look.fashen.calendar, look.today)
        for clock, stage in hung.items():
            label, ends = TERMS[kind_of(clock)].label, case.clocks[clock].ends
            found.append(Card(id, case_name(case), label, stage, ends))
    return sorted(found, key=lambda card: (card.stage != "red", card.ends, card.name))


def _near(office: Office, today: date) -> sa.Select[tuple[str]]:
    """The cases that can have a card: one of their clocks ends before any yellow could still be to come."""
    d = models.deadline.c
    return sa.select(d.case_id).where(
        d.office_id == office.office, d.state == "open", d.ends <= today + _earliest_card(office)
    )


def _earliest_card(office: Office) -> timedelta:
    """No card of this office hangs longer before the end of its period than this."""
    offsets = (office.alerts.offsets(t.clock, t.alerts) for t in TERMS.values())
    spans = [Span.parse(back) for one in offsets for stage, back in one if stage == "yellow"]
    return max((timedelta(days=-s.n * LONGEST[s.unit]) for s in spans), default=ODD) + ODD


def _watched(look: Look) -> Iterator[tuple[str, list[Message]]]:
    office = look.bureau.office.office
    for watch in WATCHES:
        for sight in watch(look):
            for person in {p.id: p for p in sight.people}.values():
                key = f"watch:{office}:{sight.key}:{person.id}"
                yield sight.case, to_person("tell", key, person, sight.text, outside=sight.outside)
