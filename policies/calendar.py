"""期限 — counting days the way the law counts them.

Which days are worked is data: the State Council's yearly notices, as the chinese_calendar package and
notices imported later hold them. A year without a notice has weekends and the statutory holidays,
and every answer that reaches it says `provisional`.
"""

from __future__ import annotations

import json
import re
from calendar import monthrange
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256
from itertools import count as numbers_from
from typing import NamedTuple, Self

from chinese_calendar import constants

ONE_DAY = timedelta(days=1)
FIRST_YEAR = 2004  # the earliest notice that the package holds
UNITS = {"wd": "个工作日", "d": "个自然日", "mo": "个月", "h": "小时"}

# 全国年节及纪念日放假办法(2024修订) art. 2: the holidays with a fixed date, and the others as far as
# their dates are looked up: 除夕 (the first of four days), 清明, 端午, 中秋.
FIXED = {(1, 1): "元旦"} | dict.fromkeys([(5, 1), (5, 2)], "劳动节")
FIXED |= dict.fromkeys([(10, 1), (10, 2), (10, 3)], "国庆节")
LUNAR = {
    2027: ((2, 5), (4, 5), (6, 9), (9, 15)),
    2028: ((1, 25), (4, 4), (5, 28), (10, 3)),
    2029: ((2, 12), (4, 4), (6, 16), (9, 22)),
    2030: ((2, 2), (4, 5), (6, 5), (9, 12)),
    2031: ((1, 22), (4, 5), (6, 24), (10, 1)),
    2032: ((2, 10), (4, 4), (6, 12), (9, 19)),
    2033: ((1, 30), (4, 4), (6, 1), (9, 8)),
    2034: ((2, 18), (4, 5), (6, 20), (9, 27)),
    2035: ((2, 7), (4, 5), (6, 10), (9, 16)),
}
LAST_LUNAR = max(LUNAR)


class BeforeCalendar(ValueError):
    """A day before the first notice that the program holds; the text is for people."""


class NotPublished(ValueError):
    """A notice without a single day: the State Council has not issued it, the year stays provisional."""


@dataclass(frozen=True, slots=True)
class Span:
    """A length in `wd` working days, `d` calendar days, `mo` months or `h` hours; negative: before.

    When "日" means working days: 行政处罚法85 (二、三、五、七日), 行政强制法69 (十日以内).
    """

    n: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS:
            raise ValueError(f"期限单位“{self.unit}”无法识别：只接受 wd、d、mo、h。")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read "+5wd", "15d", "6mo", "24h" or "-2wd"."""
        found = re.fullmatch(r"([+-]?\d{1,4})(wd|d|mo|h)", text.strip())
        if not found:
            raise ValueError(
                f"期限“{text}”无法识别：应为至多四位的整数加 wd（工作日）、d（自然日）、mo（月）"
                "或 h（小时），如 +5wd、15d、6mo、24h、-2wd。"
            )
        return cls(int(found[1]), found[2])

    def __str__(self) -> str:
        return f"{self.n}{self.unit}"

    @property
    def label(self) -> str:
        """As a document says it: 5 个工作日; when negative, 前 5 个工作日."""
        return f"{'前 ' * (self.n < 0)}{abs(self.n)} {UNITS[self.unit]}"


class Ruling(NamedTuple):
    """What a notice says of one day: off for a holiday, or worked to make up for it (调休)."""

    off: bool
    name: str


@dataclass(frozen=True, slots=True)
class Notice:
    """The 国务院办公厅 notice on one year's holidays; it may also rule the December before."""

    year: int
    days: Mapping[date, Ruling]

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a file of the holiday-cn project."""
        try:
            file = json.loads(text)
            year, rows = int(file["year"]), file["days"]
            days = {date.fromisoformat(d["date"]): Ruling(d["isOffDay"], d["name"]) for d in rows}
            if not all(isinstance(ruling.off, bool) for ruling in days.values()):
                raise TypeError("isOffDay is true or false")
        except (ValueError, KeyError, TypeError) as error:
            raise ValueError(
                "放假通知无法读取：应为 holiday-cn 格式的 JSON，含 year 和 days，"
                "每日有 date、name、isOffDay。"
            ) from error
        if not days:
            raise NotPublished(f"{year} 年放假通知没有任何日期：国务院尚未发布，该年仍按暂定计算。")
        if len(days) < len(rows) or any(year not in (d.year, _notice_year(d)) for d in days):
            raise ValueError(f"{year} 年放假通知有误：日期重复，或不在该年和上一年 12 月之内。")
        return cls(year, days)


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a count, and why it counts or not."""

    date: date
    counts: bool
    why: str


