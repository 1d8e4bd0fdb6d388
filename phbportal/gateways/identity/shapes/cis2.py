"""NHS Care Identity Service 2, for staff with a smartcard or a security key (security.md §1.2)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from phbportal.gateways.identity.failure import ASSURANCE_LOW, SignInFailed
from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.reading import Entry
from phbportal.gateways.identity.shapes.shape import Asked, Claims, Shape, Vouched, stated, text_of

_ROLES, _SELECTED = "nhsid_nrbac_roles", "selected_roleid"
_TOO_LOW = ("AAL1_USERPASS",)


class Cis2(Shape):
    """Assurance levels, and the role somebody chose there: its organisation must be one we serve. What they may do here
    still comes from our own assignments; a role at CIS2 only narrows them to its board."""

    known_as = "NHS Care Identity"
    title = "Sign in with NHS Care Identity"
    pkce_may_be_off = True  # not confirmed from its documents; we then rest on the nonce
    audiences = ("staff",)
    own_parameters = frozenset({"acr_values", "prompt", "max_age"})
    defaults = MappingProxyType(
        {
            "audience": ("staff",),
            "signing_alg": "RS512",
            "id_token_algs": ("RS256",),
            "scopes": ("openid", "profile", "nationalrbacaccess", "selectedrole"),
        }
    )

    def read(self, entry: Entry) -> dict[str, Any]:
        return {
            "levels": entry.texts("acr_values", ("AAL2_OR_AAL3_ANY",)),
            "step_up_levels": entry.texts("step_up_acr_values", ("AAL2_OR_AAL3_ANY",)),
            "least_authentication_level": entry.whole("least_authentication_level", 2, least=2, most=3),
            "least_identity_level": entry.whole("least_identity_level", 3, least=3, most=4),
            "organisation_codes": entry.text_table("organisation_codes"),
        }

    def check(self, entry: Entry, provider: Provider) -> None:
        for key, levels in (("acr_values", provider.levels), ("step_up_acr_values", provider.step_up_levels)):
            if low := [level for level in levels if level in _TOO_LOW or " " in level]:
                entry.wrong(key, f"has {', '.join(low)}, which is no value for a live service.")
        if "nationalrbacaccess" not in provider.scopes:
            entry.wrong("scopes", "must include nationalrbacaccess: it brings the roles.")
        if not provider.userinfo:
            entry.wrong("userinfo", "must be true: the roles are only there.")

    def asks(self, provider: Provider, *, step_up: bool = False) -> Asked:
        levels = provider.step_up_levels if step_up else provider.levels
        # Without it somebody still signed in there would not be asked which role they work in.
        again = {"prompt": "login"} if step_up or "selectedrole" in provider.scopes else {}
        return Asked({"acr_values": " ".join(levels)} | again, levels)

    def vouch(self, provider: Provider, accepted: Sequence[str], id_token: Claims, userinfo: Claims) -> Vouched:
        acr = stated(id_token, "acr", accepted)
        for claim, least in (
            ("authentication_assurance_level", provider.least_authentication_level),
            ("id_assurance_level", provider.least_identity_level),
        ):
            if _level(id_token.get(claim)) < least:
                raise SignInFailed(ASSURANCE_LOW, claim)
        organisations = _organisations(id_token.get(_ROLES, userinfo.get(_ROLES)))
        if not organisations:
            raise SignInFailed(f"claim.{_ROLES}", "none")
        selected = text_of(id_token, _SELECTED)
        if not selected and "selectedrole" in provider.scopes and len(organisations) > 1:
            raise SignInFailed(f"claim.{_SELECTED}", "none")
        if selected and selected not in organisations:
            raise SignInFailed(f"claim.{_SELECTED}", "not theirs")
        codes = {organisations[selected]} if selected else set(organisations.values())
        return Vouched(acr, tuple(sorted(provider.organisation_codes.get(code, code) for code in codes)))


def _level(value: object) -> int:
    """An assurance level, sent as text; anything that is not one digit is level nought."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return int(text) if re.fullmatch("[0-9]", text) else 0


def _organisations(roles: object) -> dict[str, str]:
    """Role id → ODS code of its organisation, of every role that has both."""
    entries = [role for role in roles if isinstance(role, dict)] if isinstance(roles, list) else []
    pairs = [(text_of(role, "person_roleid"), text_of(role, "org_code")) for role in entries]
    return {role: code for role, code in pairs if role and code}
