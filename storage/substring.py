"""Whether a column holds a text, letter by letter: LIKE would mean something else by its case."""

from typing import Any

from sqlalchemy import ColumnElement, Integer, String, cast
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Position(FunctionElement[int]):
    """Where a text begins in another, from 1; 0 if it does not."""

    type = Integer()
    inherit_cache = True


@compiles(Position, "sqlite")
def _instr(element: Position, compiler: SQLCompiler, **given: Any) -> str:
    return f"instr({compiler.process(element.clauses, **given)})"


@compiles(Position, "postgresql")
def _strpos(element: Position, compiler: SQLCompiler, **given: Any) -> str:
    return f"strpos({compiler.process(element.clauses, **given)})"


def holds(column: Any, text: str) -> ColumnElement[bool]:
    """Tell whether `text` stands in a column: in its words or, where it is JSON, in that."""
    return Position(cast(column, String), text) > 0
