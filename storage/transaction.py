"""One transaction: runs statements, hands out values, turns errors into ours.

What it returns is detached from the session: a value, whose change writes nothing. So there is
exactly one way to write a row, and no stale copy can come between two reads.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Table, inspect, select
from sqlalchemy.dialects import sqlite as of_sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.sql.base import Executable

from storage.errors import StorageError
from storage.postgres import TAKE_TURN
from storage.translate import translate
from storage.types import Row

T = TypeVar("T")
R = TypeVar("R", bound=Row)

# SQLite takes 32,766 values per statement; shorter lists also keep the statement cache small.
CHUNK = 500
ONCE = "MATERIALIZED"
"""What a claim chooses is chosen once: PostgreSQL may else choose anew for each row it updates,
and take more than the limit."""
# We synchronize nothing, since no object stays in the session.
OPTIONS = {"synchronize_session": False}


class Transaction:
    """Statements of one unit of work.

    After a failed statement it refuses to commit: SQLite may already have rolled back by itself
    (disk full), and what followed would be committed without what came before.
    """

    def __init__(self, engine: AsyncEngine) -> None:
        self._session = AsyncSession(engine, expire_on_commit=False, autoflush=False)
        self._dialect = engine.dialect.name
        self._failure: StorageError | None = None

    async def take_turn(self) -> None:
        """Wait until nobody else writes. SQLite does so by itself, as a transaction begins."""
        if self._dialect == "postgresql":
            await self._try(self._session.execute(TAKE_TURN))

    async def all(self, model: type[R], statement: Executable) -> list[R]:
        """Run a statement that yields rows of `model`."""
        result = await self._try(self._session.execute(statement, execution_options=OPTIONS))
        rows: list[R] = list(result.scalars())
        self._session.expunge_all()
        return rows

    async def first(self, model: type[R], statement: Executable) -> R | None:
        """Run a statement and return its first row."""
        rows = await self.all(model, statement)
        return rows[0] if rows else None

    async def get(self, model: type[R], key: Any) -> R | None:
        """Return the row with this primary key (a tuple if it has several columns)."""
        row = await self._try(self._session.get(model, key))
        self._session.expunge_all()
        return row

    async def get_many(self, model: type[R], ids: Sequence[str]) -> dict[str, R]:
        """Return the rows with these primary keys, in their order; unknown ones are missing."""
        table = table_of(model)
        column = table.primary_key.columns[0]
        found: dict[str, R] = {}
        for chunk in chunks(list(dict.fromkeys(ids))):
            statement = select(model).where(column.in_(chunk))
            for row in await self.all(model, statement):
                found[getattr(row, column.name)] = row
        return {key: found[key] for key in ids if key in found}

    async def tuples(self, statement: Executable) -> list[tuple[Any, ...]]:
        """Run a statement and return its rows as tuples."""
        result = await self._try(self._session.execute(statement))
        rows = [tuple(row) for row in result]
        self._session.expunge_all()
        return rows

    async def value(self, statement: Executable) -> Any:
        """Run a statement and return the first column of its first row, or None."""
        result = await self._try(self._session.execute(statement))
        return result.scalar()

    async def run(self, statement: Executable, row: Mapping[str, Any] | None = None) -> int:
        """Run an UPDATE or DELETE, with the parameters `row`; return how many rows it touched."""
        running = self._session.execute(statement, row, execution_options=OPTIONS)
        result = await self._try(running)
        return result.rowcount if isinstance(result, CursorResult) else 0

    async def run_all(self, statement: Executable, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run one UPDATE or DELETE with each of `rows` as its parameters."""
        connection = await self._try(self._session.connection())
        await self._try(connection.execute(statement, rows))

    async def add(self, row: Row) -> bool:
        """Insert a row unless its key, or another unique value, is there. True when inserted."""
        return await self.add_all([row]) == 1

    async def add_all(self, rows: Sequence[Row]) -> int:
        """Insert those rows (of one table) that are not there yet, and return their number."""
        return len(await self.added(rows))

    async def added(self, rows: Sequence[Row]) -> set[Any]:
        """Insert those rows (of one table) that are not there yet; return their keys."""
        return await self.added_values(type(rows[0]), [values(r) for r in rows]) if rows else set()

    async def added_values(self, model: type[Row], rows: Sequence[Mapping[str, Any]]) -> set[Any]:
        """Do the same with plain values."""
        table = table_of(model)
        keys = table.primary_key.columns
        statement = self._insert(table).on_conflict_do_nothing().returning(*keys)
        found: list[Any] = []
        for chunk in chunks(rows):
            rows_in = await self._insert_rows(statement, chunk)
            found += [row[0] if len(row) == 1 else tuple(row) for row in rows_in]
        return set(found)

    async def insert(self, rows: Sequence[Row]) -> list[Any]:
        """Insert new rows (of one table) and return their first key column, in the same order."""
        if not rows:
            return []
        table = table_of(type(rows[0]))
        key = table.primary_key.columns[0]
        statement = self._insert(table).returning(key, sort_by_parameter_order=True)
        ids: list[Any] = []
        for chunk in chunks([values(row) for row in rows]):
            ids += [row[0] for row in await self._insert_rows(statement, chunk)]
        return ids

    async def put(self, row: Row, *, when: ColumnElement[bool] | None = None) -> None:
        """Insert a row, or overwrite the one with its primary key if `when` holds for that."""
        table = table_of(type(row))
        statement = self._insert(table).values(values(row))
        keys = [column.name for column in table.primary_key.columns]
        changes = {c.name: statement.excluded[c.name] for c in table.columns if c.name not in keys}
        statement = statement.on_conflict_do_update(index_elements=keys, set_=changes, where=when)
        await self._try(self._session.execute(statement))

    async def put_later(self, rows: Sequence[Row], by: str) -> None:
        """Insert rows (of one table), or overwrite those of their keys whose `by` is earlier."""
        if not rows:
            return
        table = table_of(type(rows[0]))
        insert = self._insert(table)
        keys = [column.name for column in table.primary_key.columns]
        changes = {c.name: insert.excluded[c.name] for c in table.columns if c.name not in keys}
        statement = insert.on_conflict_do_update(
            index_elements=keys, set_=changes, where=table.columns[by] < insert.excluded[by]
        )
        for chunk in chunks([values(row) for row in rows]):
            await self._try(self._session.execute(statement, chunk))

    async def commit(self) -> None:
        """Make it last. Raises the failure of an earlier statement instead, if there was one."""
        if self._failure is not None:
            raise self._failure
        await self._try(self._session.commit())

    async def close(self) -> None:
        """Give the connection back; what was not committed is rolled back.

        Where the connection is lost, that is so already, and nobody has to hear of it.
        """
        with contextlib.suppress(SQLAlchemyError):
            await undisturbed(self._session.close())

    def _insert(self, table: Table) -> Any:
        return insert_into(table, self._dialect)

    async def _insert_rows(
        self, statement: Executable, rows: Sequence[Mapping[str, Any]]
    ) -> Sequence[Any]:
        return (await self._try(self._session.execute(statement, rows))).all()

    async def _try(self, running: Awaitable[T]) -> T:
        try:
            return await undisturbed(running)
        except SQLAlchemyError as error:
            self._failure = translate(error)
            raise self._failure from error


