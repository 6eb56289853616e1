"""Decides: what to read, what may be said of it, what to publish and whom to answer."""

import os
from importlib.metadata import version

__version__ = version("fedigest")

# NumPy's matrices are small here. Several threads for one of them wait for each other longer than
# they compute, many times as long where other programs are busy. It is read as NumPy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
