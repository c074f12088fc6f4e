"""导出 Excel — the case list as it is filtered, as a workbook that other programs can take in safely.

Dates are dates, names of citizens are masked, and no cell begins as a formula does.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from datetime import date, datetime

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

from workflow.cells import harmless
from workflow.identifiers import masked
from workflow.workbench import Line

MOST = 10_000
"""Cases in one workbook."""

COLUMNS: dict[str, int] = {
    "案号": 26, "当事人": 28, "案由": 34, "程序": 10, "当前环节": 14, "登记日期": 12, "承办人": 16,
    "期限届满日": 12, "剩余自然日": 11, "下一步": 26, "由谁办": 20, "缺哪份文书": 30,
    "法制审核": 18, "公示": 14, "公示截止": 12, "最近办理": 12,
}  # fmt: skip
"""Title → width."""


def workbook(lines: Iterable[Line], heading: str, today: date) -> bytes:
    """One sheet: `heading` in the first row, the titles in the second, a case in each row below."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("案件")
    sheet.freeze_panes = "B3"
    for place, width in enumerate(COLUMNS.values()):
        sheet.column_dimensions[chr(ord("A") + place)].width = width
    sheet.append([WriteOnlyCell(sheet, harmless(heading))])
    titles = [WriteOnlyCell(sheet, title) for title in COLUMNS]
    for cell in titles:
        cell.font, cell.alignment = Font(bold=True), Alignment(vertical="top")
    sheet.append(titles)
    for line in lines:
        cells = []
        for value in _row(line, today):
            if isinstance(value, date):
                cell = WriteOnlyCell(sheet, datetime.combine(value, datetime.min.time()))
                cell.number_format = "yyyy-mm-dd"
            else:
                cell = WriteOnlyCell(sheet, harmless(value) if isinstance(value, str) else value)
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _row(line: Line, today: date) -> list[str | int | date | None]:
    return [
        line.number,
        masked("name", line.party) if line.citizen else line.party,
        line.title,
        line.procedure,
        line.state.label,
        line.opened_at.date(),
        "、".join(line.officers),
        line.due_on,
        (line.due_on - today).days if line.due_on else None,
        line.next_words,
        line.holder,
        "、".join(line.lacking),
        "不需要" if line.flow == "summary" else line.review,
        line.publication,
        line.publish_by,
        line.moved_at.date(),
    ]
