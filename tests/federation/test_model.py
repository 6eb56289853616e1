"""The main job with a language model switched on: what it is shown, and what comes of it."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings import Model
from tests.federation.instance import fetch, running
from tests.kept_from_models import KEPT, KeptFromModels
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
