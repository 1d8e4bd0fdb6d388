"""A shape: what is particular to one kind of provider. This one is the generic one, from which the others differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from phbportal.gateways.identity.failure import ASSURANCE_LOW, SignInFailed
from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.reading import Entry

Claims = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Asked:
    """What a sign-in asks for: ``parameters`` of the request, and the levels its answer may state."""

    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Vouched:
    """What a shape reads from claims that pass its rules: how sure the provider is, in its own word, and the codes of
    the boards its roles are for (None where it says nothing of boards)."""

    assurance: str = ""
    boards: tuple[str, ...] | None = None


class Shape:
    """The generic provider: what the configuration requires, and nothing of its own."""

    known_as = ""
    title = ""
    """Of the button; empty where the configuration must say it."""
    pkce_may_be_off = False
    first_to_choose = False
    audiences: tuple[str, ...] = ("organisation", "staff")
    """Whom it may vouch for: budget holders come by NHS login and no other way (decisions.md §2)."""
    own_parameters: frozenset[str] = frozenset()
    defaults: Mapping[str, Any] = MappingProxyType({})
    """Settings that differ from those of ``Provider``."""

    def read(self, entry: Entry) -> dict[str, Any]:
        """The settings only this shape has, as fields of Provider."""
        return {}

    def check(self, entry: Entry, provider: Provider) -> None:
        """Name in ``entry`` what a provider of this shape may not be configured with."""

    def asks(self, provider: Provider, *, step_up: bool = False) -> Asked:
        """What to send along, and what to hold the answer to."""
        return Asked({"prompt": "login", "max_age": "0"} if step_up else {})

    def vouch(self, provider: Provider, accepted: Sequence[str], id_token: Claims, userinfo: Claims) -> Vouched:
        """The rules of this shape on a verified ID token and its userinfo. Raises SignInFailed."""
        return Vouched(text_of(id_token, "vot") or text_of(id_token, "acr"))


def text_of(claims: Claims, name: str) -> str:
    """A claim that is a printable text of at most 255 characters; anything else is none."""
    value = claims.get(name)
    return value if isinstance(value, str) and len(value) <= 255 and value.isprintable() else ""


def stated(claims: Claims, name: str, accepted: Sequence[str]) -> str:
    """A level the signed token states, which must be one of those asked for. Raises assurance.low."""
    found = text_of(claims, name)
    if not found or found not in accepted:
        raise SignInFailed(ASSURANCE_LOW, name)
    return found
