"""Stages that were told are rows; ways out and dead letters have theirs; an inbox knows what was read."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import Moment, Serial

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("clock", sa.String(40), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("stage", sa.String(10), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("raised_at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alert_case_id"),
        sa.PrimaryKeyConstraint("case_id", "clock", "round", "stage", name="pk_alert"),
    )
    op.create_index("ix_alert_office_id_raised_at", "alert", ["office_id", "raised_at"])
    _keep_what_was_told()
    op.create_table(
        "requeued",
        sa.Column("id", Serial, autoincrement=True, nullable=False),
        sa.Column("message_id", Serial, nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_error", sa.String(500), nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["outbox.id"], name="fk_requeued_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_requeued"),
    )
    op.create_index("ix_requeued_message_id", "requeued", ["message_id"])
    op.create_table(
        "channel",
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("rests_until", Moment(timezone=True), nullable=True),
        sa.Column("failed_at", Moment(timezone=True), nullable=True),
        sa.Column("error", sa.String(500), nullable=True),
        sa.Column("done_at", Moment(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name="pk_channel"),
    )
    op.create_table(
        "day_begun",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", Moment(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_day_begun_office_id"),
        sa.PrimaryKeyConstraint("office_id", "day", name="pk_day_begun"),
    )
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("receipt", sa.String(200), nullable=True))
    with op.batch_alter_table("inbox") as table:
        table.add_column(sa.Column("read_at", Moment(timezone=True), nullable=True))
    with op.batch_alter_table("deadline") as table:
        table.drop_column("stages")


def _keep_what_was_told() -> None:
    """The key of a message names its clock, round, stage and hearer; each stage becomes one row."""
    here = op.get_bind()
    told: dict[tuple[str, str, int, str], dict[str, object]] = {}
    rows = here.execute(
        sa.text("SELECT dedup, office_id, created_at FROM outbox WHERE kind = 'alert' ORDER BY id")
    )
    for dedup, office, at in rows:
        case, *clock, round_, stage, _person = dedup.removeprefix("alert:").split(":")
        key = case, ":".join(clock), int(round_), stage
        told.setdefault(key, {
            "case_id": case, "clock": key[1], "round": key[2], "stage": stage, "office_id": office,
            "raised_at": at,
        })  # fmt: skip
    if told:
        here.execute(
            sa.text(
                "INSERT INTO alert (case_id, clock, round, stage, office_id, raised_at)"
                " VALUES (:case_id, :clock, :round, :stage, :office_id, :raised_at)"
            ),
            list(told.values()),
        )


def downgrade() -> None:
    with op.batch_alter_table("deadline") as table:
        table.add_column(sa.Column("stages", sa.Integer(), nullable=False, server_default="0"))
    op.execute(
        "UPDATE deadline SET stages = (SELECT count(*) FROM alert WHERE alert.case_id = deadline.case_id"
        " AND alert.clock = deadline.clock AND alert.round = deadline.round)"
    )
    with op.batch_alter_table("inbox") as table:
        table.drop_column("read_at")
    with op.batch_alter_table("outbox") as table:
        table.drop_column("receipt")
    for name in ("day_begun", "channel", "requeued", "alert"):
        op.drop_table(name)
