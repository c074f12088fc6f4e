"""月报表 — where a platform takes a workbook a month: the records in its own columns, 撤回 on a second sheet.

Each record is a file of its own first, so that sending it again adds no second row; the workbook is made
from these files. No receipt comes back here: it stands on the list that the platform returns
(`fashen publish reconcile`).
"""

from __future__ import annotations

import fcntl
import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell

from policies.facts import canonical
from workflow.cells import harmless
from workflow.publication.parcel import Parcel, Withdrawal
from workflow.publication.platforms import files
from workflow.publication.platforms.platform import Held, NotAccepted, Pending, record_digest
from workflow.settings import Settings
from workflow.times import beijing, utc_now

_WITHDRAWALS = ("CF_WSH", "撤回日期", "撤回理由")


class Spreadsheet:
    """`returns/报送-PROFILE-2026-11.xlsx` and, beside it, the records that stand in it."""

    name = "spreadsheet"

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, parcel: Parcel) -> str:
        """Never a receipt: `Pending` says in which workbook the record stands."""
        with self._alone():
            there = self._newest(parcel.key)
            if there is not None and there["version"] > parcel.version:
                raise NotAccepted(
                    f"没有写入月报表：{parcel.number} 在表里已经是第 {there['version']} 版。"
                )
            told = {
                "key": parcel.key,
                "version": parcel.version,
                "number": parcel.number,
                "profile": parcel.profile,
                # Canonical JSON sorts names; the order of the columns is part of what is reported.
                "columns": list(parcel.fields),
                "fields": parcel.fields,
                "digest": record_digest(parcel),
            }
            book = self._put(parcel.key, parcel.version, "record", told)
        raise Pending(f"已写入月报表 {book.name}，回执等平台返回的清单。")

    def ask(self, key: str) -> Held | None:
        found = self._newest(key)
        if found is None:
            return None
        gone = self._file(key, found["version"], "withdrawal").exists()
        return Held(
            key,
            found["version"],
            found["number"],
            "",
            "withdrawn" if gone else "pending",
            found["digest"],
        )

    def withdraw(self, withdrawal: Withdrawal) -> str:
        with self._alone():
            told = withdrawal.model_dump(mode="json") | {"profile": self._profile(withdrawal)}
            book = self._put(withdrawal.key, withdrawal.version, "withdrawal", told)
        raise Pending(f"撤回已写入月报表 {book.name}，等平台返回的清单。")

    # — the records —

    def _put(self, key: str, version: int, what: str, told: dict[str, Any]) -> Path:
        """File it in this month's return, or find it in the month where it stands already."""
        file = self._file(key, version, what)
        if file.exists():
            told = json.loads(file.read_text("utf-8"))
        else:
            month = f"{beijing(utc_now()):%Y-%m}"
            told |= {"month": month, "row": len(list(self._of(told["profile"], month))) + 1}
            files.write(file, canonical(told).encode())
        return self._bind(told["profile"], told["month"])

    def _newest(self, key: str) -> dict[str, Any] | None:
        found = self._records.glob(f"{files.name_of(key)}-*-record.json")
        read = [json.loads(file.read_text("utf-8")) for file in found]
        return max(read, key=lambda told: int(told["version"]), default=None)

    def _profile(self, withdrawal: Withdrawal) -> str:
        there = self._newest(withdrawal.key)
        return str(there["profile"]) if there else ""

    def _of(self, profile: str, month: str) -> Iterator[dict[str, Any]]:
        for file in self._records.glob("*.json"):
            told = json.loads(file.read_text("utf-8"))
            if (told["profile"], told["month"]) == (profile, month):
                yield told

    @property
    def _records(self) -> Path:
        return self.folder / "records"

    def _file(self, key: str, version: int, what: str) -> Path:
        return self._records / f"{files.name_of(key)}-{version}-{what}.json"

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One at a time, or the workbook of one would lack the row of the other."""
        self._records.mkdir(parents=True, exist_ok=True)
        with (self.folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    # — the workbook —

    def _bind(self, profile: str, month: str) -> Path:
        """Make the workbook of a month anew from its records."""
        rows = sorted(self._of(profile, month), key=lambda told: int(told["row"]))
        sent = [told for told in rows if "fields" in told]
        gone = [told for told in rows if "reason" in told]
        columns = list(dict.fromkeys(column for told in sent for column in told["columns"]))
        book = Workbook(write_only=True)
        _sheet(
            book, "报送", columns, [[told["fields"].get(c, "") for c in columns] for told in sent]
        )
        if gone:
            told_of = [[told["number"], told["on"], told["reason"]] for told in gone]
            _sheet(book, "撤回", _WITHDRAWALS, told_of)
        made = io.BytesIO()
        book.save(made)
        name = "".join(c if c.isalnum() or c in "-_." else "_" for c in profile)
        target = self.folder / f"报送-{name}-{month}.xlsx"
        files.write(target, made.getvalue())
        return target


def _sheet(book: Workbook, title: str, columns: Any, rows: list[list[str]]) -> None:
    sheet = book.create_sheet(title)
    for row in (columns, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, harmless(value))
            # Text, so that no program reads a formula or cuts a number of eighteen digits.
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)


def platform(settings: Settings) -> Spreadsheet:
    return Spreadsheet(settings.data_dir / "returns")
