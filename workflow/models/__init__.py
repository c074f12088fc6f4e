"""The tables. Rows beside the case document are projections that must be searched, joined or swept."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workflow.models import grams
from workflow.models.base import Moment as Moment
from workflow.models.base import Serial as Serial
from workflow.models.base import metadata as metadata
from workflow.models.people import access_log as access_log
from workflow.models.people import account as account
from workflow.models.people import delegation as delegation
from workflow.models.people import office_proposal as office_proposal
from workflow.models.people import saved_filter as saved_filter
from workflow.models.people import session as session
from workflow.models.people import token as token
from workflow.models.publicity import NOTICE_WORDS as NOTICE_WORDS
from workflow.models.publicity import has_fts5 as has_fts5
from workflow.models.publicity import notice as notice
from workflow.models.publicity import publication as publication
from workflow.models.supervision import dossier_draw as dossier_draw
from workflow.models.supervision import dossier_score as dossier_score
from workflow.models.supervision import finding as finding
from workflow.models.supervision import integrity_check as integrity_check

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
    Index(None, "office_id", "next_verb"),
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

case_wait = Table(
    "case_wait",
    metadata,
    Column("case_id", ForeignKey("cases.id"), primary_key=True),
    Column("verb", String(40), primary_key=True),
    Column("item", String(40), primary_key=True),
    Column("mark", String(100), primary_key=True),
    Column("office_id", String(64), nullable=False),
    Column("from_on", sa.Date),
    Index(None, "office_id", "mark", "from_on", "verb", "case_id"),
)
"""For whom a case waits besides its next step (workflow/waits.py): each move and thing once for each `mark`.

A mark is a role, or `role@person`; before `from_on` nobody need think of it.
"""

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
    Column("case_id", ForeignKey("cases.id")),
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

`state` is receiving, placing, ready or registered: only the last is named by a ledger. `case_id` is empty until
then where the form that brings the file also opens the case. `detail` is what was read in the file, as JSON;
`checked_at` when its bytes were last compared, `fault` what was found then.
"""

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

grams.listen((case_line, notice))
