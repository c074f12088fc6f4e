"""引用 — an article as officers write it: 《行政处罚法》第六十三条第一款, or the register's key and a number."""

from __future__ import annotations

import re
from typing import Any

from policies.lawbook import Statute, register

_NAMED = re.compile(
    r"《?(?P<name>[^《》]+?)》?\s*第\s*(?P<no>[零〇一二三四五六七八九十百千\d]+)\s*条(?P<rest>.*)"
)
_KEYED = re.compile(r"《?(?P<name>[^\s《》]+)》?\s+(?P<no>\d{1,4})\s*条?(?P<rest>.*)")
_DIGITS = {word: n for n, word in enumerate("零一二三四五六七八九")} | {"〇": 0}
_UNITS = {"十": 10, "百": 100, "千": 1000}


def read(line: str) -> dict[str, Any] | None:
    """The citation in a line; None when it cannot be read."""
    found = _NAMED.fullmatch(line.strip()) or _KEYED.fullmatch(line.strip())
    if found is None:
        return None
    article, paragraph = number(found["no"]), re.sub(r"\s", "", found["rest"])
    if not 1 <= article <= 2000 or len(paragraph) > 40:
        return None
    return {"statute": _key(found["name"].strip()), "article": article, "paragraph": paragraph}


def read_all(lines: list[str]) -> tuple[list[dict[str, Any] | None], list[str]]:
    """The citations in the lines, and a sentence for each line that is none."""
    found = [read(line) for line in lines]
    how = "请写成：《法律名称》第几条第几款，每行一条"
    return found, [
        f"“{line}”读不出来，{how}" for line, cite in zip(lines, found, strict=True) if cite is None
    ]


def number(text: str) -> int:
    """一千一百三十一 → 1131; 63 → 63; 0 for what is no number."""
    if text.isascii() and text.isdigit():
        return int(text[:9])
    total, digit = 0, None
    for word in text:
        if word in _UNITS:
            total, digit = total + (1 if digit is None else digit) * _UNITS[word], None
        elif word in _DIGITS and not digit:
            digit = _DIGITS[word]
        else:
            return 0
    return total + (digit or 0)


def _key(name: str) -> str:
    """The register's key for a printed name; a name that it does not hold stays as it was written."""
    statutes = register().statutes
    if name in statutes:
        return name
    held = [s for s in statutes.values() if name in _names(s)]
    return max(held, key=lambda s: s.in_force).key if held else name


def _names(statute: Statute) -> set[str]:
    return {statute.short, statute.name, statute.name.removeprefix("中华人民共和国")}
