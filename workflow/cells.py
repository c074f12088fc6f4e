"""表格里的字 — text that goes into a workbook and must stay text in whatever opens it."""

from __future__ import annotations

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

_DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")
"""A cell that begins so is a formula to one program or another, also after it was saved as text."""


def harmless(value: str) -> str:
    """The text as a cell may hold it: never the beginning of a formula, no control character inside."""
    clean = ILLEGAL_CHARACTERS_RE.sub(" ", value)
    return f"'{clean}" if clean.lstrip(" ").startswith(_DANGEROUS) else clean
