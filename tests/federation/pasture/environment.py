"""An environment of its own for the pasture, made once from its lock file."""

import asyncio
import fcntl
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
VENV = FOLDER / ".venv"
LOCK = FOLDER / "requirements.lock"
PYTHON = VENV / "bin" / "python"


async def installed() -> Path:
    """Return the environment's Python, installing what the lock names if that changed."""
    return await asyncio.to_thread(_installed)


def _installed() -> Path:
    with LOCK.open("rb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        mark = VENV / "lock"
        if not mark.exists() or mark.read_bytes() != LOCK.read_bytes():
            uv = str(Path(sys.executable).parent / "uv")
            pip = [uv, "pip", "install", "-q", "--python", str(PYTHON), "--require-hashes"]
            for command in (
                [uv, "venv", "-q", "--clear", "--python", sys.executable, str(VENV)],
                [*pip, "-r", str(LOCK)],
            ):
                subprocess.run(command, check=True, timeout=300)
            mark.write_bytes(LOCK.read_bytes())
    return PYTHON
