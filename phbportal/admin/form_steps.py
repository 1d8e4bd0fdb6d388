"""A form in several pages: which one this is, and the answers to check before they are sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from phbportal.admin.fields import Link
from phbportal.admin.inputs import asked_for
from phbportal.admin.resource import Form, Resource
from phbportal.admin.sight import seen
from phbportal.domain.errors import Refusal
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class CheckLine:
    """An answer as it will be sent, and where it can be changed."""

    label: str
    text: str
    href: str


def step_of(form: Form, given: str) -> int:
    """Which page of a form an address names, from 0; the number of its pages is the check of the answers. A form of one
    page has no check."""
    most = len(form.steps) if len(form.steps) > 1 else 0
    return min(int(given), most) if given.isdecimal() and len(given) < 4 else 0


def check_lines(
    uow: UnitOfWork, form: Form, resource: Resource, values: Mapping[str, str], address: Callable[[int], str]
) -> list[CheckLine]:
    """Every answer, page by page; what could not be read says so."""
    lines: list[CheckLine] = []
    for number, step in enumerate(form.steps):
        for field in seen(uow.actor, resource, step.names):
            if not asked_for(field, values):
                continue
            try:
                read = field.read(values)
                text = str(read) if isinstance(field, Link) else field.show(read)
            except Refusal as refusal:
                text = refusal.problems[0].sentence
            lines.append(CheckLine(field.words(), text or "Nothing", address(number)))
    return lines
