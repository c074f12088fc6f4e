"""检索 — text without spaces, found by its characters and their pairs on PostgreSQL.

`fashen_grams` gives every character and every pair of neighbours of a text; an index of these leads to what
holds a rare word; a common one is found as soon in the order of the list. Elsewhere the plain text is searched.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import ARRAY

FUNCTION = """
CREATE OR REPLACE FUNCTION fashen_grams(words text) RETURNS text[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT coalesce(array_agg(DISTINCT gram), ARRAY[]::text[])
    FROM (SELECT c, lead(c) OVER (ORDER BY i) AS next
          FROM unnest(string_to_array(words, NULL)) WITH ORDINALITY AS t(c, i)) AS pair,
         LATERAL (VALUES (c), (c || next)) AS found(gram)
    WHERE gram IS NOT NULL
$$
"""

TABLES = ("case_line", "notice")
"""Tables whose `words` are searched so."""

FEW = 1000
"""So many rows are little enough to be named one by one."""

_PLANS = sa.text(
    "SELECT set_config(name, :to, true)"
    " FROM unnest(ARRAY['enable_seqscan', 'enable_indexscan', 'enable_indexonlyscan']) AS name"
)


def index(connection: sa.Connection, table: str) -> None:
    """Make the index of one table; nothing on SQLite, which has an index of its own or reads its rows."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(FUNCTION)
        connection.exec_driver_sql(
            f"CREATE INDEX ix_{table}_grams ON {table} USING gin (fashen_grams(words))"
        )


def holding(
    tx: sa.Connection,
    key: sa.ColumnElement[str],
    words: sa.ColumnElement[str],
    sought: Sequence[str],
) -> list[sa.ColumnElement[bool]]:
    """The conditions that `words` hold all these texts, none of them empty; `key` names a row of the table.

    On PostgreSQL what the index finds is named by its keys where it is little. Where it is much, a list in its
    own order comes upon it soon, and the index would only gather it all first.
    """
    if tx.dialect.name != "postgresql":
        return [sa.func.instr(words, text) > 0 for text in sought]
    exact = [sa.func.strpos(words, text) > 0 for text in sought]
    grams = sorted({gram for text in sought for gram in _grams(text)})
    found = _found(tx, key, words, grams) if grams else []
    return [key.in_(found), *exact] if grams and len(found) <= FEW else exact


def _grams(text: str) -> list[str]:
    return [a + b for a, b in pairwise(text)] or [text]


def _found(
    tx: sa.Connection, key: sa.ColumnElement[str], words: sa.ColumnElement[str], grams: list[str]
) -> Sequence[str]:
    """Keys of the rows with all these grams, no more than one beyond `FEW`; by the index and in no other way,
    because every other way makes the grams of each row anew."""
    tx.execute(_PLANS, {"to": "off"})
    held = sa.func.fashen_grams(words).op("@>")(sa.cast(grams, ARRAY(sa.Text)))
    found = tx.execute(sa.select(key).where(held).limit(FEW + 1)).scalars().all()
    tx.execute(_PLANS, {"to": "on"})
    return found


def listen(tables: Sequence[sa.Table]) -> None:
    """A schema that is made without its history has the indexes as well."""

    def made(table: sa.Table, connection: sa.Connection, **_: Any) -> None:
        index(connection, table.name)

    for table in tables:
        sa.event.listen(table, "after_create", made)
