"""Making the hall at start-up: engine, key, providers, and in development the built-in sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from sqlmodel import col
from starlette.applications import Starlette
from starlette.routing import Mount

from phbportal.db import make_engine
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.gateways.identity import (
    DEVELOPMENT_PATH,
    OidcClient,
    Provider,
    check_development_only,
    load_providers,
)
from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.settings import Settings, SettingsWrong
from phbportal.sign_in.development_provider import Control, DevelopmentSignIn, DevPerson, development_sign_in
from phbportal.sign_in.hall import Hall
from phbportal.sign_in.keys import load_key
from phbportal.sign_in.routes import AuthRoutes
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.users import Assignment, Identity, User

DEVELOPMENT, NEWCOMER = "development", "somebody-new"


@dataclass(frozen=True, slots=True)
class Built:
    """The hall, its HTTP routes, and (in development) the switches of the built-in provider and of the others it plays
    by their names."""

    hall: Hall
    app: Starlette
    control: Control | None
    controls: dict[str, Control] = field(default_factory=dict[str, Control])


def build_hall(settings: Settings, script_hashes: Callable[[], tuple[str, ...]] = tuple) -> Built:
    """Everything sign-in needs, from the settings. Raises Refusal or SettingsWrong naming what is wrong."""
    assert settings.key_file is not None
    _check_origin(settings)
    engine = make_engine(settings.database_url)
    key = load_key(settings.key_file, make=not settings.is_production)
    clients: dict[str, OidcClient] = {}
    hall = Hall(engine, settings, key, clients, script_hashes=script_hashes)
    app = Starlette(routes=AuthRoutes(hall).all())
    configured: dict[str, Provider] = {}
    if settings.providers_file:
        configured = load_providers(settings.providers_file, on_this_machine=not settings.is_production)
    controls: dict[str, Control] = {}
    for name, provider in configured.items():
        if provider.shape == DEVELOPMENT:  # wherever it runs: it lets anybody be anybody
            check_development_only(settings.environment.value, provider.issuer)
        if provider.issuer.startswith(f"{settings.public_origin}{DEVELOPMENT_PATH}/"):
            played = play(hall, provider)
            clients[name], controls[name] = played.client, played.control
            app.router.routes.append(played.mount)
        else:
            clients[name] = OidcClient(provider, clock=hall.now)
    if configured or settings.is_production:
        return Built(hall, app, None, controls)
    development = _development(hall)
    clients[DEVELOPMENT] = OidcClient(development.provider, clock=hall.now, key=development.key)
    app.mount(DEVELOPMENT_PATH, development.app)
    return Built(hall, app, development.control)


@dataclass(frozen=True, slots=True)
class Played:
    """A configured provider whose part the development provider plays: our client of it, and where it is mounted."""

    client: OidcClient
    mount: Mount
    control: Control


def play(hall: Hall, provider: Provider) -> Played:
    """Play a provider at its own address under the portal's. Raises Refusal in production."""

    def people() -> list[DevPerson]:
        return development_people(hall.engine, provider.issuer, provider.audience, provider.tenant)

    pair = development_sign_in(
        people, hall.settings.public_origin, hall.now, environment=hall.settings.environment.value, playing=provider
    )
    client = OidcClient(pair.provider, clock=hall.now, key=pair.key)
    return Played(client, Mount(urlsplit(provider.issuer).path, pair.app), pair.control)


def _check_origin(settings: Settings) -> None:
    """Browsers send Host and Origin in lower case and without the usual port: written otherwise, none would match."""
    parts = urlsplit(settings.public_origin)
    usual = {"http": ":80", "https": ":443"}.get(parts.scheme, "")
    as_sent = f"{parts.scheme}://{parts.netloc.lower().removesuffix(usual)}"
    if settings.public_origin != as_sent:
        raise SettingsWrong([f"PHB_PUBLIC_ORIGIN must be written as browsers send it: {as_sent}"])


def _development(hall: Hall) -> DevelopmentSignIn:
    origin = hall.settings.public_origin
    return development_sign_in(
        lambda: development_people(hall.engine, f"{origin}/dev-idp"), origin, hall.now,
        environment=hall.settings.environment.value,
    )  # fmt: skip


def development_people(
    engine: Engine, issuer: str, audience: tuple[str, ...] = ("holder", "organisation", "staff"), tenant: str = ""
) -> list[DevPerson]:
    """Who can be chosen at the development sign-in: the people its identities name, from rows, with what they may do;
    where it is for holders, those who may sign in but never have; and somebody nobody knows."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        rows = uow.session.execute(
            select(
                col(Identity.subject),
                col(User.display_name),
                col(Assignment.role),
                col(Organisation.name),
                col(Organisation.ods_code),
            )
            .join(User, col(User.id) == col(Identity.user_id))
            .join(Assignment, col(Assignment.user_id) == col(User.id))
            .outerjoin(
                Organisation,
                col(Organisation.id) == func.coalesce(col(Assignment.icb_id), col(Assignment.organisation_id)),
            )
            .where(col(Identity.issuer) == issuer, col(Assignment.revoked_at).is_(None))
            .order_by(col(Assignment.role), col(Organisation.name), col(User.display_name))
        ).all()
        holders = uow.session.execute(
            select(Person).where(
                col(Person.sign_in_on).is_(True),
                col(Person.id).not_in(select(col(User.person_id)).where(col(User.person_id).is_not(None))),
            ).order_by(col(Person.search_name)).limit(20)
        ).scalars().all()  # fmt: skip
        first_board = uow.session.execute(
            select(col(Organisation.ods_code)).join(Assignment, col(Assignment.icb_id) == col(Organisation.id))
            .order_by(col(Assignment.id)).limit(1)
        ).scalar()  # fmt: skip
    codes: dict[str, set[str]] = {}  # where each works, for a provider that says so
    for row in rows:
        codes.setdefault(row.subject, set()).add(row.ods_code or "")
    people = [
        DevPerson(
            r.subject, r.display_name, ROLE_WORDS[Role(r.role)].capitalize(), r.name or "",
            {"org_codes": " ".join(sorted(codes[r.subject]))},
        )
        for r in rows
    ]  # fmt: skip
    people += [
        DevPerson(
            f"holder-{p.id}", f"{p.known_as or p.given_name} {p.family_name}", "Budget holder", "First sign-in",
            {"nhs_number": p.nhs_number, "birthdate": p.date_of_birth.isoformat(), "family_name": p.family_name},
        )
        for p in holders
        if "holder" in audience
    ]  # fmt: skip
    newcomer = f"{tenant}:{NEWCOMER}" if tenant else NEWCOMER
    people.append(
        DevPerson(
            newcomer, "Somebody the portal does not know", "Nobody yet", "Has only a code",
            {"org_codes": first_board or ""},
        )
    )  # fmt: skip
    return people
