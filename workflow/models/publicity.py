"""公示 — what goes to each platform, and what the public reads."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workflow.models.base import Moment, metadata

publication = Table(
    "publication",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("platform", String(40), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("key", String(200), nullable=False),
    Column("state", String(12), nullable=False),
    Column("body", Text, nullable=False, server_default=""),
    Column("digest", String(64), nullable=False),
    Column("receipt", String(200)),
    Column("error", String(500)),
    Column("intended_at", Moment, nullable=False),
    Column("tried_at", Moment),
    Column("published_at", Moment),
    Column("withdrawn_at", Moment),
    sa.UniqueConstraint("platform", "key", "version"),
    Index(None, "office_id", "platform", "state"),
)
"""What goes to each platform, one row for a decision's version: frozen before it is sent, settled by the answer."""

notice = Table(
    "notice",
    metadata,
    Column("office_id", ForeignKey("office.id"), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("slug", String(16), nullable=False),
    Column("place", sa.BigInteger, nullable=False, unique=True),
    Column("state", String(10), nullable=False),
    Column("organ", String(200), nullable=False),
    Column("number", String(120), nullable=False),
    Column("title", String(200), nullable=False),
    Column("party", String(200), nullable=False),
    Column("decided_on", sa.Date, nullable=False),
    Column("published_on", sa.Date, nullable=False),
    Column("until", sa.Date),
    Column("changed_on", sa.Date, nullable=False),
    Column("reason", String(500), nullable=False, server_default=""),
    Column("body", Text, nullable=False),
    Column("words", Text, nullable=False),
    sa.UniqueConstraint("office_id", "slug"),
    # What the list and its count ask stands in the index, so that no body is read to be left out.
    Index(None, "office_id", "place", "state", "until"),
    Index(None, "office_id", "organ", "place", "state", "until"),
    Index(None, "office_id", "changed_on"),
    Index(None, "case_id"),
)
"""公示栏 — what the public reads of each decision, and of one that was withdrawn, why.

`slug` is its name in addresses; `place` orders the list, newest decision highest; `words` is what is searched.
"""

NOTICE_WORDS = sa.DDL(  # type: ignore[no-untyped-call]
    "CREATE VIRTUAL TABLE notice_words"
    " USING fts5(grams, content='', columnsize=0, tokenize='ascii')"
)
"""On SQLite, where each pair of characters of a notice stands (workflow/publication/words.py)."""


def has_fts5(connection: sa.Connection) -> bool:
    """Whether this is an SQLite that can index words; without it a search reads every notice."""
    if connection.dialect.name != "sqlite":
        return False
    used = connection.exec_driver_sql("SELECT sqlite_compileoption_used('ENABLE_FTS5')")
    return bool(used.scalar())


def _index_words(_table: Table, connection: sa.Connection, **_: Any) -> None:
    if has_fts5(connection):
        connection.execute(NOTICE_WORDS)


sa.event.listen(notice, "after_create", _index_words)