@dataclass(frozen=True, slots=True)
class Counted:
    """The end of a period: `due` by number, `rolled` when moved off a holiday (民事诉讼法85)."""

    start: date
    span: Span
    due: date
    rolled: date
    provisional: bool
    calendar: Calendar = field(repr=False)

    @property
    def counted(self) -> tuple[Day, ...]:
        """Working days: each day walked. Otherwise: both ends, and the days the end rolled over."""
        why, step = self.calendar.why, ONE_DAY if self.span.n > 0 else -ONE_DAY
        if self.span.unit == "wd":
            walk = (self.start + i * step for i in range(1, abs((self.due - self.start).days) + 1))
            return tuple(Day(day, self.calendar.is_workday(day), why(day)) for day in walk)
        ends = Day(self.start, False, "起算日"), Day(self.due, True, f"届满日，{why(self.due)}")
        over = (self.due + i * ONE_DAY for i in range(1, (self.rolled - self.due).days + 1))
        return (*ends, *(Day(day, day == self.rolled, why(day)) for day in over))


def count_hours(start: datetime, n: int) -> datetime:
    """The moment `n` hours later, by day and night, never rolled (行政强制法19: 二十四小时)."""
    return start + timedelta(hours=n)


@dataclass(frozen=True, slots=True)
class Calendar:
    """Which days are worked, from 2004 on. Calendars of equal version hold equal data."""

    version: str
    published_through: int  # the last year with a notice, none missing before it
    _off: Mapping[date, str] = field(compare=False, repr=False)
    _made_up: frozenset[date] = field(compare=False, repr=False)

    @classmethod
    def published(cls, overrides: Iterable[Notice] = ()) -> Self:
        """The packaged notices, each replaced by the last override of its year; then provisional years.

        A notice rules its whole year, but the end of December belongs to the next one: notice N+1
        is laid over notice N, in whatever order they come.
        """
        notices = {notice.year: notice for notice in (*_packaged(), *overrides)}
        through = next(year for year in numbers_from(FIRST_YEAR) if year not in notices) - 1
        ruled: dict[date, Ruling] = {}
        for year in sorted(notices.keys() | LUNAR.keys()):
            ruled |= notices[year].days if year in notices else _statutory(year)

        data = json.dumps(sorted((str(day), *ruling) for day, ruling in ruled.items()))
        return cls(
            version=f"cn-{through}+{sha256(data.encode()).hexdigest()[:8]}",
            published_through=through,
            _off={day: ruling.name for day, ruling in ruled.items() if ruling.off},
            _made_up=frozenset(day for day, ruling in ruled.items() if not ruling.off),
        )

    @property
    def next_edition(self) -> str:
        """The least version that a calendar of a later notice can have: what is below is not newer than this."""
        return f"cn-{self.published_through + 1}"

    def is_workday(self, day: date) -> bool:
        """A weekday that is no holiday, or a weekend day worked to make up for one (调休)."""
        return self._works(_known(day))

    def day_name(self, day: date) -> str | None:
        """The holiday that a day off belongs to, or None."""
        later = FIXED.get((day.month, day.day)) if day.year > LAST_LUNAR else None
        return self._off.get(_known(day), later)

    def why(self, day: date) -> str:
        """Why a day counts or not: the holiday's name, 周末, 调休上班 or 工作日."""
        if self.is_workday(day):
            return "调休上班" if day in self._made_up else "工作日"
        return self.day_name(day) or "周末"

    def next_workday(self, day: date) -> date:
        """The day itself when worked, else the first working day after it."""
        _known(day)
        while not self._works(day):
            day += ONE_DAY
        return day

    roll = next_workday  # what happens to a period that ends on a day off: 民事诉讼法85

    def count(self, start: date, span: Span) -> Counted:
        """The end of a period from `start`, a day that itself never counts (民事诉讼法85).

        Working days end on a working day (行政处罚法85, 行政强制法69). Calendar days and months end by
        number, a missing 31st on the month's last day, and roll; backwards they do not, for a later
        day would be too late.
        """
        _known(start)
        if span.unit == "h":
            raise ValueError(
                f"{span.label}须从具体时刻起算，请用 count_hours；按日只接受 wd、d、mo。"
            )
        if span.unit == "wd":
            due = self._nth_workday(start, span.n)
        else:
            due = start + span.n * ONE_DAY if span.unit == "d" else _months_on(start, span.n)
        rolled = _known(due) if span.unit == "wd" or span.n < 0 else self.roll(due)
        latest = rolled if span.n >= 0 else start - ONE_DAY
        return Counted(start, span, due, rolled, latest.year > self.published_through, self)

    def back(self, due: date, span: Span) -> date:
        """The latest start from which `span`, not rolled, is over by `due`: the last day to serve."""
        start = self.count(due, Span(-span.n, span.unit)).due
        while self.count(start, span).due > due:
            start -= ONE_DAY
        while self.count(start + ONE_DAY, span).due <= due:
            start += ONE_DAY
        return start

    def workdays_between(self, a: date, b: date) -> int:
        """How many working days are later than `a` and not later than `b`."""
        _known(a)
        return sum(self._works(a + i * ONE_DAY) for i in range(1, (b - a).days + 1))

    count_hours = staticmethod(count_hours)

    def _works(self, day: date) -> bool:
        if day.weekday() >= 5:
            return day in self._made_up
        return day not in self._off and (
            day.year <= LAST_LUNAR or (day.month, day.day) not in FIXED
        )

    def _nth_workday(self, start: date, n: int) -> date:
        day, step, left = start, ONE_DAY if n > 0 else -ONE_DAY, abs(n)
        while left:
            day += step
            left -= self._works(day)
        return day


