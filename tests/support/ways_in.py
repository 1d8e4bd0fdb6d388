"""All four kinds of provider at once, read from a providers file and played by the development provider."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from phbportal.domain.roles import Role
from phbportal.gateways.identity import OidcClient, load_providers
from phbportal.sign_in.start import play
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment, Identity, User
from tests.support.portal import Portal

TENANT = "37c354b2-0000-4000-8000-07b48d774ee3"
STAFF, ENTRA_STAFF, ORGANISATION = "555000000011", f"{TENANT}:object-of-cm", "org-7"
FILE = f"""
[providers.care-identity]
shape = "cis2"
issuer = "ORIGIN/dev-idp/care-identity"
client_id = "phbportal-cis2"

[providers.work]
shape = "entra"
issuer = "ORIGIN/dev-idp/work"
client_id = "phbportal-entra"
tenant = "{TENANT}"
app_roles = ["Portal.User"]

[providers.nhs-login]
shape = "nhs_login"
issuer = "ORIGIN/dev-idp/nhs-login"
client_id = "phbportal-nhs-login"

[providers.example-id]
shape = "generic"
title = "Sign in with Example ID"
audience = ["organisation"]
issuer = "ORIGIN/dev-idp/example-id"
client_id = "phbportal-generic"
id_token_algs = ["RS256"]
"""
NAMES = ("care-identity", "work", "nhs-login", "example-id")


@dataclass
class WaysIn:
    """The four providers as clients of the hall, and the switches of each."""

    portal: Portal
    controls: dict[str, Any]
    who: dict[str, str] = field(default_factory=dict)

    def client(self, name: str) -> OidcClient:
        return self.portal.hall.clients[name]

    def sign_in(self, name: str, subject: str = "", browser: Any = None, *faults: str) -> Any:
        """The whole way to a provider and back, with faults; the browser's last answer."""
        browser = browser or self.portal.browser()
        asked = browser.leave(provider=name)
        self.controls[name].fail(*faults)
        try:
            return browser.get(browser.choose(asked, subject or self.who[name]))
        finally:
            self.controls[name].fail()

    def signed_in(self, name: str, subject: str = "") -> Any:
        browser = self.portal.browser()
        assert self.sign_in(name, subject, browser).status_code == 303
        return browser

    @contextmanager
    def configured(self, name: str, **changes: Any) -> Iterator[None]:
        """One provider is configured otherwise, inside."""
        client = self.client(name)
        before = client.provider
        client.provider = replace(before, **changes)
        try:
            yield
        finally:
            client.provider = before

    def identity(self, name: str, user_id: UUID, subject: str) -> None:
        """A user is known at a provider under a subject."""
        issuer = self.client(name).provider.issuer
        self.portal.change(
            lambda uow: uow.add(Identity, user_id=user_id, provider=name, issuer=issuer, subject=subject)
        )


@contextmanager
def four_ways_in(portal: Portal) -> Iterator[WaysIn]:
    """The portal with all four, and somebody who is known at each; the plain development sign-in stays beside them."""
    hall, routes = portal.hall, portal.server.built.app.router.routes
    before, mounts_before = hall.clients, list(routes)
    with tempfile.TemporaryDirectory(prefix="phb-ways-in-") as folder:
        path = Path(folder) / "providers.toml"
        path.write_text(FILE.replace("ORIGIN", portal.origin))
        providers = load_providers(path, on_this_machine=True)
    played = {name: play(hall, provider) for name, provider in providers.items()}
    routes[:0] = [p.mount for p in played.values()]
    hall.clients = {**before, **{name: p.client for name, p in played.items()}}
    ways = WaysIn(portal, {name: p.control for name, p in played.items()})
    _people(portal, ways)
    try:
        yield ways
    finally:
        hall.clients, routes[:] = before, mounts_before


def _people(portal: Portal, ways: WaysIn) -> None:
    cm = portal.world.cm.user_id
    ways.identity("care-identity", cm, STAFF)
    ways.identity("work", cm, ENTRA_STAFF)
    with portal.world.unit(portal.world.admin, now=datetime.now(UTC)) as uow:
        firm = uow.add(
            Organisation, kind="CARE_PROVIDER", name="Severn Care", search_name="severn care", ods_code="A1B2C"
        )
        user = uow.add(User, display_name="Rhodri Pugh")
        uow.add(
            Assignment, user_id=user.id, role=Role.PROVIDER.value, organisation_id=firm.id,
            valid_from=portal.world.today - timedelta(days=3),
        )  # fmt: skip
        user_id = user.id
    ways.identity("example-id", user_id, ORGANISATION)
    person = portal.new_person("Hal", "Verity", "9990000050")
    ways.who = {
        "nhs-login": f"holder-{person}", "care-identity": STAFF, "work": ENTRA_STAFF, "example-id": ORGANISATION,
    }  # fmt: skip
