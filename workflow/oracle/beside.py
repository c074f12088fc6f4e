"""The rows beside the cases: clocks, numbers, messages, publications, keys, identifiers."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.calendar import Span
from policies.casefile import CaseFile, PartyKind
from policies.publicity import Publication
from states.case import FLOWS
from workflow import findings, lines, models
from workflow.program import Fashen
from workflow.record import Entry


def clocks(fashen: Fashen, tx: Connection, row: Mapping[str, Any], case: CaseFile) -> Iterator[str]:
    """The open deadline rows are exactly the document's clocks, each is what it counts to, and will be looked at."""
    d, case_id = models.deadline.c, row["id"]
    rows = {
        r["clock"]: r
        for r in tx.execute(
            sa.select(models.deadline).where(d.case_id == case_id, d.state == "open")
        ).mappings()
    }
    a = models.alert.c
    told = defaultdict(set)
    for clock_, round_, stage in tx.execute(
        sa.select(a.clock, a.round, a.stage).where(a.case_id == case_id)
    ):
        told[clock_, round_].add(stage)
    if set(rows) != set(case.clocks):
        yield f"{case_id}：期限行 {sorted(rows)} 与案卷 {sorted(case.clocks)} 不一致。"
    for name, clock in case.clocks.items():
        held = rows.get(name)
        if held and (held["start"], held["due"], held["ends"]) != (
            clock.start,
            clock.due,
            clock.ends,
        ):
            yield f"{case_id}：期限“{name}”的行与案卷不一致。"
        counted = fashen.calendar.count(clock.start, Span.parse(clock.span))
        if clock.calendar == fashen.calendar.version and counted.due != clock.due:
            yield f"{case_id}：期限“{name}”应为 {counted.due}，记的是 {clock.due}。"
        if held and held["wake_at"] is None:
            term, office = FLOWS[row["flow"]].term(name), fashen.bureau(tx, row["office_id"]).office
            stages = term.stages(clock.ends, clock.rolled, fashen.calendar, office.alerts)
            if {stage for stage, _ in stages} - told[name, held["round"]]:
                yield f"{case_id}：期限“{name}”还有预警没有发，却没有约定再看的时间。"


def lines_kept(
    fashen: Fashen, tx: Connection, row: Mapping[str, Any], case: CaseFile, entries: list[Entry]
) -> Iterator[str]:
    """The row of the workbench and everybody's part are what case and ledger make of them."""
    n, p, case_id = models.case_line.c, models.case_person.c, row["id"]
    kept = tx.execute(sa.select(models.case_line).where(n.case_id == case_id)).mappings().first()
    made = lines.line_of(row, case, fashen.bureau(tx, row["office_id"]).office, fashen.calendar)
    if any(clock.calendar != fashen.calendar.version for clock in case.clocks.values()):
        for name in ("warned_on", "red_on"):  # another calendar counted when the cards come
            made[name] = kept[name] if kept else None
    wrong = [name for name in made if kept is None or kept[name] != made[name]]
    if wrong:
        yield f"{case_id}：工作台的案件行与案卷推出的不一致（{'、'.join(wrong)}）。"
    rows = tx.execute(sa.select(models.case_person).where(p.case_id == case_id)).mappings()
    told = {r["person_id"]: dict(r) for r in rows if r["part"] or r["seq"]}
    due = lines.people_of(row, case, ((e.seq, e.body) for e in entries))
    if told != {r["person_id"]: r for r in due}:
        yield f"{case_id}：工作台所记的经办人与大事记推出的不一致。"


def waits_kept(
    fashen: Fashen, tx: Connection, row: Mapping[str, Any], case: CaseFile
) -> Iterator[str]:
    """For whom the case waits besides its next step is what the case makes of it."""
    w, case_id = models.case_wait.c, row["id"]
    rows = tx.execute(sa.select(models.case_wait).where(w.case_id == case_id)).mappings()
    office = fashen.bureau(tx, row["office_id"]).office
    names = ["verb", "item", "mark", "office_id", "from_on"]
    if any(clock.calendar != fashen.calendar.version for clock in case.clocks.values()):
        names.remove("from_on")  # another calendar counted it
    told = sorted(tuple(str(r[name]) for name in names) for r in rows)
    made = lines.waits_of(row, case, office, fashen.calendar)
    if told != sorted(tuple(str(r[name]) for name in names) for r in made):
        yield f"{case_id}：工作台所记的另等办理与案卷推出的不一致。"


def precedent(tx: Connection, row: Mapping[str, Any], case: CaseFile) -> Iterator[str]:
    """A decision counts among past cases exactly as it stands on file, and nothing else does."""
    p = models.precedent.c
    held = tx.execute(
        sa.select(p.power, p.side, p.decided_on, p.fen, p.stands).where(p.case_id == row["id"])
    ).first()
    decision, party = case.decision, case.party
    owed = None
    if decision and party and case.power and not decision.irregular and not case.silent:
        side = "org" if party.kind is PartyKind.ORGANISATION else "citizen"
        stands = not any(r.falls for r in case.remedies)
        owed = (case.power, side, decision.date, int(decision.fine * 100), stands)
    if (tuple(held) if held else None) != owed:
        yield f"{row['id']}：类案里记的与案卷的决定不一致。"


