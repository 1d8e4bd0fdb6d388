"""Bank details of a stream: entered by one person, approved or rejected by another finance officer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.domain.account_kinds import ACCOUNT_KIND_WORDS, OF_DIRECT_PAYMENTS, AccountKind
from phbportal.domain.errors import NotFound
from phbportal.domain.streams import Method
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.money_stream import StreamPage
from phbportal.pages.staff.organisation_choice import OrganisationChoice, no_organisation, organisation_search
from phbportal.pages.staff.phb_frame import STATUS_COLOURS, may, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.accounts import AccountView, account_of_stream
from phbportal.services.accounts import approve_account, propose_account, read_account, reject_account
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import text_input
from phbportal.ui.notices import inset
from phbportal.ui.tables import line, summary_list
from phbportal.ui.tags import status_tag
from phbportal.ui.text import paragraph
from phbportal.ui.values import when


class AccountState(StreamPage, rx.State):
    """The present bank details: whole for finance, the last four digits for others."""

    account: AccountView = AccountView()
    new_href: str = ""
    _account_id: UUID | None = None

    @reads(Permission.ACCOUNT_READ)
    def load(self, uow: UnitOfWork) -> None:
        case, stream = self._open_stream(uow, "bank details")
        found = account_of_stream(uow.session, uow.actor, uow.now, stream.id)
        self.account, self._account_id = (found.view, found.id) if found else (AccountView(), None)
        href = routes.of_phb(routes.STAFF_MONEY_NEW_ACCOUNT, case.head.reference, stream=str(stream.id))
        self.new_href = href if may(uow, Permission.ACCOUNT_PROPOSE, case) else ""
        self.ready = True

    @writes(Permission.ACCOUNT_APPROVE, step_up=True)
    def approve(self, uow: UnitOfWork) -> object:
        approve_account(uow, self._seen())
        return self._back(routes.STAFF_PHB, "account-approved")

    @writes(Permission.ACCOUNT_APPROVE, step_up=True)
    def reject(self, uow: UnitOfWork) -> object:
        reject_account(uow, self._seen())
        return self._back(routes.STAFF_PHB, "account-rejected")

    def _seen(self) -> UUID:
        """The details that were on the page: not others that took their place since."""
        if self._account_id is None:
            raise NotFound("There are no bank details on this page. Reload it.")
        return self._account_id


KINDS = [Choice(kind.value, ACCOUNT_KIND_WORDS[kind]) for kind in OF_DIRECT_PAYMENTS]


class NewAccountState(StreamPage, OrganisationChoice, rx.State):
    """``direct`` where the kind of the account is asked: an organisation that holds a budget keeps its own ledger."""

    direct: bool = False

    @reads(Permission.ACCOUNT_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        _case, stream = self._open_stream(uow, "new bank details")
        self.direct = stream.method is Method.DIRECT_PAYMENT
        self.organisations, self.organisation = [], ""
        new_form(self)
        self.ready = True

    @reads(Permission.ACCOUNT_PROPOSE)
    def find(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        self._find(uow, form)

    @writes(Permission.ACCOUNT_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        entry, stream = read_account(form), self._stream_id(uow)
        uow.once("account", self.form_key, form, lambda: str(propose_account(uow, stream, entry)))
        return self._back(routes.STAFF_PHB, "account")


def account() -> rx.Component:
    """Bank details, and the decision on them."""
    s = AccountState
    view = s.account
    return phb_page(
        "Bank details",
        paragraph(s.stream_view.name, ". Paid to: ", s.stream_view.payee, "."),
        rx.cond(
            view.shown,
            rx.fragment(
                summary_list(
                    [
                        line("Name on the account", view.name, shown=view.name),
                        line("Kind of account", view.kind),
                        line("Kept by", view.keeper, shown=view.keeper),
                        line("Sort code", view.sort_code, shown=view.sort_code),
                        line("Account number", view.number),
                        line("Status", status_tag(view.status, STATUS_COLOURS)),
                        line("Entered by", view.entered),
                        line("Decided by", view.decided, shown=view.decided),
                    ]
                ),
                when(view.cooling, inset(view.cooling)),
                when(view.because, inset(view.because)),
            ),
            paragraph("No bank details have been entered yet."),
        ),
        when(
            view.may_decide,
            paragraph("Check the details against what the person sent you before you approve them."),
            confirm_hint(s),
            button_group(
                button("Approve the bank details", on_click=s.approve),
                button("Reject the bank details", kind="secondary", on_click=s.reject),
            ),
        ),
        when(s.new_href, link_button("Enter new bank details", s.new_href, kind="secondary")),
        state=s,
        up=("Money", s.head.money_href),
    )


def _kind(s: Any) -> rx.Component:
    """What kind of account, and who keeps a managed one."""
    keeper = "Which organisation keeps a managed account?"
    return rx.fragment(
        radios("kind", "What kind of account is it?", KINDS, value=AccountKind.OWN_SEPARATE.value,
               error=s.errors["kind"]),
        rx.cond(
            s.organisations,
            radios("organisation", keeper, s.organisations, error=s.errors["organisation"]),
            no_organisation(s.errors["organisation"], keeper, "Only for a managed account."),
        ),
    )  # fmt: skip


def new_account() -> rx.Component:
    """The form for bank details."""
    s = NewAccountState
    plain: dict[str, Any] = {"spell_check": False, "auto_complete": "off"}
    return phb_page(
        "Enter bank details",
        paragraph(s.stream_view.name, ". Paid to: ", s.stream_view.payee, "."),
        when(
            s.stream_view.account,
            inset("These take the place of the account that stands now. Nothing is paid until they are approved."),
        ),
        when(s.direct, organisation_search(s)),
        narrow_form(
            when(s.direct, _kind(s)),
            text_input(
                "name_on_account", "Name on the account", error=s.errors["name_on_account"], width="20",
                hint="At most 18 letters, as the bank takes it", **plain,
            ),
            text_input(
                "sort_code", "Sort code", error=s.errors["sort_code"], width="5", input_mode="numeric",
                hint="For example, 30-94-30", **plain,
            ),
            text_input(
                "account_number", "Account number", error=s.errors["account_number"], width="10",
                input_mode="numeric", hint="8 digits", **plain,
            ),
            button_group(
                button("Save the bank details"),
                link_button("Leave without saving", s.head.money_href, kind="secondary"),
            ),
            on_submit=s.save,
        ),
        state=s,
        up=("Money", s.head.money_href),
    )  # fmt: skip
