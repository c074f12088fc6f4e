"""The same case three ways: Fashen itself, bare SQL through the driver, and the object mapper.

Each has a database of its own with the same schema and one open connection. `prepare` makes what a
case needs before the watch starts; `moves` makes one durable move whenever it is asked for the next.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from typing import Any, Protocol, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, relationship
from transitions import Machine

from states.case import CURRENT, FLOWS
from states.flow import NOWHERE
from tests.bench.mix import Counter, Deed, Row, Script, Written, office_in, settings
from workflow import models
from workflow.database import connect
from workflow.order import Order
from workflow.program import Fashen
from workflow.publication import words
from workflow.work import perform


class Variant(Protocol):
    """One way to carry a case through."""

    name: str

    def prepare(self, n: int) -> Any: ...

    def moves(self, prepared: Any) -> Iterator[None]: ...

    def close(self) -> None: ...


class Real:
    """Fashen: facts, every guard, row, ledger, clocks, outbox."""

    name = "fashen"

    def __init__(self, url: str, mix: Counter) -> None:
        self.fashen = Fashen(settings(), connect(url))
        self.mix = mix
        self.office = office_in(self.fashen)

    def prepare(self, n: int) -> list[tuple[Order, datetime]]:
        return [(replace(order, office=self.office), at) for order, at in self.mix.orders(n)]

    def moves(self, prepared: list[tuple[Order, datetime]]) -> Iterator[None]:
        case, version = None, None
        for order, at in prepared:
            self.fashen.clock = lambda at=at: at  # type: ignore[misc]
            done = perform(self.fashen, replace(order, case=case, version=version))
            case, version = done.case, done.version
            yield

    def close(self) -> None:
        self.fashen.engine.dispose()


# — (a) the floor ——————————————————————————————————————————————————————————————————————————

CASES, DEADLINE, OFFICE = models.cases, models.deadline, models.office
FIXED = ("id", "office_id", "ordinal", "opened_at")
MOVED = [c.name for c in CASES.c if c.name not in FIXED]

READ = (
    sa.select(CASES, OFFICE.c.version.label("office_version"))
    .join(OFFICE)
    .where(CASES.c.id == sa.bindparam("was_id"), CASES.c.office_id == sa.bindparam("office"))
    .with_for_update(of=CASES)
)
MOVE = (
    CASES.update()
    .where(CASES.c.id == sa.bindparam("was_id"), CASES.c.version == sa.bindparam("was"))
    .values({name: sa.bindparam(name) for name in MOVED})
)
CLOSE = (
    DEADLINE.update()
    .where(
        DEADLINE.c.case_id == sa.bindparam("of_case"),
        DEADLINE.c.clock == sa.bindparam("which"),
        DEADLINE.c.state == "open",
    )
    .values(state=sa.bindparam("how"), closed_seq=sa.bindparam("seq"), wake_at=None)
)
COUNT = (
    OFFICE.update()
    .where(OFFICE.c.id == sa.bindparam("office"))
    .values(cases_opened=OFFICE.c.cases_opened + 1)
    .returning(OFFICE.c.cases_opened)
)
ONCE = ("outbox", "identifier")
"""Tables whose rows are left alone when they are already there."""

OTHERWISE = ("cases", "office", "deadline")
"""Tables whose rows are changed by a statement of their own."""


def columns(table: str) -> list[str]:
    """What an INSERT names: everything but a number that the database gives."""
    serial = models.metadata.tables[table].autoincrement_column
    return [c.name for c in models.metadata.tables[table].c if c is not serial]


class Bare:
    """The driver alone: the same statements as text, the same rows, no rule and no mapper."""

    name = "bare SQL"

    def __init__(self, url: str, script: Script) -> None:
        self.engine = connect(url)
        self.script = script
        office_in(Fashen(settings(), self.engine))
        self.postgres = self.engine.dialect.name == "postgresql"
        self._pooled = self.engine.raw_connection()
        self.connection = cast(Any, self._pooled.driver_connection)
        self.cursor = self.connection.cursor()

    @cache  # noqa: B019 - there are two of these objects, and both live to the end
    def text(self, statement: sa.Executable) -> tuple[str, list[str] | None, dict[str, Any]]:
        """The driver's text of a statement, the order of its values, and those that stand fixed."""
        compiled = cast(Any, statement).compile(self.engine)
        return str(compiled), compiled.positiontup, dict(compiled.params)

    @cache  # noqa: B019
    def insert(self, table: str) -> sa.Executable:
        made = models.metadata.tables[table].insert()
        if table in ONCE:
            dialect = postgresql if self.postgres else sqlite
            made = dialect.insert(models.metadata.tables[table]).on_conflict_do_nothing()
        return made.values({name: sa.bindparam(name) for name in columns(table)})

    @cache  # noqa: B019
    def update(self, table: str) -> sa.Executable:
        held = models.metadata.tables[table]
        key = [c == sa.bindparam(f"of_{c.name}", type_=c.type) for c in held.primary_key]
        others = [c.name for c in held.c if c.name not in held.primary_key]
        return held.update().where(*key).values({name: sa.bindparam(name) for name in others})

    def said(self, statement: sa.Executable, *rows: Mapping[str, Any]) -> tuple[str, list[Any]]:
        text, order, fixed = self.text(statement)
        if order is None:
            return text, [{name: row.get(name, fixed[name]) for name in fixed} for row in rows]
        return text, [tuple(row.get(name, fixed[name]) for name in order) for row in rows]

    def prepare(self, n: int) -> list[list[tuple[str, list[Any]]]]:
        return [self._statements(deed) for deed in self.script.fresh(n)]

    def _statements(self, deed: Deed) -> list[tuple[str, list[Any]]]:
        told = []
        row = next(w for w in deed.written if w.table == "cases")
        seq = row.row["version"]
        key = {"was_id": row.row["id"], "office": row.row["office_id"], "was": seq - 1}
        told.append(self.said(COUNT if row.new else READ, key))
        if row.new:
            told.append(self.said(self.insert("cases"), row.raw))
        else:
            told.append(self.said(MOVE, {**key, **row.raw}))
        told.append(self.said(self.insert("ledger"), deed.of("ledger", new=True)[0].raw))
        for w in deed.of("deadline", new=False):
            closed = {"of_case": w.row["case_id"], "which": w.row["clock"], "how": w.row["state"]}
            told.append(self.said(CLOSE, {**closed, "seq": seq}))
        for table in sorted({w.table for w in deed.written if w.new} - {"cases", "ledger"}):
            raws = [w.raw for w in deed.of(table, new=True)]
            told.append(self.said(self.insert(table), *raws))
        for table in sorted({w.table for w in deed.written if not w.new} - set(OTHERWISE)):
            changed = [w.raw for w in deed.of(table, new=False)]
            keyed = [{**raw, **{f"of_{name}": raw[name] for name in raw}} for raw in changed]
            told.append(self.said(self.update(table), *keyed))
        told += [self._indexed(w.row) for w in deed.of("notice", new=True) if not self.postgres]
        return told

    def _indexed(self, notice: Row) -> tuple[str, list[Any]]:
        """What the index of words on SQLite is told of a notice; it is no table of the metadata."""
        grams = words._grams(notice["office_id"], notice["organ"], notice["words"])
        return self.said(words._ADD, {"place": notice["place"], "grams": grams})

    def moves(self, prepared: list[list[tuple[str, list[Any]]]]) -> Iterator[None]:
        cursor = self.cursor
        for (first, (key,)), *writes in prepared:
            if not self.postgres:
                cursor.execute("BEGIN IMMEDIATE")
            cursor.execute(first, key)
            cursor.fetchone()
            for text, rows in writes:
                if len(rows) == 1:
                    cursor.execute(text, rows[0])
                else:
                    cursor.executemany(text, rows)
                assert cursor.rowcount == len(rows), text
            self.connection.commit()
            yield

    def close(self) -> None:
        self._pooled.close()
        self.engine.dispose()


