"""盯着 — what no clock of a case counts and somebody must still see to; each is told once per occurrence.

Certificates, hours of study, the power list, the calendar, idle cases, the duty roster, dead messages; a paper
of a supervisor has a clock of its own. `daily` asks once a day; how long before is the office's (`alerts.watch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.alerting import uncovered
from policies.casefile import CaseFile
from policies.lawbook import register
from policies.office import Person
from states.case import FLOWS
from workflow import models
from workflow.follow_ups import case_name
from workflow.program import Bureau, Fashen
from workflow.times import beijing, midnight


@dataclass(frozen=True, slots=True)
class Sight:
    """Something to see to: who should, what, and the key under which this occurrence is told once.

    `outside` is what leaves the house of it where `text` names somebody.
    """

    key: str
    text: str
    people: tuple[Person, ...]
    case: str = ""
    outside: str = ""


@dataclass(frozen=True, slots=True)
class Look:
    """An office on the morning of a day."""

    fashen: Fashen
    tx: Connection
    bureau: Bureau
    now: datetime

    @property
    def today(self) -> date:
        return beijing(self.now).date()

    def people(self, *roles: str) -> tuple[Person, ...]:
        return tuple(self.bureau.office.with_role(*roles))


def certificates(look: Look) -> Iterator[Sight]:
    """Certificates that run out soon, told once before the end and once after it."""
    rules = look.bureau.office.alerts.watch
    for person in look.bureau.office.people:
        held = person.certificate
        if held is None or held.valid_to > look.today + timedelta(days=rules.certificate):
            continue
        over = held.valid_to < look.today
        when = f"已于 {held.valid_to} 失效" if over else f"将于 {held.valid_to} 到期"
        yield Sight(
            f"certificate:{person.id}:{held.valid_to}:{'over' if over else 'soon'}",
            f"{person.name}的执法证{when}：办理换证；失效期间不能执法。",
            (person, *look.people("unit_head", "admin")),
            outside=f"执法证：有一份{when}，请登录查看并办理换证。",
        )


def study(look: Look) -> Iterator[Sight]:
    """Officers who have not studied enough this year, told once a year from the office's day on."""
    rules, year = look.bureau.office.alerts.watch, look.today.year
    if not rules.study_hours or not rules.study_due(look.today):
        return
    for person in look.bureau.office.with_role("officer"):
        hours = person.study.get(year, 0)
        if hours < rules.study_hours:
            yield Sight(
                f"study:{person.id}:{year}",
                f"{person.name} {year} 年的学习登记了 {hours} 学时，不足 {rules.study_hours} 学时：补学并登记。",
                (person, *look.people("unit_head")),
                outside=f"学习：有人 {year} 年的学时不足 {rules.study_hours}，请登录查看。",
            )


def repealed(look: Look) -> Iterator[Sight]:
    """Items that can be used today although what they cite has been repealed, told once a month."""
    law = register()
    for item in look.bureau.office.power_list:
        if not item.in_force_on(look.today):
            continue
        for cited in (item.duty, item.penalty):
            held = law.statute(cited.statute)
            if held and held.repealed and held.repealed <= look.today:
                yield Sight(
                    f"repealed:{item.code}:{cited.statute}:{look.today:%Y-%m}",
                    f"权力事项 {item.code}“{item.title}”援引的《{held.short}》已于 {held.repealed} 废止："
                    "给该项写上终止日期，并换用现行条款。",
                    look.people("admin", "reviewer"),
                )


def calendar(look: Look) -> Iterator[Sight]:
    """Running clocks that pass the published calendar, told once a month from December on."""
    through, d = look.fashen.calendar.published_through, models.deadline.c
    if (look.today.year, look.today.month) < (through, 12):
        return
    provisional = look.tx.scalar(
        sa.select(sa.func.count())
        .select_from(models.deadline)
        .where(d.office_id == look.bureau.office.office, d.state == "open", d.provisional)
    )
    yield Sight(
        f"calendar:{through + 1}:{look.today:%Y-%m}",
        f"{through + 1} 年的放假安排还没有载入，{provisional} 个期限是暂定的："
        "国务院办公厅的通知公布后载入，期限自动重算。",
        look.people("admin"),
    )


def idle(look: Look) -> Iterator[Sight]:
    """Cases in which no step was taken for the office's number of days, once per standstill."""
    c, days = models.cases.c, look.bureau.office.alerts.watch.idle
    rows = look.tx.execute(
        sa.select(c.id, c.version, c.moved_at, c.doc).where(
            c.office_id == look.bureau.office.office,
            c.state.in_(UNDER_WAY),
            c.moved_at < midnight(look.today - timedelta(days=days - 1)),
        )
    )
    for row in rows:
        case = CaseFile.model_validate_json(row.doc)
        handlers = tuple(p for i in case.officers if (p := look.bureau.office.person(i)))
        since = beijing(row.moved_at).date()
        yield Sight(
            f"idle:{row.id}:{row.version}",
            f"{case_name(case)}自 {since} 以来没有办过任何一步：继续办理，或者写明在等什么。",
            (*handlers, *look.people("unit_head")),
            row.id,
        )


_GOES_ON = {"checking"}
"""A final state of the summary flow in which the case goes on in the ordinary one."""

_FINAL = {s.value for flow in FLOWS.values() for s in flow.finals} - _GOES_ON
UNDER_WAY = sorted({s.value for flow in FLOWS.values() for s in flow.states} - _FINAL)
"""Named one by one, so that the index leads to these and past all that was ever archived."""


def roster(look: Look) -> Iterator[Sight]:
    """Hours of the next day for which nobody is on duty, where the office keeps a roster at all."""
    kept = look.bureau.office.duty_roster
    if not kept:
        return
    since = beijing(look.now).replace(tzinfo=None, minute=0, second=0, microsecond=0)
    for first, last in uncovered(kept, since, since + timedelta(days=1)):
        yield Sight(
            f"roster:{first:%Y-%m-%dT%H}",
            f"{first:%m月%d日%H时}至{last:%m月%d日%H时}没有排值班：补排，这段时间的红牌没有值班人员收到。",
            look.people("unit_head", "clerk"),
        )


def dead(look: Look) -> Iterator[Sight]:
    """Messages that are tried no more, told every day until somebody sees to them."""
    o = models.outbox.c
    count = look.tx.scalar(
        sa.select(sa.func.count())
        .select_from(models.outbox)
        .where(o.office_id == look.bureau.office.office, o.status == "dead")
    )
    if count:
        yield Sight(
            f"dead:{look.today}",
            f"有 {count} 条消息多次没有办成，已不再重试：查明原因，用 fashen messages 重新投递。",
            look.people("admin"),
        )


WATCHES: tuple[Callable[[Look], Iterator[Sight]], ...] = (
    certificates, study, repealed, calendar, idle, roster, dead,
)  # fmt: skip
