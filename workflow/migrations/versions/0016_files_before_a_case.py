"""What comes with a form that opens its own case belongs to none before that form is taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("file") as table:
        table.alter_column("case_id", existing_type=sa.String(36), nullable=True)


def downgrade() -> None:
    op.execute("DELETE FROM file WHERE case_id IS NULL")
    with op.batch_alter_table("file") as table:
        table.alter_column("case_id", existing_type=sa.String(36), nullable=False)
