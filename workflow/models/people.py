"""人 — accounts and who is signed in, tokens, delegations, what a person keeps, and changes of the office file."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workflow.models.base import Moment, Serial, metadata

office_proposal = Table(
    "office_proposal",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("base", Integer, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("state", String(10), nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_at", Moment, nullable=False),
    Column("decided_by", String(64), nullable=False, server_default=""),
    Column("decided_at", Moment),
    Column("said", String(500), nullable=False, server_default=""),
    Column("version", Integer),
    Index(None, "office_id", "state"),
)
"""Changed office files that somebody proposed, and what a second person did with each."""

saved_filter = Table(
    "saved_filter",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("name", String(40), nullable=False),
    Column("query", String(500), nullable=False),
    Column("created_at", Moment, nullable=False),
    sa.UniqueConstraint("office_id", "person_id", "name"),
)
"""筛选 — what a person asks of the list again and again, under a name of their own."""

token = Table(
    "token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("purpose", String(10), nullable=False, server_default="api"),
    Column("scopes", String(200), nullable=False, server_default=""),
)

delegation = Table(
    "delegation",
    metadata,
    Column("office_id", ForeignKey("office.id"), primary_key=True),
    Column("id", String(36), primary_key=True),
    Column("principal", String(64), nullable=False),
    Column("delegate", String(64), nullable=False),
    Column("verbs", Text, nullable=False),
    Column("cases", Text, nullable=False),
    Column("from_on", sa.Date, nullable=False),
    Column("until_on", sa.Date, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("proof", String(200), nullable=False),
    Column("given_by", String(64), nullable=False),
    Column("given_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("revoked_by", String(64)),
    Column("revoked_because", String(500)),
    Index(None, "office_id", "until_on"),
)
"""委托 — who signs for whom, from when until when, for which verbs and (empty: all) cases."""

account = Table(
    "account",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("hash", String(200), nullable=False),
    Column("initial", sa.Boolean, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("rests_until", Moment),
    Column("factors", Integer, nullable=False, server_default="0"),
    Column("factor_on", sa.Boolean, nullable=False, server_default=sa.false()),
    Column("last_step", sa.BigInteger, nullable=False, server_default="0"),
    Column("recovery", Text, nullable=False, server_default="[]"),
)

session = Table(
    "session",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("csrf", String(40), nullable=False),
    Column("began_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("address", String(64), nullable=False),
    Column("agent", String(200), nullable=False),
    Index(None, "office_id", "person_id"),
)

access_log = Table(
    "access_log",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("what", String(20), nullable=False),
    Column("by", String(64), nullable=False),
    Column("address", String(64), nullable=False),
    Index(None, "office_id", "at"),
    Index(None, "address", "what", "at"),
)
