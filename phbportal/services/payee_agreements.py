"""Agreements about how the money is managed: made from the board's template, signed by everybody, then in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.agreement_kinds import ABOUT_WORDS, AgreementKind, kinds_needed
from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.isf import signer_problem
from phbportal.domain.isf_offer import content_hash
from phbportal.domain.payee_agreement import SIGNER_WORDS, AgreementStatus, Signer, missing, signers
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.streams import AccountStatus, Method, PayeeKind, StreamStatus, start_problems
from phbportal.domain.text import listed
from phbportal.policy.permissions import Permission
from phbportal.services.agreement_words import keeper_of, words_of
from phbportal.services.arrangements import plan_hash
from phbportal.services.facts import stream_fact
from phbportal.services.regulated_care import refuse_unregistered
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.wheelchairs import wheelchair_of
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

PARTY_OF: dict[Role, Signer] = {
    Role.HOLDER: Signer.PERSON, Role.REPRESENTATIVE: Signer.PERSON, Role.NOMINEE: Signer.NOMINEE,
    Role.PROVIDER: Signer.ORGANISATION, Role.APPROVER: Signer.BOARD,
}  # fmt: skip
PAPER_SIGNERS: dict[str, Signer] = {
    "person": Signer.PERSON, "representative": Signer.PERSON, "nominee": Signer.NOMINEE,
    "organisation": Signer.ORGANISATION,
}  # fmt: skip
_OPEN_TO_IT = (StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE)


@dataclass(frozen=True, slots=True)
class PaperEntry:
    """A signature on paper: for which party, by whom, when, and where it can be seen."""

    party: Signer
    name: str
    signed_on: date
    evidence: str
    is_representative: bool = False


def read_paper(form: Mapping[str, object], today: date) -> PaperEntry:
    """Read the form of a signature on paper."""
    r = Reading(form)
    chosen = r.text("signer", needed="Choose who signed.")
    if chosen and chosen not in PAPER_SIGNERS:
        r.problem("Choose who signed.", "signer")
    name = r.text("signer_name", needed="Enter the name of whoever signed.")
    on = r.day("signed_on", needed="Enter the date on the signature.")
    if on and on > today:
        r.problem("The date of the signature cannot be in the future.", "signed_on")
    evidence = r.text("evidence", needed="Say where the signed paper can be seen.", longest=500)
    r.finish()
    party = PAPER_SIGNERS.get(chosen, Signer.PERSON)
    return PaperEntry(party, name, given(on), evidence, chosen == "representative")


def make_agreement(
    uow: UnitOfWork, stream_id: UUID, kind: AgreementKind = AgreementKind.DIRECT_PAYMENT
) -> UUID:  # fmt: skip
    """Make an agreement that an approved stream needs, for everybody to sign: its words are fixed from here on.

    A new one takes the place of one of its kind that waits still; one in force gives way when the new one is signed.
    """
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.PAYEE_AGREEMENT_MAKE, stream)
    if kind not in kinds_of(uow, stream):
        raise Refusal(f"This money needs no agreement about {ABOUT_WORDS[kind]}.")
    if stream.status not in _OPEN_TO_IT:
        raise Refusal("The plan must be approved first. Then the agreement can be made.")
    plan = _plan_in_force(uow, stream.phb_id)
    refuse_unregistered(uow, plan)
    content, version, law_as_of = words_of(uow, stream, plan, kind)
    for waiting in _of_stream(uow, stream.id, AgreementStatus.OPEN, kind):
        uow.change(waiting, status=AgreementStatus.REPLACED.value)
        _tell_replaced(uow, waiting)
    row = uow.add(
        PayeeAgreement, icb_id=stream.icb_id, phb_id=stream.phb_id, stream_id=stream.id, plan_id=plan.id,
        status=AgreementStatus.OPEN.value, template_version=version, law_as_of=law_as_of, plan_version=plan.version,
        plan_hash=plan_hash(uow, plan), content=content, content_hash=content_hash(content), kind=kind.value,
        organisation_id=keeper_of(uow, stream).id if kind is AgreementKind.MANAGED else None,
    )  # fmt: skip
    _tell_made(uow, row, stream.starts_on)
    return row.id


def kinds_of(uow: UnitOfWork, stream: Stream) -> tuple[AgreementKind, ...]:
    """The kinds of agreement a stream needs."""
    account = uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    return kinds_needed(
        Method(stream.method), is_managed=account is not None and account.organisation_id is not None,
        is_wheelchair=wheelchair_of(uow, stream.phb_id) is not None,
    )  # fmt: skip


def _is_direct(agreement: PayeeAgreement) -> bool:
    """A direct payment's agreement is told in the words it always had, another with its kind."""
    return agreement.kind == AgreementKind.DIRECT_PAYMENT


def _tell_made(uow: UnitOfWork, row: PayeeAgreement, starts_on: date) -> None:
    if _is_direct(row):
        uow.record("payee_agreement_made", about=row, phb_id=row.phb_id, starts_on=starts_on)
    else:
        uow.record("kind_agreement_made", about=row, phb_id=row.phb_id, agreement=row.kind, starts_on=starts_on)


def _tell_replaced(uow: UnitOfWork, row: PayeeAgreement) -> None:
    if _is_direct(row):
        uow.record("payee_agreement_replaced", about=row, phb_id=row.phb_id)
    else:
        uow.record("kind_agreement_replaced", about=row, phb_id=row.phb_id, agreement=row.kind)


def _tell_signed(uow: UnitOfWork, row: PayeeAgreement, role: str) -> None:
    if _is_direct(row):
        uow.record("payee_agreement_signed", about=row, phb_id=row.phb_id, role=role)
    else:
        uow.record("kind_agreement_signed", about=row, phb_id=row.phb_id, agreement=row.kind, role=role)


def _tell_in_force(uow: UnitOfWork, row: PayeeAgreement) -> None:
    if _is_direct(row):
        uow.record("payee_agreement_in_force", about=row, phb_id=row.phb_id)
    else:
        uow.record("kind_agreement_in_force", about=row, phb_id=row.phb_id, agreement=row.kind)


def _plan_in_force(uow: UnitOfWork, phb_id: UUID) -> Plan:
    plan = uow.session.execute(
        select(Plan).where(
            col(Plan.phb_id) == phb_id, col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value])
        )
    ).scalar_one_or_none()
    if plan is None:
        raise Refusal("There is no approved plan. An agreement says what the money may buy, so it needs one.")
    return plan


def _of_stream(uow: UnitOfWork, stream_id: UUID, status: AgreementStatus, kind: AgreementKind) -> list[PayeeAgreement]:
    a = PayeeAgreement
    found = select(a).where(col(a.stream_id) == stream_id, col(a.status) == status.value, col(a.kind) == kind.value)
    return list(uow.session.execute(found).scalars())


def sign(uow: UnitOfWork, agreement_id: UUID) -> None:
    """Sign as oneself: the holder, a representative for a person who cannot, the nominee, somebody of the organisation
    that keeps a managed account, an approver for the board."""
    agreement, stream = _open(uow, agreement_id)
    uow.require(Permission.PAYEE_AGREEMENT_SIGN, agreement)
    party = PARTY_OF[uow.actor.role]
    if party is Signer.PERSON:
        _check_person(uow, agreement, is_representative=uow.actor.role is Role.REPRESENTATIVE)
    said = {
        Role.HOLDER: "the person", Role.REPRESENTATIVE: "representative", Role.NOMINEE: "nominee",
        Role.PROVIDER: "for the organisation", Role.APPROVER: "approver",
    }[uow.actor.role]  # fmt: skip
    _add(uow, agreement, stream, party, how="PORTAL", signer_id=uow.actor.user_id, name=uow.actor.display_name,
         role=said, on=uow.today)  # fmt: skip


def record_paper(uow: UnitOfWork, agreement_id: UUID, entry: PaperEntry) -> None:
    """Record that the person, their representative or the nominee signed on paper: many never sign in."""
    agreement, stream = _open(uow, agreement_id)
    uow.require(Permission.SIGNATURE_RECORD, agreement)
    if entry.signed_on > uow.today:
        raise Refusal("The date of the signature cannot be in the future.", field="signed_on")
    if entry.party is Signer.PERSON:
        _check_person(uow, agreement, is_representative=entry.is_representative)
    said = {Signer.NOMINEE: "nominee", Signer.ORGANISATION: "for the organisation"}
    role = said.get(entry.party) or ("representative" if entry.is_representative else "the person")
    _add(uow, agreement, stream, entry.party, how="PAPER", name=entry.name, role=role, on=entry.signed_on,
         evidence=entry.evidence)  # fmt: skip


def _open(uow: UnitOfWork, agreement_id: UUID) -> tuple[PayeeAgreement, Stream]:
    """An agreement that waits for signatures, locked after its stream; its plan is as it was when it was made."""
    seen = uow.find(PayeeAgreement, agreement_id)
    uow.hold_budgets(col(Phb.id) == seen.phb_id)
    # Who signs for an organisation sees the agreement, and of the stream nothing.
    stream = uow.session.get_one(Stream, seen.stream_id, with_for_update={"key_share": True}, populate_existing=True)
    agreement = uow.find(PayeeAgreement, agreement_id, lock=True)
    if agreement.status != AgreementStatus.OPEN:
        raise Refusal("This agreement no longer waits for signatures. Reload the page.")
    if agreement.organisation_id is not None and keeper_of(uow, stream).id != agreement.organisation_id:
        raise Refusal("Another organisation keeps the account now. Make a new agreement.")
    plan = uow.session.get_one(Plan, agreement.plan_id)
    current = plan.status in (PlanStatus.APPROVED, PlanStatus.ACTIVE)
    if not current or content_hash(agreement.content) != agreement.content_hash or (
        plan_hash(uow, plan) != agreement.plan_hash
    ):  # fmt: skip
        raise Refusal("The plan is not what it was when this agreement was made. Make a new agreement.")
    refuse_unregistered(uow, plan)
    return agreement, stream


