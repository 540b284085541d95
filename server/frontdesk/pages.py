"""Pages that a browser opens: the console at `/`, a demo's shop under `/demo/`, and the signs of health."""

import os
import secrets
from functools import lru_cache
from hmac import compare_digest
from pathlib import Path

from flask import Blueprint, Response, redirect, request, send_from_directory
from sqlalchemy import select, text
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from frontdesk.accounts.auth import caller, identify_caller
from frontdesk.accounts.models import Site
from frontdesk.core.assets import CONSOLE, SHOP
from frontdesk.core.client_ip import is_near
from frontdesk.core.errors import NotFound, Unavailable
from frontdesk.core.http import bearer, json_response
from frontdesk.core.metrics import METRICS, count_answer
from frontdesk.core.runtime import runtime

blp = Blueprint("pages", __name__)
shop_blp = Blueprint("shop", __name__)
blp.after_app_request(count_answer)
_CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self' ws: wss:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
# first steps of paths that are not the console's, whether something answers there or not
_RESERVED = frozenset(
    ("api", "v1", "messenger", "sdk", "js", "socket.io", "console", "demo", "metrics", "healthz", "readyz", "static")
)


@blp.get("/healthz")
def alive() -> Response:
    """The process answers."""
    return json_response({"status": "ok"})


@blp.get("/readyz")
def ready() -> Response:
    """The process can do its work: the database answers."""
    try:
        runtime().db.read(lambda session: session.execute(text("SELECT 1")).scalar_one())
    except Exception as error:  # whatever is wrong with the database, the answer is the same
        raise Unavailable("The database does not answer.") from error
    return json_response({"status": "ready"})


@blp.get("/metrics")
def metrics() -> Response:
    """What this process counts, for Prometheus: sums over all workspaces, nothing of any person.

    Open to callers on this machine and in private networks, as a scraper's configuration expects, unless the question
    came through a proxy that `FRONTDESK_TRUSTED_PROXIES` does not know. Set `FRONTDESK_METRICS_TOKEN` where addresses
    say nothing (containers, a proxy that adds no header): then it is asked for from everywhere, as
    `Authorization: Bearer …` (`authorization: credentials` of a scrape job). An API key or an admin's session will
    always do.
    """
    _refuse_strangers()
    figures, content_type = METRICS.exposed(request.headers.get("Accept", ""))
    return Response(figures, content_type=content_type, headers={"Cache-Control": "no-store"})


def _refuse_strangers() -> None:
    settings, given = runtime().settings, bearer()
    if settings.metrics_token and given and compare_digest(given.encode(), settings.metrics_token.encode()):
        return
    if not settings.metrics_token and is_near(request.environ, settings.trusted_proxies):
        return
    identify_caller()
    caller().must_be("admin")


@blp.get("/console/<path:name>")
def console_file(name: str) -> Response:
    """A built file of the console; its name holds its hash."""
    response = send_from_directory(CONSOLE, name)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


@shop_blp.get("/demo")
@shop_blp.get("/demo/")
@shop_blp.get("/demo/<path:name>")
def shop(name: str = "") -> AnyResponse:
    """The demo shop, with this installation's site key in its script tag."""
    path = _shop_page(name)
    if path is None:
        raise NotFound("The shop has no such page.")
    if path.is_dir() or request.path == "/demo":
        return redirect(f"{request.path}/{f'?{request.query_string.decode()}' if request.query_string else ''}")
    if path.suffix != ".html":
        return send_from_directory(SHOP, path.relative_to(SHOP).as_posix(), max_age=300)
    key = runtime().db.read(lambda session: session.scalar(select(Site.key).order_by(Site.created_at).limit(1)))
    page = path.read_text(encoding="utf-8").replace("{{SITE_KEY}}", key or "")
    return Response(page, mimetype="text/html", headers={"Cache-Control": "no-cache"})


@blp.get("/")
@blp.get("/<path:route>")
def console(route: str = "") -> Response:
    """The console; its own router reads the path."""
    if route.partition("/")[0] in _RESERVED or Path(route).suffix:
        raise NotFound("There is no such page.")
    nonce = secrets.token_urlsafe(16)
    page = _console_page().replace("__CSP_NONCE__", nonce)
    headers = {
        "Cache-Control": "no-store",
        "Content-Security-Policy": _CSP.format(nonce=nonce),
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    return Response(page, mimetype="text/html", headers=headers)


def _shop_page(name: str) -> Path | None:
    """The file behind a clean URL: `pricing/` is `pricing/index.html`; a folder without its slash is a redirect."""
    joined = safe_join(str(SHOP), name)
    path = Path(joined) if joined else None
    if path is None or not os.path.exists(path):
        return None
    return path / "index.html" if path.is_dir() and (not name or name.endswith("/")) else path


@lru_cache(maxsize=1)
def _console_page() -> str:
    return (CONSOLE / "index.html").read_text(encoding="utf-8")
