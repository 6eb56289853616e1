"""The same posts give the same summary in every process, and take no more than its share."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MEASURED = """
from bot.summary.candidates import candidates
from bot.summary.features import measure
from bot.summary.model import Length, SourcePost

said = {
    "en": "The open model of the library needs a server.",
    "de": "Das offene Modell der Bibliothek braucht einen Server.",
    "fr": "Le modèle libre de la bibliothèque demande un serveur.",
    "pl": "Otwarty model biblioteki potrzebuje serwera.",
}
posts = [SourcePost(code, code, text, language=code) for code, text in said.items()]
features = measure(candidates(posts), posts, "en", Length())
print(features.terms.tolist(), features.priors.tolist())
"""
THREADS = """
from pathlib import Path

import bot
import numpy as np

square = np.ones((700, 700))
square @ square
np.linalg.eigh(square)
print(len(list(Path("/proc/self/task").iterdir())))
"""


def printed(script: str, **environment: str) -> str:
    kept = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    ran = subprocess.run(
        [sys.executable, "-c", script],
        env={**kept, **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return ran.stdout


def test_a_thread_of_several_languages_is_measured_alike_in_each_process() -> None:
    assert len({printed(MEASURED, PYTHONHASHSEED=str(seed)) for seed in range(4)}) == 1


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are counted as on Linux")
def test_matrices_start_no_threads_of_their_own() -> None:
    assert printed(THREADS) == "1\n"
