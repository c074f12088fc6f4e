"""What entries owe an explanation for stands in rows; draws and score sheets of dossier reviews."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow import findings
from workflow.models import Moment

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    made = op.create_table(
        "finding",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("key", sa.String(80), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.Column("verb", sa.String(40), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("person", sa.String(100), nullable=False),
        sa.Column("rule", sa.String(10), nullable=False),
        sa.Column("cite", sa.String(300), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("excuse", sa.Text(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_finding_case_id"),
        sa.PrimaryKeyConstraint("case_id", "seq", "kind", "key", name="pk_finding"),
    )
    for columns in (
        ["office_id", "kind", "on", "case_id", "seq", "key"],
        ["office_id", "kind", "key", "on", "cents"],
    ):
        op.create_index(f"ix_finding_{'_'.join(columns)}", "finding", columns)
    own = set(made.c.keys())
    for rows in findings.from_ledger(op.get_bind()):
        if rows:
            op.bulk_insert(made, [{k: v for k, v in row.items() if k in own} for row in rows])
    op.create_table(
        "dossier_draw",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("offices", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("per_procedure", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("seed", sa.String(80), nullable=False),
        sa.Column("method", sa.String(40), nullable=False),
        sa.Column("population", sa.Text(), nullable=False),
        sa.Column("drawn", sa.Text(), nullable=False),
        sa.Column("drawn_by", sa.String(64), nullable=False),
        sa.Column("drawn_by_name", sa.String(100), nullable=False),
        sa.Column("drawn_at", Moment(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_dossier_draw"),
    )
    op.create_index("ix_dossier_draw_office_id_drawn_at", "dossier_draw", ["office_id", "drawn_at"])
    op.create_table(
        "dossier_score",
        sa.Column("draw_id", sa.String(36), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("lost", sa.Text(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("grade", sa.String(10), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("scored_by", sa.String(64), nullable=False),
        sa.Column("scored_by_name", sa.String(100), nullable=False),
        sa.Column("scored_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["draw_id"], ["dossier_draw.id"], name="fk_dossier_score_draw_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_dossier_score_case_id"),
        sa.PrimaryKeyConstraint("draw_id", "case_id", "round", name="pk_dossier_score"),
    )
    op.create_table(
        "integrity_check",
        sa.Column("id", sa.String(36), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_by_name", sa.String(100), nullable=False),
        sa.Column("asked_at", Moment(timezone=True), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("progress", sa.Text(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("finished_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_integrity_check"),
    )
    for columns in (["state", "asked_at"], ["office_id", "asked_at"]):
        name = f"ix_integrity_check_{'_'.join(columns)}"
        op.create_index(name, "integrity_check", columns)


def downgrade() -> None:
    op.drop_table("integrity_check")
    for name in ("dossier_score", "dossier_draw", "finding"):
        op.drop_table(name)
