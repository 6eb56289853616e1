"""How pages are sent: with headers that keep their readers safe."""

from aiohttp import web

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)


def page(html: str, status: int = 200) -> web.Response:
    """Return an HTML page that runs no script and loads nothing from elsewhere.

    Caches ask before they show it again, since words may have been taken back.
    """
    response = web.Response(text=html, status=status, content_type="text/html", charset="utf-8")
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["Vary"] = "Accept"
    response.headers["Cache-Control"] = "public, no-cache" if status == 200 else "no-store"
    return response
