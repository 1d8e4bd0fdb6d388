"""Changes that one person proposes and another approves (domain.md §9.5): their states, and what differs in words.

A request keeps two things of a change: what people read, text by the label of the field (``shown``), and what is
written if it is approved, by name (``values``: text, whole numbers, yes or no, dates, moments, ids, lists, nothing).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, cast
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.text import listed

Shown = Mapping[str, str]
Values = Mapping[str, Any]
NOTHING = "Nothing"
MOST_TOLD = 200


class ChangeStatus(StrEnum):
    PROPOSED = "PROPOSED"
    APPROVED = "APPROVED"
    RETURNED = "RETURNED"
    WITHDRAWN = "WITHDRAWN"


STATUS_WORDS: dict[ChangeStatus, str] = {
    ChangeStatus.PROPOSED: "Waiting for a second person",
    ChangeStatus.APPROVED: "Approved",
    ChangeStatus.RETURNED: "Returned",
    ChangeStatus.WITHDRAWN: "Withdrawn",
}


SUBJECT_WORDS: dict[str, str] = {
    "rate": "Rate", "policy_setting": "Setting", "document_template": "Template", "local_rule": "Rule of the board",
    "equipment": "Equipment", "organisation": "Organisation", "worker": "Personal assistant",
    "hospital-stay": "Stay in hospital", "phb-ending": "End of a budget",
}  # fmt: skip
"""What a change is about, in a word or two; "Change" of whatever else."""


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a change: what is read, and what is written."""

    shown: Shown = field(default_factory=lambda: {})
    values: Values = field(default_factory=lambda: {})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field, before and after, as text; an empty answer reads "Nothing"."""

    label: str
    before: str
    after: str
    changed: bool


def check_waiting(status: str) -> None:
    """Refuse what has been decided or withdrawn."""
    if status != ChangeStatus.PROPOSED:
        raise Refusal("This has been decided or withdrawn already. Reload the page to see the outcome.")


def check_returned(status: str, *, settled: bool) -> None:
    """Refuse to propose anew, or to let be, what was not returned or is settled already."""
    if status != ChangeStatus.RETURNED:
        raise Refusal("Only a change that was returned to you can be proposed anew.")
    if settled:
        raise Refusal("You have proposed this anew or let it be already. Reload the page to see what became of it.")


def differences(before: Shown, after: Shown) -> tuple[Difference, ...]:
    """Field by field, in the order of the form: those of after, then what only before had."""
    labels = [*after, *(label for label in before if label not in after)]
    return tuple(
        Difference(
            label, before.get(label, "") or NOTHING, after.get(label, "") or NOTHING,
            before.get(label, "") != after.get(label, ""),
        )
        for label in labels
    )  # fmt: skip


def told(before: Shown, after: Shown) -> str:
    """What differs, for the middle of a sentence: "value from “8 weeks” to “6 weeks” and source “GOV.UK”". Of what is
    too long for a sentence only that it differs."""
    changed = [one for one in differences(before, after) if one.changed]
    return listed([_told(one, before.get(one.label, ""), after.get(one.label, "")) for one in changed])


def _told(one: Difference, before: str, after: str) -> str:
    label = f"{one.label[:1].lower()}{one.label[1:]}"
    if max(len(before), len(after)) > MOST_TOLD:
        return f"{label}, too long to tell here"
    if not before:
        return f"{label} “{after}”"
    if not after:
        return f"{label} from “{before}” to nothing"
    if label == "from":  # a day from which it holds: "from from" would be said otherwise
        return f"from “{after}” in place of “{before}”"
    return f"{label} from “{before}” to “{after}”"


def changed_since(seen: Shown, now: Shown) -> str:
    """Why a proposal cannot be approved any more: what was seen when it was made, and what stands now."""
    return f"It has changed since this was proposed: {told(seen, now)}. Return it, so that it can be proposed anew."


SAVED_SINCE = "It was saved again since this was proposed. Return it, so that it can be proposed anew."


def pack(side: Side) -> str:
    """A side as JSON. Raises TypeError for a value of a kind that could not be read back the same."""
    values = {name: _packed(value) for name, value in side.values.items()}
    return json.dumps({"shown": dict(side.shown), "values": values}, ensure_ascii=False)


def unpack(text: str) -> Side:
    """The side that ``pack`` made into this text."""
    read = json.loads(text)
    return Side(read["shown"], {name: _unpacked(value) for name, value in read["values"].items()})


def _packed(value: object) -> object:
    match value:
        case StrEnum():
            return value.value
        case None | bool() | int() | str():
            return value
        case datetime():
            return {"moment": value.isoformat()}
        case date():
            return {"day": value.isoformat()}
        case UUID():
            return {"id": str(value)}
        case list() | tuple():
            return [_packed(one) for one in cast("list[object]", value)]
        case Mapping():
            given = cast("Mapping[str, object]", value)
            return {"group": {name: _packed(one) for name, one in given.items()}}
        case _:
            raise TypeError(f"a change request cannot keep a {type(value).__name__}")


def _unpacked(value: Any) -> Any:
    if isinstance(value, list):
        return [_unpacked(one) for one in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    ((kind, inner),) = cast("dict[str, Any]", value).items()
    match kind:
        case "moment":
            return datetime.fromisoformat(inner)
        case "day":
            return date.fromisoformat(inner)
        case "id":
            return UUID(inner)
        case _:
            return {name: _unpacked(one) for name, one in inner.items()}
