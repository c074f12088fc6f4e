"""导出 — the ledger as a file that is checked without this program's database, and tables as workbooks."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from sqlalchemy.engine import Connection

from policies.facts import canonical
from workflow import models
from workflow.cells import harmless

_C, _L = models.cases.c, models.ledger.c

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger_lines(tx: Connection, office: str, case: str = "") -> Iterator[str]:
    """One JSON line per entry of an office or of one case of it, then one per case that says how it stands."""
    mine = [_C.office_id == office, *([_C.id == case] if case else [])]
    entries = (
        sa.select(_L.case_id, _L.seq, _L.prev, _L.hash, _L.body)
        .where(_L.case_id.in_(sa.select(_C.id).where(*mine)))
        .order_by(_L.case_id, _L.seq)
    )
    for e in tx.execute(entries).yield_per(1_000):
        line = {"case": e.case_id, "seq": e.seq, "prev": e.prev, "hash": e.hash, "body": e.body}
        yield canonical(line) + "\n"
    rows = sa.select(_C.id, _C.flow, _C.state, _C.version, _C.head, _C.doc).where(*mine)
    for r in tx.execute(rows.order_by(_C.id)).yield_per(1_000):
        told = {
            "stands": r.id,
            "flow": r.flow,
            "state": r.state,
            "version": r.version,
            "head": r.head,
            "document": json.loads(r.doc),
        }
        yield canonical(told) + "\n"


_NUMBER = re.compile(
    r"(?<![0-9A-Za-z])(?:[0-9]{17}[0-9Xx]|[0-9]{15}|1[3-9][0-9]{9})(?![0-9A-Za-z])"
)


def without_numbers(text: str) -> str:
    """Free text with identity and telephone numbers masked: the first three digits and the last two stay."""
    return _NUMBER.sub(lambda m: f"{m[0][:3]}{'*' * (len(m[0]) - 5)}{m[0][-2:]}", text)


def workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A sheet of texts: no cell is a formula, no long number is cut, no identity number stands in full."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in (columns, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, harmless(without_numbers(str(value))))
            cell.data_type, cell.number_format = "s", "@"
            cells.append(cell)
        sheet.append(cells)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()
