"""Forms somebody has begun and not sent: theirs alone, swept after a month."""

from __future__ import annotations

from uuid import UUID

from phbportal.tables.base import Record, link, long_text, text, whole


class FormDraft(Record, table=True):
    """What somebody had typed, by the form it belongs to. Not the draft of a step-up, which belongs to a session."""

    __tablename__ = "form_draft"

    icb_id: UUID | None = link("organisation", default=None, index=False)
    user_id: UUID = link("user_account")
    resource: str = text(length=40)
    row_key: str = text(length=64, default="")
    step: int = whole(default=0)
    content: str = long_text(personal=True)
