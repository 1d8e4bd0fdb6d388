"""Forms the actor has begun: nobody else ever sees them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.moments import show_moment
from phbportal.policy.actors import Actor
from phbportal.tables.form_drafts import FormDraft


@dataclass(frozen=True, slots=True)
class Begun:
    """A form begun: what was typed by the controls' names, how far it is, and when it was last kept."""

    id: UUID
    resource: str
    row_key: str
    step: int
    content: dict[str, str]
    kept: str


def form_draft(session: Session, actor: Actor, given: str, resource: str, row_key: str) -> Begun | None:
    """The actor's own draft of this form with this id; None if there is none."""
    try:
        wanted = UUID(given)
    except ValueError:
        return None
    found = _begun(session, actor, wanted)
    return found if found and (found.resource, found.row_key) == (resource, row_key) else None


def any_form_draft(session: Session, actor: Actor, given: str) -> Begun | None:
    """The actor's own draft with this id, of whatever form."""
    try:
        return _begun(session, actor, UUID(given))
    except ValueError:
        return None


def newest_form_draft(session: Session, actor: Actor, resource: str, row_key: str) -> Begun | None:
    """The last draft the actor kept of this form; None if there is none."""
    row = session.execute(
        select(FormDraft)
        .where(
            col(FormDraft.user_id) == actor.user_id, col(FormDraft.icb_id) == actor.icb_id,
            col(FormDraft.resource) == resource, col(FormDraft.row_key) == row_key,
        )
        .order_by(col(FormDraft.updated_at).desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    return _read(row) if row else None


def _begun(session: Session, actor: Actor, wanted: UUID) -> Begun | None:
    row = session.execute(
        select(FormDraft).where(
            col(FormDraft.id) == wanted, col(FormDraft.user_id) == actor.user_id, col(FormDraft.icb_id) == actor.icb_id
        )
    ).scalar_one_or_none()
    return _read(row) if row else None


def _read(row: FormDraft) -> Begun:
    return Begun(row.id, row.resource, row.row_key, row.step, json.loads(row.content), show_moment(row.updated_at))
