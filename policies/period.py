"""一个期间 — what is said of a period that a fact starts: its two ends, which of them binds, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from policies.articles import CPL
from policies.calendar import ONE_DAY, Calendar, Span
from policies.lawbook import LawBook

ROLLS = f"末日是休息日的，至其后第一个工作日（{CPL(85).text}）"


@dataclass(frozen=True, slots=True)
class Period:
    """One running period. `due` is the end by number, `rolled` the working day it moves to (民事诉讼法85).

    `rolls` says which of them binds; `disputed`, that both readings live and the earlier one is watched.
    `why` is for the file, `cite` the text that gives the length.
    """

    id: str
    label: str
    start: date
    span: Span
    due: date
    rolled: date
    rolls: bool
    why: str
    cite: str
    provisional: bool
    disputed: bool = False

    @property
    def ends(self) -> date:
        """The last day, as it binds."""
        return self.rolled if self.rolls else self.due

    @property
    def after(self) -> date:
        """The first day on which the period is over."""
        return self.ends + ONE_DAY


@dataclass(frozen=True, slots=True)
class NoPeriod:
    """A period that does not run, or not yet, and why."""

    id: str
    label: str
    why: str
    cite: str = ""


def run(
    id: str,
    label: str,
    key: str,
    start: date,
    law: LawBook,
    calendar: Calendar,
    *,
    why: str,
    rolls: bool = False,
) -> Period | NoPeriod:
    """The period of the parameter `key` from `start`; none where the register has no number for that day."""
    length = law.on(start).find(key)
    if length is None:
        return NoPeriod(id, label, f"法律登记簿没有 {start} 的“{key}”，无法计算。")
    counted = calendar.count(start, length.span)
    return Period(
        id=id,
        label=label,
        start=start,
        span=length.span,
        due=counted.due,
        rolled=counted.rolled,
        rolls=rolls,
        why=f"{why}；{ROLLS}。" if rolls else f"{why}。",
        cite=length.cite,
        provisional=counted.provisional,
    )


def later(a: Period | NoPeriod, b: Period | NoPeriod) -> Period | NoPeriod:
    """The one that ends later; one that does not run gives way to one that does."""
    if isinstance(a, NoPeriod) or isinstance(b, NoPeriod):
        return b if isinstance(a, NoPeriod) else a
    return max(a, b, key=lambda period: period.ends)
