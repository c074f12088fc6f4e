"""下架 — what came to a platform is taken down there once, with its reason; what has not gone out stays here.

A withdrawal overtakes nothing: what is under way is settled first, for it could arrive after it.
"""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa

from policies.publicity import Publication
from workflow import models, outbox
from workflow.database import reading
from workflow.failpoints import failpoint
from workflow.outbox import Hopeless, Leased, Moot, NotNow
from workflow.program import Fashen
from workflow.publication import rows
from workflow.publication.errand import Errand
from workflow.publication.parcel import Withdrawal
from workflow.publication.platforms import Later, Pending, PlatformSaid, Unknown
from workflow.publication.rows import NEVER_SENT, Sent

_O = models.outbox.c

_THERE = ("confirmed", "pending", "withdrawing")


def withdraw(fashen: Fashen, message: Leased) -> None:
    """Take a decision down on one platform; done when the platform's answer is on file, or will come on a list.

    `NotNow` while it must wait, `Moot` where there never was anything, `Hopeless` when a person must help.
    """
    errand = _Withdrawing(fashen, message)
    errand.call_back()
    failpoint("withdraw.after_call_back")
    errand.settle()
    live = errand.live()
    if live is not None and not errand.down_already(live):
        errand.take_down(live)
    errand.finish()
    failpoint("withdraw.after_finish")


class _Withdrawing(Errand):
    waits_for_list = False

    def call_back(self) -> None:
        """Nothing goes out any more: what waits is cancelled, what is at work is waited for."""
        with self.fashen.engine.begin() as tx:
            _, case = self.locked(tx)
            now = self.fashen.now(tx)
            outbox.still_ours(tx, self.message, now)
            at_work = sa.and_(_O.status == "leased", _O.lease_until >= now)
            until = tx.scalar(
                sa.select(sa.func.max(_O.lease_until, type_=_O.lease_until.type)).where(
                    self.messages("publish"), at_work
                )
            )
            if until is not None:
                raise NotNow(until, "等正在报送的一份办完，再撤回。")
            tx.execute(
                models.outbox.update()
                .where(self.messages("publish"), _O.status.in_(("ready", "leased")))
                .values(
                    status="cancelled",
                    done_at=now,
                    lease_token=None,
                    lease_until=None,
                    last_error="已经撤回或者停止公示，不再报送。",
                )
            )
            for one in self.sent(tx):
                if one.state in NEVER_SENT:
                    rows.mark(tx, one, "cancelled", error="报送之前已经撤回或者停止公示。")
                elif one.state in _THERE and _down_on_file(case.publication, one):
                    rows.mark(tx, one, "withdrawn", withdrawn_at=now, error=None)
            self.may_try(tx, now)

    def live(self) -> Sent | None:
        """The version that the platform shows."""
        there = [one for one in self.look() if one.state in _THERE]
        return there[-1] if there else None

    def down_already(self, live: Sent) -> bool:
        """Whether an earlier try, whose answer was lost, took it down."""
        if live.state != "withdrawing":
            return False
        with reading(self.fashen.engine) as tx:
            now = self.fashen.now(tx)
        held = self.ask(live.key)
        if held is not None and held.state == "withdrawn":
            self._put_on_file(live, held.withdrawal or held.receipt or "平台上已经下架", held.on)
            return True
        if now < live.certain(self.fashen.settings):
            raise NotNow(
                live.certain(self.fashen.settings), "平台上还没有撤回，可能还在办理；稍后再查。"
            )
        return False

    def take_down(self, live: Sent) -> None:
        with self.fashen.engine.begin() as tx:
            now = self.fashen.now(tx)
            outbox.still_ours(tx, self.message, now)
            rows.mark(tx, live, "withdrawing", tried_at=now)
        failpoint("withdraw.before_send")
        before = "confirmed" if live.state == "withdrawing" else live.state
        self.on_time()
        try:
            receipt = self.platform.withdraw(self._withdrawal(live))
        except Pending as taken:
            self.waits_for_list = True
            self.note(live, "withdrawing", taken.said)
            self.answered()
        except Later as no:
            self.note(live, before, no.said)
            self.rest(no)
        except Unknown as no:
            self.note(live, "withdrawing", no.said)
            failpoint("withdraw.after_unknown")
            self.rest(no)
        except PlatformSaid as no:
            self.note(live, before, str(no))
            self.answered()
            raise Hopeless(str(no)) from no
        else:
            failpoint("withdraw.after_send")
            self._put_on_file(live, receipt)

    def _withdrawal(self, live: Sent) -> Withdrawal:
        payload = self.message.payload
        return Withdrawal(
            key=live.key,
            version=live.version,
            number=live.parcel.number if live.body else "",
            on=date.fromisoformat(payload["on"]),
            reason=payload["reason"],
        )

    def _put_on_file(self, live: Sent, receipt: str, on: date | None = None) -> None:
        key = f"withdrawn:{self.name}:{live.case}:{live.version}"
        self.step("record_withdrawal", key, live, receipt=receipt, withdrawn_on=self.day(on))
        failpoint("withdraw.after_record")
        with self.fashen.engine.begin() as tx:
            now = self.fashen.now(tx)
            rows.mark(tx, live, "withdrawn", withdrawn_at=now, error=None)
            self.well(tx, now)

    def finish(self) -> None:
        with self.fashen.engine.begin() as tx:
            states = [one.state for one in self.sent(tx)]
            if "withdrawn" in states or self.waits_for_list:
                outbox.finish(tx, self.message, self.fashen.now(tx))
                failpoint("withdraw.before_finish")
                return
        raise Moot("平台从来没有收到这件决定，没有可以撤回的。")


def _down_on_file(choice: Publication | None, one: Sent) -> bool:
    found = choice and choice.answer_of(one.platform, one.version)
    return bool(found and found.withdrawn_on)
