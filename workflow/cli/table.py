"""Columns that stand under each other although a Chinese character is two cells wide."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import east_asian_width


def width(text: str) -> int:
    """How many cells of a terminal a text takes."""
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def lines(rows: Sequence[Sequence[str]], *, indent: str = "  ") -> list[str]:
    """The rows as lines, every column as wide as its widest cell; the last one ends where it ends."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [
        indent
        + "  ".join(
            cell + " " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)
        ).rstrip()
        for row in rows
    ]
