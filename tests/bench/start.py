"""Seconds from starting the program to its first answer over HTTP, with a database that is there.

python -m tests.bench.start
"""

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bot.demo.fediverse import free_port
from tests.bench.parts import ROOT, prepare, wait_for


def main() -> None:
    """Start five times and print the median."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        port = free_port(0)
        prepare(Path(folder), port)
        command = [sys.executable, "-m", "bot.cli"]
        config = ["--config", f"{folder}/fedigest.toml"]
        subprocess.run([*command, "migrate", *config], cwd=ROOT, check=True, capture_output=True)
        for _ in range(5):
            began = time.perf_counter()
            process = subprocess.Popen(
                [*command, "run", *config], cwd=ROOT, stderr=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )  # fmt: skip
            wait_for(f"http://localhost:{port}", process)
            found.append(time.perf_counter() - began)
            process.terminate()
            process.wait(20)
    print(f"start: first answer after {statistics.median(found):.2f} s (of {len(found)} starts)")


if __name__ == "__main__":
    main()
