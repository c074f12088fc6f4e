"""The tables. Rows beside the case document are projections that must be searched, joined or swept."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(sa.types.TypeDecorator[datetime]):
    """A moment in UTC: `timestamptz` on PostgreSQL, sortable text on SQLite, always aware in Python."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs its zone: {value!r}")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value


Serial = sa.BigInteger().with_variant(Integer, "sqlite")

office = Table(
    "office",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("version", Integer, nullable=False),
    Column("cases_opened", Integer, nullable=False, default=0),
)

office_version = Table(
    "office_version",
    metadata,
    Column("office_id", ForeignKey("office.id"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("body", Text, nullable=False),
    Column("loaded_at", Moment, nullable=False),
    Column("loaded_by", String(64), nullable=False),
)

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

cases = Table(
    "cases",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("flow", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("version", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("doc", Text, nullable=False),
    Column("title", String(200), nullable=False, default=""),
    Column("number", String(80), nullable=False, default=""),
    Column("party_name", String(200), nullable=False, default=""),
    Column("party_key", String(80), nullable=False, default=""),
    Column("power", String(64), nullable=False, default=""),
    Column("act_on", String(10), nullable=False, default=""),
    Column("opened_at", Moment, nullable=False),
    Column("moved_at", Moment, nullable=False),
    sa.UniqueConstraint("office_id", "ordinal"),
    Index(None, "office_id", "state", "moved_at"),
    Index(None, "office_id", "party_key"),
)

case_line = Table(
    "case_line",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("ordinal", Integer, nullable=False),
    Column("flow", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("number", String(80), nullable=False),
    Column("party", String(200), nullable=False),
    Column("title", String(200), nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("moved_at", Moment, nullable=False),
    Column("next_verb", String(40), nullable=False),
    Column("waits_for", Text, nullable=False),
    Column("due_on", sa.Date),
    Column("warned_on", sa.Date),
    Column("red_on", sa.Date),
    Column("publish_by", sa.Date),
    Column("decided_on", sa.Date),
    Column("supervised_by", sa.Date),
    Column("review", String(40), nullable=False),
    Column("publication", String(40), nullable=False),
    Column("words", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Index(None, "office_id", "moved_at"),
    Index(None, "office_id", "state", "moved_at"),
    Index(None, "office_id", "due_on"),
    Index(None, "office_id", "warned_on", "red_on"),
    Index(None, "office_id", "red_on"),
    Index(None, "office_id", "publish_by"),
    Index(None, "office_id", "decided_on", "flow"),
    Index(None, "office_id", "supervised_by"),
    # What is asked of every case stands in an index of its own, so that no row is read to be left out.
    Index("ix_case_line_waiting", "office_id", "waits_for", "case_id"),
    Index("ix_case_line_search", "office_id", "moved_at", "words", "case_id"),
)
"""What the workbench shows, sorts and searches of each case (workflow/lines.py).

From `warned_on` a card hangs on the case, from `red_on` a red one.
"""

case_person = Table(
    "case_person",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("part", String(10), nullable=False),
    Column("seq", Integer),
    Column("verb", String(40), nullable=False),
    Column("at", Moment),
    Index(None, "office_id", "person_id", "part", "case_id"),
    Index(None, "office_id", "person_id", "at", "case_id"),
)
"""Who has to do with a case: `part` says what for, `seq` the last step that they took."""

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

ledger = Table(
    "ledger",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("prev", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
    Column("body", Text, nullable=False),
)

finding = Table(
    "finding",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("kind", String(10), primary_key=True),
    Column("key", String(80), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("on", sa.Date, nullable=False),
    Column("verb", String(40), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("person", String(100), nullable=False),
    Column("rule", String(10), nullable=False),
    Column("cite", String(300), nullable=False),
    Column("reason", Text, nullable=False),
    Column("excuse", Text, nullable=False),
    Column("cents", sa.BigInteger),
    # A page of the newest is read off the first from its end; the numbers of a year stand in either whole.
    Index(None, "office_id", "kind", "on", "case_id", "seq", "key"),
    Index(None, "office_id", "kind", "key", "on", "cents"),
)
"""督察台账 — what entries owe an explanation for (workflow/findings.py); `key` is a rule, a clock or a power."""

dossier_draw = Table(
    "dossier_draw",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("offices", Text, nullable=False),
    Column("since", sa.Date, nullable=False),
    Column("until", sa.Date, nullable=False),
    Column("per_procedure", sa.Boolean(create_constraint=False), nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("seed", String(80), nullable=False),
    Column("method", String(40), nullable=False),
    Column("population", Text, nullable=False),
    Column("drawn", Text, nullable=False),
    Column("drawn_by", String(64), nullable=False),
    Column("drawn_by_name", String(100), nullable=False),
    Column("drawn_at", Moment, nullable=False),
    Index(None, "office_id", "drawn_at"),
)
"""案卷评查的抽样 — which closed cases were drawn out of which, by which seed; `office_id` is the drawer's office."""

dossier_score = Table(
    "dossier_score",
    metadata,
    Column("draw_id", ForeignKey("dossier_draw.id"), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("lost", Text, nullable=False),
    Column("total", Integer, nullable=False),
    Column("grade", String(10), nullable=False),
    Column("remark", Text, nullable=False),
    Column("scored_by", String(64), nullable=False),
    Column("scored_by_name", String(100), nullable=False),
    Column("scored_at", Moment, nullable=False),
)
"""评查评分 — every sheet that was saved stays; the highest `round` counts. `version` is the step the case had then."""

integrity_check = Table(
    "integrity_check",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("asked_by", String(64), nullable=False),
    Column("asked_by_name", String(100), nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("progress", Text, nullable=False),
    Column("step", Integer, nullable=False),
    Column("finished_at", Moment),
    Index(None, "state", "asked_at"),
    Index(None, "office_id", "asked_at"),
)
"""核验 — a proof of integrity that is, or was, under way (workflow/integrity.py); `step` fences its slices."""

deadline = Table(
    "deadline",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("clock", String(40), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("start", sa.Date, nullable=False),
    Column("span", String(16), nullable=False),
    Column("due", sa.Date, nullable=False),
    Column("rolled", sa.Date, nullable=False),
    Column("ends", sa.Date, nullable=False),
    Column("provisional", sa.Boolean(create_constraint=False), nullable=False),
    Column("calendar", String(40), nullable=False),
    Column("state", String(10), nullable=False),
    Column("closed_seq", Integer),
    Column("wake_at", Moment),
    Index(None, "state", "wake_at"),
    Index(None, "office_id", "state", "ends"),
    Index(None, "state", "calendar"),
)

alert = Table(
    "alert",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("clock", String(40), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("stage", String(10), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Index(None, "office_id", "raised_at"),
)
"""The stages of clocks that were told, each once."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("kind", String(40), nullable=False),
    Column("dedup", String(200), nullable=False, unique=True),
    Column("office_id", String(64), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("payload", Text, nullable=False),
    Column("status", String(10), nullable=False, default="ready"),
    Column("attempts", Integer, nullable=False, default=0),
    Column("created_at", Moment, nullable=False),
    Column("available_at", Moment, nullable=False),
    Column("sent_at", Moment),
    Column("lease_until", Moment),
    Column("lease_token", String(32)),
    Column("last_error", String(500)),
    Column("receipt", String(200)),
    Column("done_at", Moment),
    Index(None, "status", "available_at"),
    Index(None, "case_id"),
)

requeued = Table(
    "requeued",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("message_id", ForeignKey("outbox.id"), nullable=False),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("reason", String(500), nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(500)),
    Index(None, "message_id"),
)
"""Who let a dead message be tried again, and why; how it had failed."""

channel = Table(
    "channel",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("failures", Integer, nullable=False, default=0),
    Column("rests_until", Moment),
    Column("failed_at", Moment),
    Column("error", String(500)),
    Column("done_at", Moment),
)
"""How each way out fares; one that failed rests for a while, and only one letter tries it then."""

day_begun = Table(
    "day_begun",
    metadata,
    Column("office_id", ForeignKey("office.id"), primary_key=True),
    Column("day", sa.Date, primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Days whose digest and watch an office has had."""

inbox = Table(
    "inbox",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("dedup", String(200), nullable=False, unique=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("stage", String(10), nullable=False),
    Column("text", String(500), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("shown_at", Moment),
    Column("read_at", Moment),
    Index(None, "office_id", "person_id", "created_at"),
)

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

precedent = Table(
    "precedent",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("power", String(64), nullable=False),
    Column("side", String(8), nullable=False),
    Column("decided_on", sa.Date, nullable=False),
    Column("fen", sa.BigInteger, nullable=False),
    Column("stands", sa.Boolean(create_constraint=False), nullable=False),
    # The newest amounts of an item and a kind of party are read from the index alone.
    Index(None, "office_id", "power", "side", "decided_on", "fen", "stands"),
)
"""类案 — what a decided case came to, for whoever weighs the next one; `side` is `citizen` or `org`.

`stands` is false once a review body, a court or the office itself has effectively changed or revoked it.
"""

file = Table(
    "file",
    metadata,
    Column("id", String(36), primary_key=True),
    Column("office_id", ForeignKey("office.id"), nullable=False),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
    Column("sha256", String(64), nullable=False, server_default=""),
    Column("size", sa.BigInteger, nullable=False),
    Column("media_type", String(80), nullable=False, server_default=""),
    Column("name", String(255), nullable=False),
    Column("declared", String(80), nullable=False, server_default=""),
    Column("uploaded_by", String(64), nullable=False),
    Column("uploaded_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("state", String(10), nullable=False),
    Column("key", String(200)),
    Column("detail", Text, nullable=False, server_default=""),
    Column("checked_at", Moment),
    Column("fault", String(200), nullable=False, server_default=""),
    sa.UniqueConstraint("office_id", "uploaded_by", "key"),
    Index(None, "case_id"),
    Index(None, "sha256"),
    Index(None, "state", "seen_at"),
    Index(None, "state", "checked_at"),
)
"""证据文件 — what was uploaded to a case; the bytes lie in the store under their `sha256` (workflow/files).

`state` is receiving, placing, ready or registered: only the last is named by a ledger. `detail` is what was
read in the file, as JSON; `checked_at` when its bytes were last compared, `fault` what was found then.
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

identifier = Table(
    "identifier",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("digest", String(80), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("value", Text, nullable=False),
)

document_number = Table(
    "document_number",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("kind", String(40), primary_key=True),
    Column("number", String(120), primary_key=True),
    Column("case_id", ForeignKey("cases.id"), nullable=False),
)

command_key = Table(
    "command_key",
    metadata,
    Column("office_id", String(64), primary_key=True),
    Column("person_id", String(64), primary_key=True),
    Column("key", String(200), primary_key=True),
    Column("request", String(64), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("outcome", Text, nullable=False),
)

refusal = Table(
    "refusal",
    metadata,
    Column("id", Serial, primary_key=True, autoincrement=True),
    Column("office_id", String(64), nullable=False),
    Column("case_id", String(36), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("verb", String(40), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("at", Moment, nullable=False),
    Column("entered", Moment, nullable=False),
    Column("reasons", Text, nullable=False),
    Index(None, "office_id", "case_id"),
)

token = Table(
    "token",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("person_id", String(64), nullable=False),
    Column("created_at", Moment, nullable=False),
    Column("revoked_at", Moment),
    Column("purpose", String(10), nullable=False, server_default="api"),
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

law_text = Table(
    "law_text",
    metadata,
    Column("statute", String(40), primary_key=True),
    Column("digest", String(64), primary_key=True),
    Column("articles", Text, nullable=False),
    Column("source", String(200), nullable=False),
    Column("imported_at", Moment, nullable=False),
    Column("imported_by", String(64), nullable=False),
)

heartbeat = Table(
    "heartbeat",
    metadata,
    Column("name", String(80), primary_key=True),
    Column("at", Moment, nullable=False),
    Column("detail", String(200), nullable=False, default=""),
)

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
