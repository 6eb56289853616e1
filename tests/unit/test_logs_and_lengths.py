"""What must not be printed is not, and no input keeps a reader busy for long (see `timeout`)."""

import io
import json
import logging
from datetime import UTC, datetime

import pytest

from activitypub.addressing import host_of
from activitypub.errors import ActivityPubError, BadSignature
from activitypub.signatures import Request, candidates, keys, message
from activitypub.vocab import Object
from bot import log
from bot.asking import parse as understand
from bot.consent.ingest import canonical, links_in, row_of
from bot.contained.page import read_head
from bot.inbox.receiving import PARAMETER
from bot.summary.text import html_to_text, split_sentences, tokens, unwrap

PRIVATE_KEY = "-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"read {PRIVATE_KEY} from disk", "MIIEvQIBADANBg"),
        ("cannot open postgresql://fedi:hunter2@db/x", "hunter2"),
        ("sent Authorization: Bearer abc.DEF-123", "abc.DEF-123"),
        ('keyId="k",signature="c2VjcmV0c2ln"', "c2VjcmV0c2ln"),
    ],
)
def test_logs_hide_keys_passwords_tokens_and_signatures(said: str, secret: str) -> None:
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(log.JsonLines())
    logger = logging.getLogger("tests.secrets")
    logger.propagate = False
    logger.addHandler(handler)
    logger.warning(said)
    logger.warning("x", extra={"problem": said})
    try:
        raise RuntimeError(said)  # noqa: TRY301  to be logged
    except RuntimeError:
        logger.exception("broke")
    logger.removeHandler(handler)
    assert secret not in stream.getvalue()
    assert stream.getvalue().count("(hidden)") == 3
    assert "broke" in stream.getvalue()


def test_numbers_and_what_is_missing_are_no_words_in_a_log() -> None:
    record = logging.makeLogRecord({"msg": "delivery", "status": None, "attempts": 3, "ok": True})
    line = json.loads(log.JsonLines().format(record))
    assert (line["status"], line["attempts"], line["ok"]) == (None, 3, True)


N = 20_000
LONG = {
    "mentions": "@a" * N,
    "hashtags": "#" * N + "a#" * N,
    "words with marks": "a'" * N,
    "open tags": "<a" * N,
    "nested": "<div>" * N,
    "lists in lists": "<ul><li>" * 6 * N,  # a megabyte, which once took minutes
    "hidden in hidden": "<blockquote>" * 2000 + "x",
    "entities": "&#x41;&" * N,
    "spaces": " " * N + "a",
    "dots": "a." * N,
    "abbreviations": "z.B. e.g. " * (N // 5),
    "quotes": '"' * N,
    "scripts": "<script>" * N,
    "no spaces": "\u3042" * N,
    "joiners": "\u200d" * N,
    "links": '<a href="https://b.example/?a=' + "&a=" * N + '">x</a>',
    "slashes": "https://a.example" + "/." * N,
    "equals": "a=" * N,
    "commas": 'a="b",' * N,
    "parentheses": "(" * N,
}


@pytest.mark.parametrize("name", LONG)
def test_long_inputs_come_to_an_end(name: str) -> None:
    """Backtracking patterns would not, within the time that pytest gives a test."""
    text = LONG[name]
    plain = html_to_text(text)
    for sentence in split_sentences(unwrap(plain[:5000])):
        tokens(sentence)
    post = Object(id="https://a.example/1", type="Note", content=text, attributed_to=("x",))
    links_in(post)
    assert len(row_of(post, (), "test", NOW).text) <= 20_000
    understand(plain[:5000], under_a_post=True)
    read_head(text.encode())
    canonical(text)
    host_of(text)
    PARAMETER.findall(text)
    log.clean(text)
    for headers in ({"signature": text}, {"signature": "s=:AA==:", "signature-input": text}):
        with pytest.raises(BadSignature):
            candidates(Request("POST", "https://digest.example/", headers, b""), NOW)
    with pytest.raises(ActivityPubError):
        keys.load(text)
    with pytest.raises(BadSignature):
        message.parse_inputs(f"{text};")
