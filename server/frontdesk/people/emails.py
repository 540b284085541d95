"""Who holds an e-mail by a verified sender's word: what lets a visitor be recognised by it."""

from collections import defaultdict
from collections.abc import Iterable

from frontdesk.people.rows import ContactRow, VisitorRow
from frontdesk.people.shelf import Key


class Holders:
    """Contacts and visitors by (workspace id, e-mail). What was noted of a row holds while the row still says so."""

    def __init__(self) -> None:
        self._contacts: dict[Key, dict[str, ContactRow]] = defaultdict(dict)
        self._visitors: dict[Key, dict[str, VisitorRow]] = defaultdict(dict)

    def note(self, rows: Iterable[ContactRow | VisitorRow]) -> None:
        """Remember who holds what now."""
        for row in rows:
            if row.email and isinstance(row, ContactRow):
                self._contacts[row.workspace_id, row.email][row.id] = row
            elif row.email and isinstance(row, VisitorRow):
                self._visitors[row.workspace_id, row.email][row.id] = row

    def contact(self, key: Key) -> ContactRow | None:
        """The one contact that holds this e-mail, verified; None where several do: which of them, nobody said."""
        holding = [row for row in self._contacts[key].values() if row.verified and row.email == key[1]]
        return holding[0] if len(holding) == 1 else None

    def visitors(self, key: Key) -> list[VisitorRow]:
        """The visitors that hold this e-mail, verified."""
        return [row for row in self._visitors[key].values() if row.email_verified and row.email == key[1]]
