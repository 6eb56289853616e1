"""Our Notes as Mastodon takes them: what it keeps of their HTML, and how long it counts them."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from selectolax.lexbor import LexborHTMLParser, LexborNode

from activitypub.uris import Uris
from activitypub.vocab import Object
from bot.pages.notes import answer_note, digest_note, personal_note, plain_reply
from bot.pages.views import (
    AnswerView,
    BotView,
    DigestView,
    LinkView,
    MentionedThread,
    PersonalView,
    SentenceView,
    ThreadView,
)
from bot.words import languages, words
from storage import tables

AT = datetime(2026, 11, 24, 17, 5, tzinfo=UTC)
URIS = Uris("https://digest.example", "digest.example")
CODES = sorted(languages())
KEPT = {
    "a": {"href", "rel", "class"},
    "span": {"class"},
    **{tag: set() for tag in ("p", "br", "strong", "em", "ul", "ol", "li", "blockquote")},
}
"""Elements and attributes that Mastodon's sanitizer leaves in a remote post."""
CLASSES = {"mention", "hashtag", "h-card", "u-url"}
LONG = "The weights of the traffic model of our city were trained on the open data of nine years."


def sentence(number: int, text: str = LONG, act: str = "disagrees") -> SentenceView:
    url = f"https://social.example/@somebody/{number}"
    return SentenceView(f"{text} {number}", "Somebody", None, url, AT, "en", act, is_new=True)


def thread(cw: str | None = None) -> ThreadView:
    return ThreadView(
        url="https://social.example/@ada/1",
        host="social.example",
        gist=sentence(0, act=""),
        sentences=tuple(sentence(number) for number in range(1, 12)),
        people=("Ada", "نور", "Bo & <b>Co</b>"),
        speakers=23,
        posts_read=1234,
        posts_known=12345,
        left_out=321,
        hosts=21,
        links=(LinkView("https://press.example/1", "A <title>", "Press", 2, "en"),),
        opened=AT,
        cw=cw,
        language="en",
    )


def bot(language: str) -> BotView:
    actor = URIS.actor("news")
    return BotView(
        "news", URIS.address("news"), "News", "", URIS.profile("news"), URIS.feed("news"),
        actor, ("openai",), (), (), 3, "08:00 UTC", language,
    )  # fmt: skip


def person() -> tables.Actor:
    return tables.Actor(
        id="https://social.example/users/ines", handle="ines@social.example",
        url="https://social.example/@ines", host="social.example", inbox="https://social.example/i",
        name="Inês", type="Person", fetched_at=AT,
    )  # fmt: skip


def answer(code: str, cw: str | None = None, *, public: bool = True) -> AnswerView:
    return AnswerView(
        url=URIS.answer("abc") if public else "",
        bot=bot("en"),
        thread=thread(cw),
        asked_by=None,
        published=AT,
        updated=AT,
        engine="extractive/12",
        object_id=URIS.object("abc"),
        request_url="https://social.example/@ines/2",
        spoken=code,
        remarks=("answer.untranslated",),
        more=1234,
    )


def digest(code: str, *warnings: str | None) -> DigestView:
    return DigestView(
        id="news-1", url=URIS.digest("news-1"), title="News: 24", bot=bot(code), since=AT, until=AT,
        published=AT, threads=tuple(thread(cw) for cw in warnings),
        also=(MentionedThread("https://social.example/@bo/9", "social.example", 3),),
        engine="extractive/12", language=code, object_id=URIS.object("news-1"), withdrawn=False,
    )  # fmt: skip


def notes(code: str) -> list[Object]:
    said = words(code)
    personal = PersonalView(
        bot(code), (thread("a warning"),), "following.digest", {"when": said.moment(AT)}, code,
        "llm/x", (URIS.digest("news-1"), "latest"),
    )  # fmt: skip
    return [
        digest_note(digest(code, None, "a warning"), URIS, "fedigest"),
        answer_note(answer(code), person(), URIS),
        answer_note(answer(code, public=False), person(), URIS),
        personal_note(personal, person(), URIS),
        plain_reply(URIS.actor("news"), person(), [said.say("plain.here"), "<b>"], said),
    ]


def counted(note: Object) -> int:
    """Count a Note as Mastodon counts a post that somebody types there (StatusLengthValidator).

    Written anew here: blocks are lines, an address is 23 characters, a mention is its name alone,
    and the warning counts too.
    """
    lines: list[str] = []

    def read(node: LexborNode) -> None:
        for child in node.iter(include_text=True):
            if child.tag == "-text":
                lines.append(child.text(deep=False) or "")
            elif child.tag == "br":
                lines.append("\n")
            else:
                read(child)
                lines.append({"p": "\n\n", "li": "\n"}.get(child.tag or "", ""))

    body = LexborHTMLParser(note.content).body
    assert body is not None
    read(body)
    text = re.sub(r"https?://[^\s<>]+", 23 * "x", "".join(lines).strip())
    return len((note.cw or "") + text)


