"""Three-party agreements: made when an organisation confirms, in force when all three have signed (I10, I38)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Basis
from phbportal.domain.acting_words import signs_for
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.isf import (
    LINES,
    PARTY_WORDS,
    AgreementStatus,
    IsfStatus,
    Party,
    missing,
    signer_problem,
    step,
)
from phbportal.domain.isf_offer import (
    LAW_AS_OF,
    TEMPLATE_VERSION,
    Offer,
    agreement_from_template,
    agreement_text,
    amount_words,
    content_hash,
)
from phbportal.domain.money import pounds
from phbportal.domain.nominations import represents_problem
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.periods import monthly_pay
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.streams import StreamStatus
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.queries.offers import offer_words
from phbportal.queries.payees import acted_for
from phbportal.services.arrangements import check_care, check_standing, done_with_tasks, plan_hash, told
from phbportal.services.nominations import own_representation
from phbportal.services.templates import template_in_use, written_from
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.arrangements import Agreement, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

TEMPLATE_CODE = "ISF_AGREEMENT"
PARTY_OF: dict[Role, Party] = {
    Role.HOLDER: Party.PERSON, Role.REPRESENTATIVE: Party.PERSON, Role.PROVIDER: Party.ORGANISATION,
    Role.APPROVER: Party.BOARD,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A signature on paper: who signed, as what, when, and where it can be seen."""

    signer_name: str
    is_representative: bool
    signed_on: date
    evidence: str


def read_paper(form: Mapping[str, object], today: date) -> PaperEntry:
    """Read the form of a signature on paper."""
    r = Reading(form)
    signer = r.text("signer", needed="Choose who signed.")
    if signer and signer not in ("person", "representative"):
        r.problem("Choose who signed.", "signer")
    name = r.text("signer_name", needed="Enter the name of whoever signed.")
    on = r.day("signed_on", needed="Enter the date on the signature.")
    if on and on > today:
        r.problem("The date of the signature cannot be in the future.", "signed_on")
    evidence = r.text("evidence", needed="Say where the signed paper can be seen.", longest=500)
    r.finish()
    return PaperEntry(name, signer == "representative", given(on), evidence)


def read_agreed(form: Mapping[str, object], *, needs_role: bool = False) -> str:
    """Read the form somebody signs by; returns what they do, for those who sign for others."""
    r = Reading(form)
    role = r.text("role", needed="Enter what you do at your organisation, such as manager.", longest=100) if (
        needs_role
    ) else ""  # fmt: skip
    if not r.yes("agreed"):
        r.problem("Tick the box to show that you have read this and agree to it.", "agreed")
    r.finish()
    return role


