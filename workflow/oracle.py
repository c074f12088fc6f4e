"""通查 — one function that says everything that must always hold, on any database, at any time.

Tests call it after every step and every fault; `fashen doctor --deep` calls it for people. It reads
only, and answers with sentences; no sentence means that all is well (design: what must always hold).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Span
from policies.casefile import CaseFile
from policies.facts import proposal_digest
from states.case import FLOWS
from workflow import models
from workflow.database import reading
from workflow.program import Fashen
from workflow.record import Entry, Standing, apply, fold

_IDENTIFIERS_STAND_SEALED = ("name", "number", "address", "phone", "receiver")


def check_all(fashen: Fashen) -> list[str]:
    """Every breach found, as sentences; an empty list is the proof."""
    faults: list[str] = []
    with reading(fashen.engine) as tx:
        entries: dict[str, list[Entry]] = defaultdict(list)
        for entry in ledger_entries(tx):
            entries[entry.case_id].append(entry)
        ordinals: dict[str, list[int]] = defaultdict(list)
        for row in tx.execute(sa.select(models.cases)).mappings():
            own = entries.pop(row["id"], [])
            ordinals[row["office_id"]].append(row["ordinal"])
            faults += _case(fashen, tx, dict(row), own)
        faults += [f"{case_id}：有大事记，没有案件。" for case_id in entries]
        faults += _ordinals(tx, ordinals)
        faults += _queue(tx)
        faults += _publications(tx)
        faults += _sealed(tx)
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


def _case(
    fashen: Fashen, tx: Connection, row: dict[str, Any], entries: list[Entry]
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
    case = CaseFile.model_validate(stands.document)
    yield from _walk(case_id, entries)
    yield from _clocks(fashen, tx, case_id, case)


def _walk(case_id: str, entries: list[Entry]) -> Iterator[str]:
    """Every step is a row of its flow's table, allowed by its report, and reviewed before a penalty."""
    document: dict[str, Any] = {}
    flow_name = ""
    for entry in entries:
        body = json.loads(entry.body)
        name = f"{case_id} 第 {entry.seq} 步（{body['verb']}）"
        flow = FLOWS[flow_name or body["flow"]]
        move = (
            flow.opening(body["verb"]) if entry.seq == 1 else flow.move(body["from"], body["verb"])
        )
        if move is None:
            yield f"{name}：流程表没有从“{body['from']}”出发的这一步。"
        elif body["to"] != (move.dest.value if move.dest else body["from"]):
            yield f"{name}：到了“{body['to']}”，流程表说是另一个环节。"
        findings = body.get("findings", {})
        if findings.get("failed") and not body.get("irregular"):
            yield f"{name}：有不能越过的理由，却办理了。"
        if any(not w["excuse"] for w in findings.get("warned", ())) and not body.get("irregular"):
            yield f"{name}：有警示没有写明理由，却办理了。"
        document = apply(document, body["change"])
        if body["verb"] == "decide":
            yield from _reviewed(name, CaseFile.model_validate(document))
        if body.get("irregular") and not any(
            mark["seq"] == entry.seq for mark in document.get("irregularities", ())
        ):
            yield f"{name}：不合规的登记没有标记。"
        flow_name = body["flow"]


def _reviewed(name: str, case: CaseFile) -> Iterator[str]:
    """Nobody decides a penalty in the ordinary procedure without a passed review of what is decided."""
    review = case.review
    if review is None or not review.counts:
        yield f"{name}：没有通过法制审核，却作出了处罚决定。"
        return
    if review.digest != proposal_digest(case):
        yield f"{name}：决定的内容不是审核通过的内容。"
    if review.by in case.officers:
        yield f"{name}：审核人是本案承办人。"
    if case.hearing and case.hearing.ended_as == "held" and not review.after_hearing:
        yield f"{name}：听证之后没有再次审核。"
    if case.decision and case.decision.fine > review.fine:
        yield f"{name}：罚款高于审核通过的数额。"


