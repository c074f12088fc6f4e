"""公示信息 — what the public may read of one decision: the type is the allow-list.

A summary as the law asks for it: number, title, kind of party, facts, basis, decision, organ, dates
(广东省行政执法公示办法 13, for comparison). Names of citizens are cut to the surname.
"""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel, ConfigDict


class PublicNotice(BaseModel):
    """What leaves the office for everybody to read; nothing that is not named here can."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    version: int = 1
    number: str
    title: str
    party: str
    party_kind: str
    party_code: str = ""
    facts: str = ""
    violated: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    kinds: tuple[str, ...]
    fine_yuan: str
    content: str = ""
    decided_on: date
    organ: str
    organ_code: str = ""
    gravity: str = ""
    published_on: date
    until: date | None = None
