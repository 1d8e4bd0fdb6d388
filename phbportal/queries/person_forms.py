"""What a person's forms start from: their details, and what there is to choose from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import or_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain import identifiers
from phbportal.domain.consents import CONSENT_KIND_WORDS, GIVEN_BY_WORDS, ConsentKind, GivenBy
from phbportal.domain.eligibility import COHORT_WORDS, RIGHT_WORDS, Cohort, Right
from phbportal.domain.errors import NotFound
from phbportal.domain.letters import BY_WORDS, by_of
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.queries.scope import visible
from phbportal.tables.consents import Consent
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class PersonForm:
    """A person's details as the form shows them, and the version they are of."""

    name: str
    row_version: int
    values: dict[str, str]
    shown: dict[str, str]
    """The same as a comparison of two versions shows them (services/people.py): the date in one."""


@dataclass(frozen=True, slots=True)
class PersonBrief:
    """Who a form is about, and what the form itself needs to know of them."""

    name: str
    representative_consents: bool
    signs_in: bool
    has_nhs_number: bool


@dataclass(frozen=True, slots=True)
class ChoiceRow:
    """One thing to choose (the attributes of the kit's Choice)."""

    value: str
    text: str
    hint: str = ""


def _person(session: Session, actor: Actor, today: date, person_id: UUID) -> Person:
    person = session.execute(
        select(Person).where(col(Person.id) == person_id, visible(actor, Person, today))
    ).scalar_one_or_none()
    if person is None:
        raise NotFound()
    return person


def person_form(session: Session, actor: Actor, today: date, person_id: UUID) -> PersonForm:
    """The details a case manager may change, for one who may see all of them. Raises NotFound."""
    person = _person(session, actor, today, person_id)
    born = person.date_of_birth
    plain = {
        name: str(getattr(person, name) or "")
        for name in (
            "given_name", "family_name", "known_as", "local_reference", "address", "postcode", "email",
            "communication_needs",
        )
    }  # fmt: skip
    plain["nhs_number"] = identifiers.show_nhs_number(person.nhs_number) if person.nhs_number else ""
    plain["telephone"] = identifiers.show_telephone(person.telephone) if person.telephone else ""
    plain["letters_by"] = by_of(person.letters_by).value
    parts = {"born_day": str(born.day), "born_month": str(born.month), "born_year": str(born.year)}
    return PersonForm(
        name=f"{person.given_name} {person.family_name}",
        row_version=person.row_version,
        values=plain | parts,
        shown=plain | {"date_of_birth": long_date(born), "letters_by": BY_WORDS[by_of(person.letters_by)]},
    )


def person_brief(session: Session, actor: Actor, today: date, person_id: UUID) -> PersonBrief:
    """Who a form is about. Raises NotFound."""
    person = _person(session, actor, today, person_id)
    child = is_child_for_direct_payments(person.date_of_birth, today)
    return PersonBrief(
        name=f"{person.given_name} {person.family_name}",
        representative_consents=child or person.lacks_capacity,
        signs_in=person.sign_in_on,
        has_nhs_number=person.nhs_number is not None,
    )


def eligibility_choices(session: Session, actor: Actor, today: date, person_id: UUID) -> tuple[ChoiceRow, ...]:
    """What makes a person eligible today, newest first, to open a budget for."""
    rows = session.execute(
        select(Eligibility)
        .where(
            col(Eligibility.person_id) == person_id,
            or_(col(Eligibility.ends_on).is_(None), col(Eligibility.ends_on) >= today),
            visible(actor, Eligibility, today),
        )
        .order_by(col(Eligibility.id).desc())
    ).scalars()
    return tuple(
        ChoiceRow(
            str(row.id), COHORT_WORDS[Cohort(row.cohort)],
            f"{RIGHT_WORDS[Right(row.entitlement)]}, decided on {long_date(row.decided_on)}",
        )
        for row in rows
    )  # fmt: skip


def consent_words(session: Session, actor: Actor, today: date, person_id: UUID, consent_id: UUID) -> str:
    """A consent of this person, in a sentence. Raises NotFound."""
    row = session.execute(
        select(Consent).where(
            col(Consent.id) == consent_id, col(Consent.person_id) == person_id, visible(actor, Consent, today)
        )
    ).scalar_one_or_none()
    if row is None:
        raise NotFound()
    who = GIVEN_BY_WORDS[GivenBy(row.given_by)].lower()
    named = f" ({row.giver_name})" if row.giver_name else ""
    return f"Consent {CONSENT_KIND_WORDS[ConsentKind(row.kind)]}, given by {who}{named} on {long_date(row.given_on)}."
