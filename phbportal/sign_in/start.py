"""Making the hall at start-up: engine, key, providers, and in development the built-in sign-in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy import Engine, func, select
from sqlmodel import col
from starlette.applications import Starlette

from phbportal.db import make_engine
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.gateways.identity import OidcClient, load_providers
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

DEVELOPMENT = "development"


@dataclass(frozen=True, slots=True)
class Built:
    """The hall, its HTTP routes, and (in development) the switches of the built-in provider."""

    hall: Hall
    app: Starlette
    control: Control | None


def build_hall(settings: Settings, script_hashes: Callable[[], tuple[str, ...]] = tuple) -> Built:
    """Everything sign-in needs, from the settings. Raises Refusal or SettingsWrong naming what is wrong."""
    assert settings.key_file is not None
    _check_origin(settings)
    engine = make_engine(settings.database_url)
    key = load_key(settings.key_file, make=not settings.is_production)
    clients: dict[str, OidcClient] = {}
    hall = Hall(engine, settings, key, clients, script_hashes=script_hashes)
    if settings.providers_file:
        for name, provider in load_providers(settings.providers_file).items():
            clients[name] = OidcClient(provider, clock=hall.now)
    development = _development(hall) if not settings.is_production and not clients else None
    if development is not None:
        clients[DEVELOPMENT] = OidcClient(development.provider, clock=hall.now, key=development.key)
    app = Starlette(routes=AuthRoutes(hall).all())
    if development is not None:
        app.mount("/dev-idp", development.app)
    return Built(hall, app, development.control if development else None)


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


def development_people(engine: Engine, issuer: str) -> list[DevPerson]:
    """Who can be chosen at the development sign-in: the people its identities name, from rows, with what they may do;
    holders who may sign in but never have; and somebody nobody knows."""
    with open_unit(engine, SYSTEM, writes=False) as uow:
        rows = uow.session.execute(
            select(col(Identity.subject), col(User.display_name), col(Assignment.role), col(Organisation.name))
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
    people = [DevPerson(r.subject, r.display_name, ROLE_WORDS[Role(r.role)].capitalize(), r.name or "") for r in rows]
    people += [
        DevPerson(
            f"holder-{p.id}", f"{p.known_as or p.given_name} {p.family_name}", "Budget holder", "First sign-in",
            {"nhs_number": p.nhs_number, "birthdate": p.date_of_birth.isoformat(), "family_name": p.family_name},
        )
        for p in holders
    ]  # fmt: skip
    people.append(DevPerson("somebody-new", "Somebody the portal does not know", "Nobody yet", "Has only a code"))
    return people
