"""Organisations: where each stands, and one record with who it followed and who follows it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, bindparam, or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.identifiers import show_telephone
from phbportal.domain.isf import NOT_INDEPENDENT
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.domain.text import listed, long_date, plural
from phbportal.policy.actors import Actor
from phbportal.queries.kept import by_shape
from phbportal.queries.scope import visible
from phbportal.tables.audit import AuditEvent
from phbportal.tables.organisations import Organisation, OrganisationSuccession

BETWEEN = "|"
"""What stands between the items of a list (services and specialisms), as the directory writes them."""


@dataclass(frozen=True, slots=True)
class OrganisationFact:
    """One line of a record; ``href`` leads to the organisation's own website and is empty for everything else."""

    key: str
    value: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Another organisation: "Followed by", its name and its address here, "on 1 April 2026 (merger)"."""

    words: str
    name: str
    href: str
    when: str


@dataclass(frozen=True, slots=True)
class OrganisationRecord:
    name: str
    kind: str
    gone: str
    facts: tuple[OrganisationFact, ...]
    services: tuple[str, ...]
    specialisms: tuple[str, ...]
    links: tuple[Link, ...]
    user_led: bool = False
    may_hold_money: bool = False
    may_be_merged: bool = False
    changes: tuple[str, ...] = ()
    """What has changed of it, newest first: from the directory, and by mergers."""


@by_shape
def _dates(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    o = Organisation
    return select(col(o.id), col(o.valid_from), col(o.valid_to), col(o.gone_from_directory_on)).where(
        col(o.id).in_(bindparam("ids", expanding=True)), visible(actor, o, today)
    )


def standings(session: Session, actor: Actor, today: date, ids: Sequence[UUID]) -> dict[UUID, str]:
    """Where each of these organisations stands today: "Current", or when it ended or starts. One statement."""
    found = session.connection().execute(_dates(actor, today), {"ids": list(ids)})
    return {row.id: _gone(row, today) or "Current" for row in found}


def place_words(address: str, postcode: str) -> str:
    """The town, as far as an address tells, and the postcode."""
    last = address.replace("\n", ",").rpartition(",")[2].strip()
    town = last if last and not any(c.isdigit() for c in last) else ""
    return ", ".join(part for part in (town, postcode) if part)


def rating_words(rating: str, rated_on: date | None) -> str:
    """A rating and the day it was given; "" for none."""
    return f"{rating}, {long_date(rated_on)}" if rating and rated_on else rating


def _gone(row: Any, today: date) -> str:
    if row.valid_to is not None and row.valid_to < today:
        return f"Ended on {long_date(row.valid_to)}"
    if row.valid_from is not None and row.valid_from > today:
        return f"Starts on {long_date(row.valid_from)}"
    if row.gone_from_directory_on is not None:
        return f"Gone from the directory since {long_date(row.gone_from_directory_on)}"
    return ""


def organisation_record(
    session: Session, actor: Actor, today: date, authorities: Mapping[str, str], organisation_id: UUID
) -> OrganisationRecord:
    """One organisation. Three statements. Raises NotFound."""
    row = session.execute(
        select(Organisation).where(col(Organisation.id) == organisation_id, visible(actor, Organisation, today))
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    return OrganisationRecord(
        name=row.name, kind=ORGANISATION_WORDS[OrganisationKind(row.kind)], gone=_gone(row, today),
        facts=tuple(_facts(row, authorities)), services=_items(row.services), specialisms=_items(row.specialisms),
        links=tuple(_link(found, row.id) for found in session.execute(_successions(row.id))),
        user_led=row.is_user_led, may_hold_money=row.kind not in NOT_INDEPENDENT,
        may_be_merged=row.kind not in NOT_INDEPENDENT and row.valid_to is None,
        changes=tuple(_change(found) for found in session.execute(_changes(actor, today, row.id))),
    )  # fmt: skip


def _items(text: str) -> tuple[str, ...]:
    return tuple(item.strip() for item in text.split(BETWEEN) if item.strip())


def _facts(row: Organisation, authorities: Mapping[str, str]) -> list[OrganisationFact]:
    """Every fact that is known; an organisation of one kind has other facts than one of another."""
    number = f"({row.cqc_provider_id})" if row.cqc_provider_id else ""
    site = row.website if row.website.startswith(("https://", "http://")) else ""
    facts = [
        ("Kind", ORGANISATION_WORDS[OrganisationKind(row.kind)]),
        ("ODS code", row.ods_code),
        ("CQC location number", row.cqc_location_id),
        ("Registered provider", " ".join(filter(None, (row.cqc_provider_name, number)))),
        ("Address", ", ".join(p.strip() for p in row.address.splitlines() if p.strip())),
        ("Postcode", row.postcode),
        ("Telephone", show_telephone(row.telephone) if row.telephone else ""),
        ("Website", row.website),
        ("Local authority", authorities.get(row.local_authority_code or "")),
        ("Region", row.region),
        ("CQC rating", rating_words(row.rating, row.rating_on)),
        ("Led by its users", "Yes" if row.is_user_led else ""),
        ("In force from", _day(row.valid_from)),
        ("In force to", _day(row.valid_to)),
        ("In the CQC directory of", _day(row.directory_on)),
        ("Gone from the directory since", _day(row.gone_from_directory_on)),
    ]
    return [OrganisationFact(key, value, site if key == "Website" else "") for key, value in facts if value]


def _day(on: date | None) -> str:
    return long_date(on) if on else ""


def _successions(organisation_id: UUID) -> Select[*tuple[Any, ...]]:
    s, o = OrganisationSuccession, Organisation
    return (
        select(col(s.predecessor_id), col(s.succeeds_on), col(s.kind), col(o.id), col(o.name))
        .join(
            o,
            or_(
                (col(s.predecessor_id) == organisation_id) & (col(o.id) == col(s.successor_id)),
                (col(s.successor_id) == organisation_id) & (col(o.id) == col(s.predecessor_id)),
            ),
        )
        .order_by(col(s.succeeds_on), col(o.search_name))
    )


def _link(row: Any, own_id: UUID) -> Link:
    """A merger, split or acquisition, seen from one of its two ends."""
    words = "Followed by" if row.predecessor_id == own_id else "Follows"
    return Link(words, row.name, routes.staff_provider(row.id), f"on {long_date(row.succeeds_on)} ({row.kind})")


_TOLD = ("directory_changed", "organisation_completed", "organisation_merged", "organisation_took_in")
_MOST_TOLD = 20
_NEWS = {"rating": "the rating", "rating_on": "the day of the rating", "name": "the name"}


def _changes(actor: Actor, today: date, organisation_id: UUID) -> Select[*tuple[Any, ...]]:
    """What happened to an organisation, for whoever may see it: nothing in it is about a person."""
    e, o = AuditEvent, Organisation
    return (
        select(col(e.kind), col(e.details), col(e.created_at))
        .join(o, col(o.id) == col(e.about_id))
        .where(visible(actor, o, today), col(e.about_id) == organisation_id, col(e.kind).in_(_TOLD))
        .order_by(col(e.id).desc())
        .limit(_MOST_TOLD)
    )


def _change(row: Any) -> str:
    """ "On 6 April 2026: the rating was Good and is Inadequate." """
    details = json.loads(row.details)
    on = long_date(row.created_at.date())
    if "into" in details:
        return f"{on}: {details['organisation']} was merged into {details['into']}."
    held: dict[str, list[Any]] = details["held"]
    news = [
        f"{words} was {_told(name, held[name][0])} and is {_told(name, held[name][1])}"
        for name, words in _NEWS.items()
        if name in held
    ]
    others = len(held.keys() - _NEWS.keys())
    if others:
        news.append(f"{plural(others, 'other detail')} changed")
    source = "the directory" if row.kind == "directory_changed" else "a list"
    return f"{on}, from {source}: {listed(news)}."


def _told(name: str, value: str | None) -> str:
    return (long_date(date.fromisoformat(value)) if name.endswith("_on") else value) if value else "not given"
