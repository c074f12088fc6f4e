"""The relay: every message that waits in the outbox is handed to the queue, again if need be."""

from __future__ import annotations

import logging

from celery import current_app, shared_task

from tasks.program import program
from tasks.reliable import RELIABLE
from workflow import heartbeats, outbox
from workflow.failpoints import failpoint
from workflow.follow_ups import TASKS

log = logging.getLogger(__name__)


@shared_task(name="tasks.outbox.relay", **RELIABLE)
def relay() -> int:
    """Send what is due; the row stays the truth, so sending twice does no harm. Returns how many."""
    fashen = program()
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        waiting = outbox.due(tx, now, resend_after=outbox.trusted_for(fashen.settings))
        outbox.mark_sent(tx, [id for id, _ in waiting], now)
        failpoint("relay.before_commit")
    failpoint("relay.after_commit")
    known = [(id, TASKS[kind]) for id, kind in waiting if kind in TASKS]
    for id, task in known:
        current_app.send_task(task, [id])
    # A newer version may have queued it; the row waits for a relay that knows the kind.
    for id, kind in waiting:
        if kind not in TASKS:
            log.error("message %s is of the kind %r, which this version does not know", id, kind)
    heartbeats.beat(fashen, "relay", at_most=heartbeats.WRITTEN_EVERY)
    return len(known)
