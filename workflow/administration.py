"""管理 — what who looks after an office reads of it: certificates, roster, parameters, calendar, channels, versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

import sqlalchemy as sa

from policies.alerting import Duty, uncovered
from policies.calendar import FIRST_YEAR
from policies.casefile import yuan_words
from policies.office import Band, LocalParameter, Office, Person, PowerItem, Range
from workflow import channels, holidays, models
from workflow.database import reading
from workflow.program import Fashen
from workflow.times import beijing

READERS = ("admin", "head", "inspector", "security_admin", "audit_admin")
"""Who sees these pages; what may be done on them is asked where it is done."""

Tone = Literal["r", "y", "g", ""]

AHEAD = timedelta(days=7)
"""How far ahead the roster is looked through for hours that nobody has."""


# — people and duty ———————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody of the office, and how their certificate stands; `tone` is empty where none is held."""

    person: Person
    tone: Tone
    said: str


def certificates(office: Office, today: date) -> list[Held]:
    return [_held(person, today, office.alerts.watch.certificate) for person in office.people]


def _held(person: Person, today: date, before: int) -> Held:
    held = person.certificate
    if held is None:
        return Held(person, "", "")
    left = (held.valid_to - today).days
    if left < 0:
        return Held(person, "r", f"已过期 {-left} 个自然日，不能执法")
    if today < held.valid_from:
        return Held(person, "y", f"{held.valid_from} 起才有效")
    if left <= before:
        return Held(person, "y", f"还有 {left} 个自然日到期，请办理换证")
    return Held(person, "g", "有效")


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty now, the turns to come, and the hours of the next week that nobody has."""

    now: Sequence[Duty]
    ahead: Sequence[Duty]
    gaps: Sequence[tuple[datetime, datetime]]


def roster(office: Office, now: datetime) -> Roster:
    here, kept = beijing(now), office.duty_roster
    at = here.replace(tzinfo=None, minute=0, second=0, microsecond=0)
    on = [d for d in kept if d.covers(here)]
    ahead = sorted((d for d in kept if d.since > here.replace(tzinfo=None)), key=lambda d: d.since)
    return Roster(on, ahead, uncovered(kept, at, at + AHEAD) if kept else [])


# — powers and parameters —————————————————————————————————————————————————————————————————


def powers(office: Office, *, search: str = "", on: date | None = None) -> list[PowerItem]:
    """The items whose number or name has these words; with `on`, those that apply to an act of that day."""
    words = search.casefold().split()
    return [
        p for p in office.power_list
        if all(w in f"{p.code} {p.title}".casefold() for w in words)
        and (on is None or p.in_force_on(on))
    ]  # fmt: skip


def amount(limits: Range | Band | None) -> str:
    """A range as people say it."""
    if limits is None:
        return "不罚款"
    if limits.min is None and limits.max is None:
        return "条文没有写金额"
    if limits.min is None:
        return f"{yuan_words(limits.max)} 元以下" if limits.max is not None else ""
    low = yuan_words(limits.min)
    return f"{low} 至 {yuan_words(limits.max)} 元" if limits.max is not None else f"{low} 元以上"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A parameter over one stretch of time; `until` is the day before the next value begins."""

    parameter: LocalParameter
    until: date | None
    now: bool


def parameters(office: Office, today: date) -> list[Stretch]:
    """By name, the newest first, with which of them counts today."""
    found: list[Stretch] = []
    for key in sorted({p.key for p in office.parameters}):
        rows = sorted((p for p in office.parameters if p.key == key), key=lambda p: p.since)
        ends = [*(r.since - timedelta(days=1) for r in rows[1:]), None]
        stretches = [
            Stretch(p, end, p.since <= today and (end is None or today <= end))
            for p, end in zip(rows, ends, strict=True)
        ]
        found += reversed(stretches)
    return found


# — the calendar ——————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Holiday:
    """The days off of one holiday, and the weekend days worked for it."""

    name: str
    off: Sequence[date]


