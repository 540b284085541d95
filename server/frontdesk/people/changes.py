"""What a word about a person or a company changed of what is known, field by field. Pure.

A person is known by two rows, and what its contact holds goes before what its browser does. To be recognised changes
nothing: whoever signs in on a new browser is who they were.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, Protocol

from frontdesk.people.traits import alike, renewed


@dataclass(frozen=True, slots=True)
class Change:
    """A field of a person or of its company (`contact.plan`, `company.name`) got another value. None: nothing known."""

    field: str
    before: Any
    after: Any


class Told(NamedTuple):
    """What a row tells, by reference: whoever changes a map or list of a row replaces it."""

    columns: tuple[Any, ...] = ()
    attributes: Mapping[str, Any] = {}
    tags: Sequence[str] = ()


class _Named(Protocol):
    name: str | None
    attributes: dict[str, Any]


class _Visitor(_Named, Protocol):
    email: str | None
    tags: list[str]


class _Contact(_Visitor, Protocol):
    phone: str | None
    registered_at: Any


class _Person(Protocol):
    @property
    def visitor(self) -> _Visitor | None: ...
    @property
    def contact(self) -> _Contact | None: ...


NOTHING: Final = Told()
_COLUMNS: Final = {"contact": ("name", "email", "phone", "registered_at"), "company": ("name",)}
# rules know other things by these names, whatever a sender calls its traits
_NOT_ATTRIBUTES: Final = {
    "contact": (*_COLUMNS["contact"], "tags", "user_id", "segments"),
    "company": (*_COLUMNS["company"], "id"),
}


def of_visitor(row: _Visitor | None) -> Told:
    return Told((row.name, row.email), row.attributes, row.tags) if row else NOTHING


def of_contact(row: _Contact | None) -> Told:
    return Told((row.name, row.email, row.phone, row.registered_at), row.attributes, row.tags) if row else NOTHING


def of_person(person: _Person) -> tuple[Told, Told]:
    """Of a person: what its browser tells, then what its contact does."""
    return of_visitor(person.visitor), of_contact(person.contact)


def of_company(row: _Named) -> Told:
    return Told((row.name,), row.attributes)


def between(family: str, before: Sequence[Told], after: Sequence[Told]) -> tuple[Change, ...]:
    """What changed of a `contact` or a `company`: of the same rows, each list in order, what goes before others last.

    >>> between("contact", [Told(("Li Na",))], [Told(("Li Na",), {"plan": "pro"})])
    (Change(field='contact.plan', before=None, after='pro'),)
    """
    if not any(map(_moved, before, after)):
        return ()
    was, now = _known(family, before), _known(family, after)
    return tuple(
        [
            Change(f"{family}.{name}", was.get(name), now.get(name))
            for name in renewed(was, now)
            if not alike(was.get(name), now.get(name))
        ]
    )


def _moved(before: Told, after: Told) -> bool:
    return before.columns != after.columns or before.attributes is not after.attributes or before.tags is not after.tags


def _known(family: str, rows: Sequence[Told]) -> dict[str, Any]:
    """Every field of which something is known."""
    known: dict[str, Any] = {}
    for row in rows:
        known |= row.attributes
    for name in _NOT_ATTRIBUTES[family]:
        known.pop(name, None)
    for row in rows:
        known |= {name: told for name, told in zip(_COLUMNS[family], row.columns, strict=False) if told is not None}
    tags = sorted({tag for row in rows for tag in row.tags})
    return known | {"tags": tags} if tags else known
