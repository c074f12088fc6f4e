"""平台清单 — the list that a platform hands out, read whatever form it has: csv, xlsx or JSON.

Columns go by their codes or their Chinese names; the header may stand below a title. What a list does not
tell is not compared.
"""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from workflow.errors import FashenError

NAMES = {
    "number": ("CF_WSH", "行政处罚决定书文号", "处罚决定书文号", "决定书文号", "文号"),
    "party": ("CF_XDR_MC", "行政相对人名称", "相对人名称", "当事人", "名称"),
    "decided_on": ("CF_JDRQ", "处罚决定日期", "决定日期"),
    "amount": ("CF_NR_FK", "罚款金额（万元）", "罚款金额"),
    "receipt": ("receipt", "回执", "回执号", "回执编号"),
    "on": ("on", "接收日期", "公示日期", "入库日期"),
}
"""What we compare → what platforms call it."""

_HEADER_WITHIN = 10
"""Rows; above the header there may be a title and who made the list."""

MOST = 50 * 1024 * 1024


class Unreadable(FashenError):
    title = "清单读不出来"


@dataclass(frozen=True, slots=True)
class Line:
    """One record as a list tells it; None where it has no such column."""

    number: str
    party: str | None = None
    decided_on: str | None = None
    amount: str | None = None
    receipt: str | None = None
    on: str | None = None


def read(file: Path) -> list[Line]:
    """Every record of the list; `Unreadable` says what is missing and what was found."""
    try:
        if file.stat().st_size > MOST:
            raise _too_long(file.name)
        content = file.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"读不到 {file}（{wrong.strerror}）；核对路径。") from None
    return parse(content, file.name)


def parse(content: bytes, name: str) -> list[Line]:
    """The same of what somebody sent; the name says what kind of file it is."""
    if len(content) > MOST:
        raise _too_long(name)
    header, body = _header(name, list(_rows(content, name)))
    found = []
    for row in body:
        told = {name: _text(row[at]) if at < len(row) else "" for name, at in header.items()}
        if told["number"]:
            found.append(Line(**told))
    return found


def _too_long(name: str) -> Unreadable:
    return Unreadable(f"{name} 超过 50 MB，没有读；请分月导出。")


def _rows(content: bytes, name: str) -> Iterable[Sequence[Any]]:
    kind = Path(name).suffix.lower()
    if kind == ".json":
        return _json(content, name)
    if kind in (".xlsx", ".xlsm"):
        return _workbook(content, name)
    if kind in (".csv", ".txt", ".tsv"):
        return _csv(content, name)
    raise Unreadable(f"{name}：只认 csv、xlsx、json；旧的 .xls 请另存为 .xlsx。")


def _csv(content: bytes, name: str) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        first = text[:2000]
        comma = max(",\t;，", key=first.count)
        try:
            yield from csv.reader(io.StringIO(text, newline=""), delimiter=comma)
        except csv.Error:
            raise Unreadable(f"{name} 的引号或者分隔有误，读不成表格。") from None
        return
    raise Unreadable(f"{name} 既不是 UTF-8 也不是 GB18030 的文字。")


def _workbook(content: bytes, name: str) -> Iterator[Sequence[Any]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except Exception as wrong:  # a broken workbook fails in the ways of zip, XML and openpyxl
        raise Unreadable(f"{name} 不是 xlsx 工作簿（{type(wrong).__name__}）。") from None
    try:
        yield from book.worksheets[0].iter_rows(values_only=True)
    finally:
        book.close()


def _json(content: bytes, name: str) -> Iterator[Sequence[Any]]:
    try:
        found = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} 不是完整的 JSON。") from None
    if isinstance(found, dict):
        found = next((v for v in found.values() if isinstance(v, list)), [])
    records = [r for r in found if isinstance(r, dict)] if isinstance(found, list) else []
    names = list(dict.fromkeys(name for r in records for name in r))
    yield names
    for r in records:
        yield [r.get(name) for name in names]


def _header(name: str, rows: list[Sequence[Any]]) -> tuple[dict[str, int], list[Sequence[Any]]]:
    for n, row in enumerate(rows[:_HEADER_WITHIN]):
        titles = [_text(cell) for cell in row]
        at = {field: titles.index(t) for field, ts in NAMES.items() for t in ts if t in titles}
        if "number" in at:
            return at, rows[n + 1 :]
    seen = "、".join(_text(cell) for row in rows[:1] for cell in row if cell)[:200]
    raise Unreadable(
        f"{name} 前 {_HEADER_WITHIN} 行里没有文号一栏（{'、'.join(NAMES['number'])}）；"
        f"第一行是：{seen or '空的'}。"
    )


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).strip().removeprefix("'").strip()


# — the same thing written differently ——————————————————————————————————————————————————————

_BRACKETS = str.maketrans("[【(（「〈<［", "〔〔〔〔〔〔〔〔") | str.maketrans(
    "]】)）」〉>］", "〕〕〕〕〕〕〕〕"
)


def plain_number(number: str) -> str:
    """A 文号 as everybody writes it: no spaces, hexagonal brackets."""
    return "".join(unicodedata.normalize("NFKC", number).translate(_BRACKETS).split())


def plain_date(text: str) -> str:
    """A day as YYYY-MM-DD, or the text where it is no day."""
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers = [numbers[0][:4], numbers[0][4:6], numbers[0][6:]]
    try:
        return date(*map(int, numbers[:3])).isoformat()
    except (TypeError, ValueError):
        return text


def plain_amount(text: str) -> str:
    """万元 without the noughts that say nothing; nothing is nought."""
    try:
        return f"{Decimal(text.replace(',', '') or '0').normalize():f}"
    except InvalidOperation:
        return text


def plain_name(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def same_name(ours: str, theirs: str) -> bool:
    """A list may show a citizen by the surname alone."""
    ours, theirs = plain_name(ours), plain_name(theirs)
    if re.fullmatch(r".[*×某○xX]+", theirs):
        return ours[:1] == theirs[:1]
    return ours == theirs


def as_mapping(line: Line) -> Mapping[str, str]:
    """What the list tells of a record."""
    told = {name: getattr(line, name) for name in NAMES}
    return {name: text for name, text in told.items() if text is not None}
