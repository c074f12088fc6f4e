"""发出 — one letter on one channel: not in quiet hours, not on a channel that rests, done when the receiver says so."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy.engine import Connection

from workflow import channels, outbox, resting
from workflow.channels import Letter, NotDelivered
from workflow.failpoints import failpoint
from workflow.outbox import Leased
from workflow.program import Fashen
from workflow.times import beijing

_ways_out = lru_cache(maxsize=4)(channels.configured)
"""Set up once for the same settings: to look through all that is installed takes as long as a letter."""


def send(fashen: Fashen, message: Leased) -> None:
    """Send a letter; `NotNow` while it must wait, `Moot` when nobody wants it, `Hopeless` when a person must help."""
    name = message.payload["channel"]
    with fashen.engine.begin() as tx:
        outbox.still_wanted(tx, message)
        letter = _letter(fashen, tx, message)
        resting.free(tx, name, fashen.now(tx), said=f"渠道“{name}”")
    try:
        channel = channels.named(_ways_out(fashen.settings), name)
        receipt = channel.send(letter)
    except NotDelivered as no:
        if not no.again:
            raise outbox.Hopeless(no.reason) from no
        until, again = resting.rest(fashen, name, no.reason)
        if again:
            raise outbox.NotNow(until + resting.AFTER_THE_OTHERS, no.reason) from no
        raise
    failpoint("send.after_answer")
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        resting.well(tx, name, now)
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
