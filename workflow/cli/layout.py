"""版面 — lines and columns on a terminal, where a Chinese character takes two columns.

Only a terminal gets broken lines: what goes into a file or a pipe keeps one line per sentence.
"""

from __future__ import annotations

import re
import shutil
import sys
import unicodedata
from collections.abc import Iterable, Sequence

NARROWEST = 40
"""Columns below which breaking lines would only make them harder to read."""

# What must stay together: a run of Latin letters and digits, and a mark with the word it belongs to.
_PIECE = re.compile(r"[“‘（《〔【]*(?:[!-~]+|.)[”’）》〕】。，、；：！？…]*", re.DOTALL)


def width(text: str) -> int:
    """Columns that a text takes."""
    return sum(
        2 if unicodedata.east_asian_width(c) in "WF" else 0 if unicodedata.combining(c) else 1
        for c in text
    )


def pad(text: str, columns: int) -> str:
    """The text filled up with spaces to so many columns."""
    return text + " " * (columns - width(text))


def table(rows: Iterable[Sequence[str]], indent: str = "") -> list[str]:
    """Rows with their columns under each other; the last column ends where it ends."""
    rows = [list(row) for row in rows]
    widest = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        indent + "  ".join(pad(cell, w) for cell, w in zip(row, widest, strict=True)).rstrip()
        for row in rows
    ]


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most so many columns, each as far in as the first one's words."""
    indent = re.match(r"[\s　]*(?:\d+\. |✗ |※ )?", text)
    margin = " " * width(indent.group() if indent else "")
    if width(text) <= columns or columns < NARROWEST or len(margin) > columns // 2:
        return [text]
    lines, line = [], ""
    for piece in _PIECE.findall(text):
        if line.strip() and width(line) + width(piece.rstrip()) > columns:
            lines.append(line.rstrip())
            line = margin + piece.lstrip()
        else:
            line += piece
    return [*lines, line.rstrip()]


def columns() -> int | None:
    """How wide the terminal is; None where the output goes elsewhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else None
