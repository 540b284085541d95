"""The address of who asks: only configured proxies are believed."""

from collections.abc import Mapping
from typing import Any


def client_ip(environ: Mapping[str, Any], trusted_proxies: int) -> str | None:
    """The peer's address, or what the outermost of `trusted_proxies` wrote into X-Forwarded-For.

    >>> client_ip({"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "6.6.6.6, 8.8.8.8"}, 1)
    '8.8.8.8'
    """
    chain = [part.strip() for part in environ.get("HTTP_X_FORWARDED_FOR", "").split(",") if part.strip()]
    chain.append(environ.get("REMOTE_ADDR", ""))
    return chain[max(-1 - trusted_proxies, -len(chain))] or None
