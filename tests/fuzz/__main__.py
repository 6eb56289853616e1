"""Searches for inputs that break a reader: `python -m tests.fuzz TARGET SECONDS FOLDER`.

Needs atheris (Google's fuzzer for Python, on libFuzzer), which `make fuzz` installs apart;
see docs/fuzzing.md.
"""

import sys
import time
from pathlib import Path

import atheris  # not in the lock

with atheris.instrument_imports(include=["activitypub", "bot", "http_sf", "protego", "base58"]):
    from tests.fuzz.seeds import seeds
    from tests.fuzz.targets import TARGETS

SLOWEST = 1.0
"""Seconds of work that an input may take; none is longer than `LONGEST` bytes."""
LONGEST = 100_000
MEMORY_MB = 1500


def main() -> None:
    """Fuzz one target for a while; findings stay in the folder as crash-* files."""
    name, seconds, folder = sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])
    target = TARGETS[name]
    corpus = folder / name
    corpus.mkdir(parents=True, exist_ok=True)
    for number, seed in enumerate(seeds(name)):
        (corpus / f"seed-{number}").write_bytes(seed)

    def one(data: bytes) -> None:
        started = time.process_time()
        target(data)
        took = time.process_time() - started
        if took > SLOWEST:
            raise AssertionError(f"{name} took {took:.1f} s for {len(data)} bytes")

    options = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-rss_limit_mb={MEMORY_MB}",
        "-timeout=20",
        "-print_final_stats=1",
        f"-artifact_prefix={folder}/{name}-",
        f"-dict={Path(__file__).parent / 'words.dict'}",
    ]
    atheris.Setup([sys.argv[0], *options, str(corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
