"""Consents to direct payments, and the check against the excluded-persons schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from phbportal.domain.consents import ConsentKind, GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    given_by: GivenBy
    given_on: date
    giver_name: str = ""
    evidence: str = ""


def read_consent(form: Mapping[str, object], today: date) -> ConsentEntry:
    """Read the consent form; raises every problem at once."""
    r = Reading(form)
    giver = r.choice("given_by", GivenBy, needed="Choose who gave the consent.")
    on = r.day("given_on", needed="Enter the date the consent was given.")
    if on and on > today:
        r.problem("The date of the consent cannot be in the future.", "given_on")
    name = r.text("giver_name")
    if giver is GivenBy.REPRESENTATIVE and not name:
        r.problem("Enter the representative's name.", "giver_name")
    evidence = r.text("evidence", longest=500)
    r.finish()
    return ConsentEntry(given(giver), given(on), name, evidence)


def record_consent(uow: UnitOfWork, person_id: UUID, entry: ConsentEntry) -> UUID:
    """Record a consent to a direct payment from the right giver for the person's age (invariant I04)."""
    person = uow.find(Person, person_id)
    uow.require(Permission.CONSENT_WRITE, person)
    if entry.given_by is GivenBy.SELF and is_child_for_direct_payments(person.date_of_birth, entry.given_on):
        raise Refusal(
            "A person under 16 cannot consent to a direct payment alone. A representative must consent.",
            field="given_by",
        )
    row = uow.add(
        Consent, person_id=person.id, icb_id=uow.actor.icb_id, kind=ConsentKind.DIRECT_PAYMENT.value,
        given_by=entry.given_by.value, giver_name=entry.giver_name, given_on=entry.given_on, evidence=entry.evidence,
    )  # fmt: skip
    uow.record("consent_recorded", person_id=person.id, given_by=entry.given_by.value, on=entry.given_on)
    return row.id


def read_withdrawal(form: Mapping[str, object], today: date) -> date:
    """Read the day a consent was withdrawn."""
    r = Reading(form)
    on = r.day("withdrawn_on", needed="Enter the date the consent was withdrawn.")
    if on and on > today:
        r.problem("The date of the withdrawal cannot be in the future.", "withdrawn_on")
    r.finish()
    return given(on)


def withdraw_consent(uow: UnitOfWork, consent_id: UUID, on: date) -> None:
    """Record that a consent was withdrawn: nothing is paid on or after the day (domain.md §1.4)."""
    consent = uow.find(Consent, consent_id, lock=True)
    uow.require(Permission.CONSENT_WRITE, consent)
    if consent.withdrawn_on is not None:
        raise Refusal("This consent has already been withdrawn.")
    if on < consent.given_on:
        raise Refusal("A consent cannot be withdrawn before it was given. Check the date.", field="withdrawn_on")
    uow.change(consent, withdrawn_on=on)
    uow.record("consent_withdrawn", person_id=consent.person_id, on=on)


def read_exclusion(form: Mapping[str, object]) -> bool:
    """Read the answer to the check: excluded, yes or no."""
    r = Reading(form)
    answer = r.text("excluded", needed="Choose yes or no.")
    if answer and answer not in ("yes", "no"):
        r.problem("Choose yes or no.", "excluded")
    r.finish()
    return answer == "yes"


def record_exclusion_check(uow: UnitOfWork, person_id: UUID, *, excluded: bool) -> None:
    """Record yes or no, who checked and today's date: never the offence (domain.md §1.5, invariant I05)."""
    person = uow.find(Person, person_id)
    uow.require(Permission.CONSENT_WRITE, person)
    uow.add(
        ExclusionAttestation, person_id=person.id, icb_id=uow.actor.icb_id, excluded=excluded,
        attested_on=uow.today, attested_by=uow.actor.user_id,
    )  # fmt: skip
    uow.record("exclusion_checked", person_id=person.id)
