"""期限的扣除与延长 — when a clock stands still, by how much it may be extended, and what a new calendar makes of it.

行政处罚法 60 knows neither: both exist only where a law or a 规章 of the item says so (`ClockProfile` of the
office's file). Every date here is counted anew from the clock's start, its span and what is on record;
no date is ever moved by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from policies.calendar import Calendar, Counted, Span
from policies.casefile import Clock
from policies.office import Approver, ClockProfile


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which a clock stands still, from `first` until it goes on, on `last`.

    As with every period the first day itself is not counted (民事诉讼法85): from the 3rd to the 13th are
    ten days. Without `last` it still stands. `proof` is the document that shows both ends.
    """

    reason: str
    first: date
    last: date | None = None
    proof: str = ""

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError(f"{self.reason}：结束之日 {self.last} 早于开始之日 {self.first}。")

    @property
    def label(self) -> str:
        return f"{self.reason}（{self.first} 至 {self.last or '今'}）"


@dataclass(frozen=True, slots=True)
class Grant:
    """An approved extension: how many days of the clock's own unit, by whom, and when."""

    days: int
    approved_by: Approver
    on: date

    @property
    def label(self) -> str:
        return f"延长 {self.days} 日（{self.on} 批准）"


@dataclass(frozen=True, slots=True)
class NotCounted:
    """What is on record and moves no date, and why."""

    what: str
    why: str


@dataclass(frozen=True, slots=True)
class Paused:
    """The clock as start, pauses and extensions make it; what did not count is named.

    `standing`: a pause has no end yet, so the end moves on with every day.
    """

    clock: Clock
    stood: int
    extended: int
    standing: bool
    not_counted: tuple[NotCounted, ...]
    explanation: str


def recounted(clock: Clock, calendar: Calendar, *, rolls: bool) -> Clock | None:
    """The clock by another calendar, or None when it was counted by this one already.

    `rolls` is the term's. For a clock that stood still or was extended ask `paused` instead, which
    counts by the calendar it is given.
    """
    if clock.calendar == calendar.version:
        return None
    counted = calendar.count(clock.start, Span.parse(clock.span))
    return _clock(counted, clock.start, clock.span, rolls=rolls)


def paused(
    clock: Clock,
    intervals: Iterable[Pause],
    profile: ClockProfile | None,
    calendar: Calendar,
    *,
    as_of: date,
    grants: Iterable[Grant] = (),
    rolls: bool = False,
) -> Paused:
    """The clock with its pauses and extensions, as far as the profile allows them.

    Days that several pauses share are counted once. A pause without proof, of a reason that the profile
    does not know, or begun after the period was over counts for nothing; neither does an extension that
    was approved too late, by somebody else, or is longer than the profile gives (罚60, R154, R155).
    """
    span = Span.parse(clock.span)
    good, refused = _admitted(intervals, profile)
    steps: list[tuple[date, Pause | Grant]] = [(p.first, p) for p in good]
    steps += [(g.on, g) for g in grants]
    stood = extended = used = 0
    until = clock.start  # up to here the days are already counted
    counted = calendar.count(clock.start, span)
    for day, step in sorted(steps, key=lambda pair: pair[0]):
        if day > counted.due:
            refused.append(
                NotCounted(step.label, f"期限已于 {counted.due} 届满，届满之后才开始或者批准")
            )
        elif isinstance(step, Grant):
            why = _overreach(step, profile, used)
            if why:
                refused.append(NotCounted(step.label, why))
            else:
                extended, used = extended + step.days, used + 1
        else:
            last = max(step.last or as_of, step.first)
            since = max(step.first, until)
            if last > since:
                stood += _length(since, last, span, calendar)
                until = last
        counted = _moved(calendar, clock.start, span, stood, extended)
    return Paused(
        clock=_clock(counted, clock.start, clock.span, rolls=rolls),
        stood=stood,
        extended=extended,
        standing=any(p.last is None for p in good),
        not_counted=tuple(refused),
        explanation=_explained(clock.start, counted, span, stood, extended, profile),
    )


def _admitted(
    intervals: Iterable[Pause], profile: ClockProfile | None
) -> tuple[list[Pause], list[NotCounted]]:
    good, refused = [], []
    for pause in intervals:
        why = _inadmissible(pause, profile)
        if why:
            refused.append(NotCounted(pause.label, why))
        else:
            good.append(pause)
    return good, refused


def _inadmissible(pause: Pause, profile: ClockProfile | None) -> str:
    if profile is None:
        return "本案由没有时限规则，办案期限不扣除任何期间（《行政处罚法》第六十条）"
    if not profile.confirmed:
        return f"时限规则“{profile.title}”还没有人确认，确认之前从严计算"
    rule = profile.pausable_for(pause.reason)
    if rule is None:
        return f"{profile.source}没有规定扣除“{pause.reason}”的期间"
    if not pause.proof:
        return f"没有证明文书，应当有{rule.proof}"
    return ""


def _overreach(grant: Grant, profile: ClockProfile | None, used: int) -> str:
    if profile is None:
        return "本案由没有时限规则，不得延长（《行政处罚法》第六十条）"
    if not profile.confirmed:
        return f"时限规则“{profile.title}”还没有人确认，确认之前从严计算"
    if used >= len(profile.extensions):
        return f"{profile.source}只允许延长 {len(profile.extensions)} 次"
    allowed = profile.extensions[used]
    if grant.approved_by != allowed.approved_by:
        return f"第 {used + 1} 次延长应当由{allowed.approver}批准"
    if allowed.days is not None and grant.days > allowed.days:
        return f"第 {used + 1} 次延长不得超过 {allowed.days} 日"
    return ""


def _length(first: date, last: date, span: Span, calendar: Calendar) -> int:
    """How many of the clock's own days lie in the stretch: working days or days."""
    if span.unit == "wd":
        return calendar.workdays_between(first, last)
    return (last - first).days


def _moved(calendar: Calendar, start: date, span: Span, stood: int, extended: int) -> Counted:
    """The period with its extra days; after months they are counted from the months' end."""
    extra = stood + extended
    if span.unit != "mo":
        return calendar.count(start, Span(span.n + extra, span.unit))
    return calendar.count(calendar.count(start, span).due, Span(extra, "d"))


def _clock(counted: Counted, start: date, span: str, *, rolls: bool) -> Clock:
    return Clock(
        start=start,
        span=span,
        due=counted.due,
        rolled=counted.rolled,
        ends=counted.rolled if rolls else counted.due,
        provisional=counted.provisional,
        calendar=counted.calendar.version,
    )


def _explained(
    start: date,
    counted: Counted,
    span: Span,
    stood: int,
    extended: int,
    profile: ClockProfile | None,
) -> str:
    said = f"自 {start} 起 {span.label}（起算之日不计入）"
    if stood:
        said += f"，扣除 {stood} 日"
    if extended:
        said += f"，延长 {extended} 日"
    if (stood or extended) and profile:
        said += f"（{profile.source}）"
    said += f"，至 {counted.due}"
    if counted.rolled != counted.due:
        said += f"；该日是休息日，其后第一个工作日是 {counted.rolled}"
    return said + "。"
