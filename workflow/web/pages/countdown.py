"""期限 — a running clock in words: which kind of day, how many are left, and what it is about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policies.calendar import Calendar, Span
from policies.casefile import CaseFile
from policies.document import Thing
from states.flow import Term, kind_of
from states.terms import TERMS
from workflow.queries import Deadline

CARDS = {"red": ("r", "红牌"), "yellow": ("y", "黄牌"), "blue": ("b", "提醒")}


@dataclass(frozen=True, slots=True)
class Countdown:
    """A running clock as a page says it: word, number, and always which kind of day."""

    clock: str
    kind: str
    label: str
    count: str
    left: str
    tone: str
    card: str
    used: int
    total: int
    ends: date
    note: str
    waiting: bool
    provisional: bool


def term_of(clock: str) -> Term:
    """The row of the table behind a running clock."""
    return TERMS[kind_of(clock)]


def countdown(deadline: Deadline, case: CaseFile, calendar: Calendar, today: date) -> Countdown:
    """Working days are counted as working days, natural days as natural days; `today` is Beijing's."""
    term, span = term_of(deadline.clock), Span.parse(deadline.span)
    waiting = bool(term.on_lapse)
    tone, card = ("", "") if waiting else CARDS.get(deadline.stage, ("", ""))
    if span.unit == "wd":
        used, total = calendar.workdays_between(deadline.start, today), span.n
        count, unit = f"第 {used}/{total} 个工作日", "个工作日"
        left = calendar.workdays_between(today, deadline.ends)
    else:
        used, total = deadline.used, (deadline.ends - deadline.start).days
        count, unit = f"第 {used}/{total} 天", "个自然日"
        left = deadline.left
    if deadline.start > today:
        count = f"{deadline.start} 起算"
    if deadline.left < 0:
        said = "已经届满" if waiting else _overdue(deadline, calendar, today)
        count = (
            f"{total} {unit}" if waiting else count
        )  # nobody counts on after the party's last day
    elif deadline.left == 0:
        said = "今日届满"
    else:
        said = f"还剩 {left} {unit}"
    return Countdown(
        clock=deadline.clock,
        kind=deadline.label,
        label=_label(deadline, case),
        count=count,
        left=said,
        tone=tone,
        card=card,
        used=min(max(used, 0), total),
        total=total,
        ends=deadline.ends,
        note=_rolling(deadline) + _taken_down(deadline, case),
        waiting=waiting,
        provisional=deadline.provisional,
    )


def _label(deadline: Deadline, case: CaseFile) -> str:
    """查封扣押（m2：水泥二十袋）: a clock beside the case says which thing it is about."""
    of = deadline.clock.partition(":")[2]
    thing = next((t for t in _things(case) if t.id == of), None) if of else None
    if thing is None:
        return deadline.label
    return f"{deadline.label}（{of}：{thing.told.partition('：')[2] or thing.told}）"


def _things(case: CaseFile) -> tuple[Thing, ...]:
    """What can have a clock of its own."""
    return (*case.measures, *case.remedies, *case.enforcements, *case.supervisions)


def _overdue(deadline: Deadline, calendar: Calendar, today: date) -> str:
    """In the days the period was counted in; a working-day period just over on a weekend has none yet."""
    if Span.parse(deadline.span).unit == "wd":
        days = calendar.workdays_between(deadline.ends, today)
        if days:
            return f"超期 {days} 个工作日"
    return f"超期 {-deadline.left} 个自然日"


def _rolling(deadline: Deadline) -> str:
    """Both dates where the end falls on a day off, and which of them the program goes by."""
    if deadline.due == deadline.rolled:
        return ""
    if deadline.ends == deadline.rolled:
        return f"{deadline.due} 是休息日，顺延至 {deadline.rolled}。"
    return f"{deadline.due} 是休息日，是否顺延至 {deadline.rolled} 有争议，按 {deadline.due} 提醒。"


def _taken_down(deadline: Deadline, case: CaseFile) -> str:
    """That a card was taken down, when and why; who reads the page knows the case."""
    downs = (case.taken_down(deadline.clock, stage) for stage in ("red", "yellow"))
    down = next((d for d in downs if d), None)
    return f"{CARDS[down.stage][1]}已于 {down.on} 摘下：{down.reason}。" if down else ""
