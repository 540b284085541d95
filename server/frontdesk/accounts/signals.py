"""What accounts announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TeammateLoggedOut:
    teammate_id: str
    token_hash: str


@dataclass(frozen=True, slots=True)
class AvailabilityChanged:
    workspace_id: str
    teammate_id: str
    available: bool


@dataclass(frozen=True, slots=True)
class SiteChanged:
    workspace_id: str
    site_id: str
