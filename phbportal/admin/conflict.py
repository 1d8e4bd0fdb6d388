"""A form opened before somebody else changed the record: both versions side by side, and a choice per field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import reflex as rx

from phbportal.domain.errors import Conflict, Problem, Refusal
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, radios
from phbportal.ui.forms import form
from phbportal.ui.links import link
from phbportal.ui.text import paragraph
from phbportal.ui.values import Text

NOTHING = "Nothing"
THEIRS, MINE = "theirs", "mine"


@dataclass(frozen=True)
class Difference:
    """A field that the two versions fill differently. ``choice`` is which is taken unless somebody says otherwise."""

    field: str
    label: str
    choices: list[Choice]
    choice: str


@dataclass(frozen=True)
class Versions:
    """What is saved now and what was about to be saved, by field, as the form shows them."""

    theirs: dict[str, str]
    mine: dict[str, str]

    @classmethod
    def of(cls, conflict: Conflict) -> Versions:
        return cls(conflict.theirs, conflict.mine)


def differences(versions: Versions, seen: Mapping[str, str], labels: Mapping[str, str]) -> list[Difference]:
    """Where the versions differ, in the order of the labels.

    A field that only one of the two changed from what the form first showed (``seen``) starts with that change; one
    that both changed starts with neither.
    """
    found: list[Difference] = []
    for field, label in labels.items():
        theirs, mine = versions.theirs.get(field, ""), versions.mine.get(field, "")
        if theirs == mine:
            continue
        before = seen.get(field)
        choice = THEIRS if mine == before else MINE if theirs == before else ""
        choices = [
            Choice(THEIRS, _one_line(theirs), "As it is saved now"),
            Choice(MINE, _one_line(mine), "As you typed it"),
        ]
        found.append(Difference(field, label, choices, choice))
    return found


def _one_line(text: str) -> str:
    return ", ".join(line.strip() for line in text.splitlines() if line.strip()) or NOTHING


def settled(form: Mapping[str, str], versions: Versions, found: list[Difference]) -> dict[str, str]:
    """The answers the person chose, field by field, as the form's reader takes them. Refuses a field left open."""
    chosen = dict(versions.mine)
    problems: list[Problem] = []
    for one in found:
        answer = form.get(one.field, "")
        if answer not in (THEIRS, MINE):
            problems.append(Problem(f"Choose which to keep: {one.label.lower()}.", one.field))
        elif answer == THEIRS:
            chosen[one.field] = versions.theirs.get(one.field, "")
    if problems:
        raise Refusal(*problems)
    return chosen


def conflict_form(found: rx.Var[list[Difference]], errors: Any, *, on_submit: Any, cancel_href: Text) -> rx.Component:
    """The two versions of each field beside each other."""

    def one(difference: Any) -> rx.Component:
        return radios(
            difference.field,
            difference.label,
            difference.choices,
            value=difference.choice,
            error=errors[difference.field],
            inline=True,
        )

    return form(
        paragraph("Somebody else saved this record after you opened the form. Choose what to keep in each place."),
        rx.el.div(rx.foreach(found, one), class_name="phb-versions"),
        button_group(button("Save what you chose"), link("Leave it as it is saved now", cancel_href)),
        on_submit=on_submit,
    )
