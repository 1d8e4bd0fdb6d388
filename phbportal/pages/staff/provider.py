"""One organisation's record."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.beside_page import beside, beside_keys
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads
from phbportal.edge.outcomes import PageState
from phbportal.pages.shared.arrangement import user_led_tag
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.organisations import Link, OrganisationFact, organisation_record
from phbportal.services.reference_data import authority_names
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import breadcrumb, link
from phbportal.ui.notices import inset
from phbportal.ui.tables import line
from phbportal.ui.text import bullets, heading, paragraph
from phbportal.ui.values import pick, when


class ProviderState(PageState, rx.State):
    """An organisation, as text."""

    name: str = ""
    gone: str = ""
    facts: list[OrganisationFact] = []
    services: list[str] = []
    specialisms: list[str] = []
    links: list[Link] = []
    changes: list[str] = []
    user_led: bool = False
    invite_href: str = ""
    merge_href: str = ""

    @reads(Permission.PROVIDER_READ)
    def load(self, uow: UnitOfWork) -> None:
        organisation_id = given_id(params_of(self).get("organisation", ""))
        found = organisation_record(uow.session, uow.actor, uow.today, authority_names(), organisation_id)
        self.name, self.gone, self.facts = found.name, found.gone, list(found.facts)
        self.services, self.specialisms, self.links = list(found.services), list(found.specialisms), list(found.links)
        self.changes = list(found.changes)
        self.user_led = found.user_led
        boards = frozenset({uow.actor.icb_id} if uow.actor.icb_id else ())
        may = uow.decide(Permission.ORGANISATION_INVITE, Subject(icbs=boards)).allowed and found.may_hold_money
        merges = uow.decide(Permission.PROVIDER_MERGE, Subject(everybodys=True)).allowed and found.may_be_merged
        self.merge_href = routes.staff_provider_merge(organisation_id) if merges else ""
        if params_of(self).get("done") == "merged":
            self.notice = "They are one organisation now. What has changed says from when."
        self.invite_href = routes.staff_provider_invite(organisation_id) if may else ""
        self.ready = True


def provider() -> rx.Component:
    """Facts, what it does, what it is registered for, who came before and after."""
    s = ProviderState
    return staff_page(
        s.name,
        beside(),
        when(s.user_led, paragraph(user_led_tag(s.user_led))),
        when(s.gone, inset(s.gone + ".")),
        rx.el.dl(rx.foreach(s.facts, _fact), class_name="nhsuk-summary-list"),
        when(s.links, heading("Before and after"), rx.el.ul(rx.foreach(s.links, _link), class_name=_LIST)),
        when(s.changes, heading("What has changed"), bullets(s.changes)),
        when(s.services, heading("Services"), bullets(s.services)),
        when(s.invite_href, paragraph(link("Invite somebody to sign in for this organisation", s.invite_href))),
        when(s.merge_href, paragraph(link("Merge into another organisation", s.merge_href))),
        when(s.specialisms, heading("Specialisms and regulated activities"), bullets(s.specialisms)),
        beside_keys(),
        state=s,
        before=breadcrumb(("Providers", routes.STAFF_PROVIDERS)),
    )


_LIST = "nhsuk-list nhsuk-list--bullet"


def _fact(fact: Any) -> rx.Component:
    return line(fact.key, pick(fact.href, link(fact.value, fact.href, leaves=True), fact.value))


def _link(found: Any) -> rx.Component:
    return rx.el.li(found.words, " ", link(found.name, found.href), " ", found.when)
