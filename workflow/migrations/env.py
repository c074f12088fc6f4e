"""How Alembic reaches the database: one migrator at a time, and never waiting long for a lock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import context

from workflow.database import connect
from workflow.models import metadata

config = context.config
engine = connect(config.attributes["url"])
try:
    with engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(sa.text("select pg_advisory_lock(hashtext('fashen-migrations'))"))
            connection.commit()
        context.configure(
            connection=connection,
            target_metadata=metadata,
            render_as_batch=True,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        if connection.in_transaction():
            connection.commit()
finally:
    engine.dispose()
