"""What senders write, and how a test looks at what was stored."""

import base64
from typing import Any

from sqlalchemy import select

from frontdesk.core.db import Database
from tests.server.conftest import Home

PRICING = "https://shop.example/pricing?utm_source=newsletter&utm_medium=email&utm_campaign=autumn"


def page(message_id: str, url: str = PRICING, **more: Any) -> dict[str, Any]:
    return {
        "type": "page",
        "messageId": message_id,
        "anonymousId": "ana",
        "context": {"page": {"url": url, "title": "Prices"}, "locale": "de-DE", "timezone": "Europe/Berlin"},
        **more,
    }


def track(message_id: str, event: str = "Plan Selected", **more: Any) -> dict[str, Any]:
    return {"type": "track", "messageId": message_id, "anonymousId": "ana", "event": event, **more}


def batch(home: Home, *items: Any, **more: Any) -> dict[str, Any]:
    return {"writeKey": home.site_key, "batch": list(items), **more}


def rows(db: Database, model: Any) -> list[Any]:
    return db.read(lambda session: list(session.scalars(select(model).order_by(model.id))))


def basic(key: str) -> dict[str, str]:
    return {"HTTP_AUTHORIZATION": "Basic " + base64.b64encode(f"{key}:".encode()).decode()}
