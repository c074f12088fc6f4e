"""Writing a step: the row, the ledger entry, the clocks, the messages — all in the caller's transaction.

The statements are plain: put into the driver's words once, and all that follows the case's own row is
sent together (docs/decisions/0003).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile, Clock
from policies.facts import Facts, canonical
from states.case import CURRENT
from states.flow import NOWHERE, Flow, Step, Term
from workflow import findings as explained
from workflow import lines, models
from workflow.change import Change
from workflow.database import Plain, Together
from workflow.desk import Desk
from workflow.elsewhere import party_key
from workflow.entry import facts_digest, findings, lean_entry
from workflow.failpoints import failpoint
from workflow.follow_ups import Message, follow_ups, told_principal
from workflow.order import Done, Order
from workflow.precedents import remember
from workflow.program import Bureau, Fashen
from workflow.publication.projection import project
from workflow.record import GENESIS, seal_entry
from workflow.times import beijing, midnight, stamp

_C, _D, _N = models.cases.c, models.deadline.c, models.document_number.c

_MOVED = (
    "flow", "state", "version", "head", "doc", "title", "number", "party_name", "party_key",
    "power", "act_on", "moved_at",
)  # fmt: skip
_NUMBERED = ("office_id", "kind", "number", "case_id")

_MOVE = Plain(
    models.cases.update()
    .where(_C.id == sa.bindparam("case"), _C.version == sa.bindparam("was"))
    .values({name: sa.bindparam(name) for name in _MOVED})
)
_OPEN_CASE = Plain(models.cases.insert())
_APPEND = Plain(models.ledger.insert())
_OPEN = Plain(models.deadline.insert())
_RUNNING = (
    _D.case_id == sa.bindparam("case"),
    _D.clock == sa.bindparam("which"),
    _D.state == "open",
)
_CLOSE = Plain(
    models.deadline.update()
    .where(*_RUNNING)
    .values(state=sa.bindparam("how"), closed_seq=sa.bindparam("seq"), wake_at=None)
)
_RECOUNT = Plain(
    models.deadline.update()
    .where(*_RUNNING)
    .values(
        {name: sa.bindparam(name) for name in ("due", "rolled", "ends", "provisional", "calendar")}
        | {"wake_at": sa.bindparam("look")}
    )
)
"""Its start, its span and the stages that were told stay; the next sweep looks what its new dates ask for."""
_KEEP_IDENTIFIER = Plain.insert_new(models.identifier)
_NUMBER = Plain(
    models.document_number.insert().from_select(
        _NUMBERED,
        sa.select(*(sa.bindparam(name, type_=_N[name].type) for name in _NUMBERED)).where(
            ~sa.exists().where(*(_N[name] == sa.bindparam(name) for name in _NUMBERED))
        ),
    )
)
"""A case may say its own number again; one that another case bears is an `IntegrityError`."""
_KEEP = Plain(models.command_key.insert())
_QUEUE = Plain.insert_new(models.outbox)
_COUNT = Plain(
    models.office.update()
    .where(models.office.c.id == sa.bindparam("office"))
    .values(cases_opened=models.office.c.cases_opened + 1)
    .returning(models.office.c.cases_opened)
)


@dataclass(frozen=True, slots=True)
class Taken:
    """A step that was allowed, with everything that is to be written of it."""

    row: Any
    flow: Flow
    step: Step
    change: Change
    desk: Desk
    bureau: Bureau
    facts: Facts


class OvertakenWhileWriting(Exception):
    """The row moved between reading and writing; nothing must be written."""


def write(fashen: Fashen, tx: Connection, order: Order, taken: Taken) -> Done:
    """Write a step. The version is compared once more by the statement itself."""
    row, step, desk, seq = taken.row, taken.step, taken.desk, taken.desk.seq
    case_id = row.id if row else fashen.new_id()
    before = row.state if row else NOWHERE
    after = step.move.dest.value if step.move.dest else before
    own = CURRENT[step.move.becomes] if step.move.becomes else taken.flow
    ordinal = row.ordinal if row else _COUNT.first(tx, {"office": order.office}).cases_opened
    case, irregular = taken.facts.case, taken.facts.irregular
    office, entered = taken.bureau.office, beijing(taken.desk.entered)
    item = taken.change.item
    messages = follow_ups(
        order.verb, seq, case_id, case, office, entered, item=item, irregular=irregular
    )
    behalf = desk.behalf
    if behalf:
        messages += told_principal(order.verb, seq, case_id, case, desk.signature, behalf.principal)
    doc = canonical(taken.change.document)
    algorithm = fashen.settings.ledger_hash
    entry = lean_entry(
        {
            "v": 1,
            "alg": algorithm,
            "office": order.office,
            "case": case_id,
            "ordinal": ordinal,
            "seq": seq,
            "flow": str(own),
            "verb": order.verb,
            "by": {"id": desk.actor.id, "name": desk.actor.name, "post": desk.actor.post},
            "for": desk.behalf.entry() if desk.behalf else {},
            "at": stamp(desk.at),
            "entered": stamp(desk.entered),
            "from": before,
            "to": after,
            "change": taken.change.operations,
            "facts": facts_digest(doc, taken.bureau.version, taken.facts.elsewhere),
            "findings": findings(step.report),
            "messages": [m.dedup for m in messages],
            "irregular": order.irregular,
            "said": taken.change.said,
            "item": _item(taken),
        }
    )
    body = canonical(entry)
    prev = row.head if row else GENESIS
    head = seal_entry(body, prev, algorithm)
    shown = _shown(case, taken)
    moved = {
        "flow": str(own),
        "state": after,
        "version": seq,
        "head": head,
        "doc": doc,
        "moved_at": desk.entered,
        **shown,
    }
    opened_at = row.opened_at if row else desk.entered
    if row is None:
        fixed = {"id": case_id, "office_id": order.office, "ordinal": ordinal}
        _OPEN_CASE.run(tx, {**fixed, "opened_at": opened_at, **moved})
    elif _MOVE.run(tx, {"case": case_id, "was": row.version, **moved}) != 1:
        raise OvertakenWhileWriting
    failpoint("move.between_row_and_ledger")
    project(tx, order.verb, taken.bureau, case_id, case)
    remember(tx, order.office, case_id, case, taken.facts.was)
    done = Done(
        case=case_id,
        version=seq,
        verb=order.verb,
        before=before,
        after=after,
        made=taken.change.made or ("" if row else case_id),
        report=step.report,
        opened={name: clock.model_dump(mode="json") for name, clock in step.opened.items()},
        closed=step.closed,
        messages=tuple(m.dedup for m in messages),
        on_behalf_of=behalf.principal.id if behalf else "",
    )
    with Together(tx) as writes:
        writes.add(
            _APPEND,
            {
                "case_id": case_id,
                "seq": seq,
                "office_id": order.office,
                "prev": prev,
                "hash": head,
                "body": body,
            },
        )
        # Of the entry as it is stored, where every value is plain.
        writes.add(explained.INSERT, *explained.rows(json.loads(body), desk.document))
        _turn_clocks(fashen, writes, order.office, case_id, own, taken)
        kept = {
            "id": case_id,
            "office_id": order.office,
            "ordinal": ordinal,
            "opened_at": opened_at,
        }
        now, calendar = _as_kept(taken), fashen.calendar
        line = lines.line_of(kept | moved, now, office, calendar)
        # To the second, as the ledger has it: the rows can then be made again from there.
        did = (desk.actor.id, seq, order.verb, datetime.fromisoformat(stamp(desk.entered)))
        lines.put(writes, line, taken.facts.was, case, did)
        started = {**kept, "flow": str(taken.flow), "state": before}
        waited = lines.waits_of(started, taken.facts.was, office, calendar) if row else []
        lines.put_waits(writes, waited, lines.waits_of(kept | moved, now, office, calendar))
        _keep_beside(writes, order.office, case_id, taken)
        _queue(writes, messages, order.office, case_id, desk.entered)
        if order.key:
            _keep_key(writes, order, done)
    return done


def _as_kept(taken: Taken) -> CaseFile:
    """The case as the document now is: the facts that were judged, and what the step itself brought."""
    document, brought = taken.change.document, ("clocks", "irregularities")
    read = CaseFile.model_validate({name: document[name] for name in brought if name in document})
    return taken.facts.case.model_copy(update={name: getattr(read, name) for name in brought})


def _item(taken: Taken) -> dict[str, str]:
    """What the step did to a thing beside the case: which, from which state, to which."""
    side = taken.flow.beside.get(taken.step.move.beside)
    if side is None:
        return {}
    things = taken.change.document[side.items]
    to = next(thing["state"] for thing in things if thing["id"] == taken.facts.item)
    was = taken.facts.item_was or NOWHERE
    return {"of": side.name, "id": taken.facts.item, "from": was, "to": to}


def _turn_clocks(
    fashen: Fashen, writes: Together, office: str, case_id: str, flow: Flow, taken: Taken
) -> None:
    """Close, open and recount deadline rows; they only mirror the clocks that the document now holds."""
    step, seq = taken.step, taken.desk.seq
    how = "lapsed" if step.move.verb.startswith("lapse_") else "closed"
    for clock in step.closed:
        writes.add(_CLOSE, {"case": case_id, "which": clock, "how": how, "seq": seq})
    for name, opened in step.opened.items():
        writes.add(
            _OPEN,
            {
                "case_id": case_id,
                "clock": name,
                "round": seq,
                "office_id": office,
                "state": "open",
                "wake_at": midnight(_first_look(fashen, taken.bureau, flow.term(name), opened)),
                **opened.model_dump(),
            },
        )
    for name, counted in taken.change.recounted.items():
        dates = counted.model_dump(include={"due", "rolled", "ends", "provisional", "calendar"})
        writes.add(_RECOUNT, {"case": case_id, "which": name, "look": taken.desk.entered, **dates})


def _first_look(fashen: Fashen, bureau: Bureau, term: Term, clock: Clock) -> date:
    alerting = bureau.office.alerts
    return term.stages(clock.ends, clock.rolled, fashen.calendar, alerting)[0][1]


def _keep_beside(writes: Together, office: str, case_id: str, taken: Taken) -> None:
    """What must be findable and is not in the ledger: identifiers behind digests, numbers in use."""
    for digest, (kind, value) in taken.desk.sealed.items():
        row = {"office_id": office, "digest": digest, "kind": kind, "value": value}
        writes.add(_KEEP_IDENTIFIER, row)
    # What really bears another's number (an irregular record) does not take it away from there.
    if taken.change.number and not taken.facts.elsewhere.same_number:
        kind, number = taken.change.number
        row = {"office_id": office, "kind": kind, "number": number, "case_id": case_id}
        writes.add(_NUMBER, row)


def queue(
    tx: Connection, messages: Sequence[Message], office: str, case_id: str, at: datetime
) -> None:
    """Put messages into the outbox of the transaction that causes them; each stands there once."""
    with Together(tx) as writes:
        _queue(writes, messages, office, case_id, at)


def _queue(
    writes: Together, messages: Sequence[Message], office: str, case_id: str, at: datetime
) -> None:
    for m in messages:
        writes.add(
            _QUEUE,
            {
                "kind": m.kind,
                "dedup": m.dedup,
                "office_id": office,
                "case_id": case_id,
                "payload": canonical(m.payload),
                "status": "ready",
                "attempts": 0,
                "created_at": at,
                "available_at": at,
            },
        )


def _keep_key(writes: Together, order: Order, done: Done) -> None:
    writes.add(
        _KEEP,
        {
            "office_id": order.office,
            "person_id": order.actor,
            "key": order.key,
            "request": order.request_digest(),
            "case_id": done.case,
            "seq": done.version,
            "outcome": done.kept(),
        },
    )


def _shown(case: CaseFile, taken: Taken) -> dict[str, str]:
    """What lists show and search; the name of a citizen stays outside the ledger."""
    party, power = case.party, taken.bureau.office.power(case.power)
    name = taken.row.party_name if taken.row else ""
    if party is not None and (party != taken.facts.was.party or not name):
        name = taken.desk.sealed.get(party.name, ("", party.name))[1]
    text = power.title if power else (case.act.text if case.act else "")
    number = case.filing.number if case.filing else ""
    if case.summary and case.decision and not number:
        number = case.decision.number
    return {
        "title": text[:200],
        "number": number,
        "party_name": name,
        "party_key": party_key(case),
        "power": case.power,
        "act_on": case.act.began.isoformat() if case.act and case.act.began else "",
    }
