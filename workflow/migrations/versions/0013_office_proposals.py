"""Proposed versions of the office file, each with who proposed it, who signed for it, and what was signed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import Moment

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    serial = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "office_proposal",
        sa.Column("id", serial, nullable=False, autoincrement=True),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("base", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_at", Moment(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(64), nullable=False, server_default=""),
        sa.Column("decided_at", Moment(timezone=True), nullable=True),
        sa.Column("said", sa.String(500), nullable=False, server_default=""),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_office_proposal_office_id"),
        sa.PrimaryKeyConstraint("id", name="pk_office_proposal"),
    )
    op.create_index("ix_office_proposal_office_id_state", "office_proposal", ["office_id", "state"])


def downgrade() -> None:
    op.drop_table("office_proposal")
