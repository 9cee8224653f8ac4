"""How Alembic runs the desk's migrations: on a connection that `desk.engine` hands it, within its transaction."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
