"""What a browser may send with an event: exactly the arguments the handler names, of four kinds, strictly."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, get_type_hints

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, create_model

from phbportal.policy.permissions import Permission

POLICY = "__phb_policy__"
FORM = "__reflex_form_data__"
MOST_FIELDS = 500
LONGEST_TEXT = 100_000


@dataclass(frozen=True, slots=True)
class HandlerPolicy:
    """What a handler declared. ``permission`` None is public; ``payload`` is what it may be sent, strictly.

    A state that pages share says of itself, at each event, which permission it wants and whether a step-up
    (decisions.md §1): a function of the state, which finds out on the server what it shows. An ``aside`` leaves the
    problems a page shows.
    """

    permission: Permission | Callable[[Any], Permission] | None
    writes: bool
    passive: bool
    step_up: bool | Callable[[Any], bool]
    payload: type[BaseModel]
    aside: bool = False


def _can_be_stored(text: str) -> str:
    """PostgreSQL keeps no NUL, and half a surrogate pair has no bytes at all."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise ValueError("not a text")
    return text


Text = Annotated[str, Field(max_length=LONGEST_TEXT), AfterValidator(_can_be_stored)]
_KINDS: dict[Any, Any] = {
    str: Text,
    int: Annotated[int, Field(ge=-(2**63), lt=2**63)],
    bool: bool,
    dict[str, str]: Annotated[dict[Text, Text], Field(max_length=MOST_FIELDS)],
}


def payload_model(body: Callable[..., Any], *, skip: int) -> type[BaseModel]:
    """The arguments a browser may send. Raises TypeError for a handler that would take anything else: Reflex fills
    a dataclass or a row from whatever the browser says."""
    hints = get_type_hints(body)
    fields: dict[str, Any] = {}
    for parameter in list(inspect.signature(body).parameters.values())[skip:]:
        hint = hints.get(parameter.name)
        if hint not in _KINDS or parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            raise TypeError(f"{body.__qualname__}: {parameter.name} must be str, int, bool or dict[str, str]")
        default = ... if parameter.default is parameter.empty else parameter.default
        fields[parameter.name] = (_KINDS[hint], default)
    return create_model(f"{body.__qualname__}.payload", __config__=ConfigDict(extra="forbid", strict=True), **fields)


def fits(payload: dict[str, Any], shape: type[BaseModel]) -> bool:
    """Whether a payload is what it must be; forms in it are made dicts of texts on the way."""
    try:
        flatten_forms(payload)
        shape.model_validate(payload)
    except (ValidationError, ValueError):
        return False
    return True


def flatten_forms(payload: dict[str, Any]) -> None:
    """A form arrives as pairs under one key; make it a dict of texts. Raises ValueError for anything else there."""
    for name, value in payload.items():
        if not isinstance(value, dict) or FORM not in value:
            continue
        pairs = value[FORM]
        if len(value) != 1 or not isinstance(pairs, list) or len(pairs) > MOST_FIELDS:
            raise ValueError("not a form")
        if not all(isinstance(p, list) and len(p) == 2 and all(isinstance(x, str) for x in p) for p in pairs):
            raise ValueError("not a form")
        payload[name] = dict(pairs)
