"""Sources that operators add, listings, what is left of a thread, more about links."""

import sqlalchemy as sa
from alembic import op

from storage.types import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("source_state") as table:
        table.add_column(sa.Column("tag", sa.String(), nullable=True))
        table.add_column(
            sa.Column("origin", sa.String(), nullable=False, server_default="settings")
        )
        table.add_column(sa.Column("actor_id", sa.String(), nullable=True))
        table.create_index("ix_source_state_actor_id", ["actor_id"])
    with op.batch_alter_table("link") as table:
        table.add_column(sa.Column("language", sa.String(), nullable=True))
        table.add_column(sa.Column("feed", sa.String(), nullable=True))
        table.add_column(sa.Column("canonical", sa.String(), nullable=True))
    with op.batch_alter_table("thread") as table:
        table.add_column(sa.Column("rest", Json(), nullable=False, server_default="[]"))
    op.create_table(
        "listing",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "value", name="pk_listing"),
    )


def downgrade() -> None:
    op.drop_table("listing")
    with op.batch_alter_table("thread") as table:
        table.drop_column("rest")
    with op.batch_alter_table("link") as table:
        table.drop_column("canonical")
        table.drop_column("feed")
        table.drop_column("language")
    with op.batch_alter_table("source_state") as table:
        table.drop_index("ix_source_state_actor_id")
        for column in ("actor_id", "origin", "tag"):
            table.drop_column(column)
