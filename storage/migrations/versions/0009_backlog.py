"""An index for what a source brought and nobody has read yet."""

from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_finding_source_state", "finding", ["source", "state"])


def downgrade() -> None:
    op.drop_index("ix_finding_source_state", "finding")
