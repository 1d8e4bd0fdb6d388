"""The form by which a holder, or a representative, proposes a nominee; ``s`` is the page's state."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.domain.relations import RELATION_WORDS, Relation
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, checkbox, select
from phbportal.ui.forms import form, text_input, textarea
from phbportal.ui.text import bullets, heading, paragraph
from phbportal.ui.values import Text

RELATIONS = [Choice(code, words) for code, words in RELATION_WORDS.items() if code is not Relation.ORGANISATION]


def nomination_form(s: Any, *, you: Text, your: Text, their: str) -> rx.Component:
    """What a nominee does, who it is to be, and what happens next. ``you`` is the person as the words call them,
    ``your`` what is theirs; ``their`` the same once they have been named."""
    return rx.fragment(
        heading("What a nominee does"),
        bullets(
            [
                rx.fragment("A nominee is paid ", your, f" direct payment in {their} place."),
                "They answer for the money. They sign the contracts for the care.",
                "They spend it only on what is in the plan.",
            ]
        ),
        heading("Who do you propose?"),
        form(
            text_input("name", "Their full name", error=s.errors["name"], width="20", auto_complete="off"),
            text_input(
                "contact", "How can the team reach them?", error=s.errors["contact"], auto_complete="off",
                hint="A telephone number, an e-mail address or an address",
            ),
            select(
                "relation", "Who are they to " + you + "?", RELATIONS, error=s.errors["relation"],
                blank="Choose who they are",
            ),
            checkbox("lives_in_household", "They live in the same household as " + you,
                     error=s.errors["lives_in_household"]),
            checkbox("involved_friend", "They are a friend who is involved in " + your + " care",
                     error=s.errors["involved_friend"]),
            textarea("wanted_for", "What do you want them to do?", error=s.errors["wanted_for"], rows=3,
                     hint="For example, to receive the money and to pay the personal assistants"),
            button_group(button("Propose this person")),
            on_submit=s.save,
        ),
        heading("What happens next"),
        paragraph("The case manager talks with you and with them. They must say yes. The team does its checks, which "
                  "can include a DBS certificate. Then the board must agree. Until then nothing is paid to them."),
    )  # fmt: skip
