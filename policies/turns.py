"""转折 — how a case leaves the straight way: to the police, to another organ, into another case, to a new party."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from policies.document import Record, Yuan


class Transfer(Record):
    """移送公安机关 of a suspected crime, from the report to the answer (移送规定 5–12)."""

    reported_at: datetime
    reason: str
    officers: tuple[str, ...] = ()
    approved_at: datetime | None = None
    approved_by: str = ""
    acting_head: str = ""
    refused_because: str = ""
    handed_over_at: datetime | None = None
    receiver: str = ""
    receipt: str = ""
    materials: tuple[str, ...] = ()
    answer: Literal["", "立案", "不予立案"] = ""
    answered_on: date | None = None
    objection: str = ""
    goods_on: date | None = None
    back_on: date | None = None
    back_from: str = ""
    back_with: str = ""
    result: str = ""
    archived_on: date | None = None
    archive_number: str = ""


class TakenDown(Record):
    """摘牌: a card of a running clock that somebody answered for; the clock itself runs on.

    `ends` is the end that the clock had then: a clock that is counted anew can show its card again.
    """

    clock: str
    stage: Literal["yellow", "red"]
    ends: date
    on: date
    by: str
    reason: str


class Clearance(Record):
    """立即代履行: what lay in the way of everybody was cleared at once, without a demand (行政强制法 52).

    `unable` says why the party could not; `told_on` when it heard of it, having been away. `cost` in 元.
    """

    on: date
    what: Literal["遗洒物", "障碍物", "污染物"]
    where: Literal["道路", "河道", "航道", "公共场所"]
    spot: str
    unable: str = ""
    performer: str
    party_present: bool
    told_on: date | None = None
    cost: Yuan | None = None


class Referral(Record):
    """移送线索 about an official who seems to have committed a crime in office (移送规定 19).

    `gist` names nobody: who it is stands in the paper that `receipt` is about.
    """

    on: date
    to: Literal["监察机关", "人民检察院"]
    receiver: str
    gist: str
    receipt: str = ""


class Ending(Record):
    """How a case ended without a decision on the merits: handed to another organ, withdrawn, joined …"""

    how: Literal["移送其他机关", "撤销立案", "终止调查", "并案"]
    reason: str
    on: date
    by: str
    to: str = ""
    receipt: str = ""


class Anew(Record):
    """重新作出: which case was revoked, by whom, and what it had been (行政诉讼法 71, 行政复议法 77)."""

    origin: str
    because: str
    procedural: bool
    ordered_on: date
    until: date | None = None
    grounds: str = ""
    fine: Yuan = Decimal(0)


class PartyChange(Record):
    """更名、承继、死亡、终止 of the party, with the paper that shows it."""

    on: date
    what: Literal["更名", "合并分立承继", "死亡", "终止"]
    before: str
    after: str = ""
    proof: str
