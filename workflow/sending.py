"""发出 — one letter on one channel: not in quiet hours, not on a channel that rests, done when the receiver says so.

A channel that fails rests, longer each time, and meanwhile its letters wait without being tried; whoever
comes when the rest is over tries first, the others wait on. So a channel that hangs costs one worker one
wait (`FASHEN_CHANNEL_TIMEOUT`) per rest, and never holds up another channel or the inbox.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import channels, models, outbox
from workflow.channels import Letter, NotDelivered
from workflow.database import insert_new
from workflow.failpoints import failpoint
from workflow.outbox import Leased
from workflow.program import Fashen
from workflow.times import beijing

_C = models.channel.c

FIRST_REST = timedelta(seconds=30)
LONGEST_REST = timedelta(minutes=15)

AFTER_THE_OTHERS = timedelta(seconds=30)
"""So that another letter tries the channel next: this one may be what is wrong."""

PROBE = timedelta(seconds=60)
"""How long the others wait for whoever tries a channel after its rest; longer than one letter can take."""

_ways_out = lru_cache(maxsize=4)(channels.configured)
"""Set up once for the same settings: to look through all that is installed takes as long as a letter."""


def send(fashen: Fashen, message: Leased) -> None:
    """Send a letter; `NotNow` while it must wait, `Moot` when nobody wants it, `Hopeless` when a person must help."""
    name = message.payload["channel"]
    with fashen.engine.begin() as tx:
        outbox.still_wanted(tx, message)
        letter = _letter(fashen, tx, message)
        _free(tx, name, fashen.now(tx))
    try:
        channel = channels.named(_ways_out(fashen.settings), name)
        receipt = channel.send(letter)
    except NotDelivered as no:
        if not no.again:
            raise outbox.Hopeless(no.reason) from no
        until = _rest(fashen, name, no.reason)
        if until is not None:
            raise outbox.NotNow(until + AFTER_THE_OTHERS, no.reason) from no
        raise
    failpoint("send.after_answer")
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        _well(tx, name, now)
        outbox.finish(tx, message, now, receipt)


def _letter(fashen: Fashen, tx: Connection, message: Leased) -> Letter:
    """What goes out, to where the office says today that the person is reached."""
    office = fashen.bureau(tx, message.office).office
    person = office.person(message.payload["to"])
    name, stage = message.payload["channel"], message.payload.get("stage", "")
    if person is None or name not in person.reach:
        raise outbox.Moot(f"机关文件里已经没有 {message.payload['to']} 的渠道“{name}”。")
    quiet = office.alerts.quiet
    until = quiet.until(beijing(fashen.now(tx))) if quiet and stage != "red" else None
    if until:
        raise outbox.NotNow(until, f"免打扰时间，{until:%H:%M} 以后再发。")
    text = message.payload["text"]
    link = f"{fashen.settings.public_url.rstrip('/')}/cases/{message.case}" if message.case else ""
    return Letter(
        key=message.dedup,
        subject=f"法审　{text.partition('：')[0]}",
        text=f"{text}\n{link}".strip(),
        address=person.reach[name],
        stage=stage,
    )


def _free(tx: Connection, name: str, now: datetime) -> None:
    """Whether the channel may be tried; of all who come after a rest, the first."""
    tx.execute(insert_new(tx, models.channel), {"name": name, "failures": 0})
    mine = tx.execute(
        models.channel.update()
        .where(_C.name == name, _C.failures > 0, _C.rests_until <= now)
        .values(rests_until=now + PROBE)
    )
    if mine.rowcount:
        return
    row = tx.execute(sa.select(_C.failures, _C.rests_until).where(_C.name == name)).one()
    if row.failures:
        raise outbox.NotNow(
            row.rests_until, f"渠道“{name}”上次没有送到，{row.failures} 次了，稍后再试。"
        )


def _rest(fashen: Fashen, name: str, error: str) -> datetime | None:
    """The channel failed: it rests, twice as long as the last time.

    When it is over, if it had failed before: then the channel is to blame and not the letter, for which
    this was no attempt. A letter that fails on a channel that carries others dies of its attempts.
    """
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        failures = tx.scalar(sa.select(_C.failures).where(_C.name == name)) or 0
        rest = min(FIRST_REST * 2 ** min(failures, 10), LONGEST_REST)
        tx.execute(
            models.channel.update()
            .where(_C.name == name)
            .values(failures=failures + 1, rests_until=now + rest, failed_at=now, error=error[:500])
        )
        return now + rest if failures else None


def _well(tx: Connection, name: str, now: datetime) -> None:
    tx.execute(
        models.channel.update()
        .where(_C.name == name)
        .values(failures=0, rests_until=None, error=None, done_at=now)
    )
