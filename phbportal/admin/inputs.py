"""A form's controls as they reach the browser, what they start from, and how all of a form is read at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from phbportal.admin.fields import Choices, Field, Group
from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.ui.choices import Choice

WAY = "_way"
"""The control that says which button was pressed: "" to send, "later", "add:…", "remove:…", "create:…"."""


@dataclass(frozen=True)
class Input:
    """One control. ``kind`` is the field's ``input``; ``only_if`` and ``only_for`` another field and its values.

    Of a group: "row" begins one of its rows (``way`` takes it away, if it may go), "more" adds another.
    """

    kind: str
    name: str
    label: str
    hint: str = ""
    width: str = "20"
    choices: list[Choice] = ()  # pyright: ignore[reportAssignmentType]
    only_if: str = ""
    only_for: list[str] = ()  # pyright: ignore[reportAssignmentType]
    way: str = ""
    way_label: str = ""


def inputs_of(
    fields: Iterable[Field], values: Mapping[str, str], picks: Mapping[str, list[Choice]], creates: Mapping[str, str]
) -> list[Input]:
    """The controls of a form, in order. ``picks`` are what a link could mean, where what was typed fits several;
    ``creates`` the words of the button that adds a new row to link to, by the link's name."""
    found: list[Input] = []
    for field in fields:
        if isinstance(field, Group):
            found += _group(field, values)
        else:
            found.append(_one(field, picks.get(field.name), creates.get(field.name, "")))
    return found


def _one(field: Field, picks: list[Choice] | None = None, creates: str = "") -> Input:
    options: list[tuple[str, str]] = getattr(field, "options", list[Any])()
    choices = [Choice(f"{field.name}-{code}" if isinstance(field, Choices) else code, words) for code, words in options]
    label = f"{field.words()} (optional)" if field.optional and field.input != "checkbox" else field.words()
    watched, only_for = field.only_if or ("", ())
    if picks:
        return Input(
            "radios", field.name, label, "More than one matches. Choose one.", "", picks, watched, list(only_for)
        )
    return Input(
        field.input, field.name, label, field.hint, field.width, choices, watched, list(only_for),
        f"create:{field.name}" if creates else "", creates,
    )  # fmt: skip


def _group(field: Group, values: Mapping[str, str]) -> list[Input]:
    numbers = field.numbers(values) or list(range(field.least))
    found: list[Input] = []
    for place, number in enumerate(numbers, 1):
        label = f"{field.one[:1].upper()}{field.one[1:]} {place}"
        may_go = len(numbers) > field.least
        found.append(
            Input(
                "row", f"{field.name}-{number}", label, way=f"remove:{field.name}:{number}" if may_go else "",
                way_label=f"Remove {label.lower()}",
            )
        )  # fmt: skip
        found += [_one(own) for own in field.row_fields(number)]
    may_grow = len(numbers) < field.most
    more = f"Add another {field.one}" if numbers else f"Add a {field.one}"
    way = f"add:{field.name}" if may_grow else ""
    found.append(Input("more", f"{field.name}-more", field.words(), field.hint, way=way, way_label=more))
    return found


def with_rows(fields: Iterable[Field], values: dict[str, str], way: str) -> dict[str, str]:
    """What was typed, with a row added to a group or taken from it."""
    act, _, rest = way.partition(":")
    name, _, number = rest.partition(":")
    group = next((f for f in fields if isinstance(f, Group) and f.name == name), None)
    if group is None:
        return values
    here = group.numbers(values) or list(range(group.least))
    if act == "add" and len(here) < group.most:
        fresh = {own.name: "" for own in group.row_fields(max(here, default=-1) + 1)}
        return {
            **values,
            **{own.name: "" for n in here for own in group.row_fields(n) if own.name not in values},
            **fresh,
        }
    if act == "remove" and len(here) > group.least:
        begins = f"{name}-{number}-"
        return {key: value for key, value in values.items() if not key.startswith(begins)}
    return values


def answers_so_far(inputs: Iterable[Input], values: Mapping[str, str]) -> dict[str, str]:
    """What was chosen so far of every control that another one's ``only_if`` watches."""
    return {name: values.get(name, "") for name in {one.only_if for one in inputs} if name}


def asked_for(field: Field, form: Mapping[str, str]) -> bool:
    """Whether the field is part of a form as it has been filled in."""
    if field.only_if is None:
        return True
    name, values = field.only_if
    return form.get(name, "") in values


def read_form(fields: Iterable[Field], form: Mapping[str, str]) -> dict[str, Any]:
    """Every field's value. Raises one Refusal with every problem. A field that is not asked for is left out; of a link
    the value is still what was typed."""
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


def kept_part(fields: Iterable[Field], form: Mapping[str, str]) -> dict[str, str]:
    """What of a form may be kept as a draft: not bank details, which are kept nowhere but in their own table."""
    secret = {f.name for f in fields if f.secret}
    return {name: value for name, value in form.items() if name not in secret and name != WAY}