@pytest.mark.parametrize("cw", [None, "politics", "a very long warning of very much " * 9])
@pytest.mark.parametrize("code", CODES)
def test_a_public_answer_is_no_longer_than_a_post_may_be(code: str, cw: str | None) -> None:
    note = answer_note(answer(code, cw), person(), URIS)
    assert counted(note) <= 500
    assert URIS.answer("abc") in note.content
    assert bool(note.cw) is bool(cw)


def test_addresses_in_quoted_words_are_counted_as_23() -> None:
    said = tuple(sentence(n, "See http://a.example and http://b.example") for n in range(1, 20))
    view = answer("en")
    view = replace(view, thread=replace(view.thread, gist=None, sentences=said))
    note = answer_note(view, person(), URIS)
    assert 400 < counted(note) <= 500


@pytest.mark.parametrize("code", CODES)
def test_mastodon_keeps_all_of_our_html(code: str) -> None:
    for note in notes(code):
        body = LexborHTMLParser(note.content).body
        assert body is not None
        for node in body.css("*"):
            if node.tag == "body":
                continue
            assert set(node.attributes) <= KEPT[node.tag or ""], node.html
            assert set((node.attributes.get("class") or "").split()) <= CLASSES
            assert (node.attributes.get("href") or "https://").startswith("https://")
            assert node.tag != "a" or node.text().strip(), "a link says where it leads"
        assert note.content.count("<p>") == note.content.count("</p>")
        assert "<b>" not in note.content


@pytest.mark.parametrize("code", CODES)
def test_a_note_speaks_one_language_besides_what_it_quotes(code: str) -> None:
    """Each phrase of ours is that of the language; English ones would be seen here."""
    said, english = words(code), words("en")
    for note in notes(code):
        assert note.language in {code, "en"}
        for key in ("answer.about", "answer.opt_out", "page.read_all", "page.also"):
            if said.say(key) != english.say(key):
                assert english.say(key) not in note.content, key
    [shown, *others] = notes(code)
    assert said.say("page.read_all") in shown.content
    assert all(said.say("answer.opt_out") in n.content for n in (shown, *others[:3]))


def test_the_hashtag_is_the_last_paragraph_and_the_page_the_first_link() -> None:
    note = digest_note(digest("en", None), URIS, "fedigest")
    *_, last = re.findall(r"<p>(.*?)</p>", note.content)
    assert re.sub(r"<[^>]+>", "", last) == "#fedigest"
    assert [(tag.type, tag.name) for tag in note.tags] == [("Hashtag", "#fedigest")]
    assert re.findall(r'href="([^"]+)"', note.content)[0] == URIS.digest("news-1")


@pytest.mark.parametrize(("tag", "stated"), [("pt-BR", "pt-BR"), ("de", "de"), ("eo", "en")])
def test_a_digest_states_the_language_that_it_is_in(tag: str, stated: str) -> None:
    assert digest_note(digest(tag, None), URIS, "fedigest").language == stated


def test_one_warning_folds_one_thread_and_warnings_of_all_fold_the_note() -> None:
    some = digest_note(digest("de", None, "Krieg"), URIS, "fedigest")
    assert (some.cw, some.sensitive) == (None, False)
    assert "Inhaltswarnung: Krieg" in some.content
    assert some.content.count("<ul>") == 2, "the thread without a warning, and what else there was"
    every = digest_note(digest("de", "Krieg", "Krieg"), URIS, "fedigest")
    assert (every.cw, every.sensitive) == ("Krieg", True)
    assert LONG in every.content


def test_a_line_of_arabic_that_begins_with_a_latin_handle_is_marked_as_arabic() -> None:
    for code in CODES:
        note = plain_reply(URIS.actor("news"), person(), ["…"], words(code))
        assert note.content.startswith("<p>\u200f") is (code == "ar")


@pytest.mark.parametrize("spoken", [None, "eo", "tlh-Latn"])
def test_whose_language_we_do_not_speak_is_answered_in_the_bots(spoken: str | None) -> None:
    view = replace(answer("en"), bot=bot("de"), spoken=spoken)
    content = answer_note(view, person(), URIS).content
    assert words("de").say("answer.opt_out") in content
    assert "1.234" in content
    assert "24. November 2026" in content
