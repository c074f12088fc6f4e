"""核验 — proof that nobody altered the record: chain, fold and the rows beside it, of a case or of an office.

A case is checked at once. An office is checked in slices, each in a transaction of its own and no longer than
it is given: the first in the request, the rest by the beat (`tasks.integrity.advance`), so that no request
runs for minutes. What was checked is said with a number that repeats itself: the digest over all heads.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.office import Person
from workflow import findings, models
from workflow.database import reading
from workflow.oracle import beside
from workflow.program import Fashen
from workflow.record import Entry, Standing, verify
from workflow.sight import Sight

_C, _F, _I, _L = models.cases.c, models.finding.c, models.integrity_check.c, models.ledger.c

MOST_FAULTS = 200
"""Faults that are kept of one check; an office with more is broken beyond reading them all."""

FIRST_SLICE = 3.0
"""Seconds that a request may spend on it."""


@dataclass(frozen=True, slots=True)
class Proof:
    """What was checked and what was found; `faults` empty is the proof.

    `head` is the head of the case's chain, or of several cases the digest over all heads in their order.
    """

    cases: int = 0
    entries: int = 0
    since: str = ""
    until: str = ""
    head: str = ""
    seconds: float = 0.0
    faults: tuple[str, ...] = ()
    broken: int = 0

    @property
    def holds(self) -> bool:
        return not self.broken


def prove_case(fashen: Fashen, tx: Connection, office: str, case_id: str) -> Proof:
    """Check one case now: digests, links, order and gaps, the fold, the clocks, the supervisor's rows."""
    began = time.perf_counter()
    row = tx.execute(
        sa.select(models.cases).where(_C.id == case_id, _C.office_id == office)
    ).mappings().first()  # fmt: skip
    if row is None:
        raise LookupError(case_id)
    entries, faults = _case(fashen, tx, dict(row))
    moments = sorted(m for m in map(_entered, entries) if m)
    return Proof(
        cases=1,
        entries=len(entries),
        since=moments[0] if moments else "",
        until=moments[-1] if moments else "",
        head=row["head"],
        seconds=time.perf_counter() - began,
        faults=tuple(faults[:MOST_FAULTS]),
        broken=len(faults),
    )


def _entered(entry: Entry) -> str:
    try:
        return str(json.loads(entry.body)["entered"])
    except (ValueError, KeyError, TypeError):
        return ""


def _case(fashen: Fashen, tx: Connection, row: dict[str, Any]) -> tuple[list[Entry], list[str]]:
    rows = tx.execute(
        sa.select(_L.case_id, _L.seq, _L.prev, _L.hash, _L.body)
        .where(_L.case_id == row["id"])
        .order_by(_L.seq)
    )
    entries = [Entry(*r) for r in rows]
    return entries, list(_faults(fashen, tx, row, entries))


def _faults(
    fashen: Fashen, tx: Connection, row: dict[str, Any], entries: list[Entry]
) -> Iterator[str]:
    name = row["number"] or row["id"]
    try:
        document = json.loads(row["doc"])
        case = CaseFile.model_validate(document)
    except (ValueError, ValidationError):
        yield f"{name}：案卷读不出来。"
        return
    stands = Standing(row["flow"], row["state"], row["version"], row["head"], document)
    said = verify(entries, {row["id"]: stands})
    said += beside.clocks(fashen, tx, row, case)
    yield from (fault.replace(row["id"], name) for fault in said)
    kept = tx.execute(sa.select(models.finding).where(_F.case_id == row["id"])).mappings()
    try:
        told = Counter(
            beside.plain(f) for f in findings.of_ledger(json.loads(e.body) for e in entries)
        )
    except (ValueError, KeyError, IndexError, TypeError, AttributeError):
        return  # `verify` has said what cannot be read
    if told != Counter(beside.plain(f) for f in kept):
        yield f"{name}：督察台账与大事记推出的不一致。"


# — an office, in slices ——————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Check:
    """A check of whole offices: how far it is, and what it has found."""

    id: str
    asked_by: str
    asked_at: datetime
    finished_at: datetime | None
    offices: tuple[str, ...]
    totals: tuple[int, ...]
    at: int = 0
    ordinal: int = 0
    proof: Proof = field(default_factory=Proof)

    @property
    def done(self) -> bool:
        return self.finished_at is not None

    @property
    def total(self) -> int:
        return sum(self.totals)


def begin(fashen: Fashen, seen: Sight, person: Person, offices: tuple[str, ...]) -> str:
    """Write down that these offices are to be checked, as many cases as each has now; returns its id."""
    id, now = fashen.new_id(), fashen.clock()
    wanted = [o for o in offices if o in seen.ids]
    with fashen.engine.begin() as tx:
        o = models.office.c
        rows = tx.execute(sa.select(o.id, o.cases_opened).where(o.id.in_(wanted)))
        opened = {row.id: row.cases_opened for row in rows}
        progress = {
            "offices": wanted, "totals": [opened[x] for x in wanted], "at": 0, "ordinal": 0,
            "proof": asdict(Proof()),
        }  # fmt: skip
        tx.execute(
            models.integrity_check.insert(),
            {
                "id": id, "office_id": seen.ids[0], "asked_by": person.id, "asked_by_name": person.name,
                "asked_at": now, "state": "running", "progress": json.dumps(progress), "step": 0,
            },
        )  # fmt: skip
    return id


