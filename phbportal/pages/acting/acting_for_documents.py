"""The documents kept with the budgets of somebody, for whoever represents them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.frame import acting_page
from phbportal.pages.acting.of_part import OfPart
from phbportal.pages.shared.own_documents import OwnDocumentsPage, own_document_list
from phbportal.ui.links import back_link
from phbportal.ui.text import loading, paragraph
from phbportal.ui.values import pick


class ActingDocumentsState(OfPart, OwnDocumentsPage, rx.State):
    """Of whom they represent."""


def documents() -> rx.Component:
    """What the person gave, and what they were given."""
    s: Any = ActingDocumentsState
    return acting_page(
        pick(s.whose, "Documents of " + s.whose, "Documents"),
        paragraph("The team keeps these with the budget: what it was given for the person, and what it gave them."),
        rx.cond(s.ready, own_document_list(s, team="the team"), loading()),
        state=s,
        before=back_link(s.part_href, "Your part"),
    )
