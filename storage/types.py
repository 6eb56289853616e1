"""Column types and the base class that every table shares.

They exist so that one schema means the same on SQLite and on PostgreSQL.
"""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, MetaData
from sqlalchemy.orm import registry
from sqlalchemy.types import TypeDecorator
from sqlmodel import SQLModel

# Constraints need names: Alembic can only alter what it can name.
# https://alembic.sqlalchemy.org/en/latest/naming.html
NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def utc_now() -> datetime:
    """Return the present moment, timezone-aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, always UTC, comparable and sortable in the database.

    SQLite keeps it as text of one fixed width (so that text order is time order), PostgreSQL as
    `timestamptz`. A naive datetime raises ValueError: its moment cannot be known.
    """

    impl = DateTime
    cache_ok = True

    def __init__(self) -> None:
        super().__init__(timezone=True)

    def __repr__(self) -> str:
        return "UtcDateTime()"  # as it is to stand in a migration

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC on the way in."""
        if value is None:
            return None
        if value.utcoffset() is None:
            raise ValueError("a stored time must know its timezone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the timezone back on the way out, where the database has none."""
        if value is None:
            return None
        if value.utcoffset() is None:
            return value.replace(tzinfo=UTC)
        return value.astimezone(UTC)


class Json(TypeDecorator[Any]):
    """A dict or list, kept as the text that it was written as.

    PostgreSQL's `jsonb` would be another text: with its keys in another order, and without the
    character U+0000, which a peer may well send.
    """

    impl = JSON
    cache_ok = True

    def __repr__(self) -> str:
        return "Json()"  # as it is to stand in a migration


class Row(SQLModel, registry=registry(metadata=MetaData(naming_convention=NAMING))):
    """Base of all tables: our own metadata, so that nothing else ends up in a migration."""
