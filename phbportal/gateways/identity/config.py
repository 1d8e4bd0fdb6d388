"""The providers people sign in with: one TOML table each, keys by path. Every wrong setting is named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.gateways.identity.keys import ALGORITHMS, UnusableKey, read_private_file, read_signing_key
from phbportal.gateways.identity.reading import Entry

SHAPES = ("generic", "nhs_login", "cis2", "entra", "development")
AUDIENCES = ("holder", "organisation", "staff")
PRIVATE_KEY_JWT = "private_key_jwt"
AUTH_METHODS = (PRIVATE_KEY_JWT, "client_secret_basic")

# A provider of these shapes is only safe with these claims pinned (security.md section 1).
_SHAPE_CLAIMS = {
    "nhs_login": ("vot",),
    "cis2": ("acr", "authentication_assurance_level", "id_assurance_level"),
    "entra": ("tid",),
}
# Not confirmed from their documents; both then rest on the nonce (RFC 9700 section 2.1.1).
_PKCE_MAY_BE_OFF = ("nhs_login", "cis2")
_OWN_PARAMETERS = (
    "client_id redirect_uri response_type response_mode scope state nonce code_challenge code_challenge_method request "
    "request_uri"
)
RESERVED_PARAMETERS = frozenset(_OWN_PARAMETERS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """One identity provider as configured. Holds paths of secrets, never a secret.

    ``required_claims`` maps a claim to the values it may have; ``subject_claims`` are joined by ":" into the identity's
    subject (Entra: tid:oid). ``iss_param_required`` None means "as the provider's discovery says" (RFC 9207).
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


