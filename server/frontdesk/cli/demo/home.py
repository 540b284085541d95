"""The demo's workspace: who works there, its keys, and the ready-made rules that are live in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from frontdesk.accounts import sites
from frontdesk.accounts.queries import first_site
from frontdesk.accounts.workspaces import NewTeammate, add_teammate, found, join_team, new_api_key
from frontdesk.cli.demo.plan import SPAN
from frontdesk.cli.demo.texts import TEXTS
from frontdesk.core.assets import PLAYBOOKS
from frontdesk.engage.doing import saved
from frontdesk.engage.rules import gates
from frontdesk.engage.rules import saving as rules
from frontdesk.engage.rules.installation import Installation
from frontdesk.engage.rules.versions import Edit
from frontdesk.engage.segments import saving as segments
from frontdesk.engage.segments.saving import Change
from frontdesk_rules import DEFAULT_POLICY

# As everywhere two marketing messages a day at most; but with quiet hours the demo would do nothing at night.
GATES: Final = {"caps": DEFAULT_POLICY.to_tree()["caps"], "quiet": None}
_AT_HOME: Final = Installation(letters=True)  # they are written, and stay in the outbox


@dataclass(frozen=True, slots=True)
class Seat:
    """A teammate of the demo. `hours`: from when to when, in UTC, they sit at the desk from Monday to Friday."""

    short: str
    name: str
    role: str
    team: str
    hours: tuple[int, int]
    language: str | None = None

    @property
    def email(self) -> str:
        return f"{self.short}@bellshop.example"

    @property
    def password(self) -> str:
        return f"demo-{self.short}-2026"

    def works_at(self, at: datetime) -> bool:
        start, end = self.hours
        return at.weekday() < 5 and start <= at.hour < end  # noqa: PLR2004  Saturday


SEATS = (
    Seat("olivia", "Olivia Demo", "owner", "sales", (13, 15)),
    Seat("sam", "Sam Demo", "member", "sales", (9, 17)),
    Seat("li", "Li Na (Demo)", "member", "sales", (1, 9), "zh"),
    Seat("amara", "Amara Demo", "member", "sales", (10, 18)),
    Seat("emma", "Emma Demo", "admin", "experts", (9, 18)),
    Seat("chen", "Chen Wei (Demo)", "member", "experts", (1, 9), "zh"),
)


@dataclass(frozen=True, slots=True)
class Home:
    """The workspace and its keys, the API key in plain; teammates' ids by short name."""

    workspace_id: str
    site_key: str
    api_key: str
    identity_secret: str
    teammates: dict[str, str]


def furnish(session: Session, now: datetime) -> Home:
    """Found Bellshop a day before its history begins, with everyone who works there and its rules live."""
    founded_at = now - SPAN - timedelta(days=1)
    workspace = found(session, "Bellshop", founded_at)
    teammates = {}
    for number, seat in enumerate(SEATS):
        joined_at = founded_at + timedelta(minutes=number)
        new = NewTeammate(seat.name, seat.email, seat.password, seat.role, language=seat.language)
        teammates[seat.short] = add_teammate(session, workspace.id, new, joined_at).id
        join_team(session, workspace.id, teammates[seat.short], seat.team)
    _set_up_rules(session, workspace.id, founded_at)
    site = first_site(session, workspace.id)
    # who tries the demo may well drive a browser, and wants to see something
    sites.change(session, workspace.id, site.id, {"bots": "keep"})
    return Home(
        workspace_id=workspace.id,
        site_key=site.key,
        api_key=new_api_key(session, workspace.id, "Demo", founded_at),
        identity_secret=workspace.identity_secret,
        teammates=teammates,
    )


def _set_up_rules(session: Session, workspace_id: str, now: datetime) -> None:
    """Every ready-made rule, live, with what they name: a segment, saved texts. Nothing is quiet at night."""
    for text in TEXTS:
        saved.save(session, workspace_id, text, now)
    segments.create(
        session, workspace_id, "internal-staff", Change(name={"en": "Our own people", "zh": "内部员工"}), now
    )
    gates.choose(session, workspace_id, GATES)
    edit = Edit(workspace_id, now, at_home=_AT_HOME)
    rules.put(session, edit, [draft for text in playbooks() for draft in rules.drafts(text)])


def playbooks() -> list[str]:
    """The text of each ready-made rule, by name."""
    return [path.read_text(encoding="utf-8") for path in sorted(PLAYBOOKS.glob("*.yaml"))]
