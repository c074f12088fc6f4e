"""The moves that are measured: the lawful ordinary case of the sample office, from lead to archive.

`orders` makes them for a fresh case; `record` makes them once and keeps which rows each move wrote, so
that the rivals can write the very same rows without a single rule.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib import resources
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Engine

from workflow import models, offices, scenario_file
from workflow.order import Order
from workflow.program import Fashen
from workflow.settings import Settings
from workflow.times import BEIJING
from workflow.work import perform

FILE = "2-lawful-twin.yaml"
RECORDED = 900001
"""The number of the case that is recorded; it stands in every document number and name of it."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Written:
    """One row that a move wrote, as Python sees it and as the driver does."""

    table: str
    new: bool
    row: Row
    raw: Row


@dataclass(frozen=True, slots=True)
class Deed:
    """One move of the recorded case: its order and the rows that it left behind."""

    order: Order
    at: datetime
    written: tuple[Written, ...]

    def of(self, table: str, *, new: bool) -> list[Written]:
        return [w for w in self.written if w.table == table and w.new is new]


@dataclass(slots=True)
class Counter:
    """What a case number stands for."""

    keys: bool = False
    template: list[tuple[Order, datetime]] = field(default_factory=list)

    def orders(self, n: int) -> list[tuple[Order, datetime]]:
        """The orders of case number n in turn; the caller fills in the case's id."""
        self.template = self.template or list(_accepted())
        swap = {
            "001号": f"{n:06}号",
            "2025-0001": f"2025-{n:06}",
            "11010519491231002X": identity(n),
            "杜某某": f"杜某某{n:06}",
            "1 号": f"{n:06} 号",
        }
        return [
            (
                replace(
                    order,
                    form=_swapped(order.form, swap),
                    key=f"{n}:{seq}" if self.keys else "",
                ),
                at,
            )
            for seq, (order, at) in enumerate(self.template, 1)
        ]


def identity(n: int) -> str:
    """A citizen's number that passes the check digit."""
    digits = f"110105{1950 + n // 1000 % 40}1231{n % 1000:03}"
    total = sum(int(d) * w for d, w in zip(digits, _WEIGHTS, strict=True))
    return digits + "10X98765432"[total % 11]


_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _accepted() -> Iterator[tuple[Order, datetime]]:
    """The steps of the scenario that are taken, and the two that the system takes by itself."""
    text = (resources.files("workflow.sample") / "scenarios" / FILE).read_text("utf-8")
    for step in scenario_file.read(FILE, text)["steps"]:
        at = step["at"]
        at = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
        at = at.replace(tzinfo=BEIJING)
        taken = [("system", verb) for verb in (step.get("expect") or {}).get("lapsed", ())]
        if "do" in step and "refused" not in step:
            taken.append((step["by"], step["do"]))
        for actor, verb in taken:
            excuses = step.get("excuse") or {}
            form = step.get("with") or {}
            yield Order("", actor, verb, form=form, at=at, excuses=excuses), at
            if verb == "review_publication":
                receipt = {"receipt": "sha256:" + "5" * 64, "published_on": at.date()}
                yield Order("", "system", "record_publication", form=receipt, at=at), at


def _swapped(value: Any, swap: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        for old, new in swap.items():
            value = value.replace(old, new)
        return value
    if isinstance(value, Mapping):
        return {k: _swapped(v, swap) for k, v in value.items()}
    if isinstance(value, list):
        return [_swapped(v, swap) for v in value]
    return value


def settings() -> Settings:
    return Settings(secret_key="bench-" * 8)


def office_in(fashen: Fashen) -> str:
    """Load the sample office; returns its id."""
    office = offices.read(offices.SAMPLE)
    offices.load(fashen, office)
    return office.office


def record(engine: Engine, mix: Counter) -> list[Deed]:
    """Make the moves once in an empty database, and look after each which rows are new or changed.

    A row that goes (`case_wait`) is not looked for: the floor has that much less to do than we.
    """
    fashen = Fashen(settings(), engine)
    office = office_in(fashen)
    case: str | None = None
    deeds = []
    before = _rows(engine)
    for order, at in mix.orders(RECORDED):
        fashen.clock = lambda at=at: at  # type: ignore[misc]
        case = perform(fashen, replace(order, office=office, case=case)).case
        after = _rows(engine)
        written = [
            Written(key[0], key not in before, row, raw)
            for key, (row, raw) in after.items()
            if key not in before or before[key][0] != row
        ]
        deeds.append(Deed(replace(order, office=office), at, tuple(written)))
        before = after
    return deeds


def _rows(engine: Engine) -> dict[tuple[Any, ...], tuple[Row, Row]]:
    found = {}
    with engine.connect() as connection:
        for table in models.metadata.sorted_tables:
            whole = sa.select(table).order_by(*table.primary_key)
            typed = connection.execute(whole).mappings().all()
            told = connection.exec_driver_sql(str(whole.compile(engine))).mappings().all()
            for row, raw in zip(typed, told, strict=True):
                key = (table.name, *(row[c.name] for c in table.primary_key))
                found[key] = (dict(row), dict(raw))
    return found


class Script:
    """The recorded rows for case after case, each with ids and numbers of its own."""

    def __init__(self, deeds: list[Deed]) -> None:
        self.deeds = deeds
        self.case = next(w.row["id"] for w in deeds[0].of("cases", new=True))
        text = "".join(str(w.row) for d in deeds for w in d.written)
        self.sealed = sorted(set(re.findall(r"sealed:\w+:([0-9a-f]{40})", text)))

    def fresh(self, n: int) -> list[Deed]:
        """The deeds of the n-th case; `cases.ordinal` is n, as the office's counter will say."""
        swap = {self.case: str(uuid.uuid4()), f"{RECORDED:06}": f"{n:06}"}
        swap |= {d: hashlib.sha256(f"{n}{d}".encode()).hexdigest()[:40] for d in self.sealed}
        return [
            replace(deed, written=tuple(self._fresh(w, n, swap) for w in deed.written))
            for deed in self.deeds
        ]

    @staticmethod
    def _fresh(w: Written, n: int, swap: Mapping[str, str]) -> Written:
        def renewed(row: Row) -> Row:
            own = {k: _swapped(v, swap) if isinstance(v, str) else v for k, v in row.items()}
            if w.table == "notice":
                return own | {"slug": f"{n:012}", "place": row["place"] + n}
            return own | {"ordinal": n} if w.table in ("cases", "case_line") else own

        return replace(w, row=renewed(w.row), raw=renewed(w.raw))
