"""审核台 — the queue of files for legal review, and everything a reviewer needs of one file.

The queue goes by the case's own remaining days, not by arrival. It only reads; opinions are given through
the commands of `workflow.commands.review`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies import milder
from policies.casefile import CaseFile, Citation, Review
from policies.core import POLICIES, Outcome
from policies.facts import Facts
from policies.lawbook import LawBook
from policies.nine_items import Item, nine_items
from policies.office import Office, Person
from policies.officers import reviewer_not_officer, reviewer_qualified
from policies.review_desk import DeskRecord, desk_record
from states.people import REVIEWER
from workflow import lawtexts, models
from workflow.database import reading
from workflow.elsewhere import party_key
from workflow.errors import NotFound
from workflow.identifiers import masked, resolve
from workflow.precedents import Band, Past, Record, band, party_record, past_opinions
from workflow.preview import standing
from workflow.program import Bureau, Fashen
from workflow.queries import Row, row_of
from workflow.record import Entry
from workflow.since import Since, Speaker, last_opinion, since
from workflow.times import beijing

_C, _D, _N = models.cases.c, models.deadline.c, models.inbox.c

MOST = 100
"""Files that the queue shows; an office of this size has a handful, and the most urgent come first."""

COMING = ("unit_review", "concluded")
"""Where a case is that will be sent soon: with the head of the unit, or just concluded."""


# — the queue ————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Waiting:
    """A file in the queue. `why` says why this person may not review it; empty where they may.

    `named` is the reviewer a head has named, or the borrowed one.
    """

    row: Row
    desk: DeskRecord
    passed: int
    failed: int
    open: int
    why: str
    named: str

    @property
    def round(self) -> int:
        return self.desk.sent

    @property
    def returned(self) -> int:
        return self.desk.returned


@dataclass(frozen=True, slots=True)
class Queue:
    """What lies on the desk, of how many, and what will come; `more` is how many the desk does not show."""

    waiting: tuple[Waiting, ...]
    coming: tuple[Row, ...]
    total: int

    @property
    def more(self) -> int:
        return max(self.total - len(self.waiting), 0)


def queue(
    fashen: Fashen, office: str, person: Person, *, limit: int = MOST, offset: int = 0
) -> Queue:
    """The files under review, the shortest remaining days first, and those that will be sent soon."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        waiting = [
            _waiting(fashen, tx, bureau, row, person)
            for row in _by_days(tx, office, ("under_review",), limit, offset)
        ]
        total = tx.scalar(
            sa.select(sa.func.count())
            .select_from(models.cases)
            .where(_C.office_id == office, _C.state == "under_review")
        )
        coming = [row_of(fashen, bureau, row) for row in _by_days(tx, office, COMING)]
    return Queue(tuple(waiting), tuple(coming), total or 0)


def _by_days(
    tx: Connection, office: str, states: tuple[str, ...], limit: int = MOST, offset: int = 0
) -> list[Mapping[str, Any]]:
    """Cases in these states by the end of their ninety days; those without such a clock come last."""
    clock = sa.and_(_D.case_id == _C.id, _D.clock == "decision", _D.state == "open")
    rows = tx.execute(
        sa.select(models.cases)
        .outerjoin(models.deadline, clock)
        .where(_C.office_id == office, _C.state.in_(states))
        .order_by(_D.ends.is_(None), _D.ends, _C.moved_at, _C.id)
        .limit(limit)
        .offset(offset)
    ).mappings()
    return [dict(row) for row in rows.all()]


def _waiting(
    fashen: Fashen, tx: Connection, bureau: Bureau, row: Mapping[str, Any], person: Person
) -> Waiting:
    shown = row_of(fashen, bureau, row)
    case = shown.case
    facts = standing(fashen, tx, bureau, row, case, person)
    items = nine_items(facts, bureau.law)
    today = beijing(fashen.clock()).date()
    return Waiting(
        row=shown,
        desk=desk_record(case, fashen.calendar, today),
        passed=sum(len(i.passed) for i in items),
        failed=sum(len(i.failed) for i in items),
        open=sum(len(i.open) for i in items),
        why=why_not(facts, bureau.law),
        named=named_reviewer(case, bureau.office),
    )


