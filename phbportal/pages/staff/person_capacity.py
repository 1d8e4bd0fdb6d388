"""Recording an assessment of capacity."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.capacity import CAPACITY_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.services.capacity import read_capacity, record_capacity
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input, form, text_input
from phbportal.ui.links import link
from phbportal.ui.text import paragraph

OUTCOMES = [Choice(code, words) for code, words in CAPACITY_WORDS.items()]


class CapacityState(AboutPerson, rx.State):
    """The form."""

    @reads(Permission.CONSENT_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "capacity form")
        self.ready = True

    @writes(Permission.CONSENT_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_capacity(form, uow.today)
        uow.once("capacity", self.form_key, form, lambda: str(record_capacity(uow, self._id(), entry)))
        return self._done("capacity")


def capacity() -> rx.Component:
    """One decision, and what was found."""
    s = CapacityState
    return person_form_page(
        "Record an assessment of capacity",
        paragraph(
            "Capacity is assessed for one decision at one time. Who must consent to a direct payment follows from the "
            "latest assessment. When capacity comes and goes, what was agreed before goes on."
        ),
        form(
            text_input(
                "decision", "Which decision was assessed?", error=s.errors["decision"],
                value="Whether to have a direct payment, and to manage it",
            ),
            radios("outcome", "What did the assessment find?", OUTCOMES, error=s.errors["outcome"]),
            date_input("assessed_on", "When was it assessed?", error=s.errors["assessed_on"]),
            text_input(
                "assessed_by", "Who assessed it?", error=s.errors["assessed_by"], width="20", auto_complete="off"
            ),
            date_input("review_on", "When is it looked at again? (optional)", error=s.errors["review_on"],
                       hint="Needed when capacity comes and goes"),
            button_group(button("Record the assessment"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip
