"""How buyers are ranked: /api/v1/workspace/rfm."""

from datetime import timedelta
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from frontdesk.accounts.auth import caller
from frontdesk.accounts.queries import workspace
from frontdesk.core.border import Blueprint
from frontdesk.core.clock import iso
from frontdesk.core.runtime import runtime
from frontdesk.engage.facts.rfm import schemas
from frontdesk.engage.facts.rfm.policy import CLASSES, WINDOW
from frontdesk.engage.facts.rfm.settings import Settings, change, settings_of

rfm_api = Blueprint("rfm", __name__, url_prefix="/api/v1", description="Buyers by recency, frequency and money.")


@rfm_api.route("/workspace/rfm")
@rfm_api.response(200, schemas.RfmSchema)
def get_rfm() -> dict[str, Any]:
    """By which event and amount buyers are ranked, the means that they are held against, and the eight classes."""
    return _dump(runtime().db.read(partial(_settings, workspace_id=caller().workspace_id)))


@rfm_api.route("/workspace/rfm", methods=["PUT"])
@rfm_api.arguments(schemas.RfmChange)
@rfm_api.response(200, schemas.RfmSchema)
def put_rfm(body: dict[str, Any]) -> dict[str, Any]:
    """Rank by another event or amount, for owners and admins; what is not named stays. The means follow in a minute,
    and until then nobody is of any class."""
    me = caller()
    me.must_be("admin")
    return _dump(runtime().db.write(partial(change, workspace_id=me.workspace_id, body=body)))


def _settings(session: Session, workspace_id: str) -> Settings:
    return settings_of(workspace(session, workspace_id))


def _dump(settings: Settings) -> dict[str, Any]:
    means, taken_at = settings.means, settings.taken_at
    return {
        "event": settings.event,
        "amount": settings.amount,
        "window_days": WINDOW.days,
        "admits_unverified": not settings.verified_only,
        "means": means
        and taken_at
        and {
            "buyers": means.buyers,
            "recency_days": timedelta(milliseconds=means.recency_ms) / timedelta(days=1),
            "frequency": means.frequency,
            "monetary": means.monetary,
            "taken_at": iso(taken_at),
        },
        "classes": [
            {
                "key": one.key,
                "name": one.name.to_tree(),
                "recency": one.lately,
                "frequency": one.often,
                "monetary": one.much,
            }
            for one in CLASSES.values()
        ],
    }
