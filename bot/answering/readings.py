"""Reading threads for those who ask: who asks at the same time shares one reading."""

from collections.abc import Callable

from activitypub.errors import ActivityPubError
from bot.reading.conversation import Conversations, Reading
from bot.shared import Shared
from storage import Storage
from storage.errors import StorageError

Key = tuple[bool, str]
"""Whether somebody waits for a reading (it is short then), and the post that it starts from."""


class Met(Exception):
    """A reading came to a post by which another one, from `first`, had come before."""

    def __init__(self, first: str) -> None:
        super().__init__(first)
        self.first = first


class Readings:
    """One reading of a thread at a time, whichever of its posts it was asked under.

    A reading knows its thread only once it has climbed to the top. One that meets another on the
    way gives up and takes what that one finds.
    """

    def __init__(self, storage: Storage, conversations: Conversations) -> None:
        self._storage = storage
        self._conversations = conversations
        self._shared: Shared[Key] = Shared()
        self._alone: Shared[Key] = Shared()
        self._first: dict[Key, str] = {}

    async def read(self, start: str, bot: str, seconds: float | None = None) -> Reading:
        """Read the thread around `start` for `bot`, for `seconds` if somebody waits for it.

        Raises the client's errors when `start` itself cannot be read.
        """
        hurried = seconds is not None
        first = self._first.get((hurried, start), start)
        if first == start:
            try:
                return await self._shared.run(
                    (hurried, start), lambda: self._begin(start, bot, seconds)
                )
            except Met as met:
                first = met.first
        found = await self._of_another((hurried, first), start)
        if found is not None:
            return found
        return await self._alone.run((hurried, start), lambda: self._read(start, bot, seconds))

    async def _begin(self, start: str, bot: str, seconds: float | None) -> Reading:
        """Read, and note by which posts; raises `Met` where another reading was before."""
        hurried = seconds is not None

        def come_by(uri: str) -> None:
            first = self._first.setdefault((hurried, uri), start)
            if first != start:
                raise Met(first)

        try:
            come_by(start)
            async with self._storage.view() as view:
                known = await view.posts.get(start)
            if known is not None and known.thread_id is not None:
                come_by(known.thread_id)
            return await self._read(start, bot, seconds, come_by)
        finally:
            mine = [
                key for key, first in self._first.items() if (key[0], first) == (hurried, start)
            ]
            for key in mine:
                del self._first[key]

    async def _read(
        self,
        start: str,
        bot: str,
        seconds: float | None,
        come_by: Callable[[str], None] | None = None,
    ) -> Reading:
        return await self._conversations.read(
            start, bot=bot, aliases=set(), seconds=seconds, come_by=come_by
        )

    async def _of_another(self, key: Key, start: str) -> Reading | None:
        """Return what another reading found, if it found `start` too and did not fail."""
        try:
            reading = await self._shared.join(key)
        except (ActivityPubError, StorageError, Met):
            return None
        if reading is None or reading.thread is None:
            return None
        async with self._storage.view() as view:
            post = await view.posts.get(start)
        return reading if post and post.thread_id == reading.thread.id else None
