"""Any control of a form that is known only in the browser: its kind, name, label, hint and choices are vars."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.buttons import way_button
from phbportal.ui.choices import checkbox, checkboxes_by_name, radios, select
from phbportal.ui.forms import date_input, text_input, textarea
from phbportal.ui.text import heading
from phbportal.ui.values import identity, pick, when

WAIT_MS = 300


def any_input(
    one: Any, values: Any, errors: Any, *, answers: Any = None, offers: Any = None, on_answer: Any = None,
    on_typing: Any = None,
) -> rx.Component:  # fmt: skip
    """The control of ``one``, with its value and its error by its name.

    ``answers`` hold what was chosen so far: a control with ``only_if`` is there while that answer is one of its
    ``only_for``; ``on_answer(name, value)`` is told of each choice. ``offers`` hold what a link's box offers, and
    ``on_typing(name, text)`` is told what is typed there.
    """
    control = _control(one, values, errors, offers, on_answer, on_typing)
    if answers is None:
        return control
    return pick((one.only_if == "") | one.only_for.contains(answers[one.only_if]), control, rx.fragment())


def _control(one: Any, values: Any, errors: Any, offers: Any, on_answer: Any, on_typing: Any) -> rx.Component:
    name, common = one.name, {"error": errors[one.name], "hint": one.hint}
    value = values[one.name]
    told: dict[str, Any] = {} if on_answer is None else {"on_change": lambda chosen: on_answer(name, chosen)}

    def line(**more: Any) -> rx.Component:
        return text_input(name, one.label, value=value, auto_complete="off", **common, **more)

    return rx.match(
        one.kind,
        ("textarea", textarea(name, one.label, value=value, **common)),
        ("money", line(width="10", prefix="£", input_mode="decimal", spell_check=False)),
        ("number", line(width="5", input_mode="numeric", spell_check=False)),
        ("percentage", line(width="5", suffix="%", input_mode="decimal", spell_check=False)),
        ("email", line(type="email", spell_check=False)),
        ("tel", line(type="tel", width="20")),
        (
            "date",
            date_input(
                name, one.label, day=values[name + "-day"], month=values[name + "-month"],
                year=values[name + "-year"], size="", **common,
            ),
        ),
        ("radios", radios(name, one.label, one.choices, value=value, size="", **common, **told)),
        ("select", select(name, one.label, one.choices, value=value, blank="Choose", **common, **told)),
        ("checkbox", checkbox(name, one.label, checked=value == "yes", **common)),
        ("checkboxes", checkboxes_by_name(name, one.label, one.choices, values, **common)),
        ("link", _link(one, line, offers, on_typing)),
        ("row", _row(one)),
        ("more", _more(one, errors)),
        line(width="20"),
    )  # fmt: skip


def _link(one: Any, line: Any, offers: Any, on_typing: Any) -> rx.Component:
    """A box that offers rows as one types, and a button to add a new one."""
    if on_typing is None:
        return line(width="20")
    listed = one.name + "-offers"
    box = line(
        width="30", list=listed, spell_check=False, on_change=lambda typed: on_typing(one.name, typed).debounce(WAIT_MS)
    )
    options = rx.el.datalist(
        rx.foreach(offers.get(one.name, []).to(list[str]), lambda words: rx.el.option(value=words)), **identity(listed)
    )
    return rx.fragment(box, options, when(one.way, way_button(one.way_label, one.way)))


def _row(one: Any) -> rx.Component:
    return rx.el.div(
        heading(one.label, level=3, size="s"),
        when(one.way, way_button(one.way_label, one.way)),
        class_name="phb-row-head",
    )


def _more(one: Any, errors: Any) -> rx.Component:
    problem = when(errors[one.name], rx.el.p(errors[one.name], class_name="nhsuk-error-message"))
    return rx.el.div(problem, when(one.way, way_button(one.way_label, one.way)), class_name="nhsuk-form-group",
                     **identity(one.name))  # fmt: skip


def way(name: str = "_way") -> rx.Component:
    """The hidden control that says which of a form's buttons was pressed (``assets/portal.js`` fills it)."""
    return rx.el.input(type="hidden", name=name, default_value="")
