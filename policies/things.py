"""What runs beside a case, each in a small lifecycle of its own (states/beside): the facts of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from policies.document import Record, Thing


class Interval(Record):
    """A stretch of days with the document that proves it; `until` empty while it still runs."""

    since: date
    until: date | None = None
    proof: str = ""


class Measure(Thing):
    """先行登记保存、查封、扣押 of what may get lost or is needed (行政处罚法 56, 行政强制法 16–28).

    `approved_at` is when the head approved it, `approved_how` in which way; `told` are the steps of
    行政强制法 18 that the record shows. `testing` are the periods that 行政强制法 25(3) leaves out.
    """

    kind: Literal["先行登记保存", "查封", "扣押"]
    objects: str
    reason: str
    basis: str = ""
    taken_at: datetime
    place: str = ""
    officers: tuple[str, ...] = ()
    urgent: bool = False
    approved_at: datetime | None = None
    approved_by: str = ""
    approved_how: str = ""
    number: str = ""
    list_handed_over: bool = False
    steps: tuple[str, ...] = ()
    keeper: str = ""
    extended_on: date | None = None
    extended_because: str = ""
    testing: tuple[Interval, ...] = ()
    ended_on: date | None = None
    ended_as: str = ""
    ended_with: str = ""
    irregular: bool = False

    @property
    def seizure(self) -> bool:
        """查封 or 扣押, to which the 行政强制法 applies."""
        return self.kind != "先行登记保存"

    @property
    def told(self) -> str:
        return f"{self.kind}：{self.objects[:30]}"
