"""公示的记录 — what is chosen, reviewed, sent, corrected, repaired and taken back of one decision."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import Field

from policies.document import Record

Gravity = Literal["轻微", "一般", "严重"]

Required = Literal[
    "always", "never", "organisation", "registered", "citizen", "fine", "confiscation", "permit"
]
"""When a field must be filled: for which party, or with which penalty."""

Exemption = Literal[
    "不具有一定社会影响", "轻微失信原则上不公示", "国家秘密或者依法禁止公开",
    "危及国家安全、公共安全、经济安全、社会稳定",
    "商业秘密", "个人隐私", "当事人是未成年人", "影响正在办理的系列案件",
]  # fmt: skip

OPEN_TO_ANY: tuple[Exemption, ...] = ("不具有一定社会影响", "轻微失信原则上不公示")
"""What the office judges by itself; every other exemption is approved by a head (政府信息公开条例 14–17)."""


class FieldChange(Record):
    """What the district's own interface document says of one field of the 双公示 record."""

    code: str
    length: int | None = Field(default=None, ge=1, le=100_000)
    required: Required | None = None


class Target(Record):
    """Where decisions are published: platforms by name, and the interface that the district hands over.

    `profile` is a shipped generation of the 双公示 record, `changes` how this district's differs; until
    `confirmed` it is unconfirmed (R232).
    """

    target: str = "directory"
    also: tuple[str, ...] = ()
    profile: Literal["2018", "2015"] = "2018"
    changes: tuple[FieldChange, ...] = ()
    source: str = ""
    confirmed: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((self.target, *self.also)))


PLATFORMS = {"directory": "公示目录", "http": "联网平台", "spreadsheet": "月报表"}


def platform_name(platform: str) -> str:
    """What people call a platform; an office's own goes by its name."""
    return PLATFORMS.get(platform, platform)


class Receipt(Record):
    """What one platform answered for one version; `withdrawn_on` once it has confirmed that it took it down."""

    platform: str
    version: int = 1
    receipt: str
    on: date
    withdrawn_on: date | None = None
    withdrawal: str = ""


class Correction(Record):
    """更正 of what was published: why, and which version took its place (政府信息公开条例 41).

    `withdrawn_on`: it had been withdrawn, since the decision was changed, and is shown again as it stands.
    """

    version: int
    on: date
    by: str
    reason: str
    withdrawn_on: date | None = None
    withdrawn_because: str = ""


class Repair(Record):
    """信用修复: what the party asked for and what became of it."""

    asked_on: date
    decided_on: date
    by: str
    granted: bool
    reason: str


class Publication(Record):
    """公示: the choice, its review by a second person, and what came back from each platform.

    `facts` is the account of the act as it goes out, where it is not the decision's own; `digest` that of
    what the reviewer saw, and nothing else is sent; `platforms` are those of the office on that day. `until`
    is the 公示截止期, None where no law sets one. `receipt` and `published_on` are those of the first platform
    that answered.
    """

    publish: bool
    reason: str
    chosen_by: str
    chosen_on: date
    ground: Exemption | None = None
    approved_by: str = ""
    title: str = ""
    facts: str = ""
    gravity: Gravity | None = None
    necessity: str = ""
    until: date | None = None
    version: int = 1
    returned: str = ""
    reviewed_by: str = ""
    reviewed_on: date | None = None
    digest: str = ""
    platforms: tuple[str, ...] = ()
    receipt: str = ""
    published_on: date | None = None
    receipts: tuple[Receipt, ...] = ()
    corrections: tuple[Correction, ...] = ()
    repairs: tuple[Repair, ...] = ()
    ended_on: date | None = None
    withdrawn_on: date | None = None
    withdrawn_because: str = ""

    @property
    def answers(self) -> tuple[Receipt, ...]:
        """The receipts, also where there was one platform and one version and the receipt stood alone."""
        if self.receipts or not (self.receipt and self.published_on):
            return self.receipts
        return (Receipt(platform="directory", receipt=self.receipt, on=self.published_on),)

    def answer_of(self, platform: str, version: int) -> Receipt | None:
        """What this platform said to this version."""
        return next(
            (r for r in self.answers if (r.platform, r.version) == (platform, version)), None
        )

    @property
    def unanswered(self) -> tuple[str, ...]:
        """Those of the platforms to which it goes that have not answered for what stands now."""
        return tuple(p for p in self.platforms if self.answer_of(p, self.version) is None)

    @property
    def still_up(self) -> tuple[str, ...]:
        """Platforms that had what is to be taken down, and have not said yet that they did."""
        again = [c.version - 1 for c in self.corrections if c.withdrawn_on]
        last = self.version if self.over else max(again, default=0)
        gone = [r for r in self.answers if r.version <= last]
        newest = {r.platform: r for r in sorted(gone, key=lambda r: r.version)}
        return tuple(name for name, r in newest.items() if r.withdrawn_on is None)

    @property
    def over(self) -> bool:
        """Taken down for good: withdrawn, repaired, or its time is up."""
        return bool(self.withdrawn_on or self.ended_on)

    @property
    def went_out(self) -> bool:
        """Whether some version passed its review, so that it may be anywhere by now."""
        return self.publish and bool(self.reviewed_on or self.receipt or self.corrections)

    @property
    def awaits_review(self) -> bool:
        """Whether what is put together now has not been looked over; before there were reviews it needed none."""
        reviewed = self.reviewed_on or (self.receipt and not self.corrections)
        return self.publish and not self.over and not reviewed

    @property
    def shown(self) -> bool:
        """Whether the public may read it now; one that is being corrected stays until the new one is reviewed."""
        return self.went_out and not self.over
