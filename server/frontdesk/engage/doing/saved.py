"""Saved texts: messages, letters, surveys, tours, hints and checklists, by key; `content` by language."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from frontdesk.core.clock import iso
from frontdesk.core.db.statements import insert_new
from frontdesk.core.errors import Conflict, NotFound
from frontdesk.core.ids import new_id
from frontdesk.engage.doing import shapes
from frontdesk.engage.models import RuleRow, RuleVersion, Template
from frontdesk.engage.rules.states import RUNNING

_KEPT: Final = "templates"  # in the session: a group of requests may say the same to many


def templates(session: Session, workspace_id: str, kind: str | None = None) -> Sequence[Template]:
    """All of the workspace, by key."""
    query = select(Template).where(Template.workspace_id == workspace_id).order_by(Template.key)
    return session.scalars(query.where(Template.kind == kind) if kind else query).all()


def template(session: Session, workspace_id: str, template_id: str) -> Template:
    """The saved text, or NotFound where it is not of this workspace."""
    row = session.get(Template, template_id)
    if row is None or row.workspace_id != workspace_id:
        raise NotFound("There is no such template.")
    return row


def content_of(session: Session, workspace_id: str, kind: str, key: str) -> dict[str, Any]:
    """What is saved under this key, by language; NotFound where there is nothing of this kind."""
    kept: dict[tuple[str, str, str], dict[str, Any]] = session.info.setdefault(_KEPT, {})
    asked = (workspace_id, kind, key)
    if asked not in kept:
        query = select(Template.content).where(
            Template.workspace_id == workspace_id, Template.kind == kind, Template.key == key
        )
        found = session.scalars(query).first()
        if found is None:
            raise NotFound(f"There is no saved {kind} {key}.")
        kept[asked] = found
    return kept[asked]


def save(session: Session, workspace_id: str, said: dict[str, Any], now: datetime) -> Template:
    """Save `{key, kind, content}`; Conflict where the key is taken, Invalid where the content is not of its kind."""
    content = shapes.checked(said["kind"], said["content"])
    row = {
        "id": new_id("tpl", now),
        "workspace_id": workspace_id,
        "key": said["key"],
        "kind": said["kind"],
        "content": content,
        "created_at": now,
        "updated_at": now,
    }
    if not insert_new(session, Template.__table__, [row], "id"):  # type: ignore[arg-type]  # it is a Table
        raise Conflict(f"There is a template {said['key']} already.", field="key")
    return template(session, workspace_id, str(row["id"]))


def change(session: Session, row: Template, content: dict[str, Any], now: datetime) -> None:
    """Say something else under the same key, from the next message on."""
    row.content, row.updated_at = shapes.checked(row.kind, content), now
    session.info.pop(_KEPT, None)
    session.flush()


def remove(session: Session, row: Template) -> None:
    """Conflict while a rule that runs names it."""
    if users := _named_by(session, row):
        raise Conflict(f"It is said by {', '.join(sorted(users))}.")
    session.delete(row)
    session.info.pop(_KEPT, None)
    session.flush()


def dump(row: Template) -> dict[str, Any]:
    """Template, as on the wire."""
    return {
        "id": row.id,
        "key": row.key,
        "kind": row.kind,
        "content": row.content,
        "created_at": iso(row.created_at),
        "updated_at": iso(row.updated_at),
    }


def _named_by(session: Session, row: Template) -> set[str]:
    """The keys of rules that run and say it."""
    query = (
        select(RuleRow.key, RuleVersion.tree)
        .join(RuleRow, RuleRow.id == RuleVersion.rule_id)
        .where(RuleVersion.workspace_id == row.workspace_id, RuleVersion.state.in_(RUNNING))
    )
    return {key for key, tree in session.execute(query) if _says(tree, row)}


def _says(tree: Any, row: Template) -> bool:
    """Whether anything in this tree is `{<kind>: <key>}` or `{<kind>: {template: <key>}}`."""
    if isinstance(tree, list):
        return any(_says(each, row) for each in tree)
    if not isinstance(tree, dict):
        return False
    said = tree.get(row.kind)
    named = said.get("template") if isinstance(said, dict) else said
    return named == row.key or any(_says(each, row) for each in tree.values())
