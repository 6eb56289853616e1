"""What runs inside the pasture's own environment, apart from ours: it needs other versions.

python inside.py inputs          prints all inputs of fediverse-pasture-inputs as JSON
python inside.py verify PORT     serves verify_actor of fediverse-pasture on loopback
"""

import json
import sys


def inputs() -> None:
    """Print every example of every input: what it adds to a note."""
    from fediverse_pasture_inputs import available  # noqa: PLC0415

    found = {name: data.examples for name, data in available.items()}
    print(json.dumps(found, default=str))


def verify(port: int) -> None:
    """Serve the six actors and the page that asks with them."""
    from fediverse_pasture.verify_actor import build_app  # noqa: PLC0415

    app = build_app(False, f"localhost:{port}", False, 10)
    app.run(port=port, host="127.0.0.1")


if __name__ == "__main__":
    if sys.argv[1] == "inputs":
        inputs()
    else:
        verify(int(sys.argv[2]))
