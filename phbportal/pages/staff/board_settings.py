"""The settings of one's own board: what holds today, what is to come, and the form that proposes one."""

from __future__ import annotations

from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.policies import SettingKind
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.staff.anew import returned
from phbportal.pages.staff.dated import SECOND, from_day, names_table, reason_field, values_table
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.dated import DatedRow, NamedRow
from phbportal.queries.ids import given_id
from phbportal.queries.policies import SettingForm, setting_form, setting_view, settings_list, typed_setting
from phbportal.services.policies import SUBJECT, propose_setting, propose_setting_change, read_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, select
from phbportal.ui.forms import form, text_input
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import pick, when

HINTS = {SettingKind.DAY: "For example, 6 April 2026"}


class SettingsState(PageState, rx.State):
    """Every setting, as text."""

    rows: list[NamedRow] = []
    succession_href: str = ""

    @reads(Permission.SETTING_READ)
    def load(self, uow: UnitOfWork) -> None:
        self.rows, self.ready = list(settings_list(uow.session, uow.actor, uow.today)), True
        self.succession_href = routes.STAFF_SUCCESSION if could_ever(uow.actor, Permission.SUCCESSION_PROPOSE) else ""


class SettingState(PageState, rx.State):
    """One setting, as text, and the form: of a new value, or of one that is to come (``row`` in the address)."""

    label: str = ""
    is_choice: bool = False
    choices: list[Choice] = []
    hint: str = ""
    usual: str = ""
    rows: list[DatedRow] = []
    may_propose: bool = False
    own: str = ""
    changes: bool = False
    value: str = ""
    reason: str = ""
    day: str = ""
    month: str = ""
    year: str = ""
    _version: int = 0

    @reads(Permission.SETTING_READ)
    def load(self, uow: UnitOfWork) -> None:
        view = setting_view(uow.session, uow.actor, uow.today, self._name())
        self.label, self.usual, self.may_propose = view.label, view.usual, view.may_propose
        self.is_choice, self.hint = view.kind == SettingKind.CHOICE, view.hint or HINTS.get(SettingKind(view.kind), "")
        self.choices = [Choice(code, words) for code, words in view.choices]
        self.rows, row = list(view.rows), self._row()
        self.own = routes.staff_setting(self._name())
        self._start(setting_form(uow.session, uow.actor, uow.today, self._name(), row) if row else None)
        self._start_anew(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.SETTING_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        change_id = uow.once("setting", self.form_key, form, lambda: str(self._propose(uow, form)))
        return rx.redirect(f"{routes.staff_change(change_id)}?done=proposed")

    def _propose(self, uow: UnitOfWork, form: dict[str, str]) -> UUID:
        entry, reason = read_setting(form, self._name(), uow.today)
        if row := self._row():
            return propose_setting_change(uow, row, entry, reason, seen_version=self._version, again=self._again())
        return propose_setting(uow, self._name(), entry, reason, again=self._again())

    def _start(self, found: SettingForm | None) -> None:
        self.changes, self._version = found is not None, found.row_version if found else 0
        self.value = found.value if found else ""
        self.day, self.month, self.year = (found.day, found.month, found.year) if found else ("", "", "")

    def _start_anew(self, uow: UnitOfWork) -> None:
        """Begin from what was proposed before and returned."""
        again, self.reason = self._again(), ""
        if found := returned(uow, again, SUBJECT, self._name(), self._row()):
            before, self.reason = found.values, found.reason
            self.value = typed_setting(self._name(), before["value"])
            on = before["starts_on"]
            self.day, self.month, self.year = str(on.day), str(on.month), str(on.year)

    def _again(self) -> UUID | None:
        given = params_of(self).get("again", "")
        return given_id(given) if given else None

    def _name(self) -> str:
        return params_of(self).get("setting", "")

    def _row(self) -> UUID | None:
        given = params_of(self).get("row", "")
        return given_id(given) if given else None


def board_settings() -> rx.Component:
    """Every setting with what holds today."""
    s = SettingsState
    return staff_page(
        "Settings",
        paragraph(
            "The choices of your board. A new one is proposed by one person and approved by another, and holds from a "
            "day on. Rates of the law are under ",
            link("Rates", routes.STAFF_RATES),
            ".",
        ),
        names_table("Settings", s.rows),
        when(s.succession_href, paragraph(link("When other boards take over from yours", s.succession_href))),
        state=s,
    )


def board_setting() -> rx.Component:
    """Every value of one setting; the form."""
    s = SettingState
    return staff_page(
        pick(s.label, s.label, "Setting"),
        when(
            s.ready,
            paragraph("Where a board has chosen nothing: ", s.usual, "."),
            values_table(s.rows, "Whose choice", "Your board has chosen nothing, so what is usual holds."),
            when(
                s.may_propose, columns(heading(pick(s.changes, "Change what is to come", "Propose a setting")), _form())
            ),
        ),
        state=s,
        before=breadcrumb(("Settings", routes.STAFF_SETTINGS)),
    )  # fmt: skip


def _form() -> rx.Component:
    s = SettingState
    typed = text_input(
        "value", "Setting", value=s.value, error=s.errors["value"], hint=s.hint, width="10", auto_complete="off"
    )
    chosen = select("value", "Setting", s.choices, value=s.value, error=s.errors["value"], blank="Choose")
    return form(
        inset(SECOND),
        pick(s.is_choice, chosen, typed),
        from_day(s),
        reason_field(s),
        button_group(button("Propose it"), when(s.changes, link("Propose a new setting instead", s.own))),
        on_submit=s.save,
    )
