"""报送记录 — the rows that say what each platform was sent, and what is certain about it.

intent      frozen, nothing has gone out
sending     about to go out, or gone: whoever finds it so after a crash asks first
unknown     gone out without a usable answer
pending     taken; the receipt comes later, on the platform's list
confirmed   the platform's receipt is on file
refused     not taken until a person mends it
cancelled   never reached the platform and shall not any more
withdrawing taken down, or being taken down; the answer is not on file yet
withdrawn   the platform said that it is down
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.publication.parcel import Parcel
from workflow.settings import Settings

_P = models.publication.c

OPEN = ("sending", "unknown")
"""Nobody knows whether the platform has it."""

NEVER_SENT = ("intent", "refused")


@dataclass(frozen=True, slots=True)
class Sent:
    """One version of a decision on one platform."""

    case: str
    platform: str
    version: int
    key: str
    state: str
    body: str
    receipt: str
    tried_at: datetime | None

    @property
    def parcel(self) -> Parcel:
        return Parcel.model_validate_json(self.body)

    def certain(self, settings: Settings) -> datetime:
        """From when on the platform has what it has: the last try is over, and nothing of it under way."""
        assert self.tried_at is not None
        return self.tried_at + timedelta(
            seconds=settings.channel_timeout + settings.platform_settle
        )


def of(tx: Connection, case: str, platform: str) -> list[Sent]:
    """All versions that were ever meant for this platform, the oldest first."""
    rows = tx.execute(
        sa.select(models.publication)
        .where(_P.case_id == case, _P.platform == platform)
        .order_by(_P.version)
    )
    return [read(r) for r in rows]


def read(row: Any) -> Sent:
    return Sent(
        row.case_id,
        row.platform,
        row.version,
        row.key,
        row.state,
        row.body,
        row.receipt or "",
        row.tried_at,
    )


def mark(tx: Connection, sent: Sent, state: str, **more: Any) -> None:
    """Say what is known of it now."""
    if more.get("error"):
        more["error"] = more["error"][:500]
    tx.execute(
        models.publication.update()
        .where(_P.case_id == sent.case, _P.platform == sent.platform, _P.version == sent.version)
        .values(state=state, **more)
    )
