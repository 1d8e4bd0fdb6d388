"""Keeping a form somebody has begun, so that nothing typed is lost; theirs alone."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, select
from sqlmodel import col

from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.form_drafts import FormDraft

KEPT_DAYS = 30
MOST_BEGUN = 50
LONGEST = 200_000


def keep_form_draft(
    uow: UnitOfWork, draft_id: UUID | None, *, resource: str, row_key: str, step: int, content: Mapping[str, str]
) -> UUID:
    """Keep what was typed, as a new draft or over the actor's own. Returns its random id.

    Refuses more than 50 forms begun at once, and more than a form could hold.
    """
    if not uow.actor.is_staff or uow.actor.user_id is None:
        raise NotAllowed("You do not have permission to do this.")
    text = json.dumps(dict(content), ensure_ascii=False)
    if len(text) > LONGEST:
        raise Refusal("This form is too long to keep. Shorten the longest answer.")
    mine = select(FormDraft).where(
        col(FormDraft.user_id) == uow.actor.user_id, col(FormDraft.icb_id) == uow.actor.icb_id
    )
    own = None
    if draft_id is not None:
        own = uow.session.execute(mine.where(col(FormDraft.id) == draft_id).with_for_update()).scalar_one_or_none()
    if own is not None:
        uow.change(own, content=text, step=step)
        return own.id
    if len(uow.session.execute(mine.with_only_columns(col(FormDraft.id))).all()) >= MOST_BEGUN:
        raise Refusal(f"You have begun {MOST_BEGUN} forms. Send or throw away some of them first.")
    return uow.add(
        FormDraft, id=uuid.uuid4(), icb_id=uow.actor.icb_id, user_id=uow.actor.user_id, resource=resource,
        row_key=row_key[:64], step=step, content=text,
    ).id  # fmt: skip


def drop_form_draft(uow: UnitOfWork, draft_id: UUID) -> None:
    """Throw a form begun away, if it is the actor's own: it was sent, or is not wanted."""
    uow.session.execute(
        delete(FormDraft).where(col(FormDraft.id) == draft_id, col(FormDraft.user_id) == uow.actor.user_id)
    )


def sweep_form_drafts(uow: UnitOfWork) -> None:
    """Delete the forms nobody came back to for a month (decisions.md §4)."""
    uow.session.execute(delete(FormDraft).where(col(FormDraft.updated_at) < uow.now - timedelta(days=KEPT_DAYS)))
