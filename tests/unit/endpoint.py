"""A scripted endpoint that speaks OpenAI's chat API: it answers what a test tells it to.

Whatever it is asked is searched for words that no model may be shown.
"""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.kept_from_models import KEPT


@dataclass
class Script:
    """What was asked, and the function that answers: posts of the prompt to an answer's text."""

    answer: Callable[[list[dict[str, str]]], Any]
    prompts: list[str] = field(default_factory=list)
    formats: list[Any] = field(default_factory=list)
    status: int = 200
    stall: float = 0.0
    base_url: str = ""


def posts_of(prompt: str) -> list[dict[str, str]]:
    """Return the posts that a prompt shows, as the model sees them."""
    return [json.loads(line) for line in prompt.splitlines() if re.match(r'\{"id": "p\d+"', line)]


@contextmanager
def endpoint(answer: Callable[[list[dict[str, str]]], Any]) -> Iterator[Script]:
    """Serve on loopback."""
    script = Script(answer)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *args: Any) -> None:
            pass

        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            prompt = asked["messages"][-1]["content"]
            script.prompts.append("\n".join(m["content"] for m in asked["messages"]))
            KEPT.look(script.prompts[-1])
            KEPT.look("\n".join(" ".join(map(str, post.values())) for post in posts_of(prompt)))
            script.formats.append(asked.get("response_format"))
            if script.status != 200:
                self.send_response(script.status)
                self.end_headers()
                return
            found = script.answer(posts_of(prompt))
            text = found if isinstance(found, str) else json.dumps(found)
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            try:
                for start in range(0, len(text), 40):
                    time.sleep(script.stall)
                    self.event(
                        {"choices": [{"index": 0, "delta": {"content": text[start : start + 40]}}]}
                    )
                usage = {"prompt_tokens": 100, "completion_tokens": 50, "total_tokens": 150}
                self.event({"choices": [], "usage": usage})
                self.wfile.write(b"data: [DONE]\n\n")
            except OSError:
                pass

        def event(self, members: dict[str, Any]) -> None:
            chunk = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
            self.wfile.write(f"data: {json.dumps(chunk | members)}\n\n".encode())
            self.wfile.flush()

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    script.base_url = f"http://127.0.0.1:{server.server_port}/v1"
    try:
        yield script
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
