"""NHS login, for budget holders and those who act for them (security.md §1.1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from phbportal.gateways.identity.provider import PRIVATE_KEY_JWT, Provider
from phbportal.gateways.identity.reading import Entry
from phbportal.gateways.identity.shapes.shape import Asked, Claims, Shape, Vouched, stated

NAME = "NHS login"
HIGHEST = ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
_CREDENTIALS = frozenset({"Cp", "Cd", "Ck", "Cm"})


class NhsLogin(Shape):
    """Identity proved (P9) and two factors: asked for as ``vtr``, and the ``vot`` that comes back must be among it."""

    known_as = NAME
    title = f"Continue to {NAME}"
    pkce_may_be_off = True  # not in its parameter table; we then rest on the nonce (RFC 9700 section 2.1.1)
    first_to_choose = True
    audiences = ("holder",)
    # It does not support the last six; it has no ``max_age``, so a step-up asks again by ``prompt``.
    own_parameters = frozenset(
        {"vtr", "prompt", "max_age", "acr_values", "id_token_hint", "login_hint", "ui_locales", "amr"}
    )
    defaults = MappingProxyType(
        {
            "audience": ("holder",),
            "signing_alg": "RS512",
            "id_token_algs": ("RS512",),
            "scopes": ("openid", "profile", "profile_extended", "email", "phone"),
        }
    )

    def read(self, entry: Entry) -> dict[str, Any]:
        return {"levels": entry.texts("vtr", HIGHEST)}

    def check(self, entry: Entry, provider: Provider) -> None:
        if low := [vector for vector in provider.levels if not _is_high(vector)]:
            entry.wrong("vtr", f"has {', '.join(low)}. Ask only for P9 with two factors, such as P9.Cp.Cd.")
        if NAME not in provider.title:
            entry.wrong("title", f"must say {NAME}, with a small l.")
        if provider.auth_method != PRIVATE_KEY_JWT:
            entry.wrong("auth_method", f"must be {PRIVATE_KEY_JWT}: {NAME} knows no client secrets.")
        if not provider.userinfo:
            entry.wrong("userinfo", "must be true: the details a record is found by are only there.")

    def asks(self, provider: Provider, *, step_up: bool = False) -> Asked:
        vtr = json.dumps(list(provider.levels), separators=(",", ":"))
        return Asked({"vtr": vtr} | ({"prompt": "login"} if step_up else {}), provider.levels)

    def vouch(self, provider: Provider, accepted: Sequence[str], id_token: Claims, userinfo: Claims) -> Vouched:
        return Vouched(stated(id_token, "vot", accepted))


def _is_high(vector: str) -> bool:
    """Identity compared with a document, and more than a password: a passkey, or a password and something else."""
    level, *credentials = vector.split(".")
    known = bool(credentials) and set(credentials) <= _CREDENTIALS
    return level == "P9" and known and ("Cm" in credentials or {"Cp"} < set(credentials))