def why_not(facts: Facts, law: LawBook) -> str:
    """Why this person may not review this file, in a sentence; nothing where they may."""
    case, person = facts.case, facts.actor
    if not REVIEWER.allows(person, case):
        return f"由{REVIEWER.label}审核，{person.title}不能审核。"
    for policy in (reviewer_not_officer, reviewer_qualified):
        said = policy.asks(facts, law)
        if said.outcome is Outcome.FAILS:
            return said.reason
    return ""


def named_reviewer(case: CaseFile, office: Office) -> str:
    """Whose desk it is where somebody was named or borrowed."""
    if case.borrowed:
        return f"借用{case.borrowed.name}（{case.borrowed.office}）"
    person = office.person(case.reviewer) if case.reviewer else None
    return f"指定{person.name}" if person else ""


# — one file —————————————————————————————————————————————————————————————————————————————


@dataclass(frozen=True, slots=True)
class Told:
    """A message about the case that went to somebody's inbox, and whether it was read."""

    person: str
    text: str
    at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class LawSide:
    """One of two laws: its item, the register's summary of its liability article, the imported text."""

    title: str
    words: str
    summary: str
    text: str
    used: bool


@dataclass(frozen=True, slots=True)
class LawPair:
    """Old and new law of a case that a change lies in the middle of, each with its words."""

    table: milder.Comparison
    old: LawSide
    new: LawSide


@dataclass(frozen=True, slots=True)
class Sheet:
    """Everything the reviewer sees of one file besides the case itself.

    `returned` is the last return, whose points wait for 已解决 or 未解决; `earlier` all opinions before.
    """

    items: tuple[Item, ...]
    since: Since | None
    returned: Review | None
    laws: tuple[LawPair, ...]
    band: Band | None
    past: tuple[Past, ...]
    party: tuple[Record, ...]
    told: tuple[Told, ...]
    desk: DeskRecord
    why: str
    named: str

    def count(self, what: str) -> int:
        """How many checks are `passed`, `failed` or `open` over all nine items."""
        return sum(len(getattr(item, what)) for item in self.items)

    def resting(self, on: str) -> int:
        """How many passed checks rest on this (据勾选, 据文书)."""
        return sum(s.check.rests == on for item in self.items for s in item.passed)


