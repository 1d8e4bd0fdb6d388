"""Opening a budget for a person."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.domain.phbs import KIND_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.queries.person_forms import eligibility_choices
from phbportal.services.phbs import open_phb, read_phb
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form
from phbportal.ui.links import link
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick

KIND_HINTS = {"ONGOING": "Weekly money, with or without start-up costs", "ONE_OFF": "Paid once, for one thing"}
KINDS = [Choice(kind.value, words, KIND_HINTS[kind.value]) for kind, words in KIND_WORDS.items()]


class NewBudgetState(AboutPerson, rx.State):
    """The form."""

    choices: list[Choice] = []
    only: str = ""

    @reads(Permission.PHB_OPEN)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "new budget form")
        found = eligibility_choices(uow.session, uow.actor, uow.today, self._id())
        self.choices = [Choice(one.value, one.text, one.hint) for one in found]
        self.only = found[0].value if len(found) == 1 else ""
        self.ready = True

    @writes(Permission.PHB_OPEN)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_phb(form)
        reference = uow.once("phb", self.form_key, form, lambda: open_phb(uow, self._id(), entry))
        return rx.redirect(f"{routes.staff_phb(reference)}?done=opened")


def new_budget() -> rx.Component:
    """What makes the person eligible, and which kind of budget."""
    s = NewBudgetState
    return person_form_page(
        "Open a budget",
        pick(
            s.choices,
            form(
                radios(
                    "eligibility", "What makes this person eligible?", s.choices, value=s.only,
                    error=s.errors["eligibility"],
                ),
                radios("kind", "Which kind of budget?", KINDS, error=s.errors["kind"]),
                button_group(button("Open the budget"), link("Cancel", s.back)),
                on_submit=s.save,
            ),
            rx.fragment(
                paragraph("Nothing that is in force makes this person eligible. Record it first."),
                link_button("Record eligibility", s.back + "/eligibility"),
            ),
        ),
        state=s,
    )  # fmt: skip
