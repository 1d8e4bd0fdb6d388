"""Microsoft Entra ID of one tenant, for staff with an NHSmail or other work account (security.md §1.3)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from types import MappingProxyType
from typing import Any

from phbportal.gateways.identity.failure import ASSURANCE_LOW, SignInFailed
from phbportal.gateways.identity.provider import Provider
from phbportal.gateways.identity.reading import Entry
from phbportal.gateways.identity.shapes.shape import Asked, Claims, Shape, Vouched

_TENANT = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
SUBJECT = ("tid", "oid")
_MEMBER, _GUEST = 0, 1
_CONTEXT = "c[1-9][0-9]?"


class Entra(Shape):
    """One tenant, people known by tenant and object, app roles, no guests. An e-mail address is nobody's key here: it
    can be changed, and set by the administrator of another tenant."""

    known_as = "your work account"
    title = "Sign in with your work account"
    audiences = ("staff",)
    own_parameters = frozenset({"prompt", "max_age", "domain_hint", "login_hint", "claims"})
    defaults = MappingProxyType(
        {
            "audience": ("staff",),
            "scopes": ("openid", "profile"),
            "id_token_algs": ("RS256",),
            "subject_claims": SUBJECT,
            "userinfo": False,  # its sub is another one, and it says nothing the token does not
        }
    )

    def read(self, entry: Entry) -> dict[str, Any]:
        context = entry.text("step_up_context", "")
        return {
            "step_up_levels": (context,) if context else (),
            "tenant": entry.text("tenant"),
            "app_roles": entry.texts("app_roles"),
            "account_type_needed": entry.flag("account_type_needed", True),
        }

    def check(self, entry: Entry, provider: Provider) -> None:
        if not re.fullmatch(_TENANT, provider.tenant):
            entry.wrong("tenant", "must be the id of one tenant, in small letters; never common or organizations.")
        elif provider.issuer != f"https://login.microsoftonline.com/{provider.tenant}/v2.0" and not provider.is_local:
            entry.wrong("issuer", f"must be https://login.microsoftonline.com/{provider.tenant}/v2.0.")
        if wrong := [context for context in provider.step_up_levels if not re.fullmatch(_CONTEXT, context)]:
            entry.wrong("step_up_context", f"is {wrong[0]}. It must be the id of an authentication context, c1 to c99.")
        if provider.subject_claims != SUBJECT:
            entry.wrong("subject_claims", 'must be ["tid", "oid"] for Entra: its sub differs between applications.')
        if provider.userinfo:
            entry.wrong("userinfo", "must be false: its sub is not that of the token.")

    def asks(self, provider: Provider, *, step_up: bool = False) -> Asked:
        """A step-up asks again, and for an authentication context where one is configured: what it takes is the
        tenant's own policy for it (Microsoft, "Developer guide to Conditional Access authentication context")."""
        if not step_up:
            return Asked()
        levels = provider.step_up_levels
        claims = {"id_token": {"acrs": {"essential": True, "value": levels[0]}}} if levels else {}
        return Asked({"prompt": "login"} | ({"claims": json.dumps(claims)} if claims else {}), levels)

    def vouch(self, provider: Provider, accepted: Sequence[str], id_token: Claims, userinfo: Claims) -> Vouched:
        if id_token.get("tid") != provider.tenant:
            raise SignInFailed("claim.tid")
        account = id_token.get("acct", None if provider.account_type_needed else _MEMBER)
        if account not in (_MEMBER, str(_MEMBER)) or isinstance(account, bool):
            raise SignInFailed("claim.acct", "guest" if account in (_GUEST, str(_GUEST)) else "not said")
        roles = id_token.get("roles")
        if not isinstance(roles, list) or not any(role in provider.app_roles for role in roles):
            raise SignInFailed("claim.roles")
        contexts = id_token.get("acrs")
        if accepted and not (isinstance(contexts, list) and any(context in accepted for context in contexts)):
            raise SignInFailed(ASSURANCE_LOW, "acrs")
        return Vouched()
