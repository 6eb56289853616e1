"""Ending in time: a thread that hangs must not keep the whole process.

Looking up a name is left to the system and takes as long as a name server likes; what a model
writes may take minutes. Neither can be interrupted, and Python waits for all such threads, twice:
when the event loop closes, and when the interpreter ends.
"""

import logging
import os
import sys
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

PATIENCE = 2.0
"""Seconds for which threads are waited for, at each of the two places."""


class Threads(ThreadPoolExecutor):
    """The threads of an event loop; `shutdown` waits for them, but not for ever."""

    def __init__(self) -> None:
        self._started: list[threading.Thread] = []
        super().__init__(thread_name_prefix="loop", initializer=self._note)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:  # noqa: FBT001, FBT002
        """Let the threads end, waiting for `PATIENCE` at most; what has not begun may not."""
        super().shutdown(wait=False, cancel_futures=cancel_futures)
        if wait:
            still_alive(self._started)

    def _note(self) -> None:
        self._started.append(threading.current_thread())


def leave(code: int) -> None:
    """End the process with `code` if a thread still keeps it; otherwise return.

    To be called last, when all is closed: nothing else runs after this, not even `atexit`.
    """
    ours = {threading.main_thread(), threading.current_thread()}
    if still_alive(t for t in threading.enumerate() if not t.daemon and t not in ours):
        logging.shutdown()
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def still_alive(threads: Iterable[threading.Thread]) -> bool:
    """Wait for threads, for `PATIENCE` together; return whether one still works then."""
    until = time.monotonic() + PATIENCE
    waiting = list(threads)
    for thread in waiting:
        thread.join(max(0.0, until - time.monotonic()))
    return any(thread.is_alive() for thread in waiting)