def _check_person(uow: UnitOfWork, agreement: PayeeAgreement, *, is_representative: bool) -> None:
    phb = uow.session.get_one(Phb, agreement.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    needs = person.lacks_capacity or is_child_for_direct_payments(person.date_of_birth, uow.today)
    problem = signer_problem(is_representative=is_representative, needs_representative=needs)
    refuse_if([problem] if problem else [])


def _add(
    uow: UnitOfWork, agreement: PayeeAgreement, stream: Stream, party: Signer, *, how: str, name: str, role: str,
    on: date, signer_id: UUID | None = None, evidence: str = "",
) -> None:  # fmt: skip
    """Add a party's signature; with the last the agreement is in force and an earlier one gives way."""
    payee, kind = PayeeKind(stream.payee_kind), AgreementKind(agreement.kind)
    if party not in signers(payee, kind):
        who = listed([SIGNER_WORDS[one] for one in signers(payee, kind)])
        raise Refusal(f"This agreement is signed by {who}, and nobody else.", field="signer")
    s = PayeeSignature
    before = uow.session.execute(select(s).where(col(s.agreement_id) == agreement.id)).scalars().all()
    if any(one.party == party for one in before):
        raise Refusal("This agreement is signed for that party already. Reload the page.")
    if how == "PORTAL" and any(uow.actor.user_id in (one.signer_id, one.created_by) for one in before):
        raise Refusal(
            "You have signed this agreement, or recorded a signature on it, already. "
            "Somebody else must sign for each of the others."
        )
    uow.add(
        PayeeSignature, icb_id=agreement.icb_id, phb_id=agreement.phb_id, agreement_id=agreement.id, party=party.value,
        how=how, signer_id=signer_id, signer_name=name, signer_role=role, signed_on=on, evidence=evidence,
        content_hash=agreement.content_hash,
    )  # fmt: skip
    if how == "PAPER":
        _signed_on_paper(uow, agreement, on)
    else:
        _tell_signed(uow, agreement, role)
    if not missing(payee, {Signer(one.party) for one in before} | {party}, kind):
        for earlier in _of_stream(uow, stream.id, AgreementStatus.IN_FORCE, kind):
            uow.change(earlier, status=AgreementStatus.REPLACED.value)
            _tell_replaced(uow, earlier)
        uow.change(agreement, status=AgreementStatus.IN_FORCE.value)
        _tell_in_force(uow, agreement)
        settle_ready(uow, stream)


def _signed_on_paper(uow: UnitOfWork, row: PayeeAgreement, on: date) -> None:
    if _is_direct(row):
        uow.record("payee_signature_recorded", about=row, phb_id=row.phb_id, on=on)
    else:
        uow.record("kind_agreement_on_paper", about=row, phb_id=row.phb_id, agreement=row.kind, on=on)


def end_agreements(uow: UnitOfWork, stream: Stream) -> None:
    """Whoever is paid now has not signed: the agreements somebody else answered for count no more. Asks no leave: a
    part of naming who is paid."""
    for status in (AgreementStatus.OPEN, AgreementStatus.IN_FORCE):
        for kind in (AgreementKind.DIRECT_PAYMENT, AgreementKind.MANAGED):
            for agreement in _of_stream(uow, stream.id, status, kind):
                uow.change(agreement, status=AgreementStatus.REPLACED.value)
                _tell_replaced(uow, agreement)


def settle_ready(uow: UnitOfWork, stream: Stream) -> None:
    """A direct payment is ready to pay when its account is approved, its agreements signed, and nothing else stands in
    the way (domain.md §9.4), and is so no more where one of these is gone: it is agreed then, and ready again with what
    was missing. Called after every act that may have been the last, or the loss."""
    if stream.method != Method.DIRECT_PAYMENT or stream.status not in (StreamStatus.AGREED, StreamStatus.READY):
        return
    account = uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    fact = stream_fact(uow, stream)
    # What has no plan in force asks for no agreement, and is not ready by one either.
    signed = bool(_of_stream(uow, stream.id, AgreementStatus.IN_FORCE, AgreementKind.DIRECT_PAYMENT))
    signed = signed and fact.unsigned is None
    may_start = not start_problems(fact, max(uow.today, stream.starts_on))
    approved = account is not None and account.status == AccountStatus.APPROVED
    after = StreamStatus.READY if signed and may_start and approved else StreamStatus.AGREED
    uow.change(stream, status=after.value)
