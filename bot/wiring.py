"""The parts that the bot is made of, put together in the order in which they need each other."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from activitypub.client import Client
from activitypub.ports import Clock
from activitypub.thread import ThreadBudget
from activitypub.uris import Uris
from bot.answering import Answers, Limits
from bot.answering.growth import Growth
from bot.answering.intake import Intake
from bot.answering.news import News
from bot.answering.plan import Planning
from bot.answering.readings import Readings
from bot.answering.replies import Replies
from bot.answering.subscriptions import Subscriptions
from bot.answering.summaries import Growing, ThreadAnswers
from bot.answering.wishes import Wishes
from bot.consent.authors import Authors
from bot.consent.ingest import Ingest
from bot.consent.lists import Lists
from bot.consent.standing import Consenting
from bot.consent.table import Mode
from bot.inbox.handlers import Handlers
from bot.inbox.inbound import Inbound
from bot.pages.build import Site, Views
from bot.publishing.digest import Digests, Shape
from bot.publishing.publish import Prove, Publisher
from bot.reading.conversation import Conversations
from bot.reading.following import Following
from bot.reading.links import Links
from bot.reading.watching import Watcher
from bot.schedule import Schedule
from bot.sources.polite import Polite
from bot.summary.summarizing import Summarizer
from bot.taking_back.people import People
from bot.taking_back.provenance import Provenance
from bot.taking_back.recheck import Recheck
from bot.taking_back.retention import Lifetimes, Retention
from bot.taking_back.review import Review
from bot.topic import Topic
from storage import Storage


@dataclass(frozen=True, slots=True)
class Basics:
    """What everything else stands on."""

    storage: Storage
    client: Client
    clock: Clock
    uris: Uris
    topics: tuple[Topic, ...]
    site: Site
    summarizer: Summarizer
    prove: Prove


@dataclass(frozen=True, slots=True)
class Rules:
    """What the operator decides: consent, refusals, budgets, shapes."""

    mode: Mode
    shape: Shape
    budget: ThreadBudget
    limits: Limits
    growing: Growing
    poll_every: timedelta
    keep: Lifetimes
    blocked_hosts: frozenset[str]
    blocked_accounts: frozenset[str]
    tokens: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Parts:
    """The working parts, by what they do."""

    authors: Authors
    lists: Lists
    following: Following
    consenting: Consenting
    recheck: Recheck
    review: Review
    conversations: Conversations
    watcher: Watcher
    links: Links
    digests: Digests
    answers: Answers
    handlers: Handlers
    inbound: Inbound
    people: People
    publisher: Publisher
    provenance: Provenance
    limits: Limits
    views: Views
    schedule: Schedule


def assemble(base: Basics, rules: Rules) -> Parts:
    """Build the parts. Nothing is asked, read or written yet."""
    topics = {topic.handle: topic for topic in base.topics}
    storage, client, clock, uris = base.storage, base.client, base.clock, base.uris
    lists = Lists(rules.blocked_hosts, rules.blocked_accounts)
    polite = Polite(client, clock, rules.tokens)
    authors = Authors(storage, client, clock, lists)
    consenting = Consenting(authors, rules.mode)
    ingest = Ingest(authors, clock, rules.mode)
    views = Views(uris, topics, consenting, clock, base.site)
    publisher = Publisher(uris, clock, views, topics, base.prove)
    provenance = Provenance(consenting, publisher, clock, base.summarizer)
    watched = {topic.handle: frozenset(topic.hashtags) for topic in base.topics}
    conversations = Conversations(
        storage, client, clock, ingest, provenance, rules.budget, watched, uris
    )
    following = Following(storage, client, clock, uris, publisher, provenance)
    recheck = Recheck(storage, client, clock, authors, ingest, provenance)
    intake = Intake(clock, rules.limits, provenance)
    handlers = Handlers(clock, uris, authors, publisher, provenance, watched, intake)
    digests = Digests(storage, clock, consenting, base.summarizer, publisher, rules.shape)
    answers = answering(
        base,
        rules,
        authors=authors,
        consenting=consenting,
        conversations=conversations,
        digests=digests,
        provenance=provenance,
        publisher=publisher,
        views=views,
    )
    watcher = Watcher(storage, polite, clock, base.topics, rules.poll_every, following)
    return Parts(
        authors=authors,
        lists=lists,
        following=following,
        consenting=consenting,
        recheck=recheck,
        review=Review(
            storage,
            clock,
            rules.mode,
            lists=lists,
            recheck=recheck,
            provenance=provenance,
            publisher=publisher,
        ),
        conversations=conversations,
        watcher=watcher,
        links=Links(storage, polite, clock),
        digests=digests,
        answers=answers,
        handlers=handlers,
        inbound=Inbound(storage, client, clock, authors, recheck, handlers),
        people=People(storage, client, clock, authors, provenance, rules.mode),
        publisher=publisher,
        provenance=provenance,
        limits=rules.limits,
        views=views,
        schedule=Schedule(
            storage, clock, watcher, base.topics, Retention(storage, clock, rules.keep)
        ),
    )


def answering(  # noqa: PLR0913  collaborators
    base: Basics,
    rules: Rules,
    *,
    authors: Authors,
    consenting: Consenting,
    conversations: Conversations,
    digests: Digests,
    provenance: Provenance,
    publisher: Publisher,
    views: Views,
) -> Answers:
    """Build what answers those who ask."""
    storage, clock, uris = base.storage, base.clock, base.uris
    topics = {topic.handle: topic for topic in base.topics}
    replies = Replies(storage, clock, uris, publisher)
    threads = ThreadAnswers(
        storage,
        clock,
        replies,
        readings=Readings(storage, conversations),
        planning=Planning(clock, consenting),
        consenting=consenting,
        summarizer=base.summarizer,
        publisher=publisher,
        views=views,
        limits=rules.limits,
        growing=rules.growing,
    )
    subscriptions = Subscriptions(storage, clock, replies, threads, topics)
    return Answers(
        storage,
        clock,
        rules.limits,
        replies,
        threads=threads,
        growth=Growth(
            storage, clock, consenting, base.summarizer, publisher, rules.growing.edit_for
        ),
        subscriptions=subscriptions,
        news=News(
            storage,
            clock,
            replies,
            topics=topics,
            authors=authors,
            digests=digests,
            consenting=consenting,
            summarizer=base.summarizer,
            publisher=publisher,
            views=views,
        ),
        wishes=Wishes(
            storage,
            clock,
            replies,
            provenance=provenance,
            threads=threads,
            subscriptions=subscriptions,
            about=uris.about,
        ),
        topics=topics,
    )
