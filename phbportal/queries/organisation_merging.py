"""Two rows that may be one organisation: finding the one that stays, and both side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.text import search_key
from phbportal.policy.actors import Actor
from phbportal.queries.beginnings import begins
from phbportal.queries.organisation_choices import INDEPENDENT, MOST, OrganisationOption, option_of
from phbportal.queries.organisations import OrganisationRecord, organisation_record
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation


@dataclass(frozen=True, slots=True)
class Compared:
    """One fact of both; "Nothing" where one of them lacks it. ``same`` in words, for those who hear the page."""

    key: str
    goes: str
    stays: str
    same: str


@dataclass(frozen=True, slots=True)
class SideBySide:
    """Two organisations by what is known of each."""

    goes: str
    stays: str
    facts: tuple[Compared, ...]


def found_by_words(
    session: Session, actor: Actor, today: date, typed: str, *, other_than: UUID
) -> list[OrganisationOption]:  # fmt: skip
    """Organisations that go by a CQC number or ODS code, or whose name begins so; boards, councils and one row are left
    out. What has its whole name typed comes first. One statement."""
    key, code = search_key(typed)[:200], "".join(typed.split()).upper()
    if not key:
        return []
    o = Organisation
    rows = session.execute(
        select(o)
        .where(
            visible(actor, o, today), col(o.kind).in_(INDEPENDENT), col(o.id) != other_than,
            or_(col(o.cqc_location_id) == code, col(o.ods_code) == code, begins(col(o.search_name), key)),
        )
        .order_by(col(o.search_name), col(o.id))
        .limit(MOST)
    ).scalars()  # fmt: skip
    return [option_of(row, today) for row in rows]


def side_by_side(
    session: Session, actor: Actor, today: date, authorities: Mapping[str, str], goes: UUID, stays: UUID
) -> SideBySide:  # fmt: skip
    """Two organisations, fact by fact. Raises NotFound where one is out of sight, or both are the same."""
    if goes == stays:
        raise NotFound()
    one = organisation_record(session, actor, today, authorities, goes)
    other = organisation_record(session, actor, today, authorities, stays)
    here, there = _said(one), _said(other)
    keys = list(dict.fromkeys([*here, *there]))
    return SideBySide(
        one.name, other.name, tuple(_compared(key, here.get(key, ""), there.get(key, "")) for key in keys)
    )


def _said(record: OrganisationRecord) -> dict[str, str]:
    facts = {"Name": record.name, **{fact.key: fact.value for fact in record.facts}}
    lists: Sequence[tuple[str, tuple[str, ...]]] = (("Services", record.services), ("Specialisms", record.specialisms))
    return facts | {key: ", ".join(items) for key, items in lists if items}


def _compared(key: str, goes: str, stays: str) -> Compared:
    nothing = "Nothing"
    return Compared(key, goes or nothing, stays or nothing, "The same" if goes == stays else "Different")