async def undisturbed(running: Awaitable[T]) -> T:
    """Wait for the driver also when our task is cancelled, and be cancelled then.

    A connection whose caller is gone in the middle of a statement is lost, and with it goes the
    write lock that it may hold: nobody could write until it is collected as garbage.
    """
    task = asyncio.ensure_future(running)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        if not task.cancelled():
            task.exception()  # nobody waits for it any more
        raise


def insert_into(table: Table, dialect: str) -> Any:
    """Begin an INSERT ... ON CONFLICT: the one statement that the databases write differently."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert  # noqa: PLC0415  2 MB, else not needed

        return insert(table)
    return of_sqlite.insert(table)


def values(row: Row) -> dict[str, Any]:
    """Return a row's columns; a number that the database is to give is left out."""
    found = {column.name: getattr(row, column.name) for column in table_of(type(row)).columns}
    if found.get("id", "") is None:
        del found["id"]
    return found


def chunks(items: Sequence[T]) -> Iterator[Sequence[T]]:
    """Cut a long list into pieces that one statement can take."""
    for start in range(0, len(items), CHUNK):
        yield items[start : start + CHUNK]


def table_of(model: type[Row]) -> Table:
    """Return the table of a model."""
    table = inspect(model).local_table
    if not isinstance(table, Table):
        raise TypeError(f"{model.__name__} is no table")
    return table
