"""A representative takes back the consent to a direct payment: asked once more first, for the money stops."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import acting_page
from phbportal.domain.errors import NotFound
from phbportal.domain.text import long_date
from phbportal.edge.markers import reads, writes
from phbportal.pages.acting.of_part import OfPart
from phbportal.policy.permissions import Permission
from phbportal.services.consents import consented_on, take_back_consent
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form
from phbportal.ui.links import back_link, link
from phbportal.ui.notices import warning
from phbportal.ui.text import columns, loading, paragraph
from phbportal.ui.values import pick


class ActingConsentState(OfPart, rx.State):
    """Since when there is a consent to take back; NotFound where there is none."""

    since: str = ""

    @reads(Permission.CONSENT_GIVE)
    def load(self, uow: UnitOfWork) -> None:
        on = consented_on(uow, self._person(uow))
        if on is None:
            raise NotFound()
        self.since, self.ready = long_date(on), True

    @writes(Permission.CONSENT_GIVE)
    def withdraw(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        take_back_consent(uow, self._person(uow))
        return rx.redirect(f"{routes.ACTING_FOR}?done=withdrawn")


def consent() -> rx.Component:
    """What follows, then yes or no."""
    s: Any = ActingConsentState
    return acting_page(
        pick(s.whose, "Withdraw the consent for " + s.whose + "?", "Withdraw the consent?"),
        rx.cond(s.ready, columns(*_question(s)), loading()),
        state=s,
        before=back_link(s.part_href, "Your part"),
    )


def _question(s: Any) -> tuple[rx.Component, ...]:
    return (
        paragraph("A representative consented to a direct payment on ", s.since, "."),
        warning(
            paragraph("From today no more direct payments are made for ", s.whose, "."),
            paragraph("Wages and bills that the money pays for still have to be paid."),
            paragraph("The team will talk with you about other ways to get the care. You can consent again."),
        ),
        form(
            button_group(
                button("Yes, withdraw the consent", kind="warning"), link("No, keep the consent", s.part_href)
            ),
            on_submit=s.withdraw,
        ),
    )
