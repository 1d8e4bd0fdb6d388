"""Adding a person, and changing a person's details."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.conflict import Difference, Versions, conflict_form, differences, settled
from phbportal.admin.frame import engine_page, staff_page
from phbportal.domain.errors import Conflict
from phbportal.domain.letters import BY_WORDS, By
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form, show_refusal
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.person_forms import person_form
from phbportal.services.people import add_person, change_person, read_person
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import date_input, form, text_input, textarea
from phbportal.ui.links import back_link, link
from phbportal.ui.text import columns, loading
from phbportal.ui.values import pick

LABELS = {
    "given_name": "First names",
    "family_name": "Family name",
    "known_as": "Known as",
    "date_of_birth": "Date of birth",
    "nhs_number": "NHS number",
    "local_reference": "Local reference",
    "address": "Address",
    "postcode": "Postcode",
    "telephone": "Telephone",
    "email": "E-mail",
    "letters_by": "Letters",
    "communication_needs": "Communication needs",
}


BY = [Choice(code.value, words) for code, words in BY_WORDS.items()]


class NewPersonState(PageState, rx.State):
    """The form that adds a person."""

    @reads(Permission.PERSON_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        new_form(self)
        self.ready = True

    @writes(Permission.PERSON_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_person(form, uow.today)
        person_id = uow.once("person", self.form_key, form, lambda: str(add_person(uow, entry)))
        return rx.redirect(f"{routes.staff_person(person_id)}?done=added")


class ChangePersonState(PageState, rx.State):
    """The form that changes a person's details; two versions of them when somebody else was quicker."""

    name: str = ""
    back: str = ""
    values: dict[str, str] = {}
    differing: list[Difference] = []
    _seen: dict[str, str] = {}
    _version: int = 0
    _versions: Versions = Versions({}, {})

    @reads(Permission.PERSON_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        person_id = given_id(params_of(self).get("person", ""))
        found = person_form(uow.session, uow.actor, uow.today, person_id)
        self.name, self.back, self.values = found.name, routes.staff_person(person_id), found.values
        self._seen, self._version, self.differing, self.ready = found.shown, found.row_version, [], True
        uow.saw("change of details", person_id=person_id)

    @writes(Permission.PERSON_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._change(uow, form)

    @writes(Permission.PERSON_WRITE)
    def settle(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return self._change(uow, settled(form, self._versions, self.differing))

    def _change(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry = read_person(form, uow.today)
        person_id = given_id(params_of(self).get("person", ""))
        try:
            change_person(uow, person_id, entry, seen_version=self._version)
        except Conflict as conflict:
            if self._compare(conflict):
                return show_refusal(self, conflict)
        return rx.redirect(f"{routes.staff_person(person_id)}?done=changed")

    def _compare(self, conflict: Conflict) -> bool:
        """Whether the two versions say different things: two people may have made the same change."""
        self._versions = Versions.of(conflict)
        self.differing = differences(self._versions, self._seen, LABELS)
        self._seen, self._version = conflict.theirs, conflict.row_version
        return bool(self.differing)


def _label(name: str) -> str:
    """A field's label; what may stay empty says so."""
    return LABELS[name] if name in ("given_name", "family_name") else f"{LABELS[name]} (optional)"


def fields(values: Any, errors: Any) -> list[rx.Component]:
    """The details of a person; ``values`` is a dict of what they start from, or None for an empty form."""

    def start(name: str) -> Any:
        return values[name] if values is not None else ""

    def line(name: str, **more: Any) -> rx.Component:
        return text_input(name, _label(name), value=start(name), error=errors[name], auto_complete="off", **more)

    return [
        line("given_name", width="20"),
        line("family_name", width="20"),
        line("known_as", width="20", hint="What the person likes to be called, if it is another name"),
        date_input(
            "date_of_birth", LABELS["date_of_birth"], day=start("born_day"), month=start("born_month"),
            year=start("born_year"), error=errors["date_of_birth"], hint="For example, 31 3 1980", size="",
        ),
        line("nhs_number", width="10", hint="10 digits, for example 999 000 0018", input_mode="numeric"),
        line("local_reference", width="20", hint="The number your own systems know the person by, if there is one"),
        textarea("address", _label("address"), value=start("address"), error=errors["address"], rows=4),
        line("postcode", width="10"),
        line("telephone", width="20", type="tel"),
        line("email", type="email", hint="Their own address, that nobody else reads"),
        radios(
            "letters_by", "How does this person want to get letters?", BY, error=errors["letters_by"],
            value=By.POST.value if values is None else start("letters_by"),
            hint="Ask them. Anybody who can open their e-mails can read our letters there. People who act for them "
            "choose for themselves, on their own pages.",
        ),
        textarea(
            "communication_needs", _label("communication_needs"), value=start("communication_needs"),
            error=errors["communication_needs"], rows=3,
            hint="For example, large print, British Sign Language, or phone a daughter first",
        ),
    ]  # fmt: skip


def new_person() -> rx.Component:
    """One form."""
    s = NewPersonState
    return engine_page(
        "Add a person",
        columns(
            form(
                *fields(None, s.errors),
                button_group(button("Add this person"), link("Cancel", routes.STAFF_PEOPLE)),
                on_submit=s.save,
            )
        ),
        state=s,
        before=back_link(routes.STAFF_PEOPLE),
    )


def change() -> rx.Component:
    """The form, or the two versions side by side."""
    s: Any = ChangePersonState
    return staff_page(
        "Change details",
        pick(
            s.differing,
            conflict_form(s.differing, s.errors, on_submit=s.settle, cancel_href=s.back),
            # not before it holds what is saved: what somebody typed in the meantime would be taken away
            pick(
                s.ready,
                columns(
                    form(
                        *fields(s.values, s.errors),
                        button_group(button("Save"), link("Cancel", s.back)),
                        on_submit=s.save,
                    )
                ),
                loading(),
            ),
        ),
        state=s,
        caption=s.name,
        before=back_link(s.back),
    )