def sheet(
    fashen: Fashen,
    office: str,
    case_id: str,
    person: Person,
    codes: Callable[[str], str] = lambda code: code,
) -> Sheet:
    """The reviewer's sheet of one case; `codes` puts the codes of the forms into words."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        row = _row(tx, office, case_id)
        case = CaseFile.model_validate_json(row["doc"])
        facts = standing(fashen, tx, bureau, row, case, person)
        today = beijing(fashen.clock()).date()
        entries = ledger(tx, case_id)
        found = Sheet(
            items=nine_items(facts, bureau.law),
            since=_since(tx, bureau, entries, last_opinion(entries), codes),
            returned=case.review if case.review and not case.review.passed else None,
            laws=(),
            band=band(tx, bureau.office, case_id, case, today),
            past=past_opinions(tx, bureau.office, case_id, case),
            party=party_record(tx, office, case_id, party_key(case)),
            told=_told(tx, office, case_id, bureau.office),
            desk=desk_record(case, fashen.calendar, today),
            why=why_not(facts, bureau.law),
            named=named_reviewer(case, bureau.office),
        )
    tables = milder.compare(case, bureau.office, bureau.law, today)
    return _with_laws(found, fashen, bureau, case, tables) if tables else found


def _with_laws(
    found: Sheet,
    fashen: Fashen,
    bureau: Bureau,
    case: CaseFile,
    tables: tuple[milder.Comparison, ...],
) -> Sheet:
    """The pairs with the imported official texts; those lie in a table that is read only when needed."""
    held = lawtexts.texts(fashen)
    basis = {c.statute for c in case.proposal.basis} if case.proposal else set()

    def side(title: str, cited: Citation) -> LawSide:
        statute = bureau.law.statute(cited.statute)
        article = statute.held.get(cited.article) if statute else None
        imported = held.get(cited.statute)
        return LawSide(
            title=title,
            words=bureau.law.words(cited.statute, cited.article, cited.paragraph),
            summary=article.summary if article else "",
            text=imported.articles.get(str(cited.article), "") if imported else "",
            used=cited.statute in basis,
        )

    pairs = tuple(
        LawPair(t, side(t.old.title, t.old.penalty), side(t.new.title, t.new.penalty))
        for t in tables
    )
    return replace(found, laws=pairs)


def changed_since(
    fashen: Fashen,
    office: str,
    case_id: str,
    seq: int,
    codes: Callable[[str], str] = lambda code: code,
) -> Since | None:
    """What is different in a case from how it stood after one of its steps."""
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        _row(tx, office, case_id)
        return _since(tx, bureau, ledger(tx, case_id), seq, codes)


def ledger(tx: Connection, case_id: str) -> list[Entry]:
    """The case's entries in order; the caller has seen that the case is the office's."""
    rows = tx.execute(
        sa.select(models.ledger)
        .where(models.ledger.c.case_id == case_id)
        .order_by(models.ledger.c.seq)
    )
    return [Entry(r.case_id, r.seq, r.prev, r.hash, r.body) for r in rows]


def _row(tx: Connection, office: str, case_id: str) -> Mapping[str, Any]:
    asked = sa.select(models.cases).where(_C.id == case_id, _C.office_id == office)
    row = tx.execute(asked).mappings().first()
    if row is None:
        raise NotFound(f"没有编号为“{case_id}”的案件。")
    return dict(row)


def _told(tx: Connection, office: str, case_id: str, people: Office) -> tuple[Told, ...]:
    rows = tx.execute(
        sa.select(_N.person_id, _N.text, _N.created_at, _N.read_at)
        .where(_N.office_id == office, _N.case_id == case_id)
        .order_by(_N.id.desc())
        .limit(6)
    ).all()
    return tuple(
        Told(
            person=p.name if (p := people.person(r.person_id)) else r.person_id,
            text=r.text,
            at=beijing(r.created_at),
            read_at=beijing(r.read_at) if r.read_at else None,
        )
        for r in rows
    )


# — the comparison in the office's words ————————————————————————————————————————————————————


class _OfficeSpeaker(Speaker):
    """Names of people, items and articles as this office writes them; identifiers masked."""

    def __init__(
        self, bureau: Bureau, values: Mapping[str, str], codes: Callable[[str], str]
    ) -> None:
        self._office, self._law = bureau.office, bureau.law
        self._values, self._codes = values, codes

    def person(self, id: str) -> str:
        found = self._office.person(id)
        return found.name if found else id

    def cite(self, cited: Mapping[str, Any]) -> str:
        return self._law.words(cited["statute"], cited["article"], cited.get("paragraph", ""))

    def power(self, code: str) -> str:
        found = self._office.power(code)
        return f"{found.title}（{code}）" if found else code

    def sealed(self, digest: str, kind: str) -> str:
        value = self._values.get(digest, "")
        return value if kind == "name" else masked(kind, value)

    def code(self, value: str) -> str:
        return self._codes(value)

    def policy(self, id: str) -> str:
        return POLICIES[id].title if id in POLICIES else id


def _since(
    tx: Connection,
    bureau: Bureau,
    entries: list[Entry],
    seq: int,
    codes: Callable[[str], str],
) -> Since | None:
    if not seq:
        return None
    digests = {d for entry in entries for d in _sealed(json.loads(entry.body)["change"])}
    values = resolve(tx, bureau.office.office, sorted(digests))
    return since(entries, seq, _OfficeSpeaker(bureau, values, codes))


def _sealed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.startswith("sealed:") else []
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [d for part in parts for d in _sealed(part)]
