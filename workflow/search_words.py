"""检索词 — what a case is found by: number, party, plate, 案由, place, and the initials as people type them.

Text is compared as letters, figures and characters alone, so 〔2026〕, [2026], 【2026】 and ２０２６ read
the same; initials are those of every reading, so that 单某 is found by sm and by dm.
"""

from __future__ import annotations

import itertools
import os
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from policies.casefile import CaseFile
from workflow.publication.words import plain
from workflow.publication.words import split as split

READINGS = 64
"""Rows of initials for one text: every reading of a name; of a longer text the first so many."""

LONGEST = 12
"""Characters of a text whose initials count: nobody types more."""

_PLATE = re.compile(
    r"[\u4e00-\u9fff][A-Z][·•\s]?(?:[A-HJ-NP-Z0-9]{4}[学挂警港澳试超]|[A-HJ-NP-Z0-9]{5,6})(?![A-Z0-9])"
)
_HAN = re.compile(r"[\u4e00-\u9fff]")


def words_of(case: CaseFile, number: str, party: str, title: str) -> str:
    """Everything that a case is found by, a line each; `party` is the name in the clear."""
    act = case.act
    place = act.place if act else ""
    numbers = [number, case.decision.number if case.decision else ""]
    said = [case.lead.text if case.lead else "", act.text if act else "", place]
    said += [*(e.name + e.proves for e in case.evidence), *(m.objects for m in case.measures)]
    said += [case.proposal.facts] if case.proposal else []
    told = [*numbers, party, title, place, *plates(said)]
    lines = [plain(text) for text in told if text]
    for text in (party, title, place):
        lines += initials(text)
    return "\n".join(dict.fromkeys(line for line in lines if line))[:2000]


def plates(texts: Iterable[str]) -> list[str]:
    """津A·12345: every number plate that is named."""
    return sorted({plate for text in texts for plate in _PLATE.findall(text.upper())})


@lru_cache(maxsize=5000)
def initials(text: str) -> tuple[str, ...]:
    """lsm for 李四明; with a character of several readings one for each."""
    if not _HAN.search(text):
        return ()
    readings = [_letters(c) for c in plain(text)[:LONGEST]]
    # The last to vary is the first character, which is the surname; so vary it first instead.
    ways = itertools.islice(itertools.product(*reversed(readings)), READINGS)
    return tuple(dict.fromkeys("".join(reversed(way)) for way in ways))


@lru_cache(maxsize=20_000)
def _letters(character: str) -> tuple[str, ...]:
    if not _HAN.match(character):
        return (character,)
    readings = _readings().get(ord(character), "").split(",")
    bare = (unicodedata.normalize("NFD", reading)[:1] for reading in readings)
    return tuple(dict.fromkeys(letter for letter in bare if letter)) or (character,)


@lru_cache(maxsize=1)
def _readings() -> dict[int, str]:
    """Every reading of every character; of phrases, whose table is ten times as long, nothing is asked."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")
    from pypinyin.pinyin_dict import pinyin_dict  # half a second, and few commands need it

    return dict(pinyin_dict)