# — (b) transitions and the object mapper, as one would write it by hand ———————————————————


class Base(DeclarativeBase):
    metadata = models.metadata


class Office(Base):
    __table__ = models.office


class Case(Base):
    __table__ = models.cases
    __mapper_args__ = {"version_id_col": models.cases.c.version}  # noqa: RUF012


class Ledger(Base):
    __table__ = models.ledger
    case: Mapped[Case] = relationship()


class Deadline(Base):
    __table__ = models.deadline
    case: Mapped[Case] = relationship()


class Outbox(Base):
    __table__ = models.outbox


class Identifier(Base):
    __table__ = models.identifier


class DocumentNumber(Base):
    __table__ = models.document_number
    case: Mapped[Case] = relationship()


class CommandKey(Base):
    __table__ = models.command_key


class Line(Base):
    __table__ = models.case_line
    case: Mapped[Case] = relationship()


class Part(Base):
    __table__ = models.case_person
    case: Mapped[Case] = relationship()


class Wait(Base):
    __table__ = models.case_wait
    case: Mapped[Case] = relationship()


class Finding(Base):
    __table__ = models.finding
    case: Mapped[Case] = relationship()


class Precedent(Base):
    __table__ = models.precedent
    case: Mapped[Case] = relationship()


class Notice(Base):
    __table__ = models.notice
    case: Mapped[Case] = relationship()


