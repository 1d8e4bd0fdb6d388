"""A budget holder proposes somebody who is to receive their direct payment in their place."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import holder_page
from phbportal.domain.errors import NotFound
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.pages.shared.nomination import nomination_form
from phbportal.policy.permissions import Permission
from phbportal.queries.holder_helpers import own_helpers
from phbportal.services.nominations import nominate, read_nomination
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.links import back_link
from phbportal.ui.text import columns, loading, paragraph
from phbportal.ui.values import pick


class ProposeNomineeState(PageState, rx.State):
    """The form, or why there is none."""

    why_not: str = ""

    @reads(Permission.NOMINEE_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        if uow.actor.person_id is None:  # a representative, whose own page this is not
            raise NotFound()
        self.why_not = own_helpers(uow.session, uow.actor, uow.today).why_not
        new_form(self)
        self.ready = True

    @writes(Permission.NOMINEE_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        person_id, entry = uow.actor.person_id, read_nomination(form)
        if person_id is None:
            raise NotFound()
        uow.once("nominee", self.form_key, form, lambda: str(nominate(uow, person_id, entry)))
        return rx.redirect(f"{routes.MY_HELPERS}?done=proposed")


def propose_nominee() -> rx.Component:
    """What a nominee does, and who it is to be."""
    s = ProposeNomineeState
    whole = pick(s.why_not, paragraph(s.why_not), nomination_form(s, you="you", your="your", their="your"))
    return holder_page(
        "Propose a nominee",
        rx.cond(s.ready, columns(whole), loading()),
        state=s,
        before=back_link(routes.MY_HELPERS, "Who helps me"),
    )
