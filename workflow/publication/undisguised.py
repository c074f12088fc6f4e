"""去伪装 — a text as its reader takes it, each character with its place in the original.

Whoever wants a number past a filter writes it so that people still read it: full-width, circled, in Chinese
numerals, with things between the digits that nobody sees. Here those come off; what is found in the result
is marked in the original.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from string import ascii_lowercase, ascii_uppercase

NUMERALS = {
    numeral: str(value)
    for value, written in enumerate(
        ("〇零○◯⭕", "一壹幺弌㊀㈠", "二贰貳弍㊁㈡", "三叁參弎㊂㈢", "四肆㊃㈣", "五伍㊄㈤",
         "六陆陸㊅㈥", "七柒㊆㈦", "八捌㊇㈧", "九玖㊈㈨")
    )
    for numeral in written
}  # fmt: skip
"""Chinese numerals that stand for one digit where they stand in a row; 十 and 百 make amounts instead."""

_DIGITS = str.maketrans(NUMERALS)
_TWINS = str.maketrans(
    "АВЕКМНОРСТУХаеорсухΑΒΕΖΗΙΚΜΝΟΡΤΥΧχοІі×✕✖╳☓⨯", "ABEKMHOPCTYXaeopcyxABEZHIKMNOPTYXxoIiXXXXXX"
)
"""Cyrillic, Greek and signs that look like a Latin letter."""

_CAPITALS = str.maketrans(ascii_lowercase, ascii_uppercase)

_UNSEEN = {"Mn", "Me", "Cf", "Cs", "Co", "Cn"}
_BLANK = {"\u115f", "\u1160", "\u3164", "\uffa0"}
"""Letters by name that show nothing."""

ZERO, ONE = frozenset("Oo"), frozenset("lI")
"""What passes for 0 and for 1 inside a long number."""

DOTS = frozenset("·•‧・˙∙⋅‥᛫ㆍ")
"""Dots at half height: they part the two halves of a plate and of some names, and nothing else."""


@lru_cache(maxsize=4096)
def _seen(char: str) -> str:
    """What a reader takes one character for; nothing for what is not to be seen."""
    if " " <= char <= "~" or "\u4e00" <= char <= "\u9fff":
        return char
    if char in NUMERALS:
        return char
    category = unicodedata.category(char)
    if category in _UNSEEN or char in _BLANK or (category == "Cc" and char not in "\n\r\t\v\f\x85"):
        return ""
    if (digit := unicodedata.digit(char, None)) is not None:
        return str(digit)
    if category == "No" and (number := unicodedata.numeric(char)).is_integer() and number >= 10:
        return str(int(number))
    if char == "\u2800" or category == "Cc":
        return " "
    plain = unicodedata.normalize("NFKC", char)
    return "".join(c for c in plain if unicodedata.category(c) not in _UNSEEN).translate(_TWINS)


@dataclass(frozen=True)
class Reading:
    """A text without its disguise; `places[i]` is where character `i` stands in the original."""

    original: str
    text: str
    places: tuple[int, ...]

    @classmethod
    def of(cls, original: str) -> Reading:
        read = [(char, place) for place, c in enumerate(original) for char in _seen(c)]
        return cls(original, "".join(c for c, _ in read), tuple(p for _, p in read))

    def only(self, kept: list[int]) -> Reading:
        """The same text with only the characters at `kept`."""
        return Reading(
            self.original,
            "".join(self.text[k] for k in kept),
            tuple(self.places[k] for k in kept),
        )

    @cached_property
    def tight(self) -> Reading:
        """Without blanks, line ends and half-high dots: what words and short forms are read in."""
        text = self.text
        return self.only([k for k, c in enumerate(text) if not c.isspace() and c not in DOTS])

    @cached_property
    def letters(self) -> Reading:
        """Letters and digits alone, in small letters: what names are read in."""
        kept = self.only([k for k, c in enumerate(self.text) if c.isalnum()])
        small = "".join(c.lower() if len(c.lower()) == 1 else c for c in kept.text)
        return Reading(self.original, small, kept.places)

    @cached_property
    def digits(self) -> str:
        """The text with each Chinese numeral as its digit; the places are the same."""
        return self.text.translate(_DIGITS)

    @cached_property
    def capitals(self) -> str:
        """The digits, and small letters as capitals; the places are the same."""
        return self.digits.translate(_CAPITALS)

    def span(self, first: int, end: int) -> tuple[int, int]:
        """Where characters `first` to `end` stand in the original, with the marks that sit on the last."""
        stop = self.places[end - 1] + 1
        while stop < len(self.original) and unicodedata.category(self.original[stop]) in (
            "Mn",
            "Me",
        ):
            stop += 1
        return self.places[first], stop


# --- Numbers ------------------------------------------------------------------------------------

LIGHT = frozenset(" \t\n\r\v\f\x85-‐‑‒–—―−﹣ー_")
"""What people put between the groups of one number; `_LOOSE` parts numbers as well as digits."""
_LOOSE = LIGHT | DOTS | frozenset(".。,，、;；:：/\\|*~^+=#'\"`“”‘’()（）[]【】〔〕<>《》「」&…")
_WIDEST = 6

PLAIN, NUMERAL, ENCLOSED = range(3)
X = 10
"""The value of a check digit X."""


@dataclass(frozen=True)
class Run:
    """Digits in a row, and what stands between them: `gaps[i]` before digit `i`, `edges[i]` where a number
    may begin or end. Chinese numerals glued to digits are another word (张三13800138000), so the change is
    an edge; a row of numerals may begin anywhere."""

    reading: Reading
    values: tuple[int, ...]
    spots: tuple[int, ...]
    gaps: tuple[str, ...]
    edges: tuple[bool, ...]

    @cached_property
    def parted(self) -> tuple[int, ...]:
        """How many of the first `i` gaps have something in them."""
        total, sums = 0, [0]
        for gap in self.gaps:
            total += bool(gap)
            sums.append(total)
        return tuple(sums)

    def glued(self, first: int, end: int) -> bool:
        """Nothing stands between these digits."""
        return self.parted[end] == self.parted[first + 1]

    def whole(self, first: int, end: int) -> bool:
        """These digits read as one number: it has two ends, and its gaps are of one hand.

        Digits each by itself (1/3/8/…) are one number whatever parts them; groups are one number when blanks
        and dashes part them, or the same sign at least twice, and not one decimal point.
        """
        if not (self.edges[first] and self.edges[end]):
            return False
        gaps = [gap for gap in self.gaps[first + 1 : end] if gap]
        if len(gaps) == end - first - 1:
            return True
        if all(c in LIGHT for gap in gaps for c in gap):
            return True
        return len(gaps) > 1 and len({gap.strip() for gap in gaps}) == 1

    def number(self, first: int, end: int) -> str:
        return "".join("X" if v == X else str(v) for v in self.values[first:end])

    def before(self, first: int) -> str:
        """What stands before a digit, without blanks."""
        spot = self.spots[first]
        return "".join(self.reading.text[max(0, spot - 60) : spot].split())

    def after(self, end: int) -> str:
        """What stands after the last digit of a number, without blanks at its beginning."""
        spot = self.spots[end - 1] + 1
        return self.reading.text[spot : spot + 24].lstrip()

    def span(self, first: int, end: int) -> tuple[int, int]:
        return self.reading.span(self.spots[first], self.spots[end - 1] + 1)


def runs(reading: Reading) -> Iterator[Run]:
    """The rows of digits of a text, in order; a word or more than a few signs end a row."""
    found: list[tuple[int, int, int, str]] = []
    gap = ""
    for spot, char in enumerate(reading.text):
        value = _value(reading.text, spot)
        if value == X and not found:
            value = None  # a check digit closes a number, it opens none
        if value is not None:
            found.append((value, spot, _hand(reading, spot), gap if found else ""))
            gap = ""
        elif char in _LOOSE and len(gap) < _WIDEST:
            gap += char
        else:
            if found:
                yield _run(reading, found)
            found, gap = [], ""
    if found:
        yield _run(reading, found)


def _value(text: str, spot: int) -> int | None:
    char = text[spot]
    if char.isascii() and char.isdigit():
        return int(char)
    if char in NUMERALS:
        return int(NUMERALS[char])
    if char in "Xx":
        return X
    if char in ZERO or char in ONE:
        return None if _in_word(text, spot) else int(char in ONE)
    return None


def _in_word(text: str, spot: int) -> bool:
    """A letter that could be a digit stands beside a letter that could not (Tel, No)."""
    for step in (-1, 1):
        at, walked = spot + step, 0
        while 0 <= at < len(text) and (text[at] in ZERO or text[at] in ONE) and walked < 20:
            at, walked = at + step, walked + 1
        if (
            0 <= at < len(text)
            and text[at].isascii()
            and text[at].isalpha()
            and text[at] not in "Xx"
        ):
            return True
    return False


def _hand(reading: Reading, spot: int) -> int:
    written = reading.original[reading.places[spot]]
    if written in NUMERALS:
        return NUMERAL
    return ENCLOSED if unicodedata.category(written) == "No" else PLAIN


def _run(reading: Reading, found: list[tuple[int, int, int, str]]) -> Run:
    edges = [True]
    for (left, _, one, _), (right, _, other, gap) in pairwise(found):
        edges.append(bool(gap) or one != other or one == NUMERAL or X in (left, right))
    edges.append(True)
    return Run(
        reading,
        tuple(value for value, *_ in found),
        tuple(spot for _, spot, *_ in found),
        tuple(gap for *_, gap in found),
        tuple(edges),
    )
