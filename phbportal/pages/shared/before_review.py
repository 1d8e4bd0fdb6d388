"""What a nominee or an organisation says before a review of the budget they are paid from."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.edge.markers import writes
from phbportal.edge.outcomes import PageState
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.review_comments import ReviewToCome, review_to_come
from phbportal.services.review_comments import comment_on_review, read_comment
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, textarea
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import when


class BeforeReview(PageState, mixin=True):
    """The review to come, and what the reader has said so far."""

    to_come: ReviewToCome = ReviewToCome()

    @writes(Permission.REVIEW_COMMENT)
    def say_before_review(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        stream = given_id(self.to_come.stream_id)
        comment_on_review(uow, stream, read_comment(form))
        self._show_to_come(uow, stream_id=stream)
        self.notice = "Thank you. The team reads this before the review."

    def _show_to_come(self, uow: UnitOfWork, *, stream_id: UUID | None = None, reference: str = "") -> None:
        self.to_come = review_to_come(
            uow.session, uow.actor, uow.today, stream_id=stream_id, reference=reference
        )  # fmt: skip


def before_review(s: Any) -> rx.Component:
    """When it is, and a box for what the team should know; nothing while no review is planned."""
    return when(
        s.to_come.stream_id,
        heading("Before the review"),
        paragraph("The team looks at this budget by ", s.to_come.by, ". Tell them first how it goes."),
        when(s.to_come.said, paragraph(s.to_come.said)),
        form(
            textarea(
                "before_review", "What should the team know?", value=s.to_come.words, error=s.errors["before_review"],
                rows=4, hint="What works, what does not, and whether the money is enough. The team reads this.",
            ),
            button_group(button("Send to the team", kind="secondary")),
            on_submit=s.say_before_review, id="before-review",
        ),
    )  # fmt: skip
