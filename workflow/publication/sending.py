"""报送 — one version of a decision goes to one platform once, whatever happens.

What is about to be sent is written down before it is sent. After that, a lost answer and a crash look the
same: nobody knows. Then the platform is asked; what it has counts as sent, and only what it has not, after
every try is certainly over, is sent again. The clock of the case stops at the receipt.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies import facts
from policies.casefile import CaseFile
from policies.publicity import Publication
from workflow import models, outbox
from workflow.database import insert_new, reading
from workflow.failpoints import failpoint
from workflow.identifiers import resolve
from workflow.outbox import Hopeless, Leased, Moot, NotNow
from workflow.program import Fashen
from workflow.publication import record, rows
from workflow.publication.errand import Errand
from workflow.publication.platforms import Duplicate, Later, NotAccepted, Pending, Unknown
from workflow.publication.rows import NEVER_SENT, OPEN, Sent
from workflow.record import Entry, fold

_P, _O = models.publication.c, models.outbox.c

ANOTHER_LOOK = timedelta(seconds=5)
"""How long a message waits, after an earlier one of the same decision was to be done, before it looks."""


def publish(fashen: Fashen, message: Leased) -> None:
    """Bring one version to one platform; done when its receipt is on file, or will come on a list.

    `NotNow` while it must wait, `Moot` when it shall not go out any more, `Hopeless` when a person must help.
    """
    errand = _Publishing(fashen, message)
    errand.intend()
    failpoint("publish.after_intent")
    errand.settle(again=errand.version if errand.wanted else 0)
    if errand.state() in (*NEVER_SENT, *OPEN):
        errand.send()
    errand.finish()
    failpoint("publish.after_finish")


class _Publishing(Errand):
    wanted = False

    # — before anything goes out —

    def intend(self) -> None:
        """Freeze what is to be sent, or see how far it came before."""
        with self.fashen.engine.begin() as tx:
            _, case = self.locked(tx)
            now = self.fashen.now(tx)
            outbox.still_ours(tx, self.message, now)
            self._in_order(tx, now)
            mine = self._mine(tx)
            choice = case.publication
            held = choice and choice.answer_of(self.name, self.version)
            if held and mine and mine.state != "confirmed":
                # Put on file by one who died before it was noted here too, or by hand.
                self.confirm(tx, mine, held.receipt)
                return
            self.wanted = not held and _wanted(case.publication, self.version)
            if mine is None or mine.state in NEVER_SENT:
                if self.wanted:
                    self._freeze(tx, now)
                    self._replace_the_refused(tx, now)
                elif mine:
                    rows.mark(tx, mine, "cancelled", error="报送之前已经更正、撤回或者不公示。")
                else:
                    return
            elif mine.state not in OPEN:
                return
            self.may_try(tx, now)

    def state(self) -> str:
        """How the row stands now; empty where there is none."""
        with reading(self.fashen.engine) as tx:
            mine = self._mine(tx)
        return mine.state if mine else ""

    def _mine(self, tx: Connection) -> Sent | None:
        return next((s for s in self.sent(tx) if s.version == self.version), None)

    def _in_order(self, tx: Connection, now: datetime) -> None:
        """Nothing of a decision overtakes what was to be done before it; `NotNow` meanwhile."""
        undone = _O.status.in_(("ready", "leased"))
        waits = tx.execute(
            sa.select(_O.id, _O.available_at, _O.lease_until)
            .where(self.messages("publish", "withdraw"), _O.id < self.message.id, undone)
            .order_by(_O.id)
        ).first()
        if waits:
            until = max(waits.lease_until or waits.available_at, now)
            raise NotNow(until + ANOTHER_LOOK, f"等本件之前的 {waits.id} 号消息办完。")

    def _reviewed(self, tx: Connection) -> dict[str, Any]:
        """The case as it stood when this version passed its review: that is what goes out, nothing younger.

        What happened to the decision since has its own way: it is corrected or withdrawn.
        """
        e = models.ledger.c
        until = self.message.payload["round"]
        rows = tx.execute(
            sa.select(e.case_id, e.seq, e.prev, e.hash, e.body)
            .where(e.case_id == self.message.case, e.seq <= until)
            .order_by(e.seq)
        )
        standing, _ = fold(Entry(*row) for row in rows)
        return standing.document

    def _freeze(self, tx: Connection, now: datetime) -> None:
        """Every later try sends these bytes, whatever becomes of case and office file meanwhile."""
        bureau = self.fashen.bureau(tx, self.message.office)
        doc = self._reviewed(tx)
        case = CaseFile.model_validate(doc)
        choice = case.publication
        assert choice is not None
        if choice.digest != record.outgoing(case, bureau.office, bureau.law).digest:
            raise Hopeless(
                "没有报送：将要公开的内容在公示审查之后变了（机关文件或者法规登记），"
                "什么都没有发出。办理更正公示，由另一人重新审查。"
            )
        values = resolve(tx, self.message.office, record.sealed_in(doc))
        parcel = record.parcel(
            case, bureau.office, bureau.law, case_id=self.message.case, values=values
        )
        other = tx.scalar(
            sa.select(_P.case_id).where(_P.key == parcel.key, _P.case_id != self.message.case)
        )
        if other:
            raise Hopeless(
                f"没有报送：文号 {parcel.number} 已用于另一件（{other}）的公示，什么都没有发出。"
                "查明哪一件的文号写错了，改好以后再由管理员重新发送。"
            )
        frozen = {
            "key": parcel.key,
            # Not in canonical form: the order of the fields is that of the platform's columns.
            "body": parcel.model_dump_json(),
            "digest": facts.digest(parcel.model_dump(mode="json")),
        }
        row = {
            "case_id": self.message.case,
            "platform": self.name,
            "version": self.version,
            "office_id": self.message.office,
            "state": "intent",
            "intended_at": now,
            **frozen,
        }
        if not tx.execute(insert_new(tx, models.publication), row).rowcount:
            # Of what was frozen before nothing went out, or the platform refused it and it was mended.
            mine = self._mine(tx)
            assert mine is not None
            rows.mark(tx, mine, "intent", error=None, **frozen)

    def _replace_the_refused(self, tx: Connection, now: datetime) -> None:
        """What a platform never took of an earlier version is not sent any more: this one takes its place."""
        why = f"平台没有收下，已由第 {self.version} 版取代。"
        for older in self.sent(tx):
            if older.version < self.version and older.state in NEVER_SENT:
                rows.mark(tx, older, "cancelled", error=why)
        dead = self.messages("publish"), _O.id < self.message.id, _O.status == "dead"
        tx.execute(
            models.outbox.update()
            .where(*dead)
            .values(status="cancelled", done_at=now, last_error=why)
        )

    # — out —

    def send(self) -> None:
        """Hand it over, and believe nothing but a receipt."""
        sent = self._about_to()
        failpoint("publish.before_send")
        self.on_time()
        try:
            receipt = self.platform.send(sent.parcel)
        except Pending as taken:
            self.note(sent, "pending", taken.said)
            self.answered()
        except Duplicate as there:
            self._whose(sent, there)
        except NotAccepted as no:
            self.note(sent, "refused", str(no))
            self.answered()
            raise Hopeless(str(no)) from no
        except Later as no:
            self.note(sent, "intent", no.said)
            self.rest(no)
        except Unknown as no:
            self.note(sent, "unknown", no.said)
            failpoint("publish.after_unknown")
            self.rest(no)
        else:
            failpoint("publish.after_send")
            self.put_on_file(sent, receipt)

    def _about_to(self) -> Sent:
        """Say that it is under way, so that whoever finds it after a crash asks first."""
        with self.fashen.engine.begin() as tx:
            now = self.fashen.now(tx)
            outbox.still_ours(tx, self.message, now)
            mine = self._mine(tx)
            assert mine is not None
            rows.mark(tx, mine, "sending", tried_at=now)
            return mine

    def _whose(self, sent: Sent, there: Duplicate) -> None:
        """The platform has this 文号: by an earlier try of ours, or another's."""
        held = self.ask(sent.key)
        if held is not None and held.version == sent.version:
            self.found(sent, held)
            return
        whose = f"在 {there.key} 名下" if there.key and there.key != sent.key else "不是本件"
        said = f"平台上已经有文号 {sent.parcel.number}，{whose}，没有再发。{there.said}"
        self.note(sent, "refused", said)
        self.answered()
        raise Hopeless(f"{said}到平台上查明是哪一件；文号写错的，改好以后由管理员重新发送。")

    def finish(self) -> None:
        """Done: the receipt is on file, or comes on a list; or it shall not go out any more."""
        with self.fashen.engine.begin() as tx:
            mine = self._mine(tx)
            if mine is not None and mine.state in ("confirmed", "pending"):
                outbox.finish(tx, self.message, self.fashen.now(tx), mine.receipt)
                failpoint("publish.before_finish")
                return
        raise Moot("这一版已经更正、撤回、取消或者不公示，不再报送。")


def _wanted(choice: Publication | None, version: int) -> bool:
    """Whether this version was reviewed and is still the one to be shown."""
    return bool(
        choice
        and choice.publish
        and choice.reviewed_on
        and not choice.over
        and choice.version == version
    )
