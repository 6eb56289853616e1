"""What came in and what is to be done."""

from datetime import datetime
from typing import Any, ClassVar, Literal

from sqlalchemy import Index, String, text
from sqlmodel import Field

from storage.types import Json, Row, UtcDateTime, utc_now

JobState = Literal["ready", "claimed", "done", "failed"]


class ReceivedActivity(Row, table=True):
    """An activity that reached an inbox, and the queue of those that are still to be handled.

    `signer` is who passed it on, if not the actor; `id` says so, too (`received.passed_on`).
    `due_at` is when it is to be handled, and empty once it was; its document is dropped then.
    `host` is the sender's, so that hosts take turns.
    """

    __tablename__ = "received_activity"
    __table_args__: ClassVar[Any] = (
        Index(
            "ix_received_activity_troubled",
            "actor_id",
            # On PostgreSQL, too, by its migration; to name that here would load all of its SQL.
            sqlite_where=text("error IS NOT NULL"),
        ),
    )

    id: str = Field(primary_key=True)
    actor_id: str
    type: str
    document: dict[str, Any] = Field(default={}, sa_type=Json)
    bot: str | None = None
    signer: str | None = None
    host: str = ""
    received_at: datetime = Field(sa_type=UtcDateTime)
    due_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    attempts: int = 0
    error: str | None = None
    handled_at: datetime | None = Field(default=None, sa_type=UtcDateTime, index=True)
    outcome: str | None = None


class Report(Row, table=True):
    """A Flag that reached us: someone complains to the operator. `content` is what they wrote."""

    __tablename__ = "report"

    id: str = Field(primary_key=True)
    actor_id: str
    objects: list[str] = Field(default=[], sa_type=Json)
    content: str = ""
    at: datetime = Field(sa_type=UtcDateTime, index=True)


class Job(Row, table=True):
    """One queued step. `key`, where given, makes it unique; `worker` holds it until the lease."""

    __tablename__ = "job"
    __table_args__: ClassVar[Any] = (
        Index("ix_job_state_run_at", "state", "run_at"),
        Index("ix_job_state_kind_run_at", "state", "kind", "run_at"),
        {"sqlite_autoincrement": True},
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: str
    key: str | None = Field(default=None, unique=True)
    payload: dict[str, Any] = Field(default={}, sa_type=Json)
    state: JobState = Field(default="ready", sa_type=String)
    run_at: datetime = Field(sa_type=UtcDateTime)
    attempts: int = 0
    lease_until: datetime | None = Field(default=None, sa_type=UtcDateTime)
    worker: str | None = None
    error: str | None = None
    created_at: datetime = Field(default_factory=utc_now, sa_type=UtcDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


class ModelUse(Row, table=True):
    """What one summary used of a language model; `fallback` says why it came to nothing."""

    __tablename__ = "model_use"
    __table_args__: ClassVar[Any] = ({"sqlite_autoincrement": True},)

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    model: str
    requests: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    kept: int = 0
    dropped: int = 0
    fallback: str = ""


class KeptSummary(Row, table=True):
    """A summary that a model wrote, as data, under the fingerprint of all that it was made of."""

    __tablename__ = "kept_summary"

    key: str = Field(primary_key=True)
    at: datetime = Field(sa_type=UtcDateTime, index=True)
    made: dict[str, Any] = Field(default={}, sa_type=Json)


class KeptSummaryPost(Row, table=True):
    """A post that was read for a kept summary."""

    __tablename__ = "kept_summary_post"

    key: str = Field(foreign_key="kept_summary.key", ondelete="CASCADE", primary_key=True)
    post_id: str = Field(primary_key=True, index=True)
