"""The providers people sign in with: one TOML table each, keys by path. Every wrong setting is named at once."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from phbportal.domain.errors import Problem, Refusal, refuse_if
from phbportal.gateways.identity.keys import ALGORITHMS, UnusableKey, read_private_file, read_signing_key
from phbportal.gateways.identity.provider import PRIVATE_KEY_JWT, Provider, is_loopback
from phbportal.gateways.identity.reading import Entry
from phbportal.gateways.identity.shapes import SHAPES, Shape, shape_of

AUDIENCES = ("holder", "organisation", "staff")
AUTH_METHODS = (PRIVATE_KEY_JWT, "client_secret_basic")

_OWN_PARAMETERS = (
    "client_id redirect_uri response_type response_mode scope state nonce code_challenge code_challenge_method request "
    "request_uri"
)
RESERVED_PARAMETERS = frozenset(_OWN_PARAMETERS.split())


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


def load_providers(path: Path, *, on_this_machine: bool = False) -> dict[str, Provider]:
    """Read PHB_PROVIDERS_FILE: name → Provider, in the file's order. Raises Refusal naming every wrong setting.

    Relative key paths are relative to the file. ``on_this_machine`` lets a provider of any shape be one on a loopback
    address, as in development; one of shape "development" passes here anyway. Whoever mounts it calls
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
        _check_provider(entry, provider, on_this_machine)
        found[name] = provider
    _check_keys_differ(found, problems)
    refuse_if(problems)
    return found


def _read_provider(entry: Entry, folder: Path) -> Provider:
    kind = entry.text("shape", choices=tuple(SHAPES))
    shape = SHAPES.get(kind, Shape())
    usual: dict[str, Any] = {f.name: f.default for f in fields(Provider)} | dict(shape.defaults)
    key_file, secret_file = entry.text("key_file", ""), entry.text("client_secret_file", "")
    title = entry.text("title", shape.title or None)
    provider = Provider(
        name=entry.name,
        shape=kind or "generic",
        title=title,
        known_as=entry.text("known_as", shape.known_as) or title,
        audience=entry.texts("audience", shape.defaults.get("audience"), choices=AUDIENCES),
        issuer=entry.text("issuer"),
        client_id=entry.text("client_id"),
        auth_method=entry.text("auth_method", PRIVATE_KEY_JWT, choices=AUTH_METHODS),
        key_file=folder / key_file if key_file else None,
        key_id=entry.text("key_id", "") or None,
        client_secret_file=folder / secret_file if secret_file else None,
        signing_alg=entry.text("signing_alg", usual["signing_alg"], choices=ALGORITHMS),
        id_token_algs=entry.texts("id_token_algs", shape.defaults.get("id_token_algs"), choices=ALGORITHMS),
        assertion_audience=entry.text("assertion_audience", "token_endpoint", choices=("token_endpoint", "issuer")),
        scopes=entry.texts("scopes", usual["scopes"]),
        pkce=entry.flag("pkce", True),
        authorize_params=entry.text_table("authorize_params"),
        required_claims=entry.value_table("required_claims"),
        subject_claims=entry.texts("subject_claims", usual["subject_claims"]),
        userinfo=entry.flag("userinfo", usual["userinfo"]),
        iss_param_required=entry.optional_flag("iss_param_required"),
        id_token_max_age_seconds=entry.seconds("id_token_max_age_seconds", 600, most=600) or 600,
        auth_max_age_seconds=entry.seconds("auth_max_age_seconds", None, most=86_400),
        logout_token_types=entry.texts("logout_token_types", usual["logout_token_types"]),
        **shape.read(entry),
    )
    entry.finish()
    return provider


def _check_provider(entry: Entry, provider: Provider, on_this_machine: bool) -> None:
    shape = shape_of(provider)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,29}", provider.name):
        entry.wrong(None, "has a name that cannot stand in an address. Use lower-case letters, digits and hyphens.")
    _check_issuer(entry, provider, on_this_machine)
    _check_secret(entry, provider, on_this_machine)
    if "openid" not in provider.scopes:
        entry.wrong("scopes", "must include openid.")
    if not provider.pkce and not shape.pkce_may_be_off:
        entry.wrong("pkce", "cannot be switched off for this shape.")
    if reserved := sorted((RESERVED_PARAMETERS | shape.own_parameters) & set(provider.authorize_params)):
        entry.wrong("authorize_params", f"may not set {', '.join(reserved)}: the portal sets that itself.")
    if others := [audience for audience in provider.audience if audience not in shape.audiences]:
        entry.wrong("audience", f"may not have {', '.join(others)}: a sign-in of this shape does not vouch for them.")
    shape.check(entry, provider)


def _check_issuer(entry: Entry, provider: Provider, on_this_machine: bool) -> None:
    if not provider.issuer:
        return  # already named as missing
    parts = urlsplit(provider.issuer)
    if parts.query or parts.fragment or not parts.netloc:
        entry.wrong("issuer", "must be an address without ? or #, exactly as the provider states it.")
    elif provider.shape == "development" and not is_loopback(provider.issuer):
        entry.wrong("issuer", "of shape development must be on this machine, such as http://localhost:8000/dev-idp.")
    elif parts.scheme != "https" and not (provider.is_local and (on_this_machine or provider.shape == "development")):
        entry.wrong("issuer", "must begin with https://.")


def _check_secret(entry: Entry, provider: Provider, on_this_machine: bool) -> None:
    by_key = provider.auth_method == PRIVATE_KEY_JWT
    wanted, path = ("key_file", provider.key_file) if by_key else ("client_secret_file", provider.client_secret_file)
    if path is None:
        # The key of the development provider is made afresh at each start.
        if provider.shape != "development" and not (on_this_machine and provider.is_played):
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
