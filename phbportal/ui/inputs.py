"""Any control of a form that is known only in the browser: its kind, name, label, hint and choices are vars."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.ui.choices import checkbox, radios, select
from phbportal.ui.forms import date_input, text_input, textarea


def any_input(one: Any, values: Any, errors: Any) -> rx.Component:
    """The control of ``one`` (kind, name, label, hint, choices), with its value and its error by its name."""
    name, common = one.name, {"error": errors[one.name], "hint": one.hint}
    value = values[one.name]

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
        ("radios", radios(name, one.label, one.choices, value=value, size="", **common)),
        ("select", select(name, one.label, one.choices, value=value, blank="Choose", **common)),
        ("checkbox", checkbox(name, one.label, checked=value == "yes", **common)),
        line(width="20"),
    )  # fmt: skip
