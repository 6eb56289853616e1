"""The working parts of an instance, put together without a web server."""

from collections.abc import Mapping
from datetime import timedelta

from activitypub.client import Client
from activitypub.ports import Clock
from activitypub.thread import ThreadBudget
from activitypub.uris import Uris
from bot.answering import Limits
from bot.answering.summaries import Growing
from bot.consent.table import Mode
from bot.pages.build import Site
from bot.publishing.digest import Shape
from bot.summary.engines import ByRules
from bot.summary.llm.writer import Writer
from bot.summary.model import Length
from bot.summary.summarizing import Summarizer
from bot.taking_back.retention import Lifetimes
from bot.topic import Topic
from bot.wiring import Basics, Parts, Rules, assemble
from storage import Storage

TOPIC = Topic(handle="news", name="News", hashtags=("openai",))


def parts(
    storage: Storage,
    client: Client,
    clock: Clock,
    topics: tuple[Topic, ...] = (TOPIC,),
    *,
    poll_every: timedelta = timedelta(minutes=15),
    tokens: Mapping[str, str] | None = None,
    budget: ThreadBudget | None = None,
    writer: Writer | None = None,
    mode: Mode = "table",
) -> Parts:
    """Return the parts of an instance with these topics."""
    basics = Basics(
        storage=storage,
        client=client,
        clock=clock,
        uris=Uris("https://digest.example", "digest.example"),
        topics=topics,
        site=Site("Fedigest", "Ada", "", "https://digest.example/source", "0"),
        summarizer=Summarizer(ByRules(), writer),
        prove=lambda actor, document, at: dict(document),
    )
    rules = Rules(
        mode=mode,
        shape=Shape(5, 3, Length(4, 120)),
        budget=budget or ThreadBudget(),
        limits=Limits(),
        growing=Growing(),
        poll_every=poll_every,
        keep=Lifetimes(),
        blocked_hosts=frozenset(),
        blocked_accounts=frozenset(),
        tokens=tokens or {},
    )
    return assemble(basics, rules)
