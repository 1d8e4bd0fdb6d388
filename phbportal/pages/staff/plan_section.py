"""One section of a plan: its words, and who else may read them. When somebody else saved first, both are shown."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.domain.errors import Conflict, NotFound
from phbportal.domain.plan_parts import HOLDER_WORDS, SECTION_HINTS, SECTION_WORDS, Section
from phbportal.domain.plans import SHARE_WORDS, Share
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.plan_parts import parts_of_plans, with_empty
from phbportal.queries.plans import plan_id_of
from phbportal.services.plan_parts import read_section, write_section
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import paragraph
from phbportal.ui.values import when

PAGE = "plan section"
SHARES = [Choice(share.value, words) for share, words in SHARE_WORDS.items()]


class SectionState(PhbPage, rx.State):
    """The section in the address, as it stands."""

    title: str = ""
    own_title: str = ""
    hint: str = ""
    words: str = ""
    share: str = Share.NOBODY.value
    _version: int = 0

    @reads(Permission.PLAN_WRITE)
    def load(self, uow: UnitOfWork) -> None:
        case = self._open(uow, PAGE)
        plan_id, section = self._plan(uow), self._section()
        parts = parts_of_plans(uow.session, uow.actor, uow.today, [plan_id])[plan_id]
        found = next((one for one in with_empty(parts, case.cohort) if one.code == section.value), None)
        if found is None:
            raise NotFound()
        self.title, self.own_title, self.hint = found.title, HOLDER_WORDS[section], SECTION_HINTS[section]
        self.words, self.share, self._version = found.words, found.share_code, found.version
        self.ready = True

    @writes(Permission.PLAN_WRITE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        try:
            write_section(uow, self._plan(uow), self._section(), read_section(form), seen_version=self._version)
        except Conflict as clash:
            self._version = clash.row_version
            raise
        return self._back(routes.STAFF_PHB_PLAN, "section")

    def _plan(self, uow: UnitOfWork) -> Any:
        return plan_id_of(uow.session, uow.actor, uow.today, self._param("phb"))

    def _section(self) -> Section:
        if self._param("section") not in SECTION_WORDS:
            raise NotFound()
        return Section(self._param("section"))


def section() -> rx.Component:
    """The words, who else may read them, and after a clash what the colleague saved."""
    s: Any = SectionState
    return phb_page(
        s.title,
        paragraph("The holder reads this under “", s.own_title, "”."),
        when(s.theirs["words"], inset("A colleague saved this in the meantime: ", s.theirs["words"])),
        narrow_form(
            textarea("words", s.title, value=s.words, error=s.errors["words"], hint=s.hint, rows=8),
            radios("share", "Who else may read it?", SHARES, value=s.share, error=s.errors["share"]),
            button_group(button("Save"), link_button("Leave without saving", s.head.plan_href, kind="secondary")),
            on_submit=s.save,
        ),
        state=s,
        up=("Plan", s.head.plan_href),
    )
