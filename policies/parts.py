"""案卷的零件 — the parts of a case's document that tell of review, defence and hearing, decision and service.

Each has a default that means "absent", so that a document from before it existed still reads.
"""

from __future__ import annotations

from datetime import date as Date
from datetime import datetime
from decimal import Decimal
from typing import Literal

from pydantic import Field

from policies.document import Record, Yuan

# — 委托 ————————————————————————————————————————————————————————————————————————————————


class Delegated(Record):
    """A step that one person took for another under a delegation; the record itself is the office's."""

    seq: int
    verb: str
    by: str
    principal: str
    delegation: str


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


class Point(Record):
    """One numbered remark of a return, and the officers' answer to it."""

    no: int
    text: str
    answer: str = ""


class Submission(Record):
    """送审: what went to the reviewer; received on which day, and what was missing then."""

    at: datetime
    by: str
    materials: tuple[str, ...] = ()
    digest: str = ""
    received_on: Date | None = None
    received_by: str = ""
    missing: tuple[str, ...] = ()


class Review(Record):
    """法制审核意见. A pass is bound to `digest`; `fine` is what was reviewed, `cap` what may not be passed.

    `kind` is what a return asks for (`policies.review.RETURNS`); `settled` and `unsettled` are the numbers
    of the points of the return before that the reviewer found answered or not. `entered_by`: who typed in
    what a borrowed reviewer signed. A pass that was taken back before the decision does not count any more.
    """

    at: datetime
    by: str
    name: str
    passed: bool
    opinion: str
    items: dict[str, str] = Field(default_factory=dict)
    points: tuple[Point, ...] = ()
    kind: Literal["", "correct", "investigate", "transfer", "disagree"] = ""
    settled: tuple[int, ...] = ()
    unsettled: tuple[int, ...] = ()
    digest: str = ""
    fine: Yuan = Decimal(0)
    cap: Yuan | None = None
    after_hearing: bool = False
    submission: int = 0
    entered_by: str = ""
    withdrawn_at: datetime | None = None
    withdrawn_by: str = ""
    withdrawal: str = ""
    closing_check: ClosingCheck | None = None

    @property
    def counts(self) -> bool:
        """Whether this is a pass that still stands."""
        return self.passed and self.withdrawn_at is None


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


class Interruption(Record):
    """A hearing interrupted, until it goes on."""

    on: Date
    reason: str
    resumed_on: Date | None = None


class Statement(Record):
    """陈述申辩, and the 复核 of each point."""

    received_on: Date
    text: str
    pleas: tuple[Plea, ...] = ()
    nothing_to_add: bool = False
    reply: str = ""
    adopted: bool | None = None
    replied_on: Date | None = None
    replied_by: str = ""


class Waiver(Record):
    """An express waiver, signed; of the defence or of the hearing, never of both by one word."""

    of: Literal["defence", "hearing"]
    on: Date
    proof: str


class Hearing(Record):
    """听证 from request to report."""

    requested_on: Date
    chair: str = ""
    chair_name: str = ""
    place: str = ""
    notified_on: Date | None = None
    held_on: Date | None = None
    ended_as: Literal["", "held", "party_absent", "withdrawn"] = ""
    closed_because: Literal["", "国家秘密", "商业秘密", "个人隐私"] = ""
    others_told: bool = False
    postponed: tuple[Postponement, ...] = ()
    suspended: tuple[Interruption, ...] = ()
    agents: tuple[str, ...] = ()
    mandate: str = ""
    record: str = ""
    record_signed: Literal["", "signed", "refused"] = ""
    refusal_noted: str = ""
    report: str = ""
    reported_on: Date | None = None
    heard_evidence: tuple[str, ...] = ()


class Spoken(Record):
    """What one of those who took part in a discussion said; `dissents`: not what was concluded."""

    person: str
    text: str
    dissents: bool = False


class Discussion(Record):
    """集体讨论记录. `attendees` decide, `observers` only listen or report (name and post, as written).

    `views` are all views in one text, `opinions` each one's own.
    """

    on: Date
    attendees: tuple[str, ...]
    views: str = ""
    conclusion: str
    fine: Yuan | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    observers: tuple[str, ...] = ()
    opinions: tuple[Spoken, ...] = ()


class ThirdParty(Record):
    """第三人: somebody else whose major rights the penalty directly concerns. `name` is sealed."""

    name: str
    interest: str
    on: Date


# — 决定 ————————————————————————————————————————————————————————————————————————————————


class RemedyClause(Record):
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