@dataclass(frozen=True, slots=True)
class Year:
    """A year as the program counts it; `provisional` until its notice is loaded."""

    year: int
    provisional: bool
    holidays: Sequence[Holiday]
    worked: Sequence[date]


@dataclass(frozen=True, slots=True)
class Days:
    """Which notices are in force, and how many running clocks reach a year that has none."""

    first: int
    through: int
    loaded: Sequence[int]
    folder: str
    years: Sequence[Year]
    provisional: int


def days(fashen: Fashen, office: str) -> Days:
    calendar, today = fashen.calendar, beijing(fashen.clock()).date()
    d = models.deadline.c
    with reading(fashen.engine) as tx:
        waiting = tx.scalar(
            sa.select(sa.func.count())
            .select_from(models.deadline)
            .where(d.office_id == office, d.state == "open", d.provisional)
        )
    return Days(
        FIRST_YEAR,
        calendar.published_through,
        sorted(notice.year for notice in holidays.notices(fashen.settings)),
        "FASHEN_HOLIDAYS_DIR" if fashen.settings.holidays_dir else "数据目录的 holidays",
        [_year(fashen, today.year + n) for n in (0, 1)],
        int(waiting or 0),
    )


def _year(fashen: Fashen, year: int) -> Year:
    calendar, worked = fashen.calendar, []
    named: dict[str, list[date]] = {}
    every = [date(year, 1, 1) + timedelta(days=n) for n in range(366)]
    for day in (d for d in every if d.year == year):
        name = calendar.day_name(day)
        if name and not calendar.is_workday(day):
            named.setdefault(name, []).append(day)
        elif day.weekday() >= 5 and calendar.is_workday(day):
            worked.append(day)
    off = [Holiday(name, found) for name, found in named.items()]
    return Year(year, year > calendar.published_through, off, worked)


# — channels and versions —————————————————————————————————————————————————————————————————

CHANNELS = {
    "email": "电子邮件",
    "wecom": "企业微信",
    "dingtalk": "钉钉",
    "feishu": "飞书",
    "webhook": "签名的网络回调",
}


@dataclass(frozen=True, slots=True)
class Way:
    """A way out: whether this installation has it, who of the office has an address on it, how it fares."""

    name: str
    label: str
    configured: bool
    people: int
    done_at: datetime | None = None
    failed_at: datetime | None = None
    failures: int = 0
    error: str = ""


def ways(fashen: Fashen, office: Office) -> list[Way]:
    """The channels that ship, the office's own, and those that only the office file names."""
    there = channels.configured(fashen.settings)
    named = {name for person in office.people for name in person.reach}
    with reading(fashen.engine) as tx:
        rows = {row.name: row for row in tx.execute(sa.select(models.channel))}
    return [
        _way(name, name in there, office, rows.get(name))
        for name in [*CHANNELS, *sorted((set(there) | named) - set(CHANNELS))]
    ]


def _way(name: str, configured: bool, office: Office, row: Any) -> Way:
    people = sum(name in person.reach for person in office.people)
    label = CHANNELS.get(name, name)
    if row is None:
        return Way(name, label, configured, people)
    return Way(
        name, label, configured, people, row.done_at, row.failed_at, row.failures, row.error or ""
    )


@dataclass(frozen=True, slots=True)
class Version:
    """A version of the office file: when, by whose hand, and by which proposal; 0: at the server's command line."""

    version: int
    loaded_at: datetime
    loaded_by: str
    proposal: int
    proposed_by: str
    reason: str


def versions(fashen: Fashen, office: str, limit: int = 100) -> list[Version]:
    """The newest first."""
    v, p = models.office_version.c, models.office_proposal.c
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(v.version, v.loaded_at, v.loaded_by, p.id, p.proposed_by, p.reason)
            .outerjoin(
                models.office_proposal, (p.office_id == v.office_id) & (p.version == v.version)
            )
            .where(v.office_id == office)
            .order_by(v.version.desc())
            .limit(limit)
        )
        return [
            Version(
                r.version, r.loaded_at, r.loaded_by, r.id or 0, r.proposed_by or "", r.reason or ""
            )
            for r in rows
        ]
