"""Organisations that may hold money for a person, to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.isf import NOT_INDEPENDENT, OrganisationFact, organisation_warning
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.domain.text import search_key
from phbportal.policy.actors import Actor
from phbportal.queries.beginnings import begins
from phbportal.queries.scope import visible
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation

MOST = 10
# By name and not by what they are not, so that the index of kinds and names serves the search.
INDEPENDENT = [kind.value for kind in OrganisationKind if kind.value not in NOT_INDEPENDENT]


@dataclass(frozen=True, slots=True)
class OrganisationOption:
    """An organisation with what tells it from others of its name; a warning stands in the hint."""

    id: str
    name: str
    hint: str


def organisation_choices(session: Session, actor: Actor, today: date, typed: str) -> list[OrganisationOption]:
    """The first organisations whose name begins with what was typed; boards and councils are left out."""
    key = search_key(typed)
    if not key:
        return []
    rows = session.execute(
        select(Organisation)
        .where(
            visible(actor, Organisation, today), begins(col(Organisation.search_name), key),
            col(Organisation.kind).in_(INDEPENDENT),
        )
        .order_by(col(Organisation.search_name), col(Organisation.id))
        .limit(MOST)
    ).scalars()  # fmt: skip
    return [option_of(row, today) for row in rows]


def chosen_of_stream(session: Session, actor: Actor, today: date, stream_id: UUID) -> OrganisationOption | None:
    """The organisation a stream names already."""
    row = session.execute(
        select(Organisation)
        .join(Stream, col(Stream.organisation_id) == col(Organisation.id))
        .where(col(Stream.id) == stream_id, visible(actor, Stream, today), visible(actor, Organisation, today))
    ).scalar_one_or_none()
    return option_of(row, today) if row else None


def option_of(row: Organisation, today: date) -> OrganisationOption:
    """An organisation to choose, with what tells it from others."""
    warning = organisation_warning(OrganisationFact(row.kind, row.valid_to, row.gone_from_directory_on), today)
    kind = ORGANISATION_WORDS[OrganisationKind(row.kind)]
    led = "User-led" if row.is_user_led and row.kind != OrganisationKind.ULO else ""
    parts = (kind, led, row.postcode, row.cqc_location_id, warning)
    return OrganisationOption(str(row.id), row.name, ". ".join(part.rstrip(".") for part in parts if part))