def is_loopback(address: str) -> bool:
    """Whether a URL points at this machine itself: localhost or a loopback address, nothing that merely begins so."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def check_development_only(environment: str, origin: str) -> None:
    """Refuse the development provider anywhere but on a developer's machine: it lets anybody be anybody.

    ``environment`` is PHB_ENVIRONMENT, ``origin`` the public origin or the address to listen on. Raises Refusal.
    """
    problems: list[Problem] = []
    if environment not in ("development", "test"):
        problems.append(
            Problem("The development sign-in cannot run in production. Configure a real provider.", "environment")
        )
    if not is_loopback(origin):
        problems.append(
            Problem("The development sign-in only runs on this machine. Use http://localhost as the origin.", "origin")
        )
    refuse_if(problems)


def load_providers(path: Path) -> dict[str, Provider]:
    """Read PHB_PROVIDERS_FILE: name → Provider, in the file's order. Raises Refusal naming every wrong setting.

    Relative key paths are relative to the file. A provider of shape "development" passes here; whoever mounts it calls
    check_development_only.
    """
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise Refusal("The providers file cannot be read. Check PHB_PROVIDERS_FILE.") from None
    except tomllib.TOMLDecodeError as error:
        raise Refusal(f"The providers file is not valid TOML: {error}.") from None
    tables = document.get("providers")
    problems = [
        Problem(f"The providers file has an unknown setting {key}.", key) for key in document if key != "providers"
    ]
    if not isinstance(tables, dict) or not tables:
        problems.append(
            Problem("The providers file names no provider. Add a table such as [providers.nhs-login].", "providers")
        )
        tables = {}
    found: dict[str, Provider] = {}
    for name, table in tables.items():
        entry = Entry(name, table, problems)
        provider = _read_provider(entry, path.parent)
        _check_provider(entry, provider)
        found[name] = provider
    _check_keys_differ(found, problems)
    refuse_if(problems)
    return found


def _read_provider(entry: Entry, folder: Path) -> Provider:
    key_file, secret_file = entry.text("key_file", ""), entry.text("client_secret_file", "")
    provider = Provider(
        name=entry.name,
        shape=entry.text("shape", choices=SHAPES),
        title=entry.text("title"),
        audience=entry.texts("audience", choices=AUDIENCES),
        issuer=entry.text("issuer"),
        client_id=entry.text("client_id"),
        auth_method=entry.text("auth_method", PRIVATE_KEY_JWT, choices=AUTH_METHODS),
        key_file=folder / key_file if key_file else None,
        key_id=entry.text("key_id", "") or None,
        client_secret_file=folder / secret_file if secret_file else None,
        signing_alg=entry.text("signing_alg", "PS256", choices=ALGORITHMS),
        id_token_algs=entry.texts("id_token_algs", choices=ALGORITHMS),
        assertion_audience=entry.text("assertion_audience", "token_endpoint", choices=("token_endpoint", "issuer")),
        scopes=entry.texts("scopes", ("openid", "profile", "email")),
        pkce=entry.flag("pkce", True),
        authorize_params=entry.text_table("authorize_params"),
        required_claims=entry.value_table("required_claims"),
        subject_claims=entry.texts("subject_claims", ("sub",)),
        userinfo=entry.flag("userinfo", True),
        iss_param_required=entry.optional_flag("iss_param_required"),
        id_token_max_age_seconds=entry.seconds("id_token_max_age_seconds", 600, most=600) or 600,
        auth_max_age_seconds=entry.seconds("auth_max_age_seconds", None, most=86_400),
    )
    entry.finish()
    return provider


def _check_provider(entry: Entry, provider: Provider) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", provider.name):
        entry.wrong(None, "has a name that cannot stand in an address. Use lower-case letters, digits and hyphens.")
    _check_issuer(entry, provider)
    _check_secret(entry, provider)
    if "openid" not in provider.scopes:
        entry.wrong("scopes", "must include openid.")
    if not provider.pkce and provider.shape not in _PKCE_MAY_BE_OFF:
        entry.wrong("pkce", "cannot be switched off for this shape.")
    if reserved := sorted(RESERVED_PARAMETERS & set(provider.authorize_params)):
        entry.wrong("authorize_params", f"may not set {', '.join(reserved)}: the portal sets that itself.")
    for claim in _SHAPE_CLAIMS.get(provider.shape, ()):
        if claim not in provider.required_claims:
            entry.wrong(
                "required_claims", f"must name the values of {claim} you accept, because the shape is {provider.shape}."
            )
    if provider.shape == "entra" and provider.subject_claims != ("tid", "oid"):
        entry.wrong("subject_claims", 'must be ["tid", "oid"] for Entra: its sub differs between applications.')


def _check_issuer(entry: Entry, provider: Provider) -> None:
    if not provider.issuer:
        return  # already named as missing
    parts = urlsplit(provider.issuer)
    if parts.query or parts.fragment or not parts.netloc:
        entry.wrong("issuer", "must be an address without ? or #, exactly as the provider states it.")
    elif provider.shape == "development" and not is_loopback(provider.issuer):
        entry.wrong("issuer", "of shape development must be on this machine, such as http://localhost:8000/dev-idp.")
    elif parts.scheme != "https" and not (parts.scheme == "http" and provider.shape == "development"):
        entry.wrong("issuer", "must begin with https://.")


def _check_secret(entry: Entry, provider: Provider) -> None:
    by_key = provider.auth_method == PRIVATE_KEY_JWT
    wanted, path = ("key_file", provider.key_file) if by_key else ("client_secret_file", provider.client_secret_file)
    if path is None:
        if provider.shape != "development":  # whose key is made afresh at each start
            entry.wrong(wanted, f"is not set. It is needed for {provider.auth_method}.")
        return
    try:
        if not by_key:
            if not read_private_file(path).strip():
                raise UnusableKey("names an empty file")
        elif provider.signing_alg in ALGORITHMS:
            read_signing_key(path, provider.signing_alg)
    except UnusableKey as error:
        entry.wrong(wanted, f"{error}.")


def _check_keys_differ(found: Mapping[str, Provider], problems: list[Problem]) -> None:
    """With one key for two providers, either could replay our assertion at the other."""
    owners: dict[str, str] = {}
    for name, provider in found.items():
        try:
            key = read_signing_key(provider.key_file, provider.signing_alg) if provider.key_file else None
        except (UnusableKey, KeyError):
            continue
        if key is not None and (other := owners.setdefault(key.thumbprint(), name)) != name:
            problems.append(
                Problem(f"Providers {other} and {name} use the same key. Make one key for each.", f"{name}.key_file")
            )
