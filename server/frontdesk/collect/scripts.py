"""What a page loads: the probe with its site's settings in front, and the built files of the SDK."""

from functools import lru_cache, partial
from typing import Any

import orjson
from flask import Blueprint, Response, request, send_from_directory
from sqlalchemy.orm import Session

from frontdesk.accounts.queries import site_by_key
from frontdesk.collect.keys import spelled_like_a_key
from frontdesk.core.assets import SDK, sdk_manifest
from frontdesk.core.errors import NotFound
from frontdesk.core.http import json_response
from frontdesk.core.runtime import runtime

blp = Blueprint("scripts", __name__)
MANIFEST = "manifest.json"
_SCHEMES = ("http", "https")
_CONSENT_AT_FIRST = {"granted": "granted", "opt_in": "pending"}  # of the site → as the probe has it
_FIVE_MINUTES = "public, max-age=300"


@blp.get("/js/<key>.js")
def site_script(key: str) -> Response:
    """The probe, ready for one site."""
    settings = runtime().db.read(partial(site_settings, key=key, host=_host()))
    front = b"window.__frontdesk=" + orjson.dumps(settings) + b";"
    return _of_host(_script(front + _probe(sdk_manifest()["probe"])))


@blp.get("/frontdesk.js")
def bare_script() -> Response:
    """The probe without settings: it finds them by `data-key` or `frontdesk('init', key)`."""
    return _script(_probe(sdk_manifest()["probe"]))


@blp.get("/v1/settings")
def settings_of_site() -> Response:
    """The settings that `/js/<site key>.js` carries, as JSON."""
    key = request.args.get("key", "")
    response = json_response(runtime().db.read(partial(site_settings, key=key, host=_host())))
    return _of_host(_cached(response))


@blp.get("/sdk/<path:name>")
def sdk_file(name: str) -> Response:
    """A built file; its name holds its hash, so it never changes. The list of them is not for the world."""
    if "/" in name or name == MANIFEST:
        raise NotFound("There is no such file.")
    response = send_from_directory(SDK, name, max_age=31_536_000)
    response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


def site_settings(session: Session, key: str, host: str) -> dict[str, Any]:
    """What the probe must know of its site. Paths are relative to `host`. NotFound for a key that no site has."""
    if not spelled_like_a_key(key):
        raise NotFound("There is no site with this key.")
    site, workspace = site_by_key(session, key)
    files = sdk_manifest()
    return {
        "key": site.key,
        "host": host,
        "launcher": f"/sdk/{files['launcher']}",
        "messenger": f"/sdk/{files['messenger']}",
        "locales": {"zh": f"/sdk/{files['zh']}"},
        "look": {"color": site.color, "corner": site.corner},
        "language": None,
        "consent": _CONSENT_AT_FIRST[site.consent],
        "name": workspace.name,
    }


def _host() -> str:
    """The origin that pages reach us by: as configured, else as this request did.

    The word of a proxy on the scheme counts only where proxies are trusted.
    """
    settings = runtime().settings
    if settings.public_url:
        return settings.public_url.rstrip("/")
    told = request.headers.get("X-Forwarded-Proto", "").rpartition(",")[2].strip().lower()
    scheme = told if settings.trusted_proxies > 0 and told in _SCHEMES else request.scheme
    return f"{scheme}://{request.host}"


@lru_cache(maxsize=4)
def _probe(name: str) -> bytes:
    return (SDK / name).read_bytes()


def _script(source: bytes) -> Response:
    return _cached(Response(source, mimetype="text/javascript"))


def _of_host(response: Response) -> Response:
    """One cache may keep the answers of several hosts; each names its own."""
    response.headers["Vary"] = "Host, X-Forwarded-Proto"
    return response


def _cached(response: Response) -> Response:
    response.headers["Cache-Control"] = _FIVE_MINUTES
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
