"""The list of organisations, kind by kind."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState
from phbportal.pages.shared.arrangement import user_led_tag
from phbportal.policy.permissions import Permission
from phbportal.queries.organisations import OrganisationRow, organisations_page
from phbportal.queries.views import kept_view
from phbportal.services.reference_data import authority_names
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.views import keep_view
from phbportal.ui.choices import Choice, select
from phbportal.ui.links import link
from phbportal.ui.pagination import pager
from phbportal.ui.search import search
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import tag
from phbportal.ui.text import paragraph
from phbportal.ui.values import pick, when

PAGE = "providers"
FIRST = OrganisationKind.CARE_PROVIDER
KINDS = [Choice(kind.value, words) for kind, words in ORGANISATION_WORDS.items()]


class ProvidersState(PageState, rx.State):
    """One page of organisations of a kind, as text."""

    rows: list[OrganisationRow] = []
    kind: str = FIRST.value
    search: str = ""
    nothing: str = ""
    has_before: bool = False
    has_after: bool = False
    _before: str = ""
    _after: str = ""

    @reads(Permission.PROVIDER_READ)
    def load(self, uow: UnitOfWork) -> None:
        params = self.router.page.params
        view, kind = kept_view(uow.session, uow.actor, PAGE, params.get("view", "")), _kind(params.get("kind", ""))
        page = organisations_page(
            uow.session, uow.actor, uow.today, authority_names(), kind=kind, search=view.search, cursor=view.cursor,
            direction=view.direction,
        )  # fmt: skip
        self.rows, self.kind, self.search, self.nothing = list(page.rows), kind.value, view.search, page.nothing
        self._before, self._after = page.before, page.after
        self.has_before, self.has_after = bool(page.before), bool(page.after)
        self.ready = True

    @writes(Permission.PROVIDER_READ)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        return _go(uow, _kind(form.get("kind", "")), search=form.get("search", ""))

    @writes(Permission.PROVIDER_READ)
    def turn(self, uow: UnitOfWork, direction: str) -> object:
        cursor = self._before if direction == "before" else self._after
        return _go(uow, _kind(self.kind), search=self.search, cursor=cursor, direction=direction)


def _kind(code: str) -> OrganisationKind:
    return OrganisationKind(code) if code in list(OrganisationKind) else FIRST


def _go(uow: UnitOfWork, kind: OrganisationKind, *, search: str, cursor: str = "", direction: str = "") -> object:
    address = f"{routes.STAFF_PROVIDERS}?kind={kind.value}"
    if not search.strip() and not cursor:
        return rx.redirect(address)
    view = keep_view(uow, PAGE, search=search, cursor=cursor, direction=direction)
    return rx.redirect(f"{address}&view={view}")


def providers() -> rx.Component:
    """Kind and search box, table, pager."""
    s = ProvidersState
    return staff_page(
        "Providers and organisations",
        search(
            "Find an organisation",
            value=s.search,
            hint="By the beginning of its name, its CQC number or its ODS code",
            before=select("kind", "Kind", KINDS, value=s.kind),
            on_submit=s.find,
        ),
        when(s.search != "", paragraph(link("Show all of this kind", routes.STAFF_PROVIDERS + "?kind=" + s.kind))),
        table(
            "Organisations",
            [
                Column("Name", _name),
                Column("Kind", "kind"),
                Column("Code", "code"),
                Column("Where", "place"),
                Column("Local authority", "authority"),
                Column("CQC rating", "rating"),
                Column("Status", _status),
            ],
            s.rows,
            empty=s.nothing,
            caption_hidden=True,
        ),
        pager(on_previous=s.turn("before"), on_next=s.turn("after"), has_previous=s.has_before, has_next=s.has_after),
        state=s,
    )


def _name(row: OrganisationRow) -> rx.Component:
    return rx.fragment(link(row.name, row.href), user_led_tag(row.user_led))


def _status(row: OrganisationRow) -> rx.Component:
    return pick(row.status == "Current", rx.fragment(row.status), tag(row.status, "grey"))
