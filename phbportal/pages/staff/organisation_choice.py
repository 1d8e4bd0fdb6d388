"""Finding an organisation to choose from in a form."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal.domain.errors import Refusal
from phbportal.queries.organisation_choices import chosen_of_stream, organisation_choices
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.choices import Choice
from phbportal.ui.forms import fieldset
from phbportal.ui.search import search
from phbportal.ui.text import paragraph
from phbportal.ui.values import identity


class OrganisationChoice(rx.State, mixin=True):
    """The organisations found, ready to choose from; ``organisation`` is the one that is chosen already."""

    organisations: list[Choice] = []
    organisation: str = ""

    def _find(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        found = organisation_choices(uow.session, uow.actor, uow.today, form.get("search", ""))
        if not found:
            raise Refusal("No organisation has a name that begins so. Check the spelling.", field="search")
        self.organisations = [Choice(one.id, one.name, one.hint) for one in found]

    def _show_chosen(self, uow: UnitOfWork, stream_id: UUID) -> None:
        found = chosen_of_stream(uow.session, uow.actor, uow.today, stream_id)
        self.organisations = [Choice(found.id, found.name, found.hint)] if found else []
        self.organisation = found.id if found else ""


def organisation_search(s: Any) -> rx.Component:
    """The box that finds organisations for the choice below it."""
    return search(
        "Find an organisation", value="", hint="By the beginning of its name. Then choose it below.", on_submit=s.find
    )


def no_organisation(
    error: Any, question: str = "Which organisation holds a third-party budget?",
    only: str = "Only for a third-party budget.",
) -> rx.Component:  # fmt: skip
    """In place of the choice while nothing has been found: where to look, and what is wrong."""
    words = paragraph(f"{only} Find the organisation first, in the box above.")
    choice = fieldset("organisation", question, words, error=error)
    # What is wrong with the choice leads here, as it leads to the first choice once there are some.
    return rx.el.div(choice, **identity("organisation", tabIndex=-1))
