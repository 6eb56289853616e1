"""How long it takes until what somebody deletes is taken back from those who got it.

    python -m tests.bench.taking_back

A digest is on its way to 10,000 followers, most of whose servers take connections and never answer;
100 have got it when the author of a cited post deletes that. Seconds from the 202 of the Delete
until the page has changed, and until the last of the 100 has the Update.
"""

import asyncio
import tempfile
import time
from pathlib import Path

from tests.federation.crowd import ANSWERING, FOLLOWERS, crowd, delete, published
from tests.federation.instance import fetch, running
from tests.federation.sender import Sender


async def main() -> None:
    """Play it, and print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        async with running(Path(folder)) as (fediverse, app, demo):
            await demo.cycle(app)
            async with crowd(app) as made:
                uri, post = await published(app, made)
                page = app.uris.digest(uri.rpartition("/")[2])
                before = (await fetch(page))[1]
                await delete(Sender(fediverse, app), post)
                began = time.perf_counter()
                while (await fetch(page))[1] == before:  # noqa: ASYNC110  it happens elsewhere
                    await asyncio.sleep(0.01)
                shown = time.perf_counter() - began
                await made.wait_for("Update", uri)
                told = time.perf_counter() - began
                async with app.storage.view() as view:
                    waiting = (await view.deliveries.counts())["waiting"]
    print(f"taking back: {FOLLOWERS} followers, {waiting} deliveries still waiting")
    print(f"  the page changed after           {shown:.2f} s")
    print(f"  the {ANSWERING} that had it were told after {told:.2f} s")


if __name__ == "__main__":
    asyncio.run(main())
