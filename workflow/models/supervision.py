"""督察 — what entries owe an explanation for, dossiers that were drawn and scored, proofs of integrity."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy import Column, ForeignKey, Index, Integer, String, Table, Text

from workflow.models.base import Moment, metadata

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
