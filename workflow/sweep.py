"""巡查期限 — find the clocks on which something is due, and do it: an alert, or a lapse.

A sweep costs what is due, not what exists. Any number may run at once, with or without Celery: each
clock is taken in a transaction of its own, looked at again, and each alert stands once by its key.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.alerting import Stage as Told
from policies.casefile import CaseFile
from policies.office import Office, Person
from states.case import FLOWS
from states.flow import Stage, Term
from workflow import errors, heartbeats, models
from workflow.daily import daily
from workflow.database import reading, skip_locked
from workflow.failpoints import failpoint
from workflow.files.sweeping import sweep_files
from workflow.follow_ups import Message, case_name, recipients, to_person, told_of
from workflow.order import Order
from workflow.program import Fashen
from workflow.recount import recount
from workflow.set_back import set_right
from workflow.times import beijing, midnight
from workflow.work import perform
from workflow.writing import queue

log = logging.getLogger(__name__)

_D = models.deadline.c

LAPSE_TAKES = timedelta(minutes=1)
"""When others look again at a lapse that somebody is taking; taken twice, its key makes it once."""

STAGE_WORDS = {"blue": "提醒", "yellow": "黄牌", "red": "红牌", "lapse": "届满"}


@dataclass
class Swept:
    """What one sweep did: alert ids such as `decision.yellow`, lapses as (case, verb), cases recounted."""

    alerts: list[tuple[str, str]] = field(default_factory=list)
    lapsed: list[tuple[str, str]] = field(default_factory=list)
    recounted: list[str] = field(default_factory=list)


def sweep(
    fashen: Fashen, limit: int = 10_000, *, every: timedelta = heartbeats.SWEEP_UNTOLD
) -> Swept:
    """Do everything that is due now, oldest first; one bad case does not stop the others.

    `every` is when the next sweep is to be expected: a watcher misses it then.
    """
    began = time.monotonic()
    set_right(fashen)
    swept = Swept(recounted=recount(fashen))
    tried: set[Key] = set()
    while len(tried) < limit:
        fresh = [key for key in _due(fashen, len(tried)) if key not in tried]
        if not fresh:
            break
        for key in fresh:
            tried.add(key)
            try:
                _turn(fashen, key, swept)
            except Exception:
                log.exception("the clock %s of case %s could not be swept", key[1], key[0])
    daily(fashen)
    _files(fashen)
    heartbeats.forget(fashen)
    heartbeats.beat(
        fashen,
        "sweep",
        alerts=len(swept.alerts),
        lapses=len(swept.lapsed),
        seconds=round(time.monotonic() - began, 3),
        every=every.total_seconds(),
    )
    return swept


def _files(fashen: Fashen) -> None:
    try:
        sweep_files(fashen)
    except Exception:
        log.exception("the evidence files could not be swept")


Key = tuple[str, str, int]
"""Case, clock, round."""


def _due(fashen: Fashen, tried: int) -> list[Key]:
    """The next clocks that want a look; those tried in vain before are among them, so ask for more."""
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(_D.case_id, _D.clock, _D.round)
            .where(_D.state == "open", _D.wake_at <= fashen.now(tx))
            .order_by(_D.wake_at, _D.case_id, _D.clock)
            .limit(tried + 200)
        )
        return [(r.case_id, r.clock, r.round) for r in rows]


def _turn(fashen: Fashen, key: Key, swept: Swept) -> None:
    """Raise every alert of one clock that is due, then let it lapse if its time has come."""
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        today = beijing(now).date()
        row = _lock(tx, key, now)
        if row is None:
            return
        case, office, term = _situation(fashen, tx, row)
        told = _told(tx, key)
        stages = term.stages(row["ends"], row["rolled"], fashen.calendar, office.alerts)
        left = [(stage, day) for stage, day in stages if stage not in told]
        raised: list[Told] = [s for s, day in left if s != "lapse" and day <= today]
        messages = [m for stage in raised for m in _alerts(row, term, stage, case, office, now)]
        if messages:
            queue(tx, messages, row["office_id"], row["case_id"], now)
        _note(tx, row, raised, now)
        left = [(stage, day) for stage, day in left if stage not in raised]
        lapsing = bool(left) and left[0][0] == "lapse" and left[0][1] <= today
        waits = _other_window_ends(tx, row, term, today) if lapsing else None
        _sleep(tx, key, _wake(left, now, waits))
        failpoint("sweep.before_commit")
    failpoint("sweep.after_commit")
    swept.alerts += [(row["case_id"], f"{term.clock}.{stage}") for stage in raised]
    if lapsing and waits is None and not _lapse(fashen, row, term, swept):
        with fashen.engine.begin() as tx:
            _sleep(tx, key, midnight(today + timedelta(days=1)))


def _lock(tx: Connection, key: Key, now: datetime) -> Mapping[str, Any] | None:
    """The clock, if it is still open, still due, and nobody else is at it."""
    found = (
        tx.execute(
            skip_locked(
                sa.select(models.deadline).where(
                    _D.case_id == key[0],
                    _D.clock == key[1],
                    _D.round == key[2],
                    _D.state == "open",
                    _D.wake_at <= now,
                ),
                tx,
            )
        )
        .mappings()
        .first()
    )
    return dict(found) if found else None


def _situation(
    fashen: Fashen, tx: Connection, row: Mapping[str, Any]
) -> tuple[CaseFile, Office, Term]:
    c = models.cases.c
    found = tx.execute(
        sa.select(c.doc, c.flow).where(c.id == row["case_id"], c.office_id == row["office_id"])
    ).one()
    office = fashen.bureau(tx, row["office_id"]).office
    return CaseFile.model_validate_json(found.doc), office, FLOWS[found.flow].term(row["clock"])


def _told(tx: Connection, key: Key) -> set[str]:
    """The stages of this clock that were told."""
    a = models.alert.c
    mine = a.case_id == key[0], a.clock == key[1], a.round == key[2]
    return set(tx.execute(sa.select(a.stage).where(*mine)).scalars())


def _note(tx: Connection, row: Mapping[str, Any], stages: Sequence[str], now: datetime) -> None:
    """These stages are told, and never again."""
    for stage in stages:
        named = {name: row[name] for name in ("case_id", "clock", "round", "office_id")}
        tx.execute(models.alert.insert(), {**named, "stage": stage, "raised_at": now})


def _alerts(
    row: Mapping[str, Any], term: Term, stage: Told, case: CaseFile, office: Office, now: datetime
) -> list[Message]:
    alert, ends = f"{term.clock}.{stage}", row["ends"]
    when = f"已于 {ends} 届满" if ends < beijing(now).date() else f"将于 {ends} 届满"
    mark = "（暂定，节假日安排尚未公布）" if row["provisional"] else ""
    text = f"{STAGE_WORDS[stage]}：{case_name(case)}的“{term.label}”期限{when}{mark}。"
    about = {"alert": alert, "clock": row["clock"], "round": row["round"]}
    return [
        message
        for person in hearers(term, stage, case, office, beijing(now))
        for message in to_person(
            "alert",
            f"alert:{row['case_id']}:{row['clock']}:{row['round']}:{stage}:{person.id}",
            person,
            text,
            stage=stage,
            **about,
        )
    ]


def holders(term: Term, case: CaseFile, office: Office, at: datetime) -> list[Person]:
    """Who has a clock in hand: whom its row of the table names, else the officers of the case.

    What nobody has taken up yet is the unit head's.
    """
    return _in_hand(term, (), case, office, at)


def hearers(term: Term, stage: Stage, case: CaseFile, office: Office, at: datetime) -> list[Person]:
    """Who hears when a clock reaches this stage at this Beijing moment; of a lapse, whoever is told of its verb."""
    if stage == "lapse":
        return told_of(term.on_lapse, case, office, at)
    return _in_hand(term, office.alerts.hearers(stage), case, office, at)


def _in_hand(
    term: Term, besides: Sequence[str], case: CaseFile, office: Office, at: datetime
) -> list[Person]:
    holder = ("handlers",) if term.holder is None else tuple(sorted(term.holder.roles))
    return recipients((*holder, *besides), case, office, at) or office.with_role("unit_head")


def _other_window_ends(
    tx: Connection, row: Mapping[str, Any], term: Term, today: date
) -> date | None:
    """The end of another window of this case that must run out too before both can lapse."""
    latest: date | None = tx.scalar(
        sa.select(sa.func.max(_D.ends)).where(
            _D.case_id == row["case_id"],
            _D.state == "open",
            _D.clock.in_(
                [t.clock for f in FLOWS.values() for t in f.terms if t.on_lapse == term.on_lapse]
            ),
            _D.ends >= today,
        )
    )
    return latest


def _wake(left: Sequence[tuple[Stage, date]], now: datetime, waits: date | None) -> datetime | None:
    """When this clock next wants a look: its next stage or the other window's end.

    A lapse that is due is taken right after; should whoever takes it die, others look again soon.
    """
    if waits is not None:
        return midnight(waits + timedelta(days=1))
    if not left:
        return None
    stage, day = left[0]
    if stage == "lapse" and midnight(day) <= now:
        return now + LAPSE_TAKES
    return midnight(day)


def _sleep(tx: Connection, key: Key, wake: datetime | None) -> None:
    tx.execute(
        models.deadline.update()
        .where(_D.case_id == key[0], _D.clock == key[1], _D.round == key[2])
        .values(wake_at=wake)
    )


def _lapse(fashen: Fashen, row: Mapping[str, Any], term: Term, swept: Swept) -> bool:
    """Take the lapse as the system; False when the law still says no, and tomorrow's look says so again."""
    order = Order(
        office=row["office_id"],
        actor="system",
        verb=term.on_lapse,
        case=row["case_id"],
        key=f"{term.on_lapse}:{row['case_id']}:{row['round']}",
    )
    try:
        done = perform(fashen, order)
    except errors.FashenError as no:
        log.info("%s of case %s waits: %s", term.on_lapse, row["case_id"], no)
        return False
    if not done.repeated:
        swept.lapsed.append((row["case_id"], term.on_lapse))
    return True
