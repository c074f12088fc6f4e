"""Pairs of characters of what is searched stand in an index on PostgreSQL."""

from __future__ import annotations

from alembic import op

from workflow.models import grams

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in grams.TABLES:
        grams.index(op.get_bind(), table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in grams.TABLES:
            op.drop_index(f"ix_{table}_grams", table)
        op.execute("DROP FUNCTION fashen_grams(text)")
