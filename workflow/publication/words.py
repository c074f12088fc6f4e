"""检索 — how a notice is found by the words in it, in text that has no spaces.

On SQLite each pair of neighbouring characters is a token of a full-text index; a word of any length is then
a run of pairs, and the index gives them newest first because its row numbers are the places in the list.
Anywhere else the plain text is searched, on PostgreSQL with an index of its pairs (workflow/models/grams.py).
"""

from __future__ import annotations

import hashlib
import unicodedata
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workflow import models
from workflow.models import grams
from workflow.publication.notice import PublicNotice

MOST_WORDS = 8
"""Words of one search that count; more of them narrow nothing that eight have not narrowed."""

INDEX = sa.table("notice_words", sa.column("rowid", sa.BigInteger), sa.column("grams"))

FOUND: sa.ColumnElement[int] = sa.literal_column("+notice_words.rowid", sa.BigInteger)
"""The rows of the index to join by; the sign keeps SQLite from asking the index about every single notice."""

_MATCH = sa.literal_column("notice_words").op("MATCH")
_ADD = sa.text("INSERT INTO notice_words (rowid, grams) VALUES (:place, :grams)")
# An index that keeps no text of its own has to be told what it shall forget.
_FORGET = sa.text(
    "INSERT INTO notice_words (notice_words, rowid, grams) VALUES ('delete', :place, :grams)"
)
_HAS_INDEX = sa.text("SELECT 1 FROM sqlite_master WHERE name = 'notice_words'")


def plain(text: str) -> str:
    """Letters, figures and characters alone: 〔2026〕 and [2026] and ２０２６ read the same."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum())


def split(asked: str) -> list[str]:
    """What somebody typed, as the words that must all be there."""
    return [word for part in asked.split() if (word := plain(part))][:MOST_WORDS]


def words_of(notice: PublicNotice) -> str:
    """Everything of a notice that can be searched, a field a line."""
    told = (
        notice.number, notice.title, notice.party, notice.party_code, notice.facts,
        *notice.violated, *notice.basis, *notice.kinds, notice.content, notice.organ,
    )  # fmt: skip
    return "\n".join(plain(text) for text in told if text)


def has_index(tx: Connection) -> bool:
    return tx.dialect.name == "sqlite" and tx.execute(_HAS_INDEX).first() is not None


def add(tx: Connection, office: str, organ: str, words: str, place: int) -> None:
    if has_index(tx):
        tx.execute(_ADD, {"place": place, "grams": _grams(office, organ, words)})


def forget(tx: Connection, office: str, organ: str, words: str, place: int) -> None:
    """The same values with which it was added, or the index is wrong from then on."""
    if has_index(tx):
        tx.execute(_FORGET, {"place": place, "grams": _grams(office, organ, words)})


def in_index(office: str, organ: str, words: list[str]) -> sa.ColumnElement[bool]:
    """The condition on `INDEX`."""
    runs = [_mark("o", office), *([_mark("u", organ)] if organ else [])]
    runs += [_run(word) for word in words]
    return _MATCH(" AND ".join(runs))


def in_text(tx: Connection, words: list[str]) -> list[sa.ColumnElement[bool]]:
    """The same, on the table alone."""
    return grams.holding(tx, models.notice.c.slug, models.notice.c.words, words)


def _grams(office: str, organ: str, words: str) -> str:
    pairs = (_code(a) + _code(b) for a, b in pairwise(f"{words}\n"))
    return " ".join([_mark("o", office), _mark("u", organ), *pairs])


def _run(word: str) -> str:
    """A phrase of the index's language; one character alone begins some pair."""
    if len(word) == 1:
        return f"{_code(word)}*"
    return '"' + " ".join(_code(a) + _code(b) for a, b in pairwise(word)) + '"'


def _code(character: str) -> str:
    # SQLite's own idea of a letter is as old as SQLite; figures are figures in every edition.
    return f"x{ord(character):05x}"


def _mark(kind: str, name: str) -> str:
    return f"{kind}{hashlib.sha256(name.encode()).hexdigest()[:16]}"
