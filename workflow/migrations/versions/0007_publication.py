"""A record per platform and version, frozen before it is sent; the notice board."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from workflow.models import NOTICE_WORDS, Moment, has_fts5

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.rename_table("publication", "publication_before")
    op.create_table(
        "publication",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("platform", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("body", sa.Text(), nullable=False, server_default=""),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(200), nullable=True),
        sa.Column("error", sa.String(500), nullable=True),
        sa.Column("intended_at", Moment(timezone=True), nullable=False),
        sa.Column("tried_at", Moment(timezone=True), nullable=True),
        sa.Column("published_at", Moment(timezone=True), nullable=True),
        sa.Column("withdrawn_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_publication_sent_case_id"),
        sa.PrimaryKeyConstraint("case_id", "platform", "version", name="pk_publication_sent"),
        sa.UniqueConstraint(
            "platform", "key", "version", name="uq_publication_platform_key_version"
        ),
    )
    op.create_index(
        "ix_publication_office_id_platform_state",
        "publication",
        ["office_id", "platform", "state"],
    )
    op.execute(
        "INSERT INTO publication (case_id, platform, version, office_id, key, state, digest, receipt,"
        " intended_at, published_at) SELECT case_id, 'directory', 1, office_id, key, state, digest,"
        " receipt, intended_at, published_at FROM publication_before"
    )
    op.drop_table("publication_before")
    op.create_table(
        "notice",
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(16), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("organ", sa.String(200), nullable=False),
        sa.Column("number", sa.String(120), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("party", sa.String(200), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("published_on", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(500), nullable=False, server_default=""),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["office_id"], ["office.id"], name="fk_notice_office_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notice_case_id"),
        sa.PrimaryKeyConstraint("office_id", "key", name="pk_notice"),
        sa.UniqueConstraint("place", name="uq_notice_place"),
        sa.UniqueConstraint("office_id", "slug", name="uq_notice_office_id_slug"),
    )
    for columns in (
        ["office_id", "place", "state", "until"],
        ["office_id", "organ", "place", "state", "until"],
        ["office_id", "changed_on"],
        ["case_id"],
    ):
        op.create_index(f"ix_notice_{'_'.join(columns)}", "notice", columns)
    if has_fts5(op.get_bind()):
        op.execute(NOTICE_WORDS)


def downgrade() -> None:
    op.drop_table("notice")
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE IF EXISTS notice_words")
    op.rename_table("publication", "publication_after")
    op.create_table(
        "publication",
        sa.Column("case_id", sa.String(36), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("office_id", sa.String(64), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("state", sa.String(12), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("receipt", sa.String(200), nullable=True),
        sa.Column("intended_at", Moment(timezone=True), nullable=False),
        sa.Column("published_at", Moment(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_publication_again_case_id"),
        sa.PrimaryKeyConstraint("case_id", "round", name="pk_publication_again"),
        sa.UniqueConstraint("key", name="uq_publication_again_key"),
    )
    op.execute(
        "INSERT INTO publication (case_id, round, office_id, key, state, digest, receipt,"
        " intended_at, published_at) SELECT case_id, version, office_id, key, state, digest,"
        " receipt, intended_at, published_at FROM publication_after"
        " WHERE platform = 'directory' AND version = 1"
    )
    op.drop_table("publication_after")
