"""Recording that a person has died."""

from __future__ import annotations

import reflex as rx

from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.services.endings import read_death, record_death
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import checkbox
from phbportal.ui.forms import date_input, form, text_input
from phbportal.ui.links import link
from phbportal.ui.text import bullets, paragraph


class DeathState(AboutPerson, rx.State):
    """The form."""

    @reads(Permission.ENDING_BEGIN)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "death form")
        self.ready = True

    @writes(Permission.ENDING_BEGIN, step_up=True)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        person, entry = self._id(), read_death(form)
        uow.once("death", self.form_key, form, lambda: str(record_death(uow, person, entry) or person))
        return self._done("death")


def death() -> rx.Component:
    """What happens, then the day and who said so."""
    s = DeathState
    return person_form_page(
        "Record a death",
        paragraph("When you save this:"),
        bullets(
            [
                "payments that wait are put on hold, and nothing more is paid for days after the death",
                "each budget is ready to be closed, and its reviews are taken off the work list",
                "the person’s own sign-in ends; whoever represents them can still see to the accounts",
                "you are asked to write to the family; nobody asks them for money for four weeks",
            ]
        ),
        form(
            date_input("died_on", "When did they die?", error=s.errors["died_on"]),
            text_input("told_by", "Who told you?", error=s.errors["told_by"],
                       hint="For example, a daughter or the GP’s surgery"),
            checkbox("sure", "I have checked that this is the right person", error=s.errors["sure"]),
            button_group(button("Record the death"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )  # fmt: skip
