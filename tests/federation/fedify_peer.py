"""A peer that others wrote: starts a Fedify server on loopback and steers it."""

import asyncio
import contextlib
import fcntl
import json
import shutil
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Self, TypeVar

import aiohttp

FOLDER = Path(__file__).parent / "fedify"
NODE = FOLDER / "node_modules" / "node" / "bin" / "node"
# npm writes it last, so an installation that broke off does not look whole.
INSTALLED = FOLDER / "node_modules" / ".package-lock.json"
NPM_CI = ("ci", "--legacy-peer-deps", "--engine-strict=false", "--no-audit", "--no-fund")
# Below the time limit of a test, so that the error says what was slow.
INSTALL_SECONDS = 90.0
START_SECONDS = 25.0
POLL_SECONDS = 0.05

Json = dict[str, Any]
T = TypeVar("T")


class PeerError(Exception):
    """Root of what goes wrong with the peer."""


class PeerUnavailable(PeerError):
    """The peer cannot be started here; the text says why."""


class NpmMissing(PeerUnavailable):
    """There is no npm on this machine: the one reason that may skip a test."""


class PeerRefused(PeerError):
    """The peer did not do what it was told; the text is its reason."""


@dataclass
class FedifyPeer:
    """One running Fedify server with one actor.

    Args:
        origin: Scheme, host and port, such as ``http://localhost:40123``.
        actor: URI of its only actor.
    """

    origin: str
    actor: str
    _process: asyncio.subprocess.Process = field(repr=False)
    _log: IO[bytes] = field(repr=False)
    _session: aiohttp.ClientSession = field(repr=False)

    @classmethod
    async def start(
        cls,
        name: str = "fay",
        *,
        log: Path | None = None,
        kind: str = "Person",
    ) -> Self:
        """Install if needed, start, and wait until the peer listens.

        Args:
            name: User name of its actor.
            log: File for what the peer writes to stderr; dropped when None.
            kind: Type of its actor: Person, Group or Service.

        Raises:
            NpmMissing: Without npm nothing can be installed.
            PeerUnavailable: The installation or the start failed.
        """
        await asyncio.to_thread(install)
        errors = await asyncio.to_thread((log or Path("/dev/null")).open, "ab")
        process = await asyncio.create_subprocess_exec(
            str(NODE), "peer.mjs", "--port", "0", "--name", name, "--type", kind,
            cwd=FOLDER, stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE, stderr=errors,
        )  # fmt: skip
        try:
            hello = await _read_hello(process)
        except BaseException:
            await _end(process)
            errors.close()
            raise
        timeout = aiohttp.ClientTimeout(total=30)
        session = aiohttp.ClientSession(base_url=hello["origin"], timeout=timeout)
        return cls(hello["origin"], hello["actor"], process, errors, session)

    async def stop(self) -> None:
        """End the process, by its own id; kill it when it does not go within 5 seconds."""
        await self._session.close()
        await _end(self._process)
        self._log.close()

    async def follow(self, actor: str) -> str:
        """Send a Follow to the actor at this URI; its id."""
        return str((await self._tell("follow", {"actor": actor}))["id"])

    async def unfollow(self, actor: str) -> str:
        """Send Undo of the Follow sent before; its id."""
        return str((await self._tell("unfollow", {"actor": actor}))["id"])

    async def note(
        self,
        content: str,
        in_reply_to: str | None = None,
        mention: str | None = None,
        visibility: str = "public",
        hashtags: tuple[str, ...] = (),
    ) -> str:
        """Post a note and send it to its followers and the mentioned actor.

        Args:
            content: HTML, sent as it is (a mention in it is the caller's to write).
            in_reply_to: URI of the note it answers.
            mention: URI of an actor, who is addressed, tagged and sent the note.
            visibility: ``public``, ``quiet`` or ``direct`` (to the mentioned only).
            hashtags: Names of its hashtags.

        Returns:
            URI of the note, dereferenceable at once.

        Raises:
            PeerRefused: The mentioned actor was not found.
        """
        body: Json = {"content": content, "visibility": visibility, "hashtags": hashtags}
        body |= {"inReplyTo": in_reply_to} if in_reply_to else {}
        body |= {"mention": mention} if mention else {}
        return str((await self._tell("note", body))["id"])

    async def announce(self, note: str, *, whole: bool = False) -> str:
        """Hand a post on to the followers: its id, or the ``whole`` Create; the Announce's id."""
        return str((await self._tell("announce", {"id": note, "whole": whole}))["id"])

    async def delete(self, note: str) -> None:
        """Send Delete of a note to whom it was sent to; its URI answers 410 from then on."""
        await self._tell("delete", {"id": note})

    async def sign(self, method: str, url: str, body: str | None, spec: str) -> Json:
        """Let Fedify sign a request; its ``headers`` and ``keyId``.

        Args:
            spec: ``rfc9421`` or ``draft-cavage-http-signatures-12``.
        """
        wanted = {"method": method, "url": url, "spec": spec}
        result: Json = await self._tell("sign", wanted | ({"body": body} if body else {}))
        return result

    async def verify(self, method: str, url: str, body: str | None, headers: Json) -> str | None:
        """Let Fedify verify a request; the owner of the key, or None."""
        asked: Json = {"method": method, "url": url, "headers": headers}
        answer = await self._tell("verify", asked | ({"body": body} if body else {}))
        owner: str | None = answer["owner"]
        return owner

    async def verify_proof(self, document: Json) -> bool:
        """Tell whether Fedify finds the integrity proof of an activity right (FEP-8b32)."""
        return bool((await self._tell("proof", document))["verified"])

    async def received(self, type: str | None = None) -> list[Json]:  # noqa: A002
        """Every activity that Fedify verified, oldest first, as JSON-LD as it came."""
        found: list[Json] = await self._ask("received")
        return [one for one in found if type is None or one["type"] == type]

    async def followers(self) -> list[str]:
        """URIs of the actors that follow the peer's actor."""
        found: list[str] = await self._ask("followers")
        return found

    async def fetch(self, uri: str) -> Json:
        """Let Fedify fetch an object with a signed GET; its JSON-LD.

        Raises:
            PeerRefused: Fedify found no object there.
        """
        found: Json = await self._ask("fetch", uri=uri)
        return found

    async def webfinger(self, uri: str) -> Json | None:
        """Let Fedify ask WebFinger about an actor's URL; None when it found nothing.

        A handle would not do: Fedify looks handles up over HTTPS only.
        """
        found: Json | None = await self._ask("webfinger", uri=uri)
        return found

    async def wait_for(self, predicate: Callable[[Json], bool], timeout: float = 60.0) -> Json:  # noqa: ASYNC109
        """Wait for a received activity.

        Args:
            predicate: True for the activity that is waited for.
            timeout: Seconds.

        Raises:
            TimeoutError: It did not come; the text lists what did.
        """
        return await _poll(self.received, predicate, timeout)

    async def wait_for_follower(self, actor: str, timeout: float = 60.0) -> None:  # noqa: ASYNC109
        """Wait until this actor follows the peer's actor; TimeoutError after ``timeout`` s."""
        await _poll(self.followers, lambda follower: follower == actor, timeout)

    async def _tell(self, command: str, body: Json) -> Json:
        async with self._session.post(f"/control/{command}", json=body) as answer:
            result: Json = await _result(answer)
            return result

    async def _ask(self, what: str, **query: str) -> Any:
        async with self._session.get(f"/control/{what}", params=query) as answer:
            return await _result(answer)


