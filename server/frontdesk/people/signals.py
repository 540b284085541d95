"""What people announces."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class VisitorSeen:
    """A visitor is here now: a page view, an event, or a sign of presence."""

    workspace_id: str
    visitor_id: str


@dataclass(frozen=True, slots=True)
class PersonChanged:
    """Something that is shown about a person changed: name, e-mail, attributes, tags."""

    workspace_id: str
    person_id: str
