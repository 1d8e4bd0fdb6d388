"""One identity provider as configured: what we ask of it, and what we accept from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

PRIVATE_KEY_JWT = "private_key_jwt"
DEVELOPMENT_PATH = "/dev-idp"
"""Below the portal's own origin: where the development provider is mounted."""


def is_loopback(address: str) -> bool:
    """Whether a URL points at this machine itself: localhost or a loopback address, nothing that merely begins so."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One identity provider as configured. Holds paths of secrets, never a secret.

    ``required_claims`` maps a claim to the values it may have; ``subject_claims`` are joined by ":" into the identity's
    subject (Entra: tid:oid). ``iss_param_required`` None means "as the provider's discovery says" (RFC 9207).
    ``known_as`` is what a person calls it. Fields from ``levels`` on are for the shapes that use them.
    """

    name: str
    shape: str
    title: str
    audience: tuple[str, ...]
    issuer: str
    client_id: str
    auth_method: str = PRIVATE_KEY_JWT
    key_file: Path | None = None
    key_id: str | None = None
    client_secret_file: Path | None = None
    signing_alg: str = "PS256"
    id_token_algs: tuple[str, ...] = ("RS256",)
    assertion_audience: str = "token_endpoint"
    scopes: tuple[str, ...] = ("openid", "profile", "email")
    pkce: bool = True
    authorize_params: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    required_claims: Mapping[str, tuple[object, ...]] = field(default_factory=lambda: MappingProxyType({}))
    subject_claims: tuple[str, ...] = ("sub",)
    userinfo: bool = True
    iss_param_required: bool | None = None
    id_token_max_age_seconds: int = 600
    auth_max_age_seconds: int | None = None
    known_as: str = ""
    logout_token_types: tuple[str, ...] = ("logout+jwt",)
    levels: tuple[str, ...] = ()
    """What is asked for, and nothing lower accepted: vectors of trust (NHS login), acr values (CIS2)."""
    step_up_levels: tuple[str, ...] = ()
    """What a step-up asks for instead: acr values (CIS2), an authentication context (Entra)."""
    least_authentication_level: int = 2
    least_identity_level: int = 3
    organisation_codes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """ODS code of a site or a unit → the code of the board it belongs to."""
    tenant: str = ""
    app_roles: tuple[str, ...] = ()
    account_type_needed: bool = True

    @property
    def is_local(self) -> bool:
        """On this machine and without TLS: the development provider, or one a test has started."""
        return self.issuer.startswith("http://") and is_loopback(self.issuer)

    @property
    def is_played(self) -> bool:
        """Played by the portal's own development provider, which makes its key at each start."""
        return self.is_local and urlsplit(self.issuer).path.startswith(f"{DEVELOPMENT_PATH}/")
