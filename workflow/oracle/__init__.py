"""通查 — one function that says everything that must always hold, on any database, at any time.

Tests call it after every step and every fault; `fashen doctor --deep` calls it for people. It reads
only, and answers with sentences; no sentence means that all is well (design: what must always hold).

It judges by what is stored and asks no policy again: a policy that errs must not acquit itself.
`steps` holds each entry against flow, people and marks, `penalty` each case against what the law keeps
apart and in order, `delegation` what was done for another, `beside` the rows beside the cases.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from pydantic import ValidationError
from sqlalchemy.engine import Connection

from policies.casefile import CaseFile
from policies.office import Person
from workflow import delegations, models
from workflow.database import reading
from workflow.files import proof
from workflow.files.uploads import store_of
from workflow.oracle import beside, delegation, penalty, steps
from workflow.program import Bureau, Fashen
from workflow.record import Entry, Standing, fold
from workflow.sight import as_seen_below


def check_all(fashen: Fashen) -> list[str]:
    """Every breach found, as sentences; an empty list is the proof."""
    faults: list[str] = []
    with reading(fashen.engine) as tx:
        entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in ledger_entries(tx):
            entries[entry.case_id].append(entry)
        bureaus = _bureaus(fashen, tx)
        given = delegations.all_of(tx)
        above = _above(bureaus)
        ordinals: dict[str, list[int]] = defaultdict(list)
        documents: dict[str, Any] = {}
        for row in tx.execute(sa.select(models.cases)).mappings():
            own = entries.pop(row["id"], [])
            ordinals[row["office_id"]].append(row["ordinal"])
            office = row["office_id"]
            faults += _case(
                fashen, tx, dict(row), own, bureaus[office], given.get(office, {}), above
            )
            documents[row["id"]] = json.loads(row["doc"])
        faults += [f"{case_id}：有大事记，没有案件。" for case_id in entries]
        faults += beside.ordinals(tx, ordinals)
        faults += beside.queue(tx)
        faults += beside.publications(tx)
        faults += beside.notices(tx)
        faults += beside.supervised(tx)
        faults += beside.keys(tx)
        faults += beside.identifiers(fashen, tx)
        files = list(proof.named(documents))
        faults += proof.rows(tx, files)
    faults += proof.content(store_of(fashen), files)
    return faults


def ledger_entries(tx: Connection) -> Iterator[Entry]:
    rows = tx.execute(
        sa.select(models.ledger).order_by(models.ledger.c.case_id, models.ledger.c.seq)
    )
    for r in rows:
        yield Entry(r.case_id, r.seq, r.prev, r.hash, r.body)


def standings(tx: Connection) -> dict[str, Standing]:
    """How each case stands by its row, to be held against its ledger."""
    c = models.cases.c
    rows = tx.execute(sa.select(c.id, c.flow, c.state, c.version, c.head, c.doc))
    return {r.id: Standing(r.flow, r.state, r.version, r.head, json.loads(r.doc)) for r in rows}


def _bureaus(fashen: Fashen, tx: Connection) -> dict[str, list[Bureau]]:
    """Every version of every office's file: an entry does not say by which it was judged."""
    found: dict[str, list[Bureau]] = defaultdict(list)
    v = models.office_version.c
    for row in tx.execute(sa.select(v.office_id, v.version).order_by(v.version)).all():
        found[row.office_id].append(fashen.bureau(tx, row.office_id, row.version))
    return found


def _above(bureaus: dict[str, list[Bureau]]) -> dict[str, list[Person]]:
    """Every inspector of any version of any office, as the offices below know them."""
    found: dict[str, list[Person]] = defaultdict(list)
    for bureau in (b for versions in bureaus.values() for b in versions):
        for person in bureau.office.with_role("inspector"):
            seen = as_seen_below(person, bureau)
            found[seen.id].append(seen)
    return found


def _case(
    fashen: Fashen,
    tx: Connection,
    row: dict[str, Any],
    entries: list[Entry],
    bureaus: list[Bureau],
    given: delegation.Given,
    above: dict[str, list[Person]],
) -> Iterator[str]:
    case_id = row["id"]
    told, wrong = fold(entries)
    yield from wrong
    stands = Standing(
        row["flow"], row["state"], row["version"], row["head"], json.loads(row["doc"])
    )
    if stands != told:
        named = [n for n in Standing.__slots__ if getattr(stands, n) != getattr(told, n)]
        yield f"{case_id}：案件与大事记推出的不一致（{'、'.join(named)}）。"
    try:
        case = CaseFile.model_validate(stands.document)
    except ValidationError as wrong:
        where = "、".join(".".join(map(str, error["loc"])) for error in wrong.errors()[:5])
        yield f"{case_id}：案卷读不出来（{where}）。"
        return
    for taken in steps.taken(case_id, entries):
        yield from steps.check(taken, bureaus, above)
        yield from penalty.check(taken, bureaus, given)
        yield from delegation.check(taken, given)
    yield from beside.clocks(fashen, tx, row, case)
    yield from beside.lines_kept(fashen, tx, row, case, entries)
    yield from beside.waits_kept(fashen, tx, row, case)
    yield from beside.precedent(tx, row, case)
