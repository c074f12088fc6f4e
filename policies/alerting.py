"""提醒规则 — what an office adjusts about its alerts: when a stage comes, who hears it, when nobody is disturbed.

No statute says any of this; the defaults are those of the program, and the office file replaces what it
names under `alerts:`. Red is not among what can be moved: it comes when the period is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Literal

from pydantic import Field, field_validator, model_validator

from policies.calendar import Span
from policies.document import Record

Stage = Literal["blue", "yellow", "red"]
Before = Literal["blue", "yellow"]
"""The stages that come before the end of a period."""

Hearer = Literal[
    "handlers", "unit_head", "reviewer", "head", "deputy_head", "chair", "clerk", "counsel",
    "inspector", "admin", "duty",
]  # fmt: skip
"""A role; `handlers` are the officers of the case, `duty` whoever is on the roster at that hour."""

DUTY: Hearer = "duty"

HEARS: Mapping[Stage, tuple[Hearer, ...]] = {
    "blue": (),
    "yellow": ("unit_head",),
    "red": ("unit_head", "head", DUTY, "inspector"),
}
"""Who hears of a stage besides whoever has the case in hand."""


class Quiet(Record):
    """免打扰 — Beijing hours in which only red goes out of the house; over midnight where `end` is the earlier."""

    start: time = time(21, 0)
    end: time = time(7, 30)

    def until(self, at: datetime) -> datetime | None:
        """When the quiet that holds at this Beijing moment is over; None where there is none."""
        now = time(at.hour, at.minute, at.second)
        over = datetime.combine(at.date(), self.end, at.tzinfo)
        if self.start <= self.end:
            return over if self.start <= now < self.end else None
        if now < self.end:
            return over
        return over + timedelta(days=1) if now >= self.start else None


class Watch(Record):
    """也要盯着的 — how long before, or after how long, what has no clock is told; days are natural days."""

    certificate: int = Field(default=60, ge=1, description="执法证到期前多少天")
    study_hours: int = Field(default=40, ge=0, description="每年应当学习的学时；0 为不提醒")
    study_from: str = Field(
        default="10-01", pattern=r"^\d\d-\d\d$", description="每年从哪一天起提醒学时不足"
    )
    idle: int = Field(default=30, ge=1, description="案件多少天没有办过任何一步")

    @field_validator("study_from")
    @classmethod
    def _a_day(cls, text: str) -> str:
        try:
            date.fromisoformat(f"2024-{text}")
        except ValueError:
            raise ValueError(f"“{text}”不是一年中的一天，例如 10-01") from None
        return text

    def study_due(self, today: date) -> bool:
        """Whether too few hours are told by now."""
        return f"{today:%m-%d}" >= self.study_from


class Alerting(Record):
    """The office's own rules of alerting; `stages` names a clock and the offsets of its stages from the end."""

    stages: dict[str, dict[Before, str]] = Field(default_factory=dict)
    hears: dict[Stage, tuple[Hearer, ...]] = Field(default_factory=dict)
    quiet: Quiet | None = Quiet()
    digest_at: time = time(8, 30)
    digest_to: tuple[Hearer, ...] = ("unit_head", "head", "deputy_head")
    watch: Watch = Watch()

    @field_validator("stages")
    @classmethod
    def _before_the_end(cls, stages: dict[str, dict[Before, str]]) -> dict[str, dict[Before, str]]:
        for clock, offsets in stages.items():
            spans = {stage: Span.parse(back) for stage, back in offsets.items()}
            for stage, span in spans.items():
                if span.n >= 0 or span.unit == "h":
                    raise ValueError(f"{clock} 的 {stage}：写成届满之前多少天，例如 -3d 或者 -2wd")
            alike = len({span.unit for span in spans.values()}) == 1
            if len(spans) == 2 and alike and spans["blue"].n >= spans["yellow"].n:
                raise ValueError(f"{clock}：blue 要早于 yellow")
        return stages

    def offsets(
        self, clock: str, usual: tuple[tuple[Before, str], ...]
    ) -> tuple[tuple[Before, str], ...]:
        """The stages of a clock before its end, in order; `usual` are those that the program comes with."""
        own = self.stages.get(clock)
        if own is None:
            return usual
        return tuple((stage, own[stage]) for stage in ("blue", "yellow") if stage in own)

    def hearers(self, stage: Stage) -> tuple[Hearer, ...]:
        return self.hears.get(stage, HEARS[stage])


class Duty(Record):
    """值班 — who is on duty from when till when, Beijing time; `until` is the first moment after it."""

    person: str
    since: datetime = Field(alias="from")
    until: datetime

    @field_validator("since", "until")
    @classmethod
    def _on_our_clock(cls, moment: datetime) -> datetime:
        if moment.tzinfo is not None:
            raise ValueError(f"写北京时间，不写时区，例如 {moment:%Y-%m-%dT%H:%M}")
        return moment

    @model_validator(mode="after")
    def _forward(self) -> Duty:
        if self.until <= self.since:
            raise ValueError(f"{self.person} 的值班到 {self.until} 为止，不晚于开始的 {self.since}")
        return self

    def covers(self, at: datetime) -> bool:
        """Whether this person is on duty at this Beijing moment."""
        now = at.replace(tzinfo=None)
        return self.since <= now < self.until


def uncovered(
    roster: tuple[Duty, ...], since: datetime, until: datetime
) -> list[tuple[datetime, datetime]]:
    """The hours in this stretch for which nobody is on the roster, Beijing time without zone."""
    spans = sorted((max(d.since, since), min(d.until, until)) for d in roster)
    spans = [(a, b) for a, b in spans if a < b]
    gaps, reached = [], since
    for a, b in [*spans, (until, until)]:
        if a > reached:
            gaps.append((reached, a))
        reached = max(reached, b)
    return gaps
