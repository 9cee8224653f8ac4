"""A log of what was taken out of the desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from harmattan.desk.append_only import triggers

revision, down_revision = "0002", "0001"


def upgrade() -> None:
    """Adds the log of exports."""
    op.create_table(
        "exports",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("tool", sa.Text, nullable=False),
        sa.Column("format", sa.Text, nullable=False),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("quoted", sa.Boolean, nullable=False),
    )
    op.create_table(
        "exported",
        sa.Column("export", sa.Integer, sa.ForeignKey("exports.number"), primary_key=True),
        sa.Column("assertion", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.ForeignKeyConstraint(["assertion", "version"], ["assertions.id", "assertions.version"]),
    )
    for table, key in {"exports": ("number",), "exported": ("export", "assertion", "version")}.items():
        for statement in triggers(op.get_context().dialect.name, table, key):
            op.execute(statement)