def ordinals(tx: Connection, found: Mapping[str, list[int]]) -> Iterator[str]:
    """Cases are numbered without a gap as they open, so one that vanished leaves a hole."""
    for row in tx.execute(sa.select(models.office)):
        here = sorted(found.get(row.id, ()))
        if here != list(range(1, row.cases_opened + 1)):
            yield f"{row.id}：开过 {row.cases_opened} 件案件，现有的序号是 {here[:20]}。"


def queue(tx: Connection) -> Iterator[str]:
    """Each message that a step named stands in the outbox; each done notice stands once in an inbox."""
    o = models.outbox.c
    rows = tx.execute(sa.select(o.dedup, o.status, o.attempts, o.last_error)).all()
    queued = {r.dedup: r.status for r in rows}
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
    for r in rows:
        if r.status == "dead":
            why = f"（{r.last_error}）" if r.last_error else ""
            yield f"消息 {r.dedup} 试了 {r.attempts} 次没有办成，不再重试{why}。"


def publications(tx: Connection) -> Iterator[str]:
    """Nothing is published that was not decided, served and chosen; each confirmed one has its receipt."""
    p, c, o = models.publication.c, models.cases.c, models.outbox.c
    rows = tx.execute(
        sa.select(p.case_id, p.platform, p.version, p.state, p.receipt, c.doc).join(
            models.cases, c.id == p.case_id
        )
    )
    waiting = set()
    for row in rows:
        case = CaseFile.model_validate_json(row.doc)
        if row.state == "pending":
            waiting.add((row.case_id, row.platform, row.version))
        if case.decision is None or case.publication is None:
            yield f"{row.case_id}：没有决定或者没有选择公示，却有公示记录。"
        elif row.state == "confirmed" and not _on_file(case.publication, row):
            yield f"{row.case_id}：公示回执与案卷不一致。"
        if case.decision_served is None:
            yield f"{row.case_id}：决定没有送达，却已公示或者正在公示。"
    sent = sa.select(o.case_id, o.payload, c.doc).join(models.cases, c.id == o.case_id)
    for case_id, payload, doc in tx.execute(sent.where(o.kind == "publish", o.status == "done")):
        choice = _choice(doc)
        told = json.loads(payload)
        platform, version = told.get("platform", "directory"), told.get("version", 1)
        owed = choice and choice.publish and choice.reviewed_on and not choice.over
        if not choice or not owed or version != choice.version:
            continue
        answered = any((r.platform, r.version) == (platform, version) for r in choice.receipts)
        if not answered and (case_id, platform, version) not in waiting:
            yield f"{case_id}：公示的消息已办完，案卷里没有回执。"


def _choice(doc: str) -> Publication | None:
    """What a case says of its publication; that a document cannot be read is said elsewhere."""
    told = json.loads(doc).get("publication")
    return Publication.model_validate(told) if told else None


def _on_file(choice: Publication, row: Any) -> bool:
    """Whether the receipt stands in the case; before there were several platforms it stood alone."""
    told = {(r.platform, r.version, r.receipt) for r in choice.answers}
    return (row.platform, row.version, row.receipt) in told


def notices(tx: Connection) -> Iterator[str]:
    """The board shows what was reviewed, in its version, and nothing that was taken down."""
    n, c = models.notice.c, models.cases.c
    shown = {row.case_id: row for row in tx.execute(sa.select(n.case_id, n.version, n.state))}
    for case_id, doc in tx.execute(sa.select(c.id, c.doc)):
        choice = _choice(doc)
        row = shown.pop(case_id, None)
        if choice is None or not choice.reviewed_on:
            if row and not (choice and choice.went_out):
                yield f"{case_id}：没有通过公示审查，却在公示栏里。"
            continue
        wanted = "withdrawn" if choice.withdrawn_on else "ended" if choice.ended_on else "shown"
        if row is None or (row.version, row.state) != (choice.version, wanted):
            yield f"{case_id}：公示栏与案卷不一致。"


def supervised(tx: Connection) -> Iterator[str]:
    """What stands in the supervisor's table is what the ledger gives, no row more, none less, none other."""
    kept = Counter(plain(row) for row in tx.execute(sa.select(models.finding)).mappings())
    told = Counter(plain(row) for rows in findings.from_ledger(tx) for row in rows)
    for case_id, seq, kind, key, *_ in sorted((kept - told) + (told - kept), key=repr):
        what = f"{kind} {key}".strip()
        yield f"{case_id} 第 {seq} 步：{what} 在督察台账里与大事记推出的不一致。"


def plain(row: Any) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in models.finding.c)


def keys(tx: Connection) -> Iterator[str]:
    """What a kept key says was done is the step that this person took."""
    k, e = models.command_key.c, models.ledger.c
    rows = tx.execute(
        sa.select(k.person_id, k.key, k.case_id, k.seq, e.body).outerjoin(
            models.ledger, sa.and_(e.case_id == k.case_id, e.seq == k.seq)
        )
    )
    for row in rows:
        if row.body is None or json.loads(row.body)["by"]["id"] != row.person_id:
            yield f"{row.case_id} 第 {row.seq} 步：不是编号“{row.key}”所记的人办理的。"


def identifiers(fashen: Fashen, tx: Connection) -> Iterator[str]:
    """Each identifier beside the ledger is the one whose digest stands in it."""
    i = models.identifier.c
    for row in tx.execute(sa.select(i.digest, i.kind, i.value)):
        if fashen.seal(row.kind, row.value) != row.digest:
            yield f"身份信息 {row.digest[:20]}… 与它的摘要不符，被改动过，或者换过密钥。"
