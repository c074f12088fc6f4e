"""办理待发 — what each kind of message does: lease and count, act with nothing open, finish fenced.

Tasks call these; so does `drain`, where no Celery runs.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.facts import canonical, digest
from workflow import channels, models, outbox
from workflow.database import insert_new
from workflow.failpoints import failpoint
from workflow.identifiers import resolve
from workflow.order import Order
from workflow.outbox import Leased
from workflow.program import Fashen
from workflow.publication import record
from workflow.publication.parcel import Parcel
from workflow.sending import send
from workflow.times import beijing
from workflow.work import perform

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
                "office_id": message.office,
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


def publish(fashen: Fashen, message: Leased) -> None:
    """Publish one decision once, whatever happens: intent, send, receipt, each safe to repeat."""
    parcel = _intend(fashen, message)
    failpoint("publish.after_intent")
    if parcel is not None:
        receipt = adapter(fashen).send(parcel)
        failpoint("publish.after_send")
        _record(fashen, message, parcel, receipt)
        failpoint("publish.after_record")
    with fashen.engine.begin() as tx:
        outbox.finish(tx, message, fashen.now(tx))
        failpoint("publish.before_finish")
    failpoint("publish.after_finish")


def adapter(fashen: Fashen) -> DirectoryAdapter:
    """The way out; `directory` is the only one that ships so far."""
    return DirectoryAdapter(fashen.settings.published)


def _intend(fashen: Fashen, message: Leased) -> Parcel | None:
    """Freeze what will be sent before it is sent; None when there is nothing to publish any more."""
    p = models.publication.c
    with fashen.engine.begin() as tx:
        bureau = fashen.bureau(tx, message.office)
        # Nobody withholds it between this look and the row that says it is on its way.
        c = models.cases.c
        locked = sa.select(c.doc).where(c.id == message.case, c.office_id == message.office)
        doc = tx.scalar(locked.with_for_update()) or "{}"
        case = CaseFile.model_validate_json(doc)
        choice = case.publication
        if choice is None or not choice.publish or not choice.reviewed_on or choice.over:
            return None
        if choice.receipt:
            # The receipt was put on file by one who died before it was noted here too.
            _confirm(fashen, tx, message, choice.receipt)
            return None
        values = resolve(tx, message.office, record.sealed_in(json.loads(doc)))
        parcel = record.parcel(case, bureau.office, bureau.law, case_id=message.case, values=values)
        held = tx.scalar(sa.select(p.case_id).where(p.key == parcel.key))
        if held is not None and held != message.case:
            raise ValueError(f"文号 {parcel.number} 已用于另一件公示，请先查明。")
        body = canonical(parcel.model_dump(mode="json"))
        tx.execute(
            insert_new(tx, models.publication),
            {
                "case_id": message.case,
                "platform": message.payload.get("platform", "directory"),
                "version": parcel.version,
                "office_id": message.office,
                "key": parcel.key,
                "state": "intent",
                "body": body,
                "digest": digest(parcel.model_dump(mode="json")),
                "intended_at": fashen.now(tx),
            },
        )
        return parcel


def _record(fashen: Fashen, message: Leased, parcel: Parcel, receipt: str) -> None:
    """The receipt becomes a step of the case, once, and the publication row is confirmed."""
    today = beijing(fashen.clock()).date()
    platform = message.payload.get("platform", "directory")
    perform(
        fashen,
        Order(
            office=message.office,
            actor="system",
            verb="record_publication",
            case=message.case,
            form={
                "receipt": receipt,
                "published_on": today.isoformat(),
                "platform": platform,
                "version": parcel.version,
            },
            key=f"receipt:{platform}:{parcel.key}:{parcel.version}",
        ),
    )
    with fashen.engine.begin() as tx:
        _confirm(fashen, tx, message, receipt)


def _confirm(fashen: Fashen, tx: Connection, message: Leased, receipt: str) -> None:
    p = models.publication.c
    tx.execute(
        models.publication.update()
        .where(p.case_id == message.case, p.state == "intent")
        .values(state="confirmed", receipt=receipt, published_at=fashen.now(tx))
    )


class DirectoryAdapter:
    """Writes one JSON file per decision into a folder that a web server or a courier picks up."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, parcel: Parcel) -> str:
        """Write the file whole or not at all; a second time the same bytes change nothing."""
        self.folder.mkdir(parents=True, exist_ok=True)
        body = canonical(parcel.notice.model_dump(mode="json")).encode()
        name = hashlib.sha256(parcel.key.encode()).hexdigest()[:24]
        target = self.folder / f"{name}.json"
        if not (target.exists() and target.read_bytes() == body):
            for left in self.folder.glob(f"{name}.*.part"):
                left.unlink(missing_ok=True)  # of one who died over it
            fresh = target.with_suffix(f".{os.getpid()}.part")
            with fresh.open("wb") as file:
                file.write(body)
                file.flush()
                os.fsync(file.fileno())
            failpoint("publish.before_rename")
            fresh.replace(target)
            _sync(self.folder)
        return f"directory:{name}:{hashlib.sha256(body).hexdigest()[:16]}"


def _sync(folder: Path) -> None:
    """Make the new name durable too, not only the bytes."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


DELIVER: dict[str, Callable[[Fashen, Leased], None]] = {
    "alert": show,
    "tell": show,
    "send": send,
    "publish": publish,
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
    except channels.NotDelivered as no:
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
