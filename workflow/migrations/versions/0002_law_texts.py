"""Official law texts that an office imports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

import workflow.models

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "law_text",
        sa.Column("statute", sa.String(40), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("articles", sa.Text(), nullable=False),
        sa.Column("source", sa.String(200), nullable=False),
        sa.Column("imported_at", workflow.models.Moment(timezone=True), nullable=False),
        sa.Column("imported_by", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("statute", "digest", name=op.f("pk_law_text")),
    )


def downgrade() -> None:
    op.drop_table("law_text")
