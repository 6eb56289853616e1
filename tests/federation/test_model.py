"""The main job with a language model switched on: what it is shown, and what comes of it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.settings import Model
from bot.summary.llm import Endpoint
from bot.summary.llm.writer import Writer
from tests.federation.hosts import hosts
from tests.federation.instance import fetch, running
from tests.federation.test_reading import reading
from tests.federation.test_taking_back_races import SAYINGS, Scene
from tests.kept_from_models import KEPT, KeptFromModels
from tests.ledgers import Unlimited
from tests.parts import TOPIC
from tests.unit.endpoint import endpoint


def repeating(posts: list[dict[str, str]]) -> Any:
    """Answer with a sentence of each post."""
    said = [{"text": f"{p['author']}: {p['text'][:150]}", "posts": [p["id"]]} for p in posts]
    return {"gist": said[0], "sentences": said}


async def test_a_model_writes_the_digest_and_sees_only_what_it_may(tmp_path: Path) -> None:
    with endpoint(repeating) as script:
        model = Model(base_url=script.base_url, name="small")
        async with running(tmp_path, llm=model) as (_, app, demo):
            figures = await demo.cycle(app)
            page = (await fetch(figures["digest_url"]))[1]
    assert script.prompts
    assert "llm/small" in page
    shown = "\n".join(script.prompts)
    assert "With open weights I can fine-tune a model" in shown
    for words in ("Runs models", "secret purple corpus", "must never be seen"):
        assert words not in shown
    # The fixture of the session has looked for all the rest.


async def test_a_row_of_a_profile_keeps_words_from_a_model(tmp_path: Path) -> None:
    """And the watch knows: it reads what the servers of any test serve."""
    with endpoint(repeating) as script:
        writer = Writer(Endpoint(script.base_url, "small"), Unlimited())
        async with hosts() as (net, _), reading(tmp_path, writer=writer) as (storage, made):
            scene = Scene(net, storage, made)
            scene.plant()
            me = net.url("home", "/u/b")
            tag = '#<a href="http://home.localhost/tags/noai">noai</a>'
            row = {"type": "PropertyValue", "name": "Machines", "value": tag}
            person = {"id": me, "type": "Person", "inbox": f"{me}/inbox", "indexable": True}
            named = {"preferredUsername": "b", "name": "b", "attachment": [row]}
            net.put("home", "/u/b", {**person, **named})
            await scene.read()
            now = made.digests._clock.now() + timedelta(minutes=1)
            await made.digests.make(TOPIC, "written", now - timedelta(days=1), now)
            assert SAYINGS["c"] in "\n".join(script.prompts)
            assert KEPT.shown == []
            KEPT.look(SAYINGS["b"])
            assert "That clause was dropped in March" in KEPT.take()


@pytest.mark.parametrize("text", [words for words in sorted(KEPT._words) if " " in words][:3])
def test_the_watch_at_the_endpoint_bites(text: str) -> None:
    watch = KeptFromModels()
    watch.keep(text)
    watch.look(f'{{"id": "p1", "text": "{text}, they say"}}')
    assert watch.take() == [text]
    assert watch.take() == []
    with endpoint(repeating) as script:
        import urllib.request  # noqa: PLC0415

        body = f'{{"messages": [{{"role": "user", "content": "{text}"}}]}}'.encode()
        script.status = 500
        with pytest.raises(OSError, match="500"):
            urllib.request.urlopen(f"{script.base_url}/chat/completions", body)  # noqa: S310
    assert KEPT.take() == [text]
