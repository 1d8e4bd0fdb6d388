"""Organisations: the list, and one record with who it followed and who follows it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, or_, select, true, tuple_
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.identifiers import show_telephone
from phbportal.domain.isf import NOT_INDEPENDENT
from phbportal.domain.national import ORGANISATION_WORDS, OrganisationKind
from phbportal.domain.text import long_date, search_key
from phbportal.policy.actors import Actor
from phbportal.queries.people_search import begins
from phbportal.queries.scope import visible
from phbportal.tables.organisations import Organisation, OrganisationSuccession

SIZE = 50
BETWEEN = "|"
"""What stands between the items of a list (services and specialisms), as the directory writes them."""

_CQC_ID = re.compile(r"\d-\d{5,12}")
_ODS_CODE = re.compile(r"[A-Z0-9]{3,10}")


@dataclass(frozen=True, slots=True)
class OrganisationRow:
    """One line of the list, as text."""

    href: str
    name: str
    kind: str
    code: str
    place: str
    authority: str
    rating: str
    status: str
    user_led: bool = False


@dataclass(frozen=True, slots=True)
class OrganisationsPage:
    """Rows, the cursors either way ("" where there is no more), and what to say when nothing was found."""

    rows: tuple[OrganisationRow, ...]
    before: str
    after: str
    nothing: str


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


def organisations_page(
    session: Session, actor: Actor, today: date, authorities: Mapping[str, str], *, kind: OrganisationKind,
    search: str = "", cursor: str = "", direction: str = "", size: int = SIZE,
) -> OrganisationsPage:  # fmt: skip
    """One page of the organisations of a kind, by name; a CQC number or ODS code finds its own whatever their kind.

    At most three statements, whatever the page. ``authorities`` are names by ONS code.
    """
    typed = " ".join(search.split())
    nothing = _nothing(typed, kind)
    for condition in _codes(typed) if not cursor else ():
        found = _by_name(session, actor, today, condition, None, False, size)
        if found:
            return OrganisationsPage(tuple(_row(o, authorities, today) for o in found), "", "", nothing)
    key = search_key(typed)
    if typed and (not key or _CQC_ID.fullmatch(typed)):
        return OrganisationsPage((), "", "", nothing)
    backwards, place = direction == "before", _read_cursor(cursor)
    of_kind = col(Organisation.kind) == kind.value
    condition = of_kind & begins(col(Organisation.search_name), key) if key else of_kind
    found = _by_name(session, actor, today, condition, place, backwards, size + 1)
    more = len(found) > size
    found = found[:size]
    if backwards:
        found.reverse()
    first = _cursor(found[0]) if found and (place is not None and (not backwards or more)) else ""
    last = _cursor(found[-1]) if found and (more or backwards) else ""
    return OrganisationsPage(tuple(_row(o, authorities, today) for o in found), first, last, nothing)


def _codes(typed: str) -> list[ColumnElement[bool]]:
    """What was typed as a code, the narrowest first; nothing if it cannot be one."""
    code = typed.upper()
    if _CQC_ID.fullmatch(code):
        return [col(Organisation.cqc_location_id) == code, col(Organisation.cqc_provider_id) == code]
    return [col(Organisation.ods_code) == code] if _ODS_CODE.fullmatch(code) else []


def _nothing(typed: str, kind: OrganisationKind) -> str:
    of_kind = ORGANISATION_WORDS[kind].lower()
    if not typed:
        return (
            f"There is nothing of this kind ({of_kind}) yet. An administrator brings organisations in from the CQC’s "
            "directory."
        )
    if _CQC_ID.fullmatch(typed):
        return f"Nothing has the CQC number {typed}. Check each digit, or search by name."
    return (
        f"No name of this kind ({of_kind}) begins with “{typed}”, and nothing has it as its ODS code. "
        "Check the spelling, type fewer letters, or choose another kind."
    )


def _by_name(
    session: Session, actor: Actor, today: date, condition: ColumnElement[bool], place: tuple[str, UUID] | None,
    backwards: bool, most: int,
) -> list[Organisation]:  # fmt: skip
    key, own_id = col(Organisation.search_name), col(Organisation.id)
    beyond: ColumnElement[bool] = true()
    if place is not None:
        beyond = tuple_(key, own_id) < tuple_(*place) if backwards else tuple_(key, own_id) > tuple_(*place)
    order = (key.desc(), own_id.desc()) if backwards else (key, own_id)
    return list(
        session.execute(
            select(Organisation)
            .where(visible(actor, Organisation, today), condition, beyond)
            .order_by(*order)
            .limit(most)
        ).scalars()
    )


def _cursor(row: Organisation) -> str:
    return json.dumps([row.search_name, str(row.id)], ensure_ascii=False)


def _read_cursor(cursor: str) -> tuple[str, UUID] | None:
    if not cursor:
        return None
    key, row_id = json.loads(cursor)
    return str(key), UUID(str(row_id))


def _row(row: Organisation, authorities: Mapping[str, str], today: date) -> OrganisationRow:
    return OrganisationRow(
        href=routes.staff_provider(row.id), name=row.name, kind=ORGANISATION_WORDS[OrganisationKind(row.kind)],
        code=row.cqc_location_id or row.ods_code or "", place=_place(row) or "Not given",
        authority=authorities.get(row.local_authority_code or "", "Not given"), rating=_rating(row) or "Not given",
        status=_gone(row, today) or "Current", user_led=row.is_user_led,
    )  # fmt: skip


def _place(row: Organisation) -> str:
    """The town, as far as the address tells, and the postcode."""
    last = row.address.replace("\n", ",").rpartition(",")[2].strip()
    town = last if last and not any(c.isdigit() for c in last) else ""
    return ", ".join(part for part in (town, row.postcode) if part)


def _rating(row: Organisation) -> str:
    if not row.rating:
        return ""
    return f"{row.rating}, {long_date(row.rating_on)}" if row.rating_on else row.rating


def _gone(row: Organisation, today: date) -> str:
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
    """One organisation. Two statements. Raises NotFound."""
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
        ("CQC rating", _rating(row)),
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
