"""一步 — the only way a case changes: one order in, one transaction, one ledger entry out.

Load, ask, judge, write. A refused order changes nothing and is recorded afterwards in a transaction of
its own.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from pydantic_core import from_json
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from policies.calendar import BeforeCalendar
from policies.casefile import CaseFile, EvidenceFile, Irregularity
from policies.core import Level, Outcome, Report
from policies.facts import Facts
from policies.lawbook import NoLaw
from policies.office import Person
from policies.parts import Delegated
from states.case import CURRENT, FLOWS
from states.flow import NOWHERE, Flow, Move, NotFromHere, Step
from workflow import errors, models
from workflow.authority import behalves, not_yours, the_one
from workflow.change import Change
from workflow.database import Plain
from workflow.delegations import Behalf, Delegation, not_over, pairs, to_person
from workflow.desk import COMMANDS, Desk
from workflow.elsewhere import gather
from workflow.entry import glance
from workflow.failpoints import failpoint
from workflow.files.uploads import claim
from workflow.forms import EARLIEST, parse
from workflow.order import Done, Order, label
from workflow.program import Bureau, Fashen
from workflow.record import Document
from workflow.refusals import blocked, record_refusal
from workflow.sight import from_above
from workflow.times import beijing, stamp
from workflow.writing import OvertakenWhileWriting, Taken, write

TOLERANCE = timedelta(minutes=5)
"""How far a stated time may lie ahead of the program's clock: two clocks never agree exactly."""

_C, _K, _L = models.cases.c, models.command_key.c, models.ledger.c

_FIND = Plain(
    sa.select(
        _C.id, _C.ordinal, _C.flow, _C.state, _C.version, _C.head, _C.doc, _C.party_name, _C.opened_at,
        models.office.c.version.label("office_version"),
    )
    .join(models.office, models.office.c.id == _C.office_id)
    .where(_C.id == sa.bindparam("case"), _C.office_id == sa.bindparam("office"))
    .with_for_update(of=models.cases)  # on SQLite the transaction itself is the lock
)  # fmt: skip
_KEY = Plain(
    sa.select(_K.request, _K.outcome).where(
        _K.office_id == sa.bindparam("office"),
        _K.person_id == sa.bindparam("person"),
        _K.key == sa.bindparam("key"),
    )
)


Look = Callable[[Connection, str], None]
"""Reads the case of this id in the transaction that brought it there."""


def perform(fashen: Fashen, order: Order) -> Done:
    """Carry out one order, wholly or not at all.

    Raises `Malformed`, `NotFound`, `ChangedMeanwhile`, or a `Refused`, which is then on record.
    """
    (done,) = perform_together(fashen, [order])
    return done


def perform_together(
    fashen: Fashen, orders: Sequence[Order], look: Look | None = None
) -> list[Done]:
    """Carry out the orders of one form in one transaction: all of them, or none.

    An order that names no case goes on with the case that the first one opened. What stops one undoes
    the others; it raises what `perform` raises. `look` is shown the case before the transaction ends, which
    after a dry run is the only place where it can be seen.
    """
    for order in orders:
        if wrong := order.unreadable():
            raise errors.Malformed(
                order.verb[:60].encode("utf-8", "replace").decode(), [errors.FieldError(*wrong)]
            )
    entered = fashen.clock()
    for last in (False, False, True):
        try:
            return _once(fashen, orders, entered, look)
        except IntegrityError:
            # Two orders wanted the same unique thing (a key, a number): the second looks again.
            if last:
                raise
        except _Stopped as stopped:
            # The case that a refused order was to go on with has never been: its refusal names none.
            if isinstance(stopped.why, errors.Refused) and not stopped.order.dry_run:
                record_refusal(fashen, stopped.order, entered, stopped.why)
            raise stopped.why from None
    raise AssertionError("the loop above returns or raises")


class _Stopped(Exception):
    """Leaves the transaction with the order that could not be carried out."""

    def __init__(self, order: Order, why: errors.FashenError) -> None:
        self.order = order
        self.why = why


class _Undone(Exception):
    """Leaves the transaction of a dry run with its result."""

    def __init__(self, done: list[Done]) -> None:
        self.done = done


