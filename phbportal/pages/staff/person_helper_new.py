"""Proposing somebody who acts for a person, or noting somebody who helps."""

from __future__ import annotations

import reflex as rx

from phbportal.domain.acting import ACTING_WORDS, BASIS_WORDS, NOMINATED_WORDS, Acting
from phbportal.domain.relations import RELATION_WORDS
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.person_form import AboutPerson, person_form_page
from phbportal.policy.permissions import Permission
from phbportal.queries.people_who_help import nominator_choices
from phbportal.services.acting import propose, read_acting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, checkbox, radios, select
from phbportal.ui.details import details
from phbportal.ui.forms import form, text_input
from phbportal.ui.links import link
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

PARTS = [
    Choice(Acting.REPRESENTATIVE, ACTING_WORDS[Acting.REPRESENTATIVE], "Decides and consents, because the person "
           "cannot. The board must agree."),
    Choice(Acting.NOMINEE, ACTING_WORDS[Acting.NOMINEE], "Only receives the money and answers for it. The board must "
           "agree."),
    Choice(Acting.ADVOCATE, ACTING_WORDS[Acting.ADVOCATE], "Speaks up for the person"),
    Choice(Acting.BROKER, ACTING_WORDS[Acting.BROKER], "Helps to plan and to find services"),
    Choice(Acting.FAMILY, ACTING_WORDS[Acting.FAMILY], "Helps, and decides nothing"),
]  # fmt: skip
BASES = [Choice(code, words) for code, words in BASIS_WORDS.items()]
NOMINATORS = [Choice(code, words) for code, words in NOMINATED_WORDS.items()]
RELATIONS = [Choice(code, words) for code, words in RELATION_WORDS.items()]


class NewHelperState(AboutPerson, rx.State):
    """The form; ``nominators`` are the representatives who may nominate, where there are several to choose from."""

    nominators: list[Choice] = []

    @reads(Permission.ACTING_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow, "helper form")
        found = nominator_choices(uow.session, uow.actor, uow.today, self._id())
        self.nominators = [Choice(one.value, one.text, one.hint) for one in found] if len(found) > 1 else []
        self.ready = True

    @writes(Permission.ACTING_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_acting(form)
        uow.once("helper", self.form_key, form, lambda: str(propose(uow, self._id(), entry)))
        return self._done("helper")


def new_helper() -> rx.Component:
    """What they do, why they may, and who they are to the person."""
    s = NewHelperState
    return person_form_page(
        "Add somebody who helps",
        form(
            radios("role", "What do they do?", PARTS, error=s.errors["role"]),
            radios(
                "basis", "Why does a representative represent this person?", BASES, error=s.errors["basis"],
                hint="Only for a representative",
            ),
            radios(
                "nominated_by", "Who nominated a nominee?", NOMINATORS, error=s.errors["nominated_by"],
                hint="Only for a nominee",
            ),
            when(
                s.nominators,
                radios(
                    "nominator", "Which representative nominated them?", s.nominators, error=s.errors["nominator"],
                    hint="Only where a representative did",
                ),
            ),
            text_input("name", "Their full name", error=s.errors["name"], width="20", auto_complete="off"),
            text_input(
                "contact", "How to reach them (optional)", error=s.errors["contact"],
                hint="Address, telephone number or e-mail address", auto_complete="off",
            ),
            select(
                "relation", "Who are they to this person?", RELATIONS, error=s.errors["relation"],
                blank="Choose who they are",
            ),
            checkbox("lives_in_household", "They live in the same household", error=s.errors["lives_in_household"]),
            checkbox(
                "involved_friend", "They are a friend who is involved in the person’s care",
                error=s.errors["involved_friend"],
            ),
            text_input(
                "organisation_code", "Code of the organisation (optional)", error=s.errors["organisation_code"],
                hint="Only for an organisation: its ODS code or CQC location number", width="20", auto_complete="off",
            ),
            details(
                "Is a DBS check needed?",
                "The portal works it out. A nominee needs an enhanced DBS certificate with barred lists unless they "
                "are close family, live in the same household, or are a friend involved in the care.",
                "So does a representative whom the board appoints. Of an organisation, the person who looks after the "
                "money from day to day is checked.",
            ),
            button_group(button("Add this person"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        paragraph("A representative or nominee cannot act before they accept, the checks are recorded, and an approver "
                  "agrees."),
        state=s,
    )  # fmt: skip
