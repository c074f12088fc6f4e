"""Reading: the case list, one case in full, its history. Every query names its office."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from policies.alerting import Alerting
from policies.calendar import Calendar
from policies.casefile import CaseFile, Clock
from policies.office import Person
from states.case import FLOWS
from states.flow import kind_of
from states.terms import TERMS
from workflow import models
from workflow.database import reading
from workflow.entry import signature
from workflow.errors import NotFound
from workflow.identifiers import resolve, unsealed
from workflow.lines import publication_of, review_of
from workflow.order import label
from workflow.preview import Choice, choices
from workflow.program import Bureau, Fashen
from workflow.times import beijing

_C, _D = models.cases.c, models.deadline.c


@dataclass(frozen=True, slots=True)
class Deadline:
    """A running clock as people read it."""

    clock: str
    label: str
    start: date
    span: str
    due: date
    rolled: date
    ends: date
    provisional: bool
    left: int
    stage: str

    @property
    def used(self) -> int:
        """Natural days since the start, for `第 n/90 天`."""
        return (self.ends - self.start).days - self.left

    def as_dict(self) -> dict[str, Any]:
        return {
            "clock": self.clock,
            "label": self.label,
            "start": self.start.isoformat(),
            "span": self.span,
            "due": self.due.isoformat(),
            "rolled": self.rolled.isoformat(),
            "ends": self.ends.isoformat(),
            "provisional": self.provisional,
            "left": self.left,
            "stage": self.stage,
        }


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the case list."""

    id: str
    number: str
    party: str
    title: str
    state: str
    state_label: str
    phase: str
    flow: str
    procedure: str
    version: int
    moved_at: datetime
    irregular: bool
    review: str
    officers: tuple[str, ...]
    publication: str
    deadlines: tuple[Deadline, ...]
    case: CaseFile

    @property
    def name(self) -> str:
        """The case's number, or as much of its id as people need to type."""
        return self.number or self.id[:8]

    def as_dict(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "number": self.number,
            "party": self.party,
            "title": self.title,
            "state": self.state,
            "state_label": self.state_label,
            "phase": self.phase,
            "procedure": self.procedure,
            "version": self.version,
            "irregular": self.irregular,
            "deadlines": {d.clock: d.ends.isoformat() for d in self.deadlines},
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One line of 大事记. `by` is the signature, with the 委托人 where there is one."""

    seq: int
    verb: str
    label: str
    by: str
    post: str
    at: datetime
    entered: datetime
    before: str
    after: str
    hash: str
    irregular: str
    said: str
    findings: Mapping[str, Any]
    on_behalf_of: str = ""

    @property
    def late(self) -> bool:
        """Entered on another day than it happened: shown, never hidden."""
        return self.entered.date() != self.at.date()


@dataclass(frozen=True, slots=True)
class View:
    """A case page: where it stands, what is next, what happened. `file` has identifiers in the clear."""

    row: Row
    case: CaseFile
    file: dict[str, Any]
    names: dict[str, str]
    choices: tuple[Choice, ...]
    history: tuple[Step, ...]
    refusals: int


def list_cases(fashen: Fashen, office: str, *, limit: int = 100) -> tuple[list[Row], int]:
    """The cases of an office, newest move first, and how many there are in all.

    For the command line; what people look through and search is the workbench (workflow/workbench.py).
    """
    mine = _C.office_id == office
    with reading(fashen.engine) as tx:
        bureau = fashen.bureau(tx, office)
        total = tx.scalar(sa.select(sa.func.count()).select_from(models.cases).where(mine)) or 0
        rows = tx.execute(
            sa.select(models.cases)
            .where(mine)
            .order_by(_C.moved_at.desc(), _C.ordinal.desc())
            .limit(limit)
        ).mappings()
        return [row_of(fashen, bureau, dict(row)) for row in rows.all()], total


def count_cases(fashen: Fashen) -> int:
    """How many cases there are, of whatever office."""
    with reading(fashen.engine) as tx:
        return tx.scalar(sa.select(sa.func.count()).select_from(models.cases)) or 0


def view_case(fashen: Fashen, office: str, case_id: str, person: Person) -> View:
    """One case as this person may see it, with every move and its reasons."""
    with reading(fashen.engine) as tx:
        return view_within(tx, fashen, office, case_id, person)


def view_within(tx: Connection, fashen: Fashen, office: str, case_id: str, person: Person) -> View:
    """The same in a transaction that is under way: what it has not committed is seen."""
    bureau = fashen.bureau(tx, office)
    row = _find(tx, office, case_id)
    case = CaseFile.model_validate_json(row["doc"])
    history = _history(tx, case_id)
    values = resolve(tx, office, _digests(json.loads(row["doc"])))
    refusals = tx.scalar(
        sa.select(sa.func.count())
        .select_from(models.refusal)
        .where(models.refusal.c.office_id == office, models.refusal.c.case_id == case_id)
    )
    return View(
        row=row_of(fashen, bureau, row),
        case=case,
        file=unsealed(json.loads(row["doc"]), values),
        names={p.id: p.name for p in bureau.office.people},
        choices=tuple(choices(fashen, tx, bureau, row, case, person)),
        history=tuple(history),
        refusals=refusals or 0,
    )


def moves_of(fashen: Fashen, office: str, case_id: str, person: Person) -> list[Choice]:
    """The moves alone, for programs."""
    with reading(fashen.engine) as tx:
        row = _find(tx, office, case_id)
        case = CaseFile.model_validate_json(row["doc"])
        return choices(fashen, tx, fashen.bureau(tx, office), row, case, person)


def case_row(fashen: Fashen, office: str, case_id: str) -> Row:
    with reading(fashen.engine) as tx:
        return row_of(fashen, fashen.bureau(tx, office), _find(tx, office, case_id))


def version_of(fashen: Fashen, office: str, case_id: str) -> int:
    """The number of the case's last step."""
    with reading(fashen.engine) as tx:
        return int(_find(tx, office, case_id)["version"])


def done_before(fashen: Fashen, office: str, person: str, key: str) -> bool:
    """Whether this person has had something done under this key, so that it is told again and not done."""
    k = models.command_key.c
    theirs = sa.select(k.case_id).where(k.office_id == office, k.person_id == person, k.key == key)
    with reading(fashen.engine) as tx:
        return bool(key) and tx.execute(theirs).first() is not None


def find_case(fashen: Fashen, office: str, name: str) -> str:
    """A case's id from its id, its number or the beginning of its id, as people type it."""
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(_C.id).where(
                _C.office_id == office,
                sa.or_(_C.id == name, _C.number == name, _C.id.startswith(name, autoescape=True)),
            )
        ).scalars()
        found = rows.all()
    if len(found) == 1:
        return str(found[0])
    if not found:
        raise NotFound(f"没有编号为“{name}”的案件；用 fashen explain 或网页查看案件列表。")
    raise NotFound(f"“{name}”对应 {len(found)} 件案件，请写完整的编号。")