def _once(
    fashen: Fashen, orders: Sequence[Order], entered: datetime, look: Look | None
) -> list[Done]:
    try:
        with fashen.engine.begin() as tx:
            done: list[Done] = []
            for order in orders:
                case = order.case or (done[0].case if done else None)
                try:
                    step = _Attempt(fashen, replace(order, case=case), entered, tx).carry_out()
                except errors.FashenError as why:
                    raise _Stopped(order, why) from None
                done.append(step)
            if look:
                look(tx, done[0].case)
            if any(order.dry_run for order in orders):
                raise _Undone(done)
            failpoint("move.before_commit")
    except _Undone as undone:
        return [replace(step, dry_run=True) for step in undone.done]
    failpoint("move.after_commit")
    return done


class _Attempt:
    """One order inside its transaction."""

    def __init__(self, fashen: Fashen, order: Order, entered: datetime, tx: Connection) -> None:
        self.fashen = fashen
        self.order = order
        self.entered = beijing(entered)
        self.at = beijing(order.at) if order.at else self.entered
        self.tx = tx
        self._found: tuple[Delegation, ...] | None = None

    def carry_out(self) -> Done:
        order = self.order
        row = self._lock() if order.case else None
        # Only now: whoever held the row until now may have been this same order, sent twice.
        if order.key and (done := self._done_before()):
            return done
        if row and order.version is not None and row.version != order.version:
            raise self._stale(row.version)
        bureau = self.fashen.bureau(self.tx, order.office, row.office_version if row else None)
        actor = self._actor(bureau)
        flow, move = self._move(row)
        document: Document = from_json(row.doc) if row else {}
        was = CaseFile.model_validate(document)
        behalf = self._permit(move, actor, was, bureau)
        desk = self._desk(bureau, actor, behalf, document, was, row)
        side = flow.beside.get(move.beside)
        try:
            change = self._change(desk, side)
            facts = self._facts(move, desk, change, bureau, side)
            step = self._judge(flow, move, facts, bureau)
        except (NoLaw, BeforeCalendar) as silent:
            # A date from before the law and the calendar that the program holds.
            said = f"{getattr(silent, 'said', silent)}，没有办理；请核对日期"
            raise errors.Malformed(order.verb, [errors.FieldError("at", said)]) from None
        self._complete(change, step, desk)
        try:
            return write(
                self.fashen, self.tx, order, Taken(row, flow, step, change, desk, bureau, facts)
            )
        except OvertakenWhileWriting:
            raise self._stale(desk.seq) from None

    def _done_before(self) -> Done | None:
        order = self.order
        key = {"office": order.office, "person": order.actor, "key": order.key}
        kept = _KEY.first(self.tx, key)
        if kept is None:
            return None
        if kept.request != order.request_digest():
            said = f"编号“{order.key}”已用于另一份内容，请换一个编号"
            raise errors.KeyReused(order.verb, [errors.FieldError("key", said)])
        return Done.again(kept.outcome)

    def _lock(self) -> Any:
        order = self.order
        row = _FIND.first(self.tx, {"case": order.case, "office": order.office})
        if row is None:
            raise errors.NotFound(f"没有编号为“{order.case}”的案件。")
        return row

    def _stale(self, version: int) -> errors.ChangedMeanwhile:
        seen = self.order.version or 0
        rows = self.tx.execute(
            sa.select(_L.body)
            .where(_L.case_id == self.order.case, _L.seq > seen)
            .order_by(_L.seq)
            .limit(20)
        )
        since = [glance(json.loads(body)) for (body,) in rows]
        told = "；".join(
            f"{s['by']}于 {s['entered'][:16].replace('T', ' ')} 办理了“{s['label']}”" for s in since
        )
        said = f"您看到的是第 {seen} 步，案件现在是第 {version} 步，没有办理。"
        said += f"其间：{told}。" if told else ""
        return errors.ChangedMeanwhile(f"{said}请刷新后再办。", version, since)

    def _actor(self, bureau: Bureau) -> Person:
        actor = bureau.office.person(self.order.actor) or from_above(
            self.fashen, self.tx, bureau, self.order.actor
        )
        if actor is None:
            raise errors.NotFound(f"{bureau.office.name}没有“{self.order.actor}”这个人。")
        return actor

    def _move(self, row: Any) -> tuple[Flow, Move]:
        verb = self.order.verb
        if verb not in COMMANDS:
            near = difflib.get_close_matches(verb, COMMANDS, 1)
            hint = f"最接近的是“{near[0]}”。" if near else "用 fashen scenario --verbs 列出全部。"
            said = f"没有“{verb[:60]}”这个动作，{hint}"
            raise errors.Malformed(verb[:60], [errors.FieldError("", said)])
        if row is None:
            for flow in CURRENT.values():
                if move := flow.opening(verb):
                    return flow, move
            opening = [m.verb for f in CURRENT.values() for m in f.moves if m.opens]
            said = f"“{label(verb)}”要在一件案件上办理；新开案件用：{'、'.join(opening)}。"
            raise errors.NotFromHere(said, opening)
        flow = FLOWS[row.flow]
        found = flow.move(row.state, verb)
        if found is None:
            here = flow.state(row.state)
            verbs = tuple(m.verb for m in flow.moves_from(row.state))
            can = "、".join(f"{label(v)}（{v}）" for v in verbs) or "无"
            said = f"案件在“{here.label}”，不能办理“{label(verb)}”。现在可以办的：{can}。"
            raise errors.NotFromHere(said, verbs)
        return flow, found

    def _permit(self, move: Move, actor: Person, case: CaseFile, bureau: Bureau) -> Behalf | None:
        """For whom the actor does it; None for himself. Delegations are looked at only where it takes one."""
        named, office, case_id = self.order.on_behalf_of, bureau.office, self.order.case
        if not named and move.who.allows(actor, case):
            return None
        about = (move, actor, case, case_id, office, self.at)
        behalf = the_one(behalves(self._delegations(), *about), named, move, actor)
        if behalf is None:
            raise not_yours(*about, named, lambda: to_person(self.tx, office.office, actor.id))
        return behalf

    def _delegations(self) -> tuple[Delegation, ...]:
        """What the office has delegated for the day of the act, read once."""
        if self._found is None:
            self._found = not_over(self.tx, self.order.office, self.at.date())
        return self._found

    def _pairs(self) -> tuple[tuple[str, str], ...]:
        return pairs(self._delegations(), self.order.case, self.at)

    def _desk(
        self,
        bureau: Bureau,
        actor: Person,
        behalf: Behalf | None,
        document: Document,
        was: CaseFile,
        row: Any,
    ) -> Desk:
        verb = self.order.verb
        if self.at.year < EARLIEST:
            said = f"{stamp(self.at)} 的年份不对，请改正时间"
            raise errors.Malformed(verb, [errors.FieldError("at", said)])
        if self.at > self.entered + TOLERANCE:
            said = f"{stamp(self.at)} 还没有到（现在是 {stamp(self.entered)}），请改正时间"
            raise errors.Malformed(verb, [errors.FieldError("at", said)])
        return Desk(
            case=was,
            document=document,
            state=row.state if row else NOWHERE,
            actor=actor,
            office=bureau.office,
            law=bureau.law,
            calendar=self.fashen.calendar,
            at=self.at,
            entered=self.entered,
            seq=row.version + 1 if row else 1,
            verb=verb,
            seal_with=self.fashen.seal,
            irregular=bool(self.order.irregular),
            behalf=behalf,
            delegated=self._pairs,
        )

    def _change(self, desk: Desk, side: Flow | None) -> Change:
        verb = self.order.verb
        command = COMMANDS[verb]
        form = parse(command.form, self.order.form, verb=verb, now=self.entered)
        if origin := getattr(form, "origin", ""):
            desk.origin = self._other_case(origin)
        if attached := getattr(form, "files", ()):
            desk.files = self._claimed([attachment.file for attachment in attached])
        if side is None:
            return command.run(form, desk)
        row = side.verbs[verb]
        desk.starts = frozenset(s.value for s in row.sources)
        change = command.run(form, desk)
        if row.dest is not None:
            things = change.document[side.items]
            place = next(n for n, thing in enumerate(things) if thing["id"] == change.item)
            change.set(f"{side.items}/{place}/state", row.dest.value)
        return change

    def _other_case(self, id: str) -> CaseFile:
        """A case of the same office that a form names."""
        row = _FIND.first(self.tx, {"case": id, "office": self.order.office})
        if row is None:
            said = f"没有编号为“{id}”的案件"
            raise errors.Malformed(self.order.verb, [errors.FieldError("origin", said)])
        return CaseFile.model_validate_json(row.doc)

    def _claimed(self, files: list[str]) -> dict[str, EvidenceFile]:
        """The uploads that a form names, registered by this very step if it is taken."""
        order = self.order
        case = order.case or ""
        return claim(self.fashen, self.tx, order.office, case, files, order.verb, order.actor)

    def _facts(
        self, move: Move, desk: Desk, change: Change, bureau: Bureau, side: Flow | None
    ) -> Facts:
        case = desk.case.amended(change.document, change.operations)
        elsewhere = gather(
            self.tx,
            self.order.office,
            self.order.case,
            case,
            wanted=move.gathers,
            bureau=bureau,
            number=change.number,
        )
        if "delegated" in move.gathers and (running := self._pairs()):
            elsewhere = replace(elsewhere, delegated=running)
        return Facts(
            case=case,
            was=desk.case,
            state=desk.state,
            at=desk.at,
            entered=desk.entered,
            actor=desk.actor,
            office=bureau.office,
            calendar=desk.calendar,
            present=change.present,
            face_to_face=change.face_to_face,
            excuses=dict(self.order.excuses),
            irregular=desk.irregular,
            item=change.item,
            item_was=_state_of(desk.document, side, change.item),
            elsewhere=elsewhere,
            on_behalf_of=desk.on_behalf_of,
        )

    def _judge(self, flow: Flow, move: Move, facts: Facts, bureau: Bureau) -> Step:
        if facts.irregular and move.irregular == "no":
            said = f"“{move.label}”不能作为不合规情况登记"
            raise errors.Malformed(move.verb, [errors.FieldError("irregular", said)])
        taken = flow.take(facts.state, move.verb, facts, bureau.law)
        if isinstance(
            taken, NotFromHere
        ):  # the thing beside the case; the case's own state was asked
            can = "、".join(f"{label(v)}（{v}）" for v in taken.verbs) or "无"
            said = (
                f"“{facts.item}”是“{taken.state.label}”，不能“{move.label}”。现在可以办的：{can}。"
            )
            raise errors.NotFromHere(said, taken.verbs)
        if isinstance(taken, Report):
            raise blocked(move, taken)
        if move.irregular == "must" and not facts.irregular:
            raise blocked(move, taken.report)
        if move.becomes:
            opened, closed = CURRENT[move.becomes].clocks(move, facts, bureau.law)
            return Step(move, taken.report, {**taken.opened, **opened}, (*taken.closed, *closed))
        return taken

    def _complete(self, change: Change, step: Step, desk: Desk) -> None:
        """Add what the step itself brings: its clocks, the mark of an irregular act, for whom it was done."""
        seq = desk.seq
        for clock in step.closed:
            change.drop(f"clocks/{clock}")
        for clock, running in step.opened.items():
            change.entry("clocks", clock, running)
        if self.order.irregular:
            failed = [f.policy for f in step.report.findings if f.outcome is Outcome.FAILS]
            mark = Irregularity(
                seq=seq,
                verb=self.order.verb,
                at=self.at,
                account=self.order.irregular,
                rules=tuple(p.id for p in failed if p.level is not Level.NOTE),
            )
            change.append("irregularities", mark)
        if desk.behalf:
            acted = Delegated(
                seq=seq,
                verb=self.order.verb,
                by=desk.actor.id,
                principal=desk.behalf.principal.id,
                delegation=desk.behalf.delegation.id,
            )
            change.append("delegated", acted)


def _state_of(document: Document, side: Flow | None, item: str) -> str:
    """The state of a thing beside the case; empty where it is not there yet."""
    things = document.get(side.items, ()) if side else ()
    return next((thing["state"] for thing in things if thing["id"] == item), "")
