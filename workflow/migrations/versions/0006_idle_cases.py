"""Cases are found by their state and by how long they have stood still."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "ix_cases_office_id_state_moved_at", "cases", ["office_id", "state", "moved_at"]
    )
    op.drop_index("ix_cases_office_id_state", "cases")


def downgrade() -> None:
    op.create_index("ix_cases_office_id_state", "cases", ["office_id", "state"])
    op.drop_index("ix_cases_office_id_state_moved_at", "cases")
