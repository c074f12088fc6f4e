"""差事 — what publishing and taking down have in common: one message, one decision, one platform.

What may be there and nobody knows is settled here, by asking, before anything else is done.
"""

from __future__ import annotations

import json
import time
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any, NoReturn

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from workflow import models, resting
from workflow.database import reading
from workflow.errors import FashenError
from workflow.failpoints import failpoint
from workflow.order import Order
from workflow.outbox import Hopeless, Leased, NotNow
from workflow.program import Fashen
from workflow.publication import platforms, rows
from workflow.publication.parcel import Parcel
from workflow.publication.platforms import (
    Held,
    Later,
    NotAccepted,
    Platform,
    PlatformSaid,
    Unknown,
    record_digest,
)
from workflow.publication.rows import OPEN, Sent
from workflow.times import beijing
from workflow.work import perform

_O, _C = models.outbox.c, models.cases.c

_ways_out = lru_cache(maxsize=4)(platforms.configured)
"""Set up once for the same settings."""


class Errand:
    """One message on its way to its platform."""

    def __init__(self, fashen: Fashen, message: Leased) -> None:
        self.fashen, self.message = fashen, message
        # Messages of the first version of this program name neither platform nor version.
        self.name: str = message.payload.get("platform", "directory")
        self.version: int = message.payload.get("version", 1)
        self._begun = time.monotonic()
        try:
            self.platform: Platform = platforms.named(_ways_out(fashen.settings), self.name)
        except NotAccepted as no:
            raise Hopeless(str(no)) from None

    def locked(self, tx: Connection) -> tuple[dict[str, Any], CaseFile]:
        """The case, which nobody changes until this transaction is over."""
        mine = _C.id == self.message.case, _C.office_id == self.message.office
        doc: dict[str, Any] = json.loads(
            tx.scalar(sa.select(_C.doc).where(*mine).with_for_update()) or "{}"
        )
        return doc, CaseFile.model_validate(doc)

    def sent(self, tx: Connection) -> list[Sent]:
        return rows.of(tx, self.message.case, self.name)

    def look(self) -> list[Sent]:
        with reading(self.fashen.engine) as tx:
            return self.sent(tx)

    def messages(self, *kinds: str) -> sa.ColumnElement[bool]:
        """The messages of this decision to this platform."""
        case = self.message.case
        named = [
            _O.dedup.startswith(f"{kind}:{self.name}:{case}:", autoescape=True) for kind in kinds
        ]
        return sa.and_(_O.case_id == case, sa.or_(*named))

    # — the platform —

    def may_try(self, tx: Connection, now: datetime) -> None:
        resting.free(tx, self._rests_as, now, said=f"平台“{self.name}”")

    def well(self, tx: Connection, now: datetime) -> None:
        resting.well(tx, self._rests_as, now)

    def answered(self) -> None:
        """It said no, but it spoke: others may go on."""
        with self.fashen.engine.begin() as tx:
            self.well(tx, self.fashen.now(tx))

    def rest(self, no: Later | Unknown) -> NoReturn:
        """The platform is left alone for a while. What it did not take was no attempt.

        Nor is an answer that did not come, where it had failed for others too.
        """
        asked = timedelta(seconds=no.seconds) if isinstance(no, Later) and no.seconds else None
        until, again = resting.rest(self.fashen, self._rests_as, no.said, asked=asked)
        if isinstance(no, Unknown) and not again:
            raise no
        raise NotNow(until + resting.AFTER_THE_OTHERS, no.said) from no

    @property
    def _rests_as(self) -> str:
        return f"platform:{self.name}"

    def on_time(self) -> None:
        """What goes out goes out while the message is surely ours; a process that stood still looks again."""
        if time.monotonic() - self._begun > self.fashen.settings.lease / 2:
            with reading(self.fashen.engine) as tx:
                raise NotNow(self.fashen.now(tx), "这个进程停顿太久，消息交给别人办。")

    # — what is not known —

    def settle(self, *, again: int = 0) -> None:
        """Ask the platform until nothing is open any more; `NotNow` while something may be under way.

        What is there is put on file; what never arrived is cancelled, except the version that is to be
        sent `again`.
        """
        with reading(self.fashen.engine) as tx:
            now = self.fashen.now(tx)  # before asking: what arrives later is not in the answer
            versions = self.sent(tx)
        unknown = [s for s in versions if s.state in OPEN]
        if not unknown:
            return
        held = self.ask(unknown[-1].key)
        if held is not None and held.version > versions[-1].version:
            raise Hopeless(
                f"平台上已经是第 {held.version} 版，本系统只报送到第 {versions[-1].version} 版。"
                "查明是谁报送的，用 fashen publish reconcile 核对，再由管理员重新发送。"
            )
        for one in unknown:
            if held is not None and held.version == one.version:
                self.found(one, held)
                continue
            certain = one.certain(self.fashen.settings)
            if now < certain:
                raise NotNow(
                    certain, f"平台上没有第 {one.version} 版，可能还在办理；等到确定以后再查一次。"
                )
            if one.version != again:
                with self.fashen.engine.begin() as tx:
                    rows.mark(tx, one, "cancelled", error="查询过，平台没有收到。")

    def ask(self, key: str) -> Held | None:
        try:
            held = self.platform.ask(key)
        except Later as no:
            self.rest(no)
        except PlatformSaid as no:
            raise Hopeless(no.said) from no
        failpoint("publish.after_ask")
        with self.fashen.engine.begin() as tx:
            resting.spoke(tx, self._rests_as, self.fashen.now(tx))
        return held

    def found(self, one: Sent, held: Held) -> None:
        """The platform has it: as it was sent, or a person must look."""
        _as_sent(held, one.parcel)
        if held.state == "pending":
            with self.fashen.engine.begin() as tx:
                rows.mark(tx, one, "pending", error=None)
        elif held.receipt:
            self.put_on_file(one, held.receipt, held.on)
        else:
            raise Hopeless(
                f"平台上的 {held.number} 第 {held.version} 版已经下架，没有回执；"
                "到平台上查明是谁下架的，再由管理员重新发送。"
            )

    # — the receipt —

    def put_on_file(self, one: Sent, receipt: str, on: date | None = None) -> None:
        """The receipt becomes a step of the case, once; there the clock stops."""
        key = f"receipt:{self.name}:{one.case}:{one.version}"
        self.step("record_publication", key, one, receipt=receipt, published_on=self.day(on))
        failpoint("publish.after_record")
        with self.fashen.engine.begin() as tx:
            self.confirm(tx, one, receipt)

    def day(self, on: date | None) -> str:
        """The day that a platform told, or today; never one to come."""
        today = beijing(self.fashen.clock()).date()
        return min(on or today, today).isoformat()

    def note(self, one: Sent, state: str, said: str) -> None:
        """What is certain now, and what was said."""
        with self.fashen.engine.begin() as tx:
            rows.mark(tx, one, state, error=said)

    def confirm(self, tx: Connection, one: Sent, receipt: str) -> None:
        now = self.fashen.now(tx)
        rows.mark(tx, one, "confirmed", receipt=receipt, published_at=now, error=None)
        self.well(tx, now)

    def step(self, verb: str, key: str, one: Sent, **form: Any) -> None:
        """Take a step of the case as the system; `Hopeless` where the case does not take it."""
        order = Order(
            office=self.message.office,
            actor="system",
            verb=verb,
            case=self.message.case,
            form={"platform": self.name, "version": one.version, **form},
            key=key,
        )
        try:
            perform(self.fashen, order)
        except FashenError as no:
            raise Hopeless(
                f"平台已经办了（回执 {form['receipt']}），但是案卷没有登记上：{no}"
                "查明以后由管理员重新发送，系统先查询，不会重复报送。"
            ) from no


def _as_sent(held: Held, parcel: Parcel) -> None:
    """`Hopeless` where the platform has something else under our key."""
    if held.number != parcel.number:
        other = f"文号是 {held.number}，报送的是 {parcel.number}"
    elif held.digest and held.digest != record_digest(parcel):
        other = "内容和报送的不一样"
    else:
        return
    raise Hopeless(
        f"平台上 {parcel.key} 第 {parcel.version} 版{other}，没有再发。"
        "用 fashen publish reconcile 核对哪里不同，由人查明以后再由管理员重新发送。"
    )