def marks(fashen: Fashen) -> tuple[int, int]:
    """Where the outbox and the lapses stand, to tell later what a sweep added."""
    o, d = models.outbox.c, models.deadline.c
    with reading(fashen.engine) as tx:
        last = tx.scalar(sa.select(sa.func.max(o.id))) or 0
        lapsed = tx.scalar(
            sa.select(sa.func.count()).select_from(models.deadline).where(d.state == "lapsed")
        )
        return last, lapsed or 0


def raised_since(fashen: Fashen, last: int, lapsed: int) -> tuple[list[str], list[str]]:
    """Alert ids raised after a mark, each once a clock, and the verbs of windows that lapsed."""
    o = models.outbox.c
    with reading(fashen.engine) as tx:
        payloads = tx.execute(
            sa.select(o.payload).where(o.id > last, o.kind == "alert").order_by(o.id)
        ).scalars()
        alerts = list(dict.fromkeys(json.loads(p)["alert"] for p in payloads))
    return alerts, ["lapse_windows"] if marks(fashen)[1] > lapsed else []


def _find(tx: Connection, office: str, case_id: str) -> Mapping[str, Any]:
    row = (
        tx.execute(sa.select(models.cases).where(_C.id == case_id, _C.office_id == office))
        .mappings()
        .first()
    )
    if row is None:
        raise NotFound(f"没有编号为“{case_id}”的案件。")
    return dict(row)


