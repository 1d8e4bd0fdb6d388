"""Saying that two rows are one organisation: the other one is found, both are shown, and then it is done."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.fields import Day, LongText
from phbportal.admin.frame import staff_page
from phbportal.admin.inputs import Input, inputs_of, read_form
from phbportal.admin.second import PROPOSE, WORDS
from phbportal.domain.errors import Refusal
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.organisation_choices import OrganisationOption
from phbportal.queries.organisation_merging import Compared, found_by_words, side_by_side
from phbportal.queries.organisations import organisation_record
from phbportal.services.provider_merge import merge_provider, merger_ahead
from phbportal.services.reference_data import authority_names
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form
from phbportal.ui.inputs import any_input
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import Column, table
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import pick, when

INTO = Input("link", "into", "Which one stays?", "By the beginning of its name, its CQC number or its ODS code.", "30")
ASKS = (
    Day("on", "From which day?", needed="Enter the day from which the other one is used."),
    LongText("reason", "Why are they one organisation?", longest=500, needed="Say why they are one."),
)


class ProviderMergeState(PageState, rx.State):
    """The one that goes; those found to choose from; then both, fact by fact."""

    name: str = ""
    back: str = ""
    other: str = ""
    again_href: str = ""
    offers: dict[str, list[str]] = {}
    values: dict[str, str] = {}
    found: list[Choice] = []
    facts: list[Compared] = []
    inputs: list[Input] = []
    trouble: str = ""
    second: str = ""
    words: str = ""

    @reads(Permission.PROVIDER_MERGE)
    def load(self, uow: UnitOfWork) -> None:
        goes, into = self._id(), str(params_of(self).get("into", ""))
        record = organisation_record(uow.session, uow.actor, uow.today, authority_names(), goes)
        self.name, self.back, self.again_href = record.name, routes.staff_provider(goes), ""
        self.other, self.facts, self.found, self.offers, self.inputs = "", [], [], {}, []
        self.values, self.trouble, self.second = {**self.draft}, "", ""
        if into:
            self._compare(uow, goes, given_id(into))
        new_form(self)
        self.ready = True

    @reads(Permission.PROVIDER_MERGE, aside=True)
    def suggest(self, uow: UnitOfWork, link: str, typed: str) -> None:
        self.offers = {link: [_told(one) for one in self._like(uow, typed)]}

    @reads(Permission.PROVIDER_MERGE)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        typed = form.get("into", "").strip()
        self.values = {"into": typed}
        alike = self._like(uow, typed.partition(" – ")[0])
        chosen = [one for one in alike if typed in (_told(one), one.id) or form.get("which") == one.id] or alike
        if len(chosen) > 1:
            self.found = [Choice(one.id, one.name, one.hint) for one in chosen]
            raise Refusal("More than one goes by that. Choose one.", field="which")
        self.found = []
        if not chosen:
            raise Refusal(
                "We found no organisation of that name, number or code. Check it, or type less of it.", field="into"
            )
        return rx.redirect(routes.staff_provider_merge(self._id(), chosen[0].id))

    @writes(Permission.PROVIDER_MERGE)
    def merge(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        self.values = dict(form)
        goes, into = self._id(), given_id(str(params_of(self).get("into", "")))
        asked = read_form(ASKS, form)
        said = {**form, "goes": str(goes), "into": str(into)}
        change = uow.once(
            "provider-merge", self.form_key, said, lambda: str(merge_provider(uow, goes, into, asked) or "")
        )
        return rx.redirect(
            f"{routes.staff_change(change)}?done=proposed" if change else f"{routes.staff_provider(into)}?done=merged"
        )

    # What follows is no event: a browser cannot call it.

    def _compare(self, uow: UnitOfWork, goes: UUID, into: UUID) -> None:
        both = side_by_side(uow.session, uow.actor, uow.today, authority_names(), goes, into)
        self.other, self.facts, self.again_href = both.stays, list(both.facts), routes.staff_provider_merge(goes)
        self.trouble, two = merger_ahead(uow, goes, into)
        self.second, self.words = WORDS if two else "", PROPOSE if two else "Merge them"
        self.inputs = inputs_of(ASKS, self.values, {}, {})

    def _like(self, uow: UnitOfWork, typed: str) -> list[OrganisationOption]:
        return found_by_words(uow.session, uow.actor, uow.today, typed, other_than=self._id())

    def _id(self) -> UUID:
        return given_id(params_of(self).get("organisation", ""))


def _told(one: OrganisationOption) -> str:
    return f"{one.name} – {one.hint}"


def provider_merge() -> rx.Component:
    """The box to find the other one; then both side by side, and what is asked."""
    s = ProviderMergeState
    return staff_page(
        "Merge into another organisation",
        when(s.ready, pick(s.other, _both(), _which())),
        state=s,
        caption=s.name,
        before=back_link(s.back),
    )


def _which() -> rx.Component:
    s = ProviderMergeState
    return columns(
        paragraph(
            "Two rows may be one organisation. ", s.name, " goes: from a day on it points to the one that stays. "
            "Nothing is deleted, and you see both before anything is done.",
        ),
        form(
            any_input(INTO, s.values, s.errors, offers=s.offers, on_typing=s.suggest),
            when(s.found, radios("which", "Which of these?", s.found, error=s.errors["which"])),
            button_group(button("Show both"), link("Cancel", s.back)),
            on_submit=s.find,
        ),
    )  # fmt: skip


def _both() -> rx.Component:
    s = ProviderMergeState
    return rx.fragment(
        table(
            "Both, side by side",
            [
                Column("What", "key"), Column("Goes", "goes"), Column("Stays", "stays"),
                Column("Compared", lambda row: pick(row.same == "The same", row.same, rx.el.strong(row.same))),
            ],
            s.facts,
        ),
        paragraph(link("Choose another one", s.again_href)),
        pick(
            s.trouble,
            inset(s.trouble),
            columns(
                form(
                    rx.foreach(s.inputs, lambda one: any_input(one, s.values, s.errors)),
                    when(s.second, inset(s.second)),
                    button_group(button(s.words), link("Cancel", s.back)),
                    on_submit=s.merge,
                )
            ),
        ),
    )  # fmt: skip
