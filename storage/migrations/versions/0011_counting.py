"""Requests counted by domain, and jobs found by kind, without looking through them all."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("answer", sa.Column("domain", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_answer_domain_asked_at", "answer", ["domain", "asked_at"])
    op.create_index("ix_job_state_kind_run_at", "job", ["state", "kind", "run_at"])


def downgrade() -> None:
    op.drop_index("ix_job_state_kind_run_at", "job")
    op.drop_index("ix_answer_domain_asked_at", "answer")
    with op.batch_alter_table("answer") as batch:
        batch.drop_column("domain")
