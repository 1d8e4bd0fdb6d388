"""What a provider says of itself in its discovery document, believed only as far as it matches our configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from phbportal.gateways.identity.failure import PROVIDER_ISSUER, PROVIDER_UNAVAILABLE, SignInFailed
from phbportal.gateways.identity.provider import Provider, is_loopback


@dataclass(frozen=True, slots=True)
class Metadata:
    """The endpoints of one provider. Algorithms and issuer are never taken from here: the configuration pins them."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    sends_iss: bool


def discovery_url(issuer: str) -> str:
    """OIDC Discovery 1.0 section 4.1."""
    return issuer.rstrip("/") + "/.well-known/openid-configuration"


def read_metadata(document: object, provider: Provider) -> Metadata:
    """Raises provider.issuer for another issuer, provider.unavailable for a missing or unsafe endpoint."""
    if not isinstance(document, dict):
        raise SignInFailed(PROVIDER_UNAVAILABLE, "discovery is not a JSON object")
    if document.get("issuer") != provider.issuer:
        raise SignInFailed(PROVIDER_ISSUER, "discovery names another issuer")
    return Metadata(
        authorization_endpoint=_needed(document, "authorization_endpoint", provider),
        token_endpoint=_needed(document, "token_endpoint", provider),
        jwks_uri=_needed(document, "jwks_uri", provider),
        userinfo_endpoint=_needed(document, "userinfo_endpoint", provider) if provider.userinfo else None,
        end_session_endpoint=_endpoint(document, "end_session_endpoint", provider),
        sends_iss=document.get("authorization_response_iss_parameter_supported") is True,
    )


def _needed(document: Mapping[str, object], name: str, provider: Provider) -> str:
    found = _endpoint(document, name, provider)
    if found is None:
        raise SignInFailed(PROVIDER_UNAVAILABLE, f"discovery has no usable {name}")
    return found


def _endpoint(document: Mapping[str, object], name: str, provider: Provider) -> str | None:
    """An https address; plain http only where the whole provider is on this machine."""
    value = document.get(name)
    if not isinstance(value, str):
        return None
    try:
        scheme = urlsplit(value).scheme
    except ValueError:
        return None
    local = provider.is_local and scheme == "http" and is_loopback(value)
    return value if scheme == "https" or local else None
