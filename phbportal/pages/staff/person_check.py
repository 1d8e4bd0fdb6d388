"""The check against the persons whom the regulations exclude from direct payments: yes or no, never why."""

from __future__ import annotations

import reflex as rx

from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.services.consents import read_exclusion, record_exclusion_check
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.details import details
from phbportal.ui.forms import form
from phbportal.ui.links import link
from phbportal.ui.notices import inset
from phbportal.ui.text import paragraph

ANSWERS = [
    Choice("no", "No, they are not excluded"),
    Choice("yes", "Yes, they are excluded", "They can still have a notional or a third-party budget"),
]


class CheckState(AboutPerson, rx.State):
    """The form."""

    @reads(Permission.CONSENT_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "direct payment check")
        self.ready = True

    @writes(Permission.CONSENT_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        excluded = read_exclusion(form)
        uow.once("exclusion", self.form_key, form, lambda: self._record(uow, excluded))
        return self._done("check")

    def _record(self, uow: UnitOfWork, excluded: bool) -> str:
        record_exclusion_check(uow, self._id(), excluded=excluded)
        return "recorded"


def check() -> rx.Component:
    """One question."""
    s = CheckState
    return person_form_page(
        "Check for a direct payment",
        paragraph(
            "The law says that a few people cannot be given a direct payment, because of certain orders of a court or "
            "conditions of a licence. You need to have looked before a direct payment is approved."
        ),
        inset(
            "Record only yes or no. Do not write down anywhere in the portal what an order or condition is, or why "
            "there is one."
        ),
        details(
            "Which rules are these?",
            "They are in the Schedule to the National Health Service (Direct Payments) Regulations 2013. They concern "
            "requirements to be treated or tested for drugs or alcohol that a court, or a licence, has set.",
            "If you are not sure, ask your information governance or legal team before you answer.",
        ),
        form(
            radios(
                "excluded",
                "Do the regulations exclude this person from direct payments?",
                ANSWERS,
                error=s.errors["excluded"],
                size="m",
            ),
            button_group(button("Record the check"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )
