"""What the commands share: the program, the office meant, and the two ways to answer."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

import workflow.commands  # noqa: F401 - registers every verb
from policies.office import Office, Person
from workflow import models, offices, program
from workflow.cli import layout
from workflow.database import reading
from workflow.errors import NotFound
from workflow.program import Fashen
from workflow.settings import load


def opened() -> Fashen:
    """The program on its data; a data directory that has no office yet gets the sample one."""
    fashen = program.start(load())
    if not _offices(fashen):
        offices.load(fashen, offices.read(offices.SAMPLE))
        print(
            "数据目录里还没有机关，已载入示例机关（fashen init --office 文件 可载入您的机关）。",
            file=sys.stderr,
        )
    return fashen


def _offices(fashen: Fashen) -> list[str]:
    with reading(fashen.engine) as tx:
        return list(
            tx.execute(sa.select(models.office.c.id).order_by(models.office.c.id)).scalars()
        )


def office_of(fashen: Fashen, asked: str | None) -> Office:
    """The office meant: the one asked for, or the only one there is."""
    known = _offices(fashen)
    if asked is None and len(known) != 1:
        raise NotFound(f"有 {len(known)} 个机关，请写 --office：{'、'.join(known)}。")
    with reading(fashen.engine) as tx:
        return fashen.bureau(tx, asked or known[0]).office


def person_of(office: Office, id: str) -> Person:
    found = office.person(id)
    if found is None or found.id == "system":
        ids = [p.id for p in office.people]
        raise NotFound(f"{office.name}没有“{id}”这个人，{nearest(id, ids)}有：{'、'.join(ids)}。")
    return found


def nearest(word: str, known: Iterable[str]) -> str:
    """`最接近的是“…”；`, or nothing where nothing is near."""
    near = difflib.get_close_matches(word, list(known), 1)
    return f"最接近的是“{near[0]}”；" if near else ""


def as_json(value: Any) -> None:
    """One UTF-8 document on standard output."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def say(text: str = "") -> None:
    """One or more lines; a terminal gets them broken where they may be broken."""
    wide = layout.columns()
    for line in text.split("\n"):
        print(*(layout.wrap(line, wide) if wide else [line]), sep="\n")


def say_table(rows: Iterable[Sequence[str]], indent: str = "") -> None:
    rows = list(rows)
    if rows:
        say("\n".join(layout.table(rows, indent)))


def complain(text: str) -> None:
    """What went wrong, on standard error."""
    print(text, file=sys.stderr)
