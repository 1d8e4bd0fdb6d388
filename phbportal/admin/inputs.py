"""A form's controls as they reach the browser, what they start from, and how all of a form is read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from phbportal.admin.fields import Field
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.ui.choices import Choice


@dataclass(frozen=True)
class Input:
    """One control. ``kind`` is the field's ``input``; ``only_if`` and ``only_for`` another field and its values."""

    kind: str
    name: str
    label: str
    hint: str
    width: str
    choices: list[Choice]
    only_if: str
    only_for: list[str]


def input_of(field: Field) -> Input:
    """The control of a field."""
    options: list[tuple[str, str]] = getattr(field, "options", list[Any])()
    label = f"{field.words()} (optional)" if field.optional and field.input != "checkbox" else field.words()
    watched, values = field.only_if or ("", ())
    return Input(
        field.input, field.name, label, field.hint, field.width, [Choice(code, words) for code, words in options],
        watched, list(values),
    )  # fmt: skip


def asked_for(field: Field, form: Mapping[str, str]) -> bool:
    """Whether the field is part of a form as it has been filled in."""
    if field.only_if is None:
        return True
    name, values = field.only_if
    return form.get(name, "") in values


def read_form(fields: Iterable[Field], form: Mapping[str, str]) -> dict[str, Any]:
    """Every field's value. Raises one Refusal with every problem. A field that is not asked for is left out."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for field in fields:
        if not asked_for(field, form):
            continue
        try:
            values[field.name] = field.read(form)
        except Refusal as refusal:
            problems += refusal.problems
    refuse_if(problems)
    return values