def checks(tx: Connection, office: str, limit: int = 10, offset: int = 0) -> list[Check]:
    """The latest checks that people of this office asked for."""
    rows = tx.execute(
        sa.select(models.integrity_check)
        .where(_I.office_id == office)
        .order_by(_I.asked_at.desc(), _I.id)
        .limit(limit)
        .offset(offset)
    )
    return [_read(row) for row in rows.mappings()]


def count(tx: Connection, office: str) -> int:
    """How many they ever asked for."""
    asked = sa.select(sa.func.count()).select_from(models.integrity_check)
    return tx.scalar(asked.where(_I.office_id == office)) or 0


def check_of(tx: Connection, office: str, id: str) -> Check | None:
    row = tx.execute(
        sa.select(models.integrity_check).where(_I.id == id, _I.office_id == office)
    ).mappings().first()  # fmt: skip
    return _read(row) if row else None


def _read(row: Any) -> Check:
    told = json.loads(row["progress"])
    proof = Proof(**{**told["proof"], "faults": tuple(told["proof"]["faults"])})
    return Check(
        row["id"], row["asked_by_name"], row["asked_at"], row["finished_at"],
        tuple(told["offices"]), tuple(told["totals"]), told["at"], told["ordinal"], proof,
    )  # fmt: skip


def advance(fashen: Fashen, id: str = "", seconds: float = 45.0) -> int:
    """Go on with a check, or with every one that is under way, for so long; returns how many slices it took."""
    ends, slices = time.monotonic() + seconds, 0
    while time.monotonic() < ends:
        with reading(fashen.engine) as tx:
            query = sa.select(models.integrity_check).where(_I.state == "running")
            query = query.where(_I.id == id) if id else query.order_by(_I.asked_at)
            row = tx.execute(query.limit(1)).mappings().first()
            if row is None:
                return slices
            check = _slice(fashen, tx, _read(row), min(ends, time.monotonic() + SLICE))
        _keep(fashen, check, row["step"])
        slices += 1
    return slices


SLICE = 5.0
"""Seconds of one slice: its transaction is as long, and so much is done again when a worker dies."""

AT_ONCE = 100
"""Cases that are read together."""


def _slice(fashen: Fashen, tx: Connection, check: Check, ends: float) -> Check:
    """Check cases in the order in which they were opened, until the time is up or all are done."""
    began, proof = time.perf_counter(), check.proof
    at, ordinal = check.at, check.ordinal
    while at < len(check.offices):
        office, last = check.offices[at], check.totals[at]
        rows = tx.execute(
            sa.select(models.cases)
            .where(_C.office_id == office, _C.ordinal > ordinal, _C.ordinal <= last)
            .order_by(_C.ordinal)
            .limit(AT_ONCE)
        ).mappings().all()  # fmt: skip
        expected = ordinal
        for row in rows:
            expected += 1
            while expected < row["ordinal"]:
                proof = _add_fault(
                    proof, f"{office} 第 {expected} 件案件：后面的案件在，它却不在。"
                )
                expected += 1
            entries, faults = _case(fashen, tx, dict(row))
            proof = _add(proof, row, entries, faults)
            if time.monotonic() > ends:
                break
        ordinal = expected
        if len(rows) < AT_ONCE and (not rows or ordinal >= rows[-1]["ordinal"]):
            for gone in range(ordinal + 1, last + 1):
                proof = _add_fault(proof, f"{office} 第 {gone} 件案件：登记开过，现在没有。")
            at, ordinal = at + 1, 0
        if time.monotonic() > ends:
            break
    spent = proof.seconds + time.perf_counter() - began
    return replace(check, at=at, ordinal=ordinal, proof=replace(proof, seconds=spent))


def _add(proof: Proof, row: Any, entries: list[Entry], faults: list[str]) -> Proof:
    moments = [m for e in (entries[:1] + entries[-1:]) if (m := _entered(e))]
    heads = hashlib.sha256(f"{proof.head}\n{row['id']}\n{row['head']}".encode()).hexdigest()
    return Proof(
        cases=proof.cases + 1,
        entries=proof.entries + len(entries),
        since=min(m for m in (proof.since, *moments) if m) if moments else proof.since,
        until=max(proof.until, *moments) if moments else proof.until,
        head=heads,
        seconds=proof.seconds,
        faults=(*proof.faults, *faults)[:MOST_FAULTS],
        broken=proof.broken + len(faults),
    )


def _add_fault(proof: Proof, fault: str) -> Proof:
    return replace(proof, faults=(*proof.faults, fault)[:MOST_FAULTS], broken=proof.broken + 1)


def _keep(fashen: Fashen, check: Check, step: int) -> None:
    """Write down how far a slice came; of two that did the same one the second changes nothing."""
    progress = {
        "offices": check.offices, "totals": check.totals, "at": check.at, "ordinal": check.ordinal,
        "proof": asdict(check.proof),
    }  # fmt: skip
    done = check.at >= len(check.offices)
    with fashen.engine.begin() as tx:
        tx.execute(
            models.integrity_check.update()
            .where(_I.id == check.id, _I.step == step)
            .values(
                progress=json.dumps(progress),
                step=step + 1,
                state="done" if done else "running",
                finished_at=fashen.clock() if done else None,
            )
        )
