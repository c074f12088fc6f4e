"""The sweep finds the running clocks that an older calendar counted."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_deadline_state_calendar", "deadline", ["state", "calendar"])


def downgrade() -> None:
    op.drop_index("ix_deadline_state_calendar", table_name="deadline")