def _clocks(fashen: Fashen, tx: Connection, case_id: str, case: CaseFile) -> Iterator[str]:
    """The open deadline rows are exactly the document's clocks, and each is what it counts to."""
    d = models.deadline.c
    rows = {
        r["clock"]: r
        for r in tx.execute(
            sa.select(models.deadline).where(d.case_id == case_id, d.state == "open")
        ).mappings()
    }
    if set(rows) != set(case.clocks):
        yield f"{case_id}：期限行 {sorted(rows)} 与案卷 {sorted(case.clocks)} 不一致。"
    for name, clock in case.clocks.items():
        row = rows.get(name)
        if row and (row["start"], row["due"], row["ends"]) != (clock.start, clock.due, clock.ends):
            yield f"{case_id}：期限“{name}”的行与案卷不一致。"
        counted = fashen.calendar.count(clock.start, Span.parse(clock.span))
        if clock.calendar == fashen.calendar.version and counted.due != clock.due:
            yield f"{case_id}：期限“{name}”应为 {counted.due}，记的是 {clock.due}。"


def _ordinals(tx: Connection, found: dict[str, list[int]]) -> Iterator[str]:
    """Cases are numbered without a gap as they open, so one that vanished leaves a hole."""
    for row in tx.execute(sa.select(models.office)):
        here = sorted(found.get(row.id, ()))
        if here != list(range(1, row.cases_opened + 1)):
            yield f"{row.id}：开过 {row.cases_opened} 件案件，现有的序号是 {here[:20]}。"


def _queue(tx: Connection) -> Iterator[str]:
    """Each message that a step named stands in the outbox; each done notice stands once in an inbox."""
    queued = dict(tx.execute(sa.select(models.outbox.c.dedup, models.outbox.c.status)).all())
    for (body,) in tx.execute(sa.select(models.ledger.c.body)):
        entry = json.loads(body)
        for dedup in entry.get("messages", ()):
            if dedup not in queued:
                yield f"{entry['case']} 第 {entry['seq']} 步：消息 {dedup} 不在待发中。"
    shown = Counter(tx.execute(sa.select(models.inbox.c.dedup)).scalars())
    for dedup, status in queued.items():
        if dedup.startswith(("alert:", "tell:")):
            if status == "done" and shown[dedup] != 1:
                yield f"消息 {dedup} 已办完，收件箱里有 {shown[dedup]} 份。"
            if status == "ready" and shown[dedup]:
                yield f"消息 {dedup} 还在待发，收件箱里已有。"
    yield from (f"消息 {d} 不在待发中，收件箱里却有。" for d in shown if d not in queued)


def _publications(tx: Connection) -> Iterator[str]:
    """Nothing is published that was not decided and chosen; each confirmed one has its receipt."""
    p, c = models.publication.c, models.cases.c
    rows = tx.execute(
        sa.select(p.case_id, p.key, p.state, p.receipt, c.doc).join(models.cases, c.id == p.case_id)
    )
    for row in rows:
        case = CaseFile.model_validate_json(row.doc)
        if case.decision is None or case.publication is None:
            yield f"{row.case_id}：没有决定或者没有选择公示，却有公示记录。"
        elif row.state == "confirmed" and case.publication.receipt != row.receipt:
            yield f"{row.case_id}：公示回执与案卷不一致。"


def _sealed(tx: Connection) -> Iterator[str]:
    """No personal identifier stands in the ledger in the clear."""
    values = [
        v
        for v in tx.execute(
            sa.select(models.identifier.c.value).where(
                models.identifier.c.kind.in_(_IDENTIFIERS_STAND_SEALED)
            )
        ).scalars()
        if len(v) >= 6
    ]
    if not values:
        return
    for case_id, seq, body in tx.execute(
        sa.select(models.ledger.c.case_id, models.ledger.c.seq, models.ledger.c.body)
    ):
        change = json.loads(body)["change"]
        party = json.dumps([op for op in change if op["path"] == "/party"], ensure_ascii=False)
        for value in values:
            if value in party:
                yield f"{case_id} 第 {seq} 步：大事记里有未加密的身份信息。"