def row_of(fashen: Fashen, bureau: Bureau, row: Mapping[str, Any]) -> Row:
    flow = FLOWS[row["flow"]]
    state = flow.state(row["state"])
    case = CaseFile.model_validate_json(row["doc"])
    today = beijing(fashen.clock()).date()
    return Row(
        id=row["id"],
        number=row["number"],
        party=row["party_name"] or "（当事人未登记）",
        title=row["title"],
        state=state.value,
        state_label=state.label,
        phase=state.phase.value,
        flow=flow.name,
        procedure="简易程序" if flow.name == "summary" else "普通程序",
        version=row["version"],
        moved_at=beijing(row["moved_at"]),
        irregular=bool(case.irregularities),
        review=review_of(case, state.value, flow.name),
        officers=tuple(p.name for i in case.officers if (p := bureau.office.person(i))),
        publication=publication_of(case),
        deadlines=tuple(_deadlines(fashen, bureau, case, today)),
        case=case,
    )


def _deadlines(fashen: Fashen, bureau: Bureau, case: CaseFile, today: date) -> list[Deadline]:
    calendar, alerting = fashen.calendar, bureau.office.alerts
    found = [
        deadline(name, clock, case, calendar, alerting, today)
        for name, clock in case.clocks.items()
    ]
    return sorted(found, key=lambda d: d.ends)


def deadline(
    name: str, clock: Clock, case: CaseFile, calendar: Calendar, alerting: Alerting, today: date
) -> Deadline:
    """A running clock of a case as it stands today, in Beijing; a card that was taken down is none."""
    term = TERMS[kind_of(name)]
    stage = term.stage_on(today, clock.ends, clock.rolled, calendar, alerting) or ""
    return Deadline(
        clock=name,
        label=term.label,
        start=clock.start,
        span=clock.span,
        due=clock.due,
        rolled=clock.rolled,
        ends=clock.ends,
        provisional=clock.provisional,
        left=(clock.ends - today).days,
        stage="" if case.taken_down(name, stage) else stage,
    )


def _history(tx: Connection, case_id: str) -> list[Step]:
    rows = tx.execute(
        sa.select(models.ledger.c.body, models.ledger.c.hash)
        .where(models.ledger.c.case_id == case_id)
        .order_by(models.ledger.c.seq)
    )
    return [_step(json.loads(body), digest) for body, digest in rows]


def _step(entry: dict[str, Any], digest: str) -> Step:
    return Step(
        seq=entry["seq"],
        verb=entry["verb"],
        label=label(entry["verb"]),
        by=signature(entry),
        post=entry["by"].get("post", ""),
        at=datetime.fromisoformat(entry["at"]),
        entered=datetime.fromisoformat(entry["entered"]),
        before=entry["from"],
        after=entry["to"],
        hash=digest,
        irregular=entry.get("irregular", ""),
        said=entry.get("said", ""),
        findings=entry.get("findings", {}),
        on_behalf_of=entry.get("for", {}).get("id", ""),
    )


def _digests(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value] if value.startswith("sealed:") else []
    if isinstance(value, dict):
        return [d for v in value.values() for d in _digests(v)]
    if isinstance(value, list):
        return [d for v in value for d in _digests(v)]
    return []
