"""Reading what others made in a process of its own, which a hostile document may break.

Thorough parsers can be kept busy for long by a document that is made for it, and many hold the
interpreter all the while: in a thread they would stop the whole service. A process can be stopped,
and the system bounds its time and memory.
"""

import asyncio
import resource
import sys

from bot.errors import BotError

CPU_SECONDS = 5
SECONDS = 30.0
"""By the clock: on a busy machine the CPU's take longer."""
MEMORY = 512 << 20


class TooMuch(BotError):
    """A document took too long to read, or too much memory, or broke its reader."""


async def contained(module: str, document: bytes) -> bytes:
    """Give `document` to `python -m module`, which begins with `bound`; return what it writes.

    Raises `TooMuch`.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(SECONDS):
            written, _ = await process.communicate(document)
    except TimeoutError:
        raise TooMuch("it takes too long to read") from None
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode:
        raise TooMuch("it is too much to read")
    return written


def bound() -> None:
    """Bound the time and memory of this process, which is to read one document; no file grows."""
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
