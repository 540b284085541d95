"""By which event and amount a workspace ranks its buyers, and what the means were when they were taken last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from frontdesk.accounts.models import Workspace
from frontdesk.accounts.queries import workspace
from frontdesk.core.clock import from_ms, to_ms
from frontdesk.engage.facts.rfm.policy import Means

EVENT: Final = "Order Completed"  # as the Segment spec calls it, and its amount
AMOUNT: Final = "revenue"


@dataclass(frozen=True, slots=True)
class Settings:
    """`verified_only`: what anybody with the site key could have said of an order counts for nothing.

    `means` are None where nobody bought anything; `taken_at` is None until somebody looked.
    """

    event: str = EVENT
    amount: str = AMOUNT
    verified_only: bool = True
    means: Means | None = None
    taken_at: datetime | None = None

    @property
    def asks(self) -> tuple[str, str, bool]:
        """What the means depend on."""
        return self.event, self.amount, self.verified_only


def settings_of(row: Workspace) -> Settings:
    """What is stored of a workspace, or the defaults."""
    said: dict[str, Any] = row.rfm or {}
    means, taken_at = said.get("means"), said.get("taken_at")
    return Settings(
        event=said.get("event", EVENT),
        amount=said.get("amount", AMOUNT),
        verified_only=not row.admits_unverified,
        means=Means(**means) if means else None,
        taken_at=None if taken_at is None else from_ms(taken_at),
    )


def change(session: Session, workspace_id: str, body: dict[str, Any]) -> Settings:
    """Rank by another event or amount, or admit what is unverified; what is not named stays. Means are taken anew."""
    row = workspace(session, workspace_id)
    before = settings_of(row)
    row.admits_unverified = body.get("admits_unverified", row.admits_unverified)
    asked = {"event": body.get("event", before.event), "amount": body.get("amount", before.amount)}
    if (*asked.values(), not row.admits_unverified) != before.asks:
        row.rfm = asked
    return settings_of(row)


def keep(session: Session, workspace_id: str, asked: Settings, means: Means | None, now: datetime) -> bool:
    """Store the means; False where others are asked for by now."""
    row = workspace(session, workspace_id)
    if settings_of(row).asks != asked.asks:
        return False
    found = None
    if means:
        found = {
            "buyers": means.buyers,
            "recency_ms": means.recency_ms,
            "frequency": means.frequency,
            "monetary": means.monetary,
        }
    row.rfm = {"event": asked.event, "amount": asked.amount, "means": found, "taken_at": to_ms(now)}
    return True