def _known(day: date) -> date:
    if isinstance(day, datetime):  # it would miss every lookup in silence
        raise TypeError(f"days are counted from a date, not from {day!r}; take its date in Beijing")
    if day.year < FIRST_YEAR:
        raise BeforeCalendar(f"无法计算 {day}：放假安排的数据自 {FIRST_YEAR} 年起。")
    return day


def _notice_year(day: date) -> int:
    """Whose notice has the last word on a day: into December reaches only the next year's 元旦."""
    return day.year + (day.month == 12)


def _packaged() -> Iterable[Notice]:
    years: dict[int, dict[date, Ruling]] = {}
    for off, table in ((True, constants.holidays), (False, constants.workdays)):
        for day, english in table.items():
            name = constants.Holiday(english).chinese
            ruling = Ruling(off, f"{name}节" if name in ("清明", "端午", "中秋") else name)
            years.setdefault(_notice_year(day), {})[day] = ruling
    return (Notice(year, days) for year, days in years.items())


def _statutory(year: int) -> dict[date, Ruling]:
    """The thirteen days of art. 2; what arts. 6 and 7 leave to the notice (补假, 调休) is not guessed."""
    eve, *others = (date(year, *day) for day in LUNAR[year])
    named = {eve + i * ONE_DAY: "春节" for i in range(4)}
    named |= zip(others, ("清明节", "端午节", "中秋节"), strict=True)
    named |= {date(year, *day): name for day, name in FIXED.items()}
    return {day: Ruling(True, name) for day, name in named.items()}


def _months_on(day: date, n: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
