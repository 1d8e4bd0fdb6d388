"""What is wrong with a form: the summary at the top, and the sentence beside each field."""

from __future__ import annotations

import dataclasses
import secrets
from collections.abc import Iterable

import reflex as rx

from phbportal.domain.errors import Problem
from phbportal.ui.links import anchor
from phbportal.ui.values import Text, identity, when

SUMMARY_ID = "error-summary"


@dataclasses.dataclass(frozen=True)
class ProblemView:
    """One line of the summary: the sentence, and the id of the field it leads to ("" for none).

    ``said`` is another word each time: a summary that says the same again takes the focus again.
    """

    sentence: str
    field: str = ""
    said: str = dataclasses.field(default_factory=lambda: secrets.token_hex(4), compare=False)


def problem_views(problems: Iterable[Problem]) -> list[ProblemView]:
    """A refusal's problems, ready for a state's ``problems`` var."""
    return [ProblemView(problem.sentence, problem.field or "") for problem in problems]


def errors_by_field(problems: Iterable[Problem]) -> dict[str, str]:
    """A refusal's problems, ready for a state's ``errors`` var: the first sentence of each field."""
    errors: dict[str, str] = {}
    for problem in problems:
        if problem.field:
            errors.setdefault(problem.field, problem.sentence)
    return errors


def error_summary(problems: rx.Var[list[ProblemView]], *, heading: Text = "There is a problem") -> rx.Component:
    """The list of problems, each leading to its field; nothing while there are none.

    It takes the focus when it appears or changes (``assets/portal.js``) and is read out at once.
    """
    return rx.cond(
        problems,
        rx.el.div(
            rx.el.div(
                rx.el.h2(heading, class_name="nhsuk-error-summary__heading"),
                rx.el.div(
                    rx.el.ul(rx.foreach(problems, _line), class_name="nhsuk-list nhsuk-error-summary__list"),
                    class_name="nhsuk-error-summary__body",
                ),
                role="alert",
            ),
            id=SUMMARY_ID,
            tab_index=-1,
            class_name="nhsuk-error-summary",
        ),
        rx.fragment(),
    )


def error_message(field: str, error: Text) -> rx.Component:
    """The sentence beside a field, which the field names in ``aria-describedby``."""
    prefix = rx.el.span("Error: ", class_name="nhsuk-u-visually-hidden")
    return when(error, rx.el.span(prefix, error, class_name="nhsuk-error-message", **identity(f"{field}-error")))


def _line(problem: rx.Var[ProblemView]) -> rx.Component:
    way = anchor(problem.sentence, href="#" + problem.field, leaves=True)
    return rx.el.li(rx.cond(problem.field, way, problem.sentence), custom_attrs={"data-said": problem.said})
