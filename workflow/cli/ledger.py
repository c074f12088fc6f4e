"""`fashen ledger` — export the record, and prove that nobody altered it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, TextIO

import sqlalchemy as sa

from workflow import exports, models, oracle, queries
from workflow.cli import words
from workflow.cli.common import as_json, complain, office_of, opened, say, say_table
from workflow.database import reading
from workflow.entry import signature
from workflow.errors import SettingsWrong
from workflow.files import proof
from workflow.files.store import Store
from workflow.order import label
from workflow.program import Fashen
from workflow.record import Entry, Standing, holes, verify
from workflow.settings import load


def run(asked: argparse.Namespace) -> int:
    if asked.action == "export":
        return _export(asked)
    if asked.action == "show":
        return _show(asked)
    return _verify(asked)


def _verify(asked: argparse.Namespace) -> int:
    """Recompute every digest, every link and every fold; of a file it needs nothing but the file."""
    if asked.file:
        entries, stands = _read(Path(asked.file))
        faults = verify(entries, stands) + holes(entries)
    else:
        fashen = opened()
        with reading(fashen.engine) as tx:
            entries = list(oracle.ledger_entries(tx))
            stands = oracle.standings(tx)
            faults = verify(entries, stands)
            faults += _missing_cases(tx)
    if asked.files is not None:
        faults += _files(asked, stands)
    if asked.against:
        faults += _shrunk(entries, _read(Path(asked.against))[0])
    if asked.json:
        as_json({"ok": not faults, "cases": len(stands), "entries": len(entries), "faults": faults})
    else:
        say(
            f"核验 {len(stands)} 件案件、{len(entries)} 条大事记：{'没有发现改动。' if not faults else ''}"
        )
        for fault in faults:
            say(f"  {fault}")
    return 1 if faults else 0


def _files(asked: argparse.Namespace, stands: dict[str, Standing]) -> list[str]:
    """Every evidence file read from its first byte to its last, here or in a folder that came with an export."""
    if asked.file and not asked.files:
        raise SettingsWrong("核对导出的大事记时，--files 后面要写证据文件所在的目录。")
    folder = Path(asked.files) if asked.files else load().files
    named = list(proof.named({id: s.document for id, s in stands.items()}))
    if named and not folder.is_dir():
        raise SettingsWrong(f"没有证据文件的目录 {folder}；共享目录没有挂上的，先挂上再核对。")
    return list(proof.content(Store(folder), named))


def _missing_cases(tx: Any) -> list[str]:
    """A case that vanished whole leaves a hole in the office's numbering."""
    found: dict[str, list[int]] = {}
    c = models.cases.c
    for office, ordinal in tx.execute(sa.select(c.office_id, c.ordinal)):
        found.setdefault(office, []).append(ordinal)
    return [
        f"{row.id}：开过 {row.cases_opened} 件案件，现有序号 {sorted(found.get(row.id, ()))}。"
        for row in tx.execute(sa.select(models.office))
        if sorted(found.get(row.id, ())) != list(range(1, row.cases_opened + 1))
    ]


def _shrunk(now: Iterable[Entry], then: Iterable[Entry]) -> list[str]:
    """What an older export holds must still be there, unchanged: this finds a cut-off end."""
    held = {(e.case_id, e.seq): e.hash for e in now}
    return [
        f"{e.case_id} 第 {e.seq} 条：从前导出时有，现在{'没有了' if (e.case_id, e.seq) not in held else '不同了'}。"
        for e in then
        if held.get((e.case_id, e.seq)) != e.hash
    ]


def _export(asked: argparse.Namespace) -> int:
    """One JSON line per entry, then one per case that says how it stands."""
    fashen = opened()
    office = office_of(fashen, asked.office).office
    if asked.file and asked.file != "-":
        with Path(asked.file).open("w", encoding="utf-8", newline="\n") as out:
            count = _write(fashen, office, out)
        if asked.json:
            as_json({"file": asked.file, "entries": count})
        else:
            say(f"已导出 {count} 条到 {asked.file}。")
    else:
        _write(fashen, office, sys.stdout)
    return 0


def _write(fashen: Fashen, office: str, out: TextIO) -> int:
    count = 0
    with reading(fashen.engine) as tx:
        for line in exports.ledger_lines(tx, office):
            out.write(line)
            count += line.startswith('{"body":')  # the names of an entry are sorted
    return count


def _read(file: Path) -> tuple[list[Entry], dict[str, Standing]]:
    entries, stands = [], {}
    try:
        # Only a line feed ends a line: what people wrote may hold every other kind of break.
        lines = file.read_text("utf-8").removesuffix("\n").split("\n")
    except UnicodeDecodeError:
        raise SettingsWrong(f"{file} 不是导出的大事记（不是 UTF-8 的文字）。") from None
    except OSError as wrong:
        raise SettingsWrong(f"读不了 {file}：{wrong.strerror}。") from None
    for n, line in enumerate(lines, 1):
        try:
            row = json.loads(line)
            if "stands" in row:
                stands[row["stands"]] = Standing(
                    row["flow"], row["state"], row["version"], row["head"], row["document"]
                )
            else:
                entries.append(
                    Entry(row["case"], row["seq"], row["prev"], row["hash"], row["body"])
                )
        except (ValueError, KeyError, TypeError) as wrong:
            raise SettingsWrong(f"{file} 第 {n} 行不是导出的大事记（{wrong!r}）。") from None
    return entries, stands


def _show(asked: argparse.Namespace) -> int:
    """One case's history in words."""
    fashen = opened()
    office = office_of(fashen, asked.office)
    if not asked.file:
        complain("fashen ledger show：请写案件编号或案号，用 fashen explain 列出全部案件。")
        return 2
    case = queries.find_case(fashen, office.office, asked.file)
    with reading(fashen.engine) as tx:
        rows = tx.execute(
            sa.select(models.ledger.c.body, models.ledger.c.hash)
            .where(models.ledger.c.case_id == case)
            .order_by(models.ledger.c.seq)
        ).all()
    if asked.json:
        as_json([{**json.loads(body), "hash": digest} for body, digest in rows])
        return 0
    say_table(_line(json.loads(body), digest) for body, digest in rows)
    return 0


def _line(entry: dict[str, Any], digest: str) -> list[str]:
    at, entered = (entry[k][:16].replace("T", " ") for k in ("at", "entered"))
    return [
        f"{entry['seq']:>3}",
        at,
        f"录入于 {entered}" if entered[:10] != at[:10] else "",
        signature(entry),
        label(entry["verb"]),
        words.moved(entry["from"], entry["to"]),
        "不合规情况" if entry.get("irregular") else "",
        digest[:8],
    ]
