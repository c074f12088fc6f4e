"""案卷的零件 — the base of every part of a case's document, and the parts that real work adds to it.

Each has a default that means "absent", so that a document from before it existed still reads.
"""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer


class Record(BaseModel):
    """A part of the document: frozen, and a field nobody knows is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _yuan(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError('金额要写成数字，例如 1000 或 "1000.50"。')
    if isinstance(value, float):
        return Decimal(str(value))
    return value


def yuan_text(value: Decimal) -> str:
    """1000.00 and 1E+3 both read 1000, so that equal amounts are equal bytes."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


Yuan = Annotated[
    Decimal,
    BeforeValidator(_yuan),
    PlainSerializer(yuan_text, return_type=str),
    Field(ge=0, lt=10**12, decimal_places=2),
]
"""An amount in 元, not negative, to the 分."""


# — 法制审核 ——————————————————————————————————————————————————————————————————————————


class Question(Record):
    """A question of the reviewer to the officers, without a return; the review's days go on."""

    text: str
    asked_by: str
    asked_at: datetime
    submission: int = 0
    answer: str = ""
    answered_by: str = ""
    answered_at: datetime | None = None


class ClosingCheck(Record):
    """What a review before the notice could not judge yet, looked at after the 复核 of the defence."""

    at: datetime
    by: str
    name: str
    opinion: str


class Borrowed(Record):
    """A reviewer of another office or of the district, lent for this case and approved by a head.

    `licence` or `began_before_2018` is the qualification of 行政处罚法 58(2); `letter` the paper by
    which the other office lent them.
    """

    name: str
    office: str
    post: str = ""
    licence: str = ""
    began_before_2018: bool = False
    letter: str
    approved_by: str
    on: Date
    no_interest: bool = False


# — 陈述申辩、听证 ————————————————————————————————————————————————————————————————————


class Plea(Record):
    """One fact, reason or piece of evidence that the party put forward, and its 复核."""

    no: int
    text: str
    answer: str = ""


class Postponement(Record):
    """A hearing moved to another day; `wished`: the party asked for it, or agreed in writing."""

    was_on: Date
    reason: str
    wished: bool = False
    by: str = ""
    on: Date


class Suspension(Record):
    """A hearing interrupted, until it goes on."""

    on: Date
    reason: str
    resumed_on: Date | None = None


class ThirdParty(Record):
    """第三人: somebody else whose major rights the penalty directly concerns. `name` is sealed."""

    name: str
    interest: str
    on: Date


# — 决定 ————————————————————————————————————————————————————————————————————————————————


class Remedy(Record):
    """复议、诉讼 as the document tells it: filled from the table, never by hand."""

    review_first: bool = False
    review_body: str
    review: str
    court: str
    suit: str
    text: str = ""


class Rectification(Record):
    """补正: a clerical error of the document put right; nothing of what was decided changes."""

    what: str
    wrong: str
    right: str
    on: Date
    by: str
    number: str = ""
    told_on: Date | None = None


class Extension(Record):
    """More time to decide, where a rule named for the 案由 gives it (行政处罚法 60)."""

    on: Date
    days: int
    reason: str
    by: str = ""
    discussed: bool = False
    irregular: bool = False


class NoPenalty(Record):
    """不予行政处罚决定书 and the education that goes with it (行政处罚法 30, 31, 33, 57)."""

    number: str = ""
    date: Date
    ground: str
    reasons: str
    by: str = ""
    guardian_ordered: str = ""
    educated_on: Date | None = None
    education: str = ""


# — 送达 ————————————————————————————————————————————————————————————————————————————————


class Dispatch(Record):
    """A document posted, or a public notice issued: the day on which the office did its part."""

    document: str
    method: Literal["邮寄送达", "公告送达"]
    on: Date
    proof: str
    grounds: str = ""


class AddressConfirmation(Record):
    """送达地址确认书, signed by the party. Addresses and electronic addresses stand sealed."""

    on: Date
    proof: str
    address: str = ""
    electronic: str = ""
