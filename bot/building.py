"""From settings to what the parts take: addresses, rules, limits, the way out."""

import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from activitypub.guard import AddressGuard
from activitypub.thread import ThreadBudget
from activitypub.transport import Limits, Transport
from activitypub.uris import Uris
from bot import __version__
from bot.answering.limits import Limits as AnswerLimits
from bot.answering.summaries import Growing
from bot.pages.build import Site
from bot.publishing.digest import Shape
from bot.settings import Settings
from bot.summary.llm import Endpoint, Ledger
from bot.summary.model import Length
from bot.taking_back.retention import Lifetimes
from bot.wiring import Rules

if TYPE_CHECKING:
    from bot.summary.llm.writer import Writer


class SystemClock:
    """The real time."""

    def now(self) -> datetime:
        """Return it, in UTC."""
        return datetime.now(UTC)


def uris_of(config: Settings) -> Uris:
    """Return the URLs of the instance."""
    return Uris(config.instance.base_url, config.instance.handle_domain)


def site_of(config: Settings) -> Site:
    """Return what the operator says of the instance."""
    own = config.instance
    return Site(own.name, own.operator, own.contact, own.source, __version__)


def rules_of(config: Settings) -> Rules:
    """Return what the operator decides."""
    digest, reading, network = config.digest, config.reading, config.network
    return Rules(
        mode=config.consent.mode,
        shape=Shape(digest.threads, digest.min_posts, Length(digest.sentences, digest.words)),
        budget=ThreadBudget(
            posts=reading.posts,
            requests=reading.requests,
            per_host=reading.requests_per_host,
            seconds=reading.seconds,
        ),
        limits=limits_on_answers(config),
        growing=Growing(config.answers.seconds, timedelta(days=config.answers.edit_days)),
        poll_every=timedelta(minutes=reading.poll_minutes),
        keep=lifetimes_of(config),
        blocked_hosts=network.blocked_hosts,
        blocked_accounts=network.blocked_accounts,
        tokens={host: token.get_secret_value() for host, token in reading.tokens.items()},
    )


def limits_on_answers(config: Settings) -> AnswerLimits:
    """Return how much is answered in a day."""
    given = config.answers
    return AnswerLimits(given.per_person, given.per_thread, given.per_host, given.per_day)


def lifetimes_of(config: Settings) -> Lifetimes:
    """Return how long things are kept."""
    memory = config.storage
    return Lifetimes(
        words=timedelta(days=memory.keep_days),
        received=timedelta(days=memory.keep_activities_days),
        requests=timedelta(days=memory.keep_requests_days),
        reports=timedelta(days=memory.keep_reports_days),
        traces=timedelta(days=memory.keep_traces_days),
    )


def transport_of(config: Settings | None) -> Transport:
    """Return the way out; without settings, as a stranger with the strictest guard.

    FEDIGEST_NETWORK__ALLOW_LOOPBACK opens loopback for a command that has no settings file.
    """
    variable = os.environ.get("FEDIGEST_NETWORK__ALLOW_LOOPBACK", "")
    loopback = config.network.allow_loopback if config else variable.lower() in {"1", "true"}
    contact = f"+{config.instance.base_url}/about" if config else "command line"
    return Transport(
        AddressGuard(allow_loopback=loopback),
        user_agent=f"Fedigest/{__version__} ({contact})",
        limits=limits_of(config) if config else Limits(),
    )


def limits_of(config: Settings) -> Limits:
    """Return the bounds of requests."""
    network = config.network
    return Limits(
        seconds=network.seconds,
        per_host=network.requests_per_host,
        posts_per_host=network.deliveries_per_host,
        host_window=4 * config.reading.requests_per_host,
    )


def writer_of(config: Settings, ledger: Ledger) -> "Writer | None":
    """Return the engine that writes by a model, if one is set up."""
    model = config.llm
    if not (model.base_url and model.name):
        return None
    endpoint = Endpoint(
        base_url=model.base_url,
        model=model.name,
        api_key=model.api_key.get_secret_value(),
        seconds=model.seconds,
        tokens=model.tokens,
    )
    from bot.summary.llm.writer import Writer  # noqa: PLC0415  0.4 s and 40 MB

    return Writer(endpoint, ledger)
