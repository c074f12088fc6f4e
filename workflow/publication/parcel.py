"""寄件 — what is sent to one platform for one version of a decision, frozen before it goes out."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict

from workflow.publication.notice import PublicNotice


class Parcel(BaseModel):
    """One record on its way: the same bytes however often it is sent.

    `key` names the decision on every platform and stays with it through all versions. `fields` are code →
    text of the 双公示 record under `profile`, identifiers included: only a platform that the law names gets
    them; everybody else gets `notice`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    version: int
    number: str
    profile: str
    fields: dict[str, str]
    notice: PublicNotice

    @property
    def idempotency_key(self) -> str:
        """The same for every attempt at this version."""
        return f"{self.key}/{self.version}"


class Withdrawal(BaseModel):
    """What was sent under `key` is to be taken down, for a reason that the public may read."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    version: int
    number: str
    on: date
    reason: str

    @property
    def idempotency_key(self) -> str:
        return f"{self.key}/{self.version}/withdrawn"
