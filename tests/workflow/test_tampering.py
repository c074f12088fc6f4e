"""`fashen ledger verify` — whoever edits the record behind the program's back is found out.

The hand that edits here has plain SQL and knows how entries are sealed. What it can do without a trace
is said too: only what an earlier export outside the house still shows (`--against`).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from policies.facts import canonical
from tests.builders import a_case, a_scene, entries_of, office_at, take
from workflow import database
from workflow.cli import main
from workflow.program import Fashen
from workflow.record import GENESIS, Entry, fold, seal_entry

ROOT = Path(__file__).parents[2]


@dataclass
class Record:
    """Three cases with some history, and `fashen ledger` on them."""

    fashen: Fashen
    cases: list[str]
    capsys: pytest.CaptureFixture[str]

    def verify(self, *arguments: str) -> tuple[int, str]:
        """Exit code, and what it says."""
        self.capsys.readouterr()
        code = main(["ledger", "verify", *arguments])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def export(self, file: Path) -> Path:
        assert main(["ledger", "export", str(file)]) == 0
        return file

    def entry(self, case: int, seq: int) -> Entry:
        return entries_of(self.fashen, self.cases[case])[seq - 1]

    def sql(self, statement: str, **values: Any) -> None:
        """As the administrator of the database would do it: no foreign key stands in the way."""
        with self.fashen.engine.connect() as connection:
            hand = connection.execution_options(isolation_level="AUTOCOMMIT")
            if hand.dialect.name == "postgresql":
                hand.exec_driver_sql("SET session_replication_role = replica")
            else:
                hand.exec_driver_sql("COMMIT")
                hand.exec_driver_sql("PRAGMA foreign_keys = OFF")
            done = hand.execute(sa.text(statement), values)
            assert done.rowcount > 0, "the edit did not happen"
            if hand.dialect.name == "postgresql":
                hand.exec_driver_sql("SET session_replication_role = DEFAULT")
            else:
                hand.exec_driver_sql("PRAGMA foreign_keys = ON")
                hand.exec_driver_sql("BEGIN")

    def put(self, entry: Entry, at: tuple[str, int] | None = None) -> None:
        """Write an entry over the one that stands there."""
        case, seq = at or (entry.case_id, entry.seq)
        self.sql(
            "UPDATE ledger SET body = :body, hash = :hash, prev = :prev"
            " WHERE case_id = :case AND seq = :seq",
            body=entry.body, hash=entry.hash, prev=entry.prev, case=case, seq=seq,
        )  # fmt: skip

    def insert(self, entry: Entry) -> None:
        self.sql(
            "INSERT INTO ledger (case_id, seq, office_id, prev, hash, body)"
            " VALUES (:case, :seq, 'sample', :prev, :hash, :body)",
            case=entry.case_id, seq=entry.seq, prev=entry.prev, hash=entry.hash, body=entry.body,
        )  # fmt: skip

    def make_room(self, case: str, seq: int) -> None:
        """Number the entries from `seq` on one higher."""
        last = len(entries_of(self.fashen, case))
        for n in range(last, seq - 1, -1):
            self.sql("UPDATE ledger SET seq = :to WHERE case_id = :case AND seq = :n",
                     to=n + 1, case=case, n=n)  # fmt: skip


@pytest.fixture
def here(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """What `main` reads and opens here is this database, and it is closed again."""
    opened: list[sa.Engine] = []
    connect = database.connect

    def noted(url: str) -> sa.Engine:
        opened.append(connect(url))
        return opened[-1]

    monkeypatch.setattr(database, "connect", noted)
    monkeypatch.setenv("FASHEN_DATABASE_URL", database_url)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FASHEN_SECRET_KEY", "only-for-tests-" * 3)
    monkeypatch.chdir(tmp_path)
    yield
    for engine in opened:
        engine.dispose()


@pytest.fixture(params=["sha256", "sm3", "first sha256, then sm3"])
def algorithm(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def a_record(url: str, capsys: pytest.CaptureFixture[str], algorithm: str = "sha256") -> Record:
    fashen = office_at(url)
    first, _, then = algorithm.removeprefix("first ").partition(", then ")
    _hash_with(fashen, first)
    cases = [a_case(fashen, "checking"), a_case(fashen, "checking"), a_case(fashen, "lead")]
    if then:
        _hash_with(fashen, then)
        for case in cases[:2]:
            take(fashen, "zhang", "add_evidence", case, **a_scene(name="补充笔录"))
    return Record(fashen, cases, capsys)


def _hash_with(fashen: Fashen, algorithm: str) -> None:
    fashen.settings = fashen.settings.model_copy(update={"ledger_hash": algorithm})


@pytest.fixture
def record(database_url: str, here: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Record]:
    made = a_record(database_url, capsys)
    yield made
    made.fashen.engine.dispose()


# — forging ————————————————————————————————————————————————————————————————————————————


def forged(entry: Entry, **fields: Any) -> Entry:
    """Another body under the old seal."""
    return replace(entry, body=canonical(json.loads(entry.body) | fields))


def resealed(entry: Entry, prev: str | None = None) -> Entry:
    """Sealed again, as only somebody does who knows how."""
    prev = entry.prev if prev is None else prev
    algorithm = json.loads(entry.body)["alg"]
    return replace(entry, prev=prev, hash=seal_entry(entry.body, prev, algorithm))


def rechained(entries: list[Entry]) -> list[Entry]:
    """A whole ledger sealed again from its first entry on."""
    head, told = GENESIS, []
    for entry in entries:
        told.append(resealed(entry, head))
        head = told[-1].hash
    return told


def another_place(entry: Entry) -> Entry:
    """An entry that tells of elsewhere."""
    return replace(entry, body=entry.body.replace("西杜庄村西侧", "东杜庄村东侧"))


def one_more(entries: list[Entry], seq: int) -> Entry:
    """An entry that nobody made, sealed well after the one before `seq`."""
    model = entries[seq - 2]
    body = json.loads(model.body) | {"seq": seq, "change": [], "messages": []}
    body["from"] = body["to"]
    return resealed(replace(model, seq=seq, body=canonical(body)), model.hash)


# — edits of the database, and what must be said of each ————————————————————————————————————

Edit = Callable[[Record], None]
EDITS: dict[str, tuple[Edit, str]] = {}
WITHOUT_A_TRACE: dict[str, tuple[Edit, str]] = {}
"""Edits by somebody who knows everything: the program alone cannot find them."""


def edit(told: str, among: dict[str, tuple[Edit, str]] = EDITS) -> Callable[[Edit], Edit]:
    """`told` is a sentence; {0}, {1}, {2} are the cases."""

    def keep(make: Edit) -> Edit:
        among[make.__name__] = (make, told)
        return make

    return keep


@edit("{0} 第 1 条：摘要与内容不符，内容被改动过。")
def a_body_is_edited(it: Record) -> None:
    it.put(another_place(it.entry(0, 1)))


@edit("{0} 第 3 条：摘要与内容不符，内容被改动过。")
def one_field_is_edited(it: Record) -> None:
    it.put(forged(it.entry(0, 3), at="2025-01-05T09:02:00+08:00"))


@edit("{1} 第 6 条：摘要与内容不符，内容被改动过。")
def a_field_of_the_last_entry_is_edited(it: Record) -> None:
    it.put(forged(it.entry(1, 6), by={"id": "li", "name": "李薇", "post": "执法人员"}))


@edit("{0} 第 2 条：摘要与内容不符，内容被改动过。")
def a_hash_is_edited(it: Record) -> None:
    it.put(replace(it.entry(0, 2), hash="0" * 64))


@edit("{0} 第 3 条：没有接在前一条之后（前摘要不符）。")
def a_predecessor_is_edited(it: Record) -> None:
    it.put(replace(it.entry(0, 3), prev=it.entry(0, 1).hash))


@edit("{0} 第 2 条：没有接在前一条之后（前摘要不符）。")
def a_body_is_edited_and_sealed_again(it: Record) -> None:
    it.put(resealed(another_place(it.entry(0, 1))))


@edit("{0}：案件与大事记推出的不一致（head、document）。")
def the_whole_chain_is_edited_and_sealed_again(it: Record) -> None:
    for entry in rechained([another_place(e) for e in entries_of(it.fashen, it.cases[0])]):
        it.put(entry)


@edit("{0} 第 2 条：摘要与内容不符，内容被改动过。")
def the_algorithm_of_an_entry_is_edited(it: Record) -> None:
    it.put(forged(it.entry(0, 2), alg="sm3"))


@edit("{0} 第 4 条：内容不是规范形式。")
def a_space_is_added(it: Record) -> None:
    entry = it.entry(0, 4)
    it.put(replace(entry, body=entry.body + " "))


@edit("{0} 第 2 条：序号不连续，前一条是第 0 条。")
def the_first_entry_is_removed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case AND seq = 1", case=it.cases[0])


@edit("{0} 第 4 条：序号不连续，前一条是第 2 条。")
def a_middle_entry_is_removed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case AND seq = 3", case=it.cases[0])


@edit("{0}：案件与大事记推出的不一致（version、head、document）。")
def the_last_entry_is_removed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case AND seq = 6", case=it.cases[0])


@edit("{0} 第 3 条：没有接在前一条之后（前摘要不符）。")
def a_middle_entry_is_removed_and_the_gap_closed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case AND seq = 3", case=it.cases[0])
    for seq in (4, 5, 6):
        it.sql("UPDATE ledger SET seq = seq - 1 WHERE case_id = :case AND seq = :seq",
               case=it.cases[0], seq=seq)  # fmt: skip


@edit("{1}：有案件，没有大事记。")
def every_entry_of_a_case_is_removed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case", case=it.cases[1])


@edit("{1}：有大事记，没有案件。")
def the_row_of_a_case_is_removed(it: Record) -> None:
    it.sql("DELETE FROM cases WHERE id = :case", case=it.cases[1])


@edit("sample：开过 3 件案件，现有序号 [1, 3]。")
def a_whole_case_is_removed(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case", case=it.cases[1])
    it.sql("DELETE FROM cases WHERE id = :case", case=it.cases[1])


@edit("{0} 第 3 条：内容属于 {0} 第 4 条，被挪动过。")
def two_entries_change_places(it: Record) -> None:
    third, fourth = it.entry(0, 3), it.entry(0, 4)
    it.put(fourth, (third.case_id, 3))
    it.put(third, (third.case_id, 4))


@edit("{2} 第 2 条：摘要与内容不符，内容被改动过。")
def an_entry_with_a_wrong_hash_is_added(it: Record) -> None:
    it.insert(replace(one_more(entries_of(it.fashen, it.cases[2]), 2), hash="f" * 64))


@edit("{2}：案件与大事记推出的不一致（version、head）。")
def an_entry_with_a_right_hash_is_added(it: Record) -> None:
    it.insert(one_more(entries_of(it.fashen, it.cases[2]), 2))


@edit("{0} 第 4 条：没有接在前一条之后（前摘要不符）。")
def an_entry_with_a_right_hash_is_inserted(it: Record) -> None:
    extra = one_more(entries_of(it.fashen, it.cases[0]), 3)
    it.make_room(it.cases[0], 3)
    it.insert(extra)


@edit("{0} 第 3 条：摘要与内容不符，内容被改动过。")
def an_entry_with_a_wrong_hash_is_inserted(it: Record) -> None:
    extra = one_more(entries_of(it.fashen, it.cases[0]), 3)
    it.make_room(it.cases[0], 3)
    it.insert(replace(extra, hash="f" * 64))


@edit("{0} 第 1 条：内容属于 {1} 第 1 条，被挪动过。")
def two_cases_exchange_their_first_entries(it: Record) -> None:
    mine, other = it.entry(0, 1), it.entry(1, 1)
    it.put(other, (mine.case_id, 1))
    it.put(mine, (other.case_id, 1))


@edit("{1} 第 4 条：内容属于 {0} 第 4 条，被挪动过。")
def two_cases_exchange_everything(it: Record) -> None:
    mine, other = (entries_of(it.fashen, case) for case in it.cases[:2])
    for a, b in zip(mine, other, strict=True):
        it.put(b, (a.case_id, a.seq))
        it.put(a, (b.case_id, b.seq))


@edit("{0}：案件与大事记推出的不一致（document）。")
def the_document_of_a_case_is_edited(it: Record) -> None:
    it.sql("UPDATE cases SET doc = REPLACE(doc, '西杜庄村西侧', '东杜庄村东侧') WHERE id = :case",
           case=it.cases[0])  # fmt: skip


@edit("{0}：案件与大事记推出的不一致（state）。")
def the_state_of_a_case_is_edited(it: Record) -> None:
    it.sql("UPDATE cases SET state = 'noticing' WHERE id = :case", case=it.cases[0])


@edit("{2}：案件与大事记推出的不一致（version）。")
def the_version_of_a_case_is_edited(it: Record) -> None:
    it.sql("UPDATE cases SET version = 2 WHERE id = :case", case=it.cases[2])


@edit("{1}：案件与大事记推出的不一致（head）。")
def the_head_of_a_case_is_edited(it: Record) -> None:
    it.sql("UPDATE cases SET head = :head WHERE id = :case", head="f" * 64, case=it.cases[1])


@edit("{1}：案件与大事记推出的不一致（flow）。")
def the_flow_of_a_case_is_edited(it: Record) -> None:
    it.sql("UPDATE cases SET flow = 'summary/1' WHERE id = :case", case=it.cases[1])


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_of_the_database_is_found(record: Record, name: str):
    make, told = EDITS[name]
    assert record.verify()[0] == 0

    make(record)

    code, said = record.verify()
    assert code == 1
    assert told.format(*record.cases) in said


def test_an_untouched_record_is_found_untouched(record: Record, tmp_path: Path):
    code, said = record.verify()
    assert (code, said) == (0, "核验 3 件案件、13 条大事记：没有发现改动。\n")

    file = record.export(tmp_path / "export.jsonl")
    assert record.verify(str(file), "--against", str(file))[0] == 0
    assert record.verify("--against", str(file))[0] == 0


def test_the_same_is_said_to_programs(record: Record):
    a_body_is_edited(record)

    code, said = record.verify("--json")
    told = json.loads(said)
    assert (code, told["ok"], told["cases"], told["entries"]) == (1, False, 3, 13)
    assert any(f.startswith(f"{record.cases[0]} 第 1 条") for f in told["faults"])


# — what only an earlier export shows ————————————————————————————————————————————————————————


@edit("{0} 第 6 条：从前导出时有，现在没有了。", WITHOUT_A_TRACE)
def the_end_is_cut_off_and_the_row_set_back(it: Record) -> None:
    before, _ = fold(entries_of(it.fashen, it.cases[0])[:-1])
    it.sql("DELETE FROM ledger WHERE case_id = :case AND seq = 6", case=it.cases[0])
    it.sql(
        "UPDATE cases SET state = :state, version = 5, head = :head, doc = :doc WHERE id = :case",
        state=before.state, head=before.head, doc=canonical(before.document), case=it.cases[0],
    )  # fmt: skip


@edit("{0} 第 1 条：从前导出时有，现在不同了。", WITHOUT_A_TRACE)
def everything_is_written_anew(it: Record) -> None:
    the_whole_chain_is_edited_and_sealed_again(it)
    now, _ = fold(entries_of(it.fashen, it.cases[0]))
    it.sql("UPDATE cases SET head = :head, doc = :doc WHERE id = :case",
           head=now.head, doc=canonical(now.document), case=it.cases[0])  # fmt: skip


@edit("{2} 第 1 条：从前导出时有，现在没有了。", WITHOUT_A_TRACE)
def the_newest_case_is_removed_and_the_counter_set_back(it: Record) -> None:
    it.sql("DELETE FROM ledger WHERE case_id = :case", case=it.cases[2])
    it.sql("DELETE FROM cases WHERE id = :case", case=it.cases[2])
    it.sql("UPDATE office SET cases_opened = 2")


@pytest.mark.parametrize("name", WITHOUT_A_TRACE)
def test_an_edit_that_leaves_no_trace_is_found_with_an_old_export(
    record: Record, tmp_path: Path, name: str
):
    make, told = WITHOUT_A_TRACE[name]
    old = record.export(tmp_path / "old.jsonl")

    make(record)
    assert record.verify()[0] == 0

    code, said = record.verify("--against", str(old))
    assert code == 1
    assert told.format(*record.cases) in said

    new = record.export(tmp_path / "new.jsonl")
    assert record.verify(str(new))[0] == 0
    code, said = record.verify(str(new), "--against", str(old))
    assert code == 1
    assert told.format(*record.cases) in said


# — the other algorithm ——————————————————————————————————————————————————————————————————


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    "name",
    ["a_body_is_edited", "a_hash_is_edited", "a_body_is_edited_and_sealed_again",
     "the_state_of_a_case_is_edited", "an_entry_with_a_right_hash_is_inserted"],
)  # fmt: skip
def test_whatever_it_is_hashed_with_an_edit_is_found(
    database_url: str, here: None, capsys: Any, algorithm: str, name: str
):
    record = a_record(database_url, capsys, algorithm)
    used = [json.loads(e.body)["alg"] for e in entries_of(record.fashen, record.cases[0])]
    assert used[0] + used[-1] == {"sha256": "sha256" * 2, "sm3": "sm3" * 2}.get(
        algorithm, "sha256sm3"
    )
    assert record.verify()[0] == 0

    make, told = EDITS[name]
    make(record)

    code, said = record.verify()
    assert code == 1
    assert told.format(*record.cases) in said
    record.fashen.engine.dispose()


# — an exported file ————————————————————————————————————————————————————————————————————


@dataclass
class Export:
    """An exported file, line by line, and where no database is."""

    lines: list[dict[str, Any]]
    cases: list[str]
    folder: Path
    capsys: pytest.CaptureFixture[str]

    def written(self, name: str = "edited.jsonl") -> Path:
        file = self.folder.parent / name
        text = "".join(canonical(line) + "\n" for line in self.lines)
        file.write_text(text, "utf-8", newline="\n")
        return file

    def verify(self, *arguments: str) -> tuple[int, str]:
        self.capsys.readouterr()
        code = main(["ledger", "verify", *arguments])
        said = self.capsys.readouterr()
        assert list(self.folder.iterdir()) == []  # it made nothing, and asked nobody
        return code, said.out + said.err

    def at(self, case: int, seq: int) -> dict[str, Any]:
        return next(
            line
            for line in self.lines
            if line.get("case") == self.cases[case] and line["seq"] == seq
        )

    def stands(self, case: int) -> dict[str, Any]:
        return next(line for line in self.lines if line.get("stands") == self.cases[case])

    def entries(self, case: int) -> list[Entry]:
        return [
            Entry(line["case"], line["seq"], line["prev"], line["hash"], line["body"])
            for line in self.lines
            if line.get("case") == self.cases[case]
        ]

    def put(self, entry: Entry) -> None:
        line = next(
            n for n in self.lines if (n.get("case"), n.get("seq")) == (entry.case_id, entry.seq)
        )
        line.update(prev=entry.prev, hash=entry.hash, body=entry.body)


@pytest.fixture
def export(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Export:
    """The export of a record that has gone: what remains is the file and an empty folder."""
    made = a_record(sqlite_url, capsys)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FASHEN_SECRET_KEY", "only-for-tests-" * 3)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FASHEN_DATABASE_URL", sqlite_url)
    file = made.export(tmp_path / "export.jsonl")
    made.fashen.engine.dispose()
    Path(sqlite_url.removeprefix("sqlite:///")).unlink()
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(empty))
    monkeypatch.setenv("FASHEN_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    lines = [json.loads(line) for line in file.read_text("utf-8").split("\n")[:-1]]
    return Export(lines, made.cases, empty, capsys)


FileEdit = Callable[[Export], None]
FILE_EDITS: dict[str, tuple[FileEdit, str]] = {}


def file_edit(told: str) -> Callable[[FileEdit], FileEdit]:
    def keep(make: FileEdit) -> FileEdit:
        FILE_EDITS[make.__name__] = (make, told)
        return make

    return keep


@file_edit("{0} 第 1 条：摘要与内容不符，内容被改动过。")
def a_line_is_edited(it: Export) -> None:
    it.put(another_place(it.entries(0)[0]))


@file_edit("{0} 第 3 条：摘要与内容不符，内容被改动过。")
def one_field_of_a_line_is_edited(it: Export) -> None:
    it.put(forged(it.entries(0)[2], at="2025-01-05T09:02:00+08:00"))


@file_edit("{1} 第 2 条：摘要与内容不符，内容被改动过。")
def the_hash_of_a_line_is_edited(it: Export) -> None:
    it.at(1, 2)["hash"] = "0" * 64


@file_edit("{1} 第 2 条：没有接在前一条之后（前摘要不符）。")
def the_predecessor_of_a_line_is_edited(it: Export) -> None:
    it.at(1, 2)["prev"] = GENESIS


@file_edit("{0} 第 2 条：没有接在前一条之后（前摘要不符）。")
def a_line_is_edited_and_sealed_again(it: Export) -> None:
    it.put(resealed(another_place(it.entries(0)[0])))


@file_edit("{0} 第 2 条：序号不连续，前一条是第 0 条。")
def the_first_line_of_a_case_is_removed(it: Export) -> None:
    it.lines.remove(it.at(0, 1))


@file_edit("{0} 第 4 条：序号不连续，前一条是第 2 条。")
def a_middle_line_is_removed(it: Export) -> None:
    it.lines.remove(it.at(0, 3))


@file_edit("{0}：案件与大事记推出的不一致（version、head、document）。")
def the_last_line_of_a_case_is_removed(it: Export) -> None:
    it.lines.remove(it.at(0, 6))


@file_edit("{1}：有案件，没有大事记。")
def every_line_of_a_case_is_removed(it: Export) -> None:
    it.lines = [line for line in it.lines if line.get("case") != it.cases[1]]


@file_edit("{1}：有大事记，没有案件。")
def the_closing_line_of_a_case_is_removed(it: Export) -> None:
    it.lines.remove(it.stands(1))


@file_edit("有大事记，没有案件。")
def the_end_of_the_file_is_cut_off(it: Export) -> None:
    it.lines = it.lines[:-2]


@file_edit("{0} 第 4 条：序号不连续，前一条是第 2 条。")
def two_lines_change_places(it: Export) -> None:
    a, b = it.lines.index(it.at(0, 3)), it.lines.index(it.at(0, 4))
    it.lines[a], it.lines[b] = it.lines[b], it.lines[a]


@file_edit("{0}：条目被打散。")
def a_line_stands_among_those_of_another_case(it: Export) -> None:
    line = it.at(0, 1)
    it.lines.remove(line)
    it.lines.insert(it.lines.index(it.at(1, 3)), line)


@file_edit("{0} 第 2 条：序号不连续，前一条是第 2 条。")
def a_line_stands_there_twice(it: Export) -> None:
    line = it.at(0, 2)
    it.lines.insert(it.lines.index(line), dict(line))


@file_edit("{2}：案件与大事记推出的不一致（version、head）。")
def a_line_with_a_right_hash_is_added(it: Export) -> None:
    e = one_more(it.entries(2), 2)
    line = {"case": e.case_id, "seq": e.seq, "prev": e.prev, "hash": e.hash, "body": e.body}
    it.lines.insert(it.lines.index(it.at(2, 1)) + 1, line)


@file_edit("{2} 第 2 条：摘要与内容不符，内容被改动过。")
def a_line_with_a_wrong_hash_is_added(it: Export) -> None:
    a_line_with_a_right_hash_is_added(it)
    it.at(2, 2)["hash"] = "f" * 64


@file_edit("{0} 第 1 条：内容属于 {1} 第 1 条，被挪动过。")
def two_cases_exchange_a_line(it: Export) -> None:
    a, b = it.at(0, 1), it.at(1, 1)
    for name in ("prev", "hash", "body"):
        a[name], b[name] = b[name], a[name]


@file_edit("{0}：案件与大事记推出的不一致（document）。")
def the_document_in_the_closing_line_is_edited(it: Export) -> None:
    it.stands(0)["document"]["lead"]["place"] = "东杜庄村东侧"


@file_edit("{0}：案件与大事记推出的不一致（state）。")
def the_state_in_the_closing_line_is_edited(it: Export) -> None:
    it.stands(0)["state"] = "noticing"


@file_edit("{0}：案件与大事记推出的不一致（version）。")
def the_version_in_the_closing_line_is_edited(it: Export) -> None:
    it.stands(0)["version"] = 7


@pytest.mark.parametrize("name", FILE_EDITS)
def test_an_edit_of_an_exported_file_is_found_with_nothing_but_the_file(export: Export, name: str):
    make, told = FILE_EDITS[name]
    assert export.verify(str(export.written()))[0] == 0

    make(export)

    code, said = export.verify(str(export.written()))
    assert code == 1
    assert told.format(*export.cases) in said


def test_a_whole_case_that_is_missing_from_a_file_leaves_a_gap(export: Export):
    case = export.cases[1]
    export.lines = [n for n in export.lines if case not in (n.get("case"), n.get("stands"))]

    assert export.verify(str(export.written()))[0] == 1


def test_a_tail_that_was_cut_off_with_care_is_found_with_an_old_file(export: Export):
    old = export.written("old.jsonl")
    last = export.at(0, 6)
    export.lines.remove(last)
    now, _ = fold(export.entries(0))
    export.stands(0).update(
        state=now.state, version=now.version, head=now.head, document=now.document
    )
    cut = export.written()

    assert export.verify(str(cut))[0] == 0
    code, said = export.verify(str(cut), "--against", str(old))
    assert code == 1
    assert f"{export.cases[0]} 第 6 条：从前导出时有，现在没有了。" in said


def test_a_newer_file_holds_everything_of_an_older_one(record: Record, tmp_path: Path):
    old = record.export(tmp_path / "old.jsonl")
    take(record.fashen, "zhang", "start_check", record.cases[2])
    new = record.export(tmp_path / "new.jsonl")

    assert record.verify(str(new), "--against", str(old))[0] == 0
    assert record.verify(str(old), "--against", str(new))[0] == 1


@pytest.mark.parametrize("cut", [1, 40, 400])
def test_a_file_that_ends_in_the_middle_of_a_line_is_no_export(export: Export, cut: int):
    file = export.written()
    file.write_bytes(file.read_bytes()[:-cut])

    code, said = export.verify(str(file))
    assert code == (0 if cut == 1 else 1)  # only the last line break is missing, or more
    assert ("不是导出的大事记" in said) is (cut > 1)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("一\u2028二", id="U+2028"),
        pytest.param("一\u0085二", id="U+0085"),
        pytest.param("一\n二", id="line break"),
        pytest.param("😀\u00a0é\u0301", id="beyond the basic plane"),
    ],
)
def test_an_untouched_export_is_found_untouched_whatever_people_wrote(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any, text: str
):
    fashen = office_at(sqlite_url)
    take(fashen, "zhang", "register_lead", source="巡查", place="西杜庄村西侧", text=text)
    fashen.engine.dispose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FASHEN_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("FASHEN_DATABASE_URL", sqlite_url)
    assert main(["ledger", "export", "export.jsonl"]) == 0

    assert main(["ledger", "verify", "export.jsonl"]) == 0, capsys.readouterr()


@pytest.mark.parametrize("how", ["untouched", "edited", "cut"])
def test_a_process_that_has_nothing_but_the_file_says_the_same(export: Export, how: str):
    old = export.written("old.jsonl")
    if how == "edited":
        a_line_is_edited(export)
    if how == "cut":
        export.lines.remove(export.at(1, 6))
        export.lines.remove(export.stands(1))
    file = export.written()
    against = ["--against", str(old)] if how == "cut" else []

    done = subprocess.run(
        [sys.executable, "-c", "import sys; from workflow.cli import main; sys.exit(main())",
         "ledger", "verify", str(file), *against],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=export.folder, capture_output=True, text=True,
    )  # fmt: skip

    assert done.returncode == (0 if how == "untouched" else 1), done.stderr
    told = {
        "untouched": "核验 3 件案件、13 条大事记：没有发现改动。",
        "edited": f"{export.cases[0]} 第 1 条：摘要与内容不符，内容被改动过。",
        "cut": f"{export.cases[1]} 第 6 条：从前导出时有，现在没有了。",
    }
    assert told[how] in done.stdout
    assert list(export.folder.iterdir()) == []
