"""`python -m tests.bench`: every benchmark, one table each."""

import asyncio

from tests.bench import (
    answering,
    delivery,
    fanout,
    inbox,
    relay,
    start,
    summaries,
    taking_back,
    threads,
)

if __name__ == "__main__":
    summaries.main()
    inbox.main()
    delivery.main()
    asyncio.run(fanout.main())
    start.main()
    asyncio.run(threads.main())
    relay.main()
    answering.main()
    asyncio.run(taking_back.main())
