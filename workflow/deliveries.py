"""办理待发 — what each kind of message does: lease and count, act with nothing open, finish fenced.

Tasks call these; so does `drain`, where no Celery runs.
"""

from __future__ import annotations

import logging
from collections.abc import Callable

from workflow import channels, models, outbox
from workflow.database import insert_new
from workflow.failpoints import failpoint
from workflow.outbox import Leased
from workflow.program import Fashen
from workflow.publication.platforms import PlatformSaid
from workflow.publication.sending import publish
from workflow.publication.withdrawing import withdraw
from workflow.sending import send

log = logging.getLogger(__name__)


def show(fashen: Fashen, message: Leased) -> None:
    """Put a notice into a person's inbox; the effect and the finish are one transaction."""
    with fashen.engine.begin() as tx:
        now = fashen.now(tx)
        outbox.still_wanted(tx, message)
        tx.execute(
            insert_new(tx, models.inbox),
            {
                "dedup": message.dedup,
                # Whoever supervises from an office above reads it there.
                "office_id": message.payload.get("office", message.office),
                "person_id": message.payload["to"],
                "case_id": message.case,
                "stage": message.payload.get("stage", ""),
                "text": message.payload["text"][:500],
                "created_at": now,
            },
        )
        outbox.finish(tx, message, now)
        failpoint("show.before_commit")
    failpoint("show.after_commit")


DELIVER: dict[str, Callable[[Fashen, Leased], None]] = {
    "alert": show,
    "tell": show,
    "send": send,
    "publish": publish,
    "withdraw": withdraw,
}


def deliver(fashen: Fashen, id: int) -> bool:
    """Work on one message if it can be had; True when it is done. A failure gives it back for later."""
    message = outbox.lease(fashen, id)
    failpoint("deliver.after_lease")
    if message is None:
        return False
    try:
        DELIVER[message.kind](fashen, message)
    except outbox.Fenced:
        log.warning("message %s was taken over by somebody else", id)
        return False
    except outbox.NotNow as wait:
        outbox.postpone(fashen, message, wait.until, wait.why)
        return False
    except outbox.Moot as over:
        outbox.cancel(fashen, message, str(over))
        return False
    except outbox.Hopeless as wrong:
        log.warning("message %s (%s) cannot be done: %s", id, message.kind, wrong)
        outbox.bury(fashen, message, str(wrong))
        return False
    except (channels.NotDelivered, PlatformSaid) as no:
        log.warning("message %s did not arrive on attempt %s: %s", id, message.attempt, no)
        outbox.give_back(fashen, message, str(no))
        return False
    except Exception as wrong:
        log.exception("message %s (%s) failed on attempt %s", id, message.kind, message.attempt)
        outbox.give_back(fashen, message, f"{type(wrong).__name__}: {wrong}")
        return False
    return True


def drain(fashen: Fashen, limit: int = 10_000) -> int:
    """Work off everything that is due, here and now, without a queue; returns how many were done."""
    done = 0
    tried: set[int] = set()
    while len(tried) < limit:
        with fashen.engine.connect() as tx:
            waiting = outbox.due(tx, fashen.now(tx))
        fresh = [id for id, _ in waiting if id not in tried]
        if not fresh:
            break
        for id in fresh:
            tried.add(id)
            done += deliver(fashen, id)
    return done