def shared_machine(flow: str) -> Machine:
    """One Machine for all cases of a flow; nothing is registered with it."""
    table = FLOWS[flow]
    machine = Machine(
        model=None,
        states=[NOWHERE, *(s.value for s in table.states)],
        initial=None,
        auto_transitions=False,
        send_event=True,
    )
    for move in table.moves:
        for source in [NOWHERE] if move.opens else [s.value for s in move.sources]:
            machine.add_transition(move.verb, source, move.dest.value if move.dest else source)
    return machine


class ByHand:
    """A mapped class with a version column, a shared Machine, and every other row an object."""

    name = "transitions + ORM"
    _plain = {  # noqa: RUF012
        "outbox": Outbox,
        "identifier": Identifier,
        "command_key": CommandKey,
    }
    _of_case = {  # noqa: RUF012
        "deadline": Deadline,
        "document_number": DocumentNumber,
        "case_line": Line,
        "case_person": Part,
        "case_wait": Wait,
        "finding": Finding,
        "precedent": Precedent,
        "notice": Notice,
    }

    def __init__(self, url: str, script: Script) -> None:
        self.engine = connect(url)
        self.script = script
        self.office = office_in(Fashen(settings(), self.engine))
        self.postgres = self.engine.dialect.name == "postgresql"
        self.machines = {str(f): shared_machine(str(f)) for f in CURRENT.values()}

    def prepare(self, n: int) -> list[tuple[Deed, Row, Row]]:
        """The rows of a case; document and entry as the objects from which a program dumps them."""
        told = []
        for deed in self.script.fresh(n):
            row = next(w for w in deed.written if w.table == "cases").row
            row["doc"] = json.loads(row["doc"])
            entry = deed.of("ledger", new=True)[0].row
            entry["body"] = json.loads(entry["body"])
            told.append((deed, row, entry))
        return told

    def moves(self, prepared: list[tuple[Deed, Row, Row]]) -> Iterator[None]:
        for deed, row, entry in prepared:
            with Session(self.engine) as session, session.begin():
                self._move(session, deed, row, entry)
            yield

    def _move(self, session: Session, deed: Deed, row: Row, entry: Row) -> None:
        verb = deed.order.verb
        if row["version"] == 1:
            office: Any = session.get(Office, self.office, with_for_update=True)
            office.cases_opened += 1
            case: Any = Case(**{c: row[c] for c in FIXED}, state=NOWHERE)
            session.add(case)
        else:
            case = session.get(Case, row["id"], with_for_update=True)
            json.loads(case.doc)
        self.machines[row["flow"]].events[verb].trigger(case)
        for name in MOVED:
            if name not in ("state", "version"):
                setattr(case, name, row[name])
        case.doc = json.dumps(row["doc"], ensure_ascii=False)
        body = json.dumps(entry["body"], ensure_ascii=False)
        chained = {name: entry[name] for name in ("seq", "office_id", "prev", "hash")}
        session.add(Ledger(case=case, **chained, body=body))
        self._rest(session, deed.written, case)

    def _rest(self, session: Session, written: Sequence[Written], case: Any) -> None:
        for w in written:
            if w.table in self._plain and w.new:
                session.add(self._plain[w.table](**{c: w.row[c] for c in columns(w.table)}))
            elif w.table in self._of_case and w.new:
                own = {c: w.row[c] for c in columns(w.table) if c != "case_id"}
                session.add(self._of_case[w.table](case=case, **own))
            elif w.table == "deadline":
                session.execute(
                    sa.update(Deadline)
                    .where(
                        DEADLINE.c.case_id == w.row["case_id"],
                        DEADLINE.c.clock == w.row["clock"],
                        DEADLINE.c.state == "open",
                    )
                    .values(state=w.row["state"], closed_seq=w.row["closed_seq"], wake_at=None)
                )
            elif w.table in self._of_case:
                key = models.metadata.tables[w.table].primary_key
                held = session.get(self._of_case[w.table], tuple(w.row[c.name] for c in key))
                for name in columns(w.table):
                    setattr(held, name, w.row[name])
        if not self.postgres:
            for w in written:
                if w.table == "notice" and w.new:
                    grams = words._grams(w.row["office_id"], w.row["organ"], w.row["words"])
                    session.execute(words._ADD, {"place": w.row["place"], "grams": grams})

    def close(self) -> None:
        self.engine.dispose()