async def _result(answer: aiohttp.ClientResponse) -> Any:
    if answer.status != 200:
        raise PeerRefused(f"{answer.status}: {await answer.text()}")
    return await answer.json()


async def _poll(
    read: Callable[[], Awaitable[list[T]]],
    wanted: Callable[[T], bool],
    timeout: float,  # noqa: ASYNC109
) -> T:
    seen: list[T] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(timeout):
            while True:
                seen = await read()
                for one in seen:
                    if wanted(one):
                        return one
                await asyncio.sleep(POLL_SECONDS)
    raise TimeoutError(f"not within {timeout} s; seen: {json.dumps(seen)[:4000]}")


async def _read_hello(process: asyncio.subprocess.Process) -> Json:
    assert process.stdout is not None
    try:
        async with asyncio.timeout(START_SECONDS):
            line = await process.stdout.readline()
    except TimeoutError:
        raise PeerUnavailable(f"the peer did not listen within {START_SECONDS} s") from None
    if not line:
        raise PeerUnavailable("the peer ended before it listened; its log says why")
    hello: Json = json.loads(line)
    return hello


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
    try:
        # communicate() also drains stdout, so that its pipe is closed with the process.
        await asyncio.wait_for(process.communicate(), 5)
    except TimeoutError:
        process.kill()
        await process.communicate()


def install() -> None:
    """Install what the peer runs on, unless it is there; one at a time, whoever calls.

    Raises NpmMissing and PeerUnavailable.
    """
    _lock_and(_ensure_installed)


@contextlib.contextmanager
def _file_lock() -> Iterator[None]:
    # A file outside node_modules, which npm ci removes.
    with (FOLDER / "package.json").open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _lock_and(action: Callable[[], None]) -> None:
    with _file_lock():
        action()


def _is_current() -> bool:
    if not (INSTALLED.exists() and NODE.exists()):
        return False
    return INSTALLED.stat().st_mtime >= (FOLDER / "package-lock.json").stat().st_mtime


def _ensure_installed() -> None:
    if _is_current():
        return
    npm = shutil.which("npm")
    if npm is None:
        raise NpmMissing("npm is not installed")
    try:
        subprocess.run(
            [npm, *NPM_CI], cwd=FOLDER, check=True, capture_output=True, timeout=INSTALL_SECONDS
        )
    except subprocess.CalledProcessError as error:
        text = error.stderr.decode(errors="replace")[-2000:]
        raise PeerUnavailable(f"npm ci failed: {text}") from error
    except subprocess.TimeoutExpired as error:
        raise PeerUnavailable(f"npm ci took more than {INSTALL_SECONDS} s") from error
    if not _is_current():
        raise PeerUnavailable("npm ci brought no Node: were its install scripts left out?")
