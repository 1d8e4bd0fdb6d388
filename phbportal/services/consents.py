"""Consents to direct payments, and the check against the excluded-persons schedule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.consents import ConsentKind, GivenBy, giver_problem
from phbportal.domain.errors import Refusal
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.birthdays import settle_review
from phbportal.services.consent_gone import look_at_consent
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class ConsentEntry:
    given_by: GivenBy
    given_on: date
    giver_name: str = ""
    evidence: str = ""
    kind: ConsentKind = ConsentKind.DIRECT_PAYMENT


def read_consent(form: Mapping[str, object], today: date) -> ConsentEntry:
    """Read the consent form; raises every problem at once."""
    r = Reading(form)
    # A form that does not ask is one for the direct payment.
    kind = r.choice("kind", ConsentKind, needed="Choose what was consented to.") if r.raw("kind") else None
    giver = r.choice("given_by", GivenBy, needed="Choose who gave the consent.")
    on = r.day("given_on", needed="Enter the date the consent was given.")
    if on and on > today:
        r.problem("The date of the consent cannot be in the future.", "given_on")
    name = r.text("giver_name")
    if giver is GivenBy.REPRESENTATIVE and not name:
        r.problem("Enter the representative’s name.", "giver_name")
    evidence = r.text("evidence", longest=500)
    r.finish()
    return ConsentEntry(given(giver), given(on), name, evidence, kind or ConsentKind.DIRECT_PAYMENT)


def record_consent(uow: UnitOfWork, person_id: UUID, entry: ConsentEntry) -> UUID:
    """Record a consent from the right giver for the person's age and capacity (invariant I04)."""
    person = uow.find(Person, person_id)
    uow.require(Permission.CONSENT_WRITE, person)
    problem = giver_problem(
        entry.kind, entry.given_by, date_of_birth=person.date_of_birth, lacks_capacity=person.lacks_capacity,
        on=entry.given_on,
    )  # fmt: skip
    if problem:
        raise Refusal(problem)
    return _record(uow, person, entry, uow.actor.icb_id)


def give_consent(uow: UnitOfWork, person_id: UUID) -> UUID:
    """A representative, signed in as themselves, consents today to a direct payment for the person (domain.md §1.3)."""
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.CONSENT_GIVE, person)
    if not is_child_for_direct_payments(person.date_of_birth, uow.today) and not person.lacks_capacity:
        raise Refusal("This person is 16 or over and can decide, so only they can consent.")
    board = _board_of_representative(uow, person)
    if _live_of_representative(uow, person, board):
        raise Refusal("There is a representative’s consent in force already. You do not need to give another.")
    name = uow.actor.display_name
    entry = ConsentEntry(GivenBy.REPRESENTATIVE, uow.today, name, "Given in the portal by the representative")
    return _record(uow, person, entry, board)


def take_back_consent(uow: UnitOfWork, person_id: UUID) -> None:
    """A representative withdraws from today every representative's consent in force: nothing more is paid."""
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.CONSENT_GIVE, person)
    live = _live_of_representative(uow, person, _board_of_representative(uow, person))
    if not live:
        raise Refusal("There is no consent of a representative in force to withdraw.")
    for consent in live:
        uow.change(consent, withdrawn_on=uow.today)
        uow.record("consent_withdrawn", about=consent, icb_id=consent.icb_id, person_id=person.id, on=uow.today)
    look_at_consent(uow, person)


def _board_of_representative(uow: UnitOfWork, person: Person) -> UUID:
    """The board that agreed that the actor represents this person."""
    return uow.session.execute(
        select(col(PersonRole.icb_id)).where(
            col(PersonRole.person_id) == person.id,
            col(PersonRole.user_id) == uow.actor.user_id,
            col(PersonRole.role) == Acting.REPRESENTATIVE.value,
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
        ).order_by(col(PersonRole.board_agreed_on).desc(), col(PersonRole.id).desc())
    ).scalars().first() or given(uow.actor.icb_id)  # fmt: skip


def _live_of_representative(uow: UnitOfWork, person: Person, icb_id: UUID, *, lock: bool = True) -> list[Consent]:
    live = select(Consent).where(
        col(Consent.person_id) == person.id,
        col(Consent.icb_id) == icb_id,
        col(Consent.kind) == ConsentKind.DIRECT_PAYMENT.value,
        col(Consent.given_by) == GivenBy.REPRESENTATIVE.value,
        col(Consent.withdrawn_on).is_(None),
    )
    return list(uow.session.execute(live.with_for_update(key_share=True) if lock else live).scalars())


def consented_on(uow: UnitOfWork, person_id: UUID) -> date | None:
    """The day of the representative's consent to a direct payment that is in force for somebody the actor represents;
    None where there is none."""
    person = uow.find(Person, person_id)
    uow.require(Permission.CONSENT_GIVE, person)
    live = _live_of_representative(uow, person, _board_of_representative(uow, person), lock=False)
    return min((one.given_on for one in live), default=None)


def _record(uow: UnitOfWork, person: Person, entry: ConsentEntry, icb_id: UUID | None) -> UUID:
    row = uow.add(
        Consent, person_id=person.id, icb_id=icb_id, kind=entry.kind.value,
        given_by=entry.given_by.value, giver_name=entry.giver_name, given_on=entry.given_on, evidence=entry.evidence,
    )  # fmt: skip
    if entry.kind is ConsentKind.DIRECT_PAYMENT:
        uow.record("consent_recorded", about=row, icb_id=icb_id, person_id=person.id, given_by=entry.given_by.value,
                   on=entry.given_on)  # fmt: skip
    else:
        uow.record("other_consent_recorded", about=row, person_id=person.id, consent=entry.kind.value,
                   given_by=entry.given_by.value, on=entry.given_on)  # fmt: skip
    settle_review(uow, person)
    look_at_consent(uow, person)
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
    if consent.kind == ConsentKind.DIRECT_PAYMENT:
        uow.record("consent_withdrawn", about=consent, person_id=consent.person_id, on=on)
        look_at_consent(uow, uow.session.get_one(Person, consent.person_id))
    else:
        uow.record("other_consent_withdrawn", about=consent, person_id=consent.person_id, consent=consent.kind, on=on)


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
    person = uow.find(Person, person_id, lock=True)
    uow.require(Permission.CONSENT_WRITE, person)
    uow.add(
        ExclusionAttestation, person_id=person.id, icb_id=uow.actor.icb_id, excluded=excluded,
        attested_on=uow.today, attested_by=uow.actor.user_id,
    )  # fmt: skip
    uow.record("exclusion_checked", person_id=person.id)
    look_at_consent(uow, person)
