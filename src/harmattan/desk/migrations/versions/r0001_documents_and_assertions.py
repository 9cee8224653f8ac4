"""Documents, their intakes, and assertions with every version of them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from harmattan.desk.append_only import triggers

revision, down_revision = "0001", None


def upgrade() -> None:
    """Makes the tables of the first desk."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "documents",
        sa.Column("digest", sa.Text, primary_key=True),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_table(
        "intakes",
        sa.Column("document", sa.Text, sa.ForeignKey("documents.digest"), primary_key=True),
        sa.Column("number", sa.Integer, primary_key=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("tool", sa.Text, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
    )
    op.create_table(
        "assertions",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True),
        sa.Column("document", sa.Text, sa.ForeignKey("documents.digest"), nullable=False),
        sa.Column("start", sa.Integer, nullable=False),
        sa.Column("end", sa.Integer, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reviewer", sa.Text, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("said", sa.JSON, nullable=False),
        sa.CheckConstraint("version >= 1", name="versions_from_one"),
    )
    op.create_index("assertions_by_document", "assertions", ["document", "kind"])
    op.create_index("assertions_by_state", "assertions", ["state", "document"])
    keys = {"documents": ("digest",), "intakes": ("document", "number"), "assertions": ("id", "version")}
    for table, key in keys.items():
        for statement in triggers(op.get_context().dialect.name, table, key):
            op.execute(statement)
