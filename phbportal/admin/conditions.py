"""Conditions built without code: as they are kept, as lines in words, and the controls that ask for one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from phbportal.admin.fields import Field
from phbportal.admin.inputs import Input
from phbportal.admin.ops import OP_WORDS, Condition, Op, wants
from phbportal.admin.resource import Resource
from phbportal.admin.sight import seen, sees
from phbportal.domain.errors import Refusal
from phbportal.domain.text import within
from phbportal.policy.actors import Actor
from phbportal.ui.choices import Choice

MOST = 10
NAMES = ("value", "value-to")
UNSEEN = "You cannot see what this filters by, so the list shows nothing. Take it away to see the list without it."
UNFIT = "This filter cannot be used here any more. Take it away to see the list without it."


@dataclass(frozen=True)
class Line:
    """A condition in words, and why it cannot be used ("" if it can)."""

    words: str
    problem: str


def read_conditions(kept: str) -> tuple[Condition, ...]:
    """Conditions as they were kept."""
    return tuple(Condition(name, Op(op), tuple(values)) for name, op, values in json.loads(kept or "[]"))


def write_conditions(conditions: tuple[Condition, ...]) -> str:
    """Conditions to be kept; "" for none."""
    return json.dumps([[c.field, c.op.value, list(c.values)] for c in conditions]) if conditions else ""


def line_of(actor: Actor, resource: Resource, condition: Condition) -> Line:
    """A condition in words. One on something out of the actor's sight says neither what nor how."""
    field = resource.by_name.get(condition.field)
    if field is None or not sees(actor, field):
        return Line("A filter on something you cannot see", UNSEEN)
    if condition.op not in field.ops or len(condition.values) != wants(condition.op):
        return Line(f"A filter on {within(field.words())}", UNFIT)
    try:
        told = " and ".join(field.told(typed) for typed in condition.values)
    except Refusal:
        return Line(f"A filter on {within(field.words())}", UNFIT)
    return Line(f"{field.words()} {OP_WORDS[condition.op]} {told}".strip(), "")


def fields_to_filter(actor: Actor, resource: Resource) -> list[Choice]:
    """What a condition can be about: the fields the actor sees that can be compared with something."""
    return [
        Choice(f.name, f.words()[:1].upper() + f.words()[1:])
        for f in seen(actor, resource, tuple(resource.by_name))
        if f.ops
    ]


def field_to_filter(actor: Actor, resource: Resource, name: str) -> Field:
    """One of those by its name; Refusal beside the choice for another."""
    field = resource.by_name.get(name)
    if field is None or not sees(actor, field) or not field.ops:
        raise Refusal("Choose what to filter by.", field="field")
    return field


def comparison(field: Field, code: str) -> Op:
    """The comparison with this code; the field's first for none that it has."""
    return next((op for op in field.ops if op.value == code), field.ops[0])


def comparisons(field: Field) -> list[Choice]:
    """The ways a field can be compared."""
    return [Choice(op.value, OP_WORDS[op]) for op in field.ops]


def value_inputs(field: Field, op: Op) -> list[Input]:
    """The controls that ask for what a field is compared with."""
    options: list[tuple[str, str]] = getattr(field, "options", list[Any])()
    labels = ("From", "To") if wants(op) == 2 else ("Value",)
    kind = "text" if op in (Op.CONTAINS, Op.BEGINS) and not options else field.compares_with
    return [
        Input(
            kind=kind, name=name, label=label, hint="For example, 6 4 2026" if kind == "date" else "", width="20",
            choices=[Choice(code, words) for code, words in options], only_if="", only_for=[],
        )
        for name, label in zip(NAMES, labels[: wants(op)], strict=False)
    ]  # fmt: skip


def read_condition(actor: Actor, resource: Resource, form: Mapping[str, str]) -> Condition:
    """The condition a form asks for. Raises Refusal beside the control that is wrong."""
    field = field_to_filter(actor, resource, form.get("field", ""))
    op = comparison(field, form.get("op", ""))
    values: list[str] = []
    known: list[Any] = []
    for name in NAMES[: wants(op)]:
        own = replace(field, name=name, label=field.words())
        typed = own.typed(form)
        if not typed:
            raise Refusal("Enter what to compare with.", field=name)
        known.append(own.compared(op, typed))
        own.told(typed)
        values.append(typed)
    if len(known) == 2 and known[1] < known[0]:
        raise Refusal("The second must not be before the first.", field=NAMES[1])
    return Condition(field.name, op, tuple(values))