def offer_of(uow: UnitOfWork, offer: IsfConfirmation) -> Offer:
    """An offer with the names of the three it is between."""
    phb = uow.session.get_one(Phb, offer.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    organisation = uow.session.get_one(Organisation, offer.organisation_id)
    board = uow.session.get_one(Organisation, offer.icb_id)
    monthly = monthly_pay(uow.session.get_one(Stream, offer.stream_id).monthly_pay)
    whose = f"{person.given_name} {person.family_name}"
    return offer_words(offer, whose, organisation, board.name, phb.reference, monthly)


def open_agreement(uow: UnitOfWork, offer: IsfConfirmation) -> None:
    """Make the agreement of a confirmed offer, for the three to sign: its words are fixed from here on."""
    content, version, law_as_of = _words(uow, offer)
    uow.add(
        Agreement, icb_id=offer.icb_id, phb_id=offer.phb_id, stream_id=offer.stream_id,
        organisation_id=offer.organisation_id, confirmation_id=offer.id, plan_id=offer.plan_id, kind="ISF",
        status=AgreementStatus.OPEN.value, template_version=version, law_as_of=law_as_of,
        plan_version=offer.plan_version, plan_hash=offer.plan_hash, content=content,
        content_hash=content_hash(content),
    )  # fmt: skip


def _words(uow: UnitOfWork, offer: IsfConfirmation) -> tuple[str, str, date]:
    """The words of the agreement, the version they were made from, and the day its law was checked: by the board's own
    template where one is in use, with the twelve lines that were answered."""
    said = offer_of(uow, offer)
    template = template_in_use(uow, offer.icb_id, TEMPLATE_CODE)
    if template is None:
        return agreement_text(said, LINES), TEMPLATE_VERSION, LAW_AS_OF
    values = {
        "person_name": said.person, "organisation_name": said.organisation, "board_name": said.board,
        "budget_reference": said.reference, "weekly_amount": pounds(said.weekly_pence),
        "amount": amount_words(said.weekly_pence, said.frequency, said.one_off_pence, said.monthly),
        "starts_on": long_date(said.starts_on), "today": long_date(uow.today),
    }  # fmt: skip
    words = written_from(template, values)
    text = agreement_from_template(said, LINES, template.title, words, template.version, template.law_as_of)
    return text, f"{TEMPLATE_CODE} {template.version}", template.law_as_of


def sign_agreement(uow: UnitOfWork, agreement_id: UUID, *, role_words: str = "") -> None:
    """Sign as oneself: a holder for themselves, a representative for a person who cannot, a provider for their
    organisation, an approver for the board. A representative's signature says for whom, and why they may.

    Whoever made the offer signs for nobody, and nobody signs for two parties, whatever roles they hold.
    """
    agreement = _open(uow, agreement_id)
    uow.require(Permission.AGREEMENT_SIGN, agreement)
    party = PARTY_OF[uow.actor.role]
    if party is Party.PERSON:
        _check_signer(uow, agreement, is_representative=uow.actor.role is Role.REPRESENTATIVE)
    if uow.actor.role is Role.REPRESENTATIVE:
        role_words = _on_behalf(uow, agreement)
    before = signatures_of(uow, agreement.id)
    _refuse_a_second_hand(uow, before)
    said = {Role.HOLDER: "the person", Role.APPROVER: "approver"}
    _add(uow, agreement, party, before, how="PORTAL", signer_id=uow.actor.user_id, signed_on=uow.today,
         signer_name=uow.actor.display_name, signer_role=role_words or said.get(uow.actor.role, ""))  # fmt: skip


def record_paper_signature(uow: UnitOfWork, agreement_id: UUID, entry: PaperEntry) -> None:
    """Record that the person, or their representative, signed on paper: many holders never sign in."""
    agreement = _open(uow, agreement_id)
    uow.require(Permission.SIGNATURE_RECORD, agreement)
    _check_signer(uow, agreement, is_representative=entry.is_representative)
    if entry.signed_on > uow.today:
        raise Refusal("The date of the signature cannot be in the future.", field="signed_on")
    offer = uow.session.get_one(IsfConfirmation, agreement.confirmation_id)
    if offer.sent_on is not None and entry.signed_on < offer.sent_on:
        raise Refusal("The signature is dated before the offer was made. Check the date.", field="signed_on")
    before = signatures_of(uow, agreement.id)
    _refuse_a_second_hand(uow, before)
    _add(uow, agreement, Party.PERSON, before, how="PAPER", signed_on=entry.signed_on,
         signer_name=entry.signer_name, evidence=entry.evidence,
         signer_role="representative" if entry.is_representative else "the person")  # fmt: skip


def _open(uow: UnitOfWork, agreement_id: UUID) -> Agreement:
    """An agreement that waits for signatures, locked after its stream; its words and plan are as they were made."""
    seen = uow.find(Agreement, agreement_id)
    uow.find(Stream, seen.stream_id, lock=True)
    agreement = uow.find(Agreement, agreement_id, lock=True)
    if agreement.status != AgreementStatus.OPEN:
        raise Refusal("This agreement no longer waits for signatures. Reload the page.")
    offer = uow.session.get_one(IsfConfirmation, agreement.confirmation_id)
    check_standing(uow, offer)
    check_care(uow, offer)
    return agreement


def _refuse_a_second_hand(uow: UnitOfWork, before: list[Signature]) -> None:
    """Nobody signs for one party and for another, nor records the paper of one and signs for another."""
    if uow.actor.user_id is not None and any(uow.actor.user_id in (s.signer_id, s.created_by) for s in before):
        raise Refusal(
            "You have signed this agreement, or recorded a signature on it, already. "
            "Somebody else must sign for each of the others."
        )


def _check_signer(uow: UnitOfWork, agreement: Agreement, *, is_representative: bool) -> None:
    phb = uow.session.get_one(Phb, agreement.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    needs = person.lacks_capacity or is_child_for_direct_payments(person.date_of_birth, uow.today)
    problem = signer_problem(is_representative=is_representative, needs_representative=needs)
    refuse_if([problem] if problem else [])


def _on_behalf(uow: UnitOfWork, agreement: Agreement) -> str:
    """For whom a representative signs, and by which basis, as the signature keeps it; refuses where theirs no longer
    holds: somebody who can decide for themselves, or a parent of an adult."""
    phb = uow.session.get_one(Phb, agreement.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    basis = Basis(own_representation(uow, person.id, lock=True).basis)
    problem = represents_problem(basis, acted_for(uow.session, person), uow.today)
    refuse_if([problem] if problem else [])
    return signs_for(f"{person.given_name} {person.family_name}", basis)


def signatures_of(uow: UnitOfWork, agreement_id: UUID) -> list[Signature]:
    return list(
        uow.session.execute(
            select(Signature).where(col(Signature.agreement_id) == agreement_id).order_by(col(Signature.id))
        ).scalars()
    )


def _add(
    uow: UnitOfWork, agreement: Agreement, party: Party, before: list[Signature], *, how: str, signed_on: date,
    signer_name: str, signer_role: str, signer_id: UUID | None = None, evidence: str = "",
) -> None:  # fmt: skip
    """Add a party's signature; with the third the agreement is in force and an earlier one gives way."""
    plan = uow.session.get_one(Plan, agreement.plan_id)
    if content_hash(agreement.content) != agreement.content_hash or plan_hash(uow, plan) != agreement.plan_hash:
        raise Refusal("The agreement or its plan is not what it was when it was made. Ask for a new offer.")
    if any(one.party == party for one in before):
        raise Refusal("This agreement is signed for that party already. Reload the page.")
    uow.add(
        Signature, icb_id=agreement.icb_id, phb_id=agreement.phb_id, agreement_id=agreement.id, party=party.value,
        how=how, signer_id=signer_id, signer_name=signer_name, signer_role=signer_role, signed_on=signed_on,
        evidence=evidence, content_hash=agreement.content_hash,
    )  # fmt: skip
    offer = uow.session.get_one(IsfConfirmation, agreement.confirmation_id)
    about = told(uow, offer)
    if how == "PAPER":
        uow.record("signature_recorded", about=agreement, on=signed_on, **about)
    else:
        uow.record("agreement_signed", about=agreement, party=PARTY_WORDS[party], **about)
    if not missing({Party(one.party) for one in before} | {party}):
        _into_force(uow, agreement)
        uow.record("agreement_in_force", about=agreement, **about)


def _into_force(uow: UnitOfWork, agreement: Agreement) -> None:
    a = Agreement
    for earlier in uow.session.execute(
        select(a).where(col(a.stream_id) == agreement.stream_id, col(a.status) == AgreementStatus.IN_FORCE.value)
    ).scalars():
        uow.change(earlier, status=AgreementStatus.REPLACED.value)
        before = uow.session.get_one(IsfConfirmation, earlier.confirmation_id)
        uow.change(before, status=step(IsfStatus(before.status), "replace").value)
    uow.change(agreement, status=AgreementStatus.IN_FORCE.value)
    stream = uow.session.get_one(Stream, agreement.stream_id)
    if stream.status == StreamStatus.AGREED:
        uow.change(stream, status=StreamStatus.READY.value)
    done_with_tasks(uow, agreement.phb_id)  # "the agreement can be signed" asks for nothing any more
