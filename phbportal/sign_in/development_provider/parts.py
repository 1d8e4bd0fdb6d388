"""The parts the development provider can play: what a real provider of each shape would send, as far as we know it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from phbportal.sign_in.development_provider.pages import DevPerson

Claims = dict[str, Any]
Sent = Mapping[str, str]


class Part:
    """The plain part: a generic provider that puts a person's claims into both token and userinfo."""

    alg = "RS256"
    sends_iss = True
    signs_out = True
    """Whether it has an end-session endpoint."""

    def wrong_request(self, asked: Sent) -> str:
        """The error code of a request this provider would not serve, or nothing."""
        return ""

    def id_token(self, person: DevPerson, asked: Sent) -> Claims:
        """Claims beside those every ID token has."""
        return {"acr": "development", "amr": ["pwd"], **person.claims}

    def userinfo(self, person: DevPerson) -> Claims:
        """Claims beside ``sub``, which is that of the token."""
        return {"name": person.name, **person.claims}

    def subject(self, person: DevPerson) -> str:
        return person.subject

    def header(self, claims: Claims, kid: str) -> Claims:
        return {"alg": self.alg, "kid": kid, "typ": "JWT"}

    def said_no(self) -> Mapping[str, str]:
        return {"error": "access_denied"}


class NhsLoginPart(Part):
    """RS512, no key id, claims repeated in the header, no sessions, and details in userinfo alone."""

    alg = "RS512"
    sends_iss = False
    signs_out = False
    _UNKNOWN = ("max_age", "id_token_hint", "login_hint", "acr_values", "ui_locales")

    def wrong_request(self, asked: Sent) -> str:
        return "invalid_request" if any(name in asked for name in self._UNKNOWN) or not _vectors(asked) else ""

    def id_token(self, person: DevPerson, asked: Sent) -> Claims:
        vectors = _vectors(asked) or ["P9.Cp.Cd"]
        return {"vot": vectors[0], "vtm": "https://auth.example.nhs.uk/trustmark", "sid": ..., "at_hash": ...}

    def userinfo(self, person: DevPerson) -> Claims:
        return {**person.claims, "identity_proofing_level": "P9"}

    def header(self, claims: Claims, kid: str) -> Claims:
        repeated = {name: claims[name] for name in ("iss", "sub", "aud", "exp", "iat") if name in claims}
        return {"alg": self.alg, "typ": "JWT", "jti": "a0b1c2d3-0000-4000-8000-a0b1c2d3e4f5", **repeated}

    def said_no(self) -> Mapping[str, str]:
        return {"error": "access_denied", "error_description": "ConsentNotGiven"}


class Cis2Part(Part):
    """Levels as text, the selected role in the token, all roles in userinfo. A person works where their claim says."""

    sends_iss = False
    signs_out = False

    def id_token(self, person: DevPerson, asked: Sent) -> Claims:
        return {
            "acr": asked.get("acr_values", "AAL3_ANY").split(" ")[0],
            "amr": ["FIDO2"],
            "authentication_assurance_level": "3",
            "id_assurance_level": "3",
            "selected_roleid": "1-1",
        }

    def userinfo(self, person: DevPerson) -> Claims:
        codes = str(person.claims.get("org_codes", "")).split()
        roles = [
            {"person_roleid": f"1-{n}", "org_code": code, "role_code": "S8000:G8000:R8000", "role_name": "Clinician"}
            for n, code in enumerate(codes, 1)
        ]
        return {"name": person.name, "nhsid_useruid": person.subject, "nhsid_nrbac_roles": roles}


class EntraPart(Part):
    """People known by tenant and object, a ``sub`` of this application's own, app roles; no userinfo worth asking."""

    def id_token(self, person: DevPerson, asked: Sent) -> Claims:
        tenant, _, object_id = person.subject.partition(":")
        return {
            "tid": tenant,
            "oid": object_id,
            "roles": ["Portal.User"],
            "acct": 0,
            "name": person.name,
            "preferred_username": "same@example.nhs.uk",
            "email": "same@example.nhs.uk",
            "ver": "2.0",
            "acrs": _contexts(asked) or ...,
        }

    def subject(self, person: DevPerson) -> str:
        return f"of-this-application-{person.subject.rpartition(':')[2]}"


PARTS: dict[str, Part] = {
    "generic": Part(),
    "development": Part(),
    "nhs_login": NhsLoginPart(),
    "cis2": Cis2Part(),
    "entra": EntraPart(),
}


def _contexts(asked: Sent) -> list[str]:
    """The authentication context asked for: on a developer's machine everybody satisfies it."""
    try:
        return [json.loads(asked.get("claims", ""))["id_token"]["acrs"]["value"]]
    except (ValueError, KeyError, TypeError):
        return []


def _vectors(asked: Sent) -> list[str]:
    """The vectors of trust asked for; none where they are not a list of texts."""
    try:
        vectors = json.loads(asked.get("vtr", '["P9.Cp.Cd"]'))
    except ValueError:
        return []
    return [v for v in vectors if isinstance(v, str)] if isinstance(vectors, list) else []
