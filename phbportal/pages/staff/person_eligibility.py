"""Recording why a person may have a budget."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.eligibility import COHORT_WORDS, RIGHT_WORDS, right_of
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.queries.needs import assessments_of_needs
from phbportal.services.eligibility import read_eligibility, record_eligibility
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import date_input, form
from phbportal.ui.links import link
from phbportal.ui.values import when

REASONS = [Choice(cohort.value, words, RIGHT_WORDS[right_of(cohort)]) for cohort, words in COHORT_WORDS.items()]


class EligibilityState(AboutPerson, rx.State):
    """The form; ``rests_on`` are the assessments of needs it may rest on."""

    rests_on: list[Choice] = []

    @reads(Permission.ELIGIBILITY_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "eligibility form")
        found = assessments_of_needs(uow.session, uow.actor, uow.today, self._id())
        self.rests_on = [Choice(one.id, one.choice) for one in found if one.choice]
        self.ready = True

    @writes(Permission.ELIGIBILITY_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_eligibility(form, uow.today)
        uow.once("eligibility", self.form_key, form, lambda: str(record_eligibility(uow, self._id(), entry)))
        return self._done("eligibility")


def eligibility() -> rx.Component:
    """One reason, and two dates."""
    s = EligibilityState
    return person_form_page(
        "Record eligibility",
        form(
            radios(
                "cohort", "Why may this person have a budget?", REASONS, error=s.errors["cohort"], small=True, size="m"
            ),
            date_input(
                "decided_on",
                "When was this decided?",
                error=s.errors["decided_on"],
            ),
            date_input(
                "starts_on",
                "From which day does it count?",
                error=s.errors["starts_on"],
                hint="Leave this empty if it counts from the day of the decision",
            ),
            when(
                s.rests_on,
                select(
                    "assessment",
                    "Which assessment of needs does it rest on? (optional)",
                    s.rests_on,
                    error=s.errors["assessment"],
                    blank="None of them",
                ),
            ),
            button_group(button("Record eligibility"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )
