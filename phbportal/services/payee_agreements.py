"""The agreement about a direct payment: made from the board's template, signed by everybody, then in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.errors import Refusal, refuse_if
from phbportal.domain.isf import signer_problem
from phbportal.domain.isf_offer import amount_words, content_hash
from phbportal.domain.money import pounds
from phbportal.domain.payee_agreement import (
    LAW_AS_OF,
    TEMPLATE_CODE,
    TEMPLATE_VERSION,
    AgreementStatus,
    Signer,
    Terms,
    agreement_text,
    from_template,
    missing,
    signers,
)
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.plans import PlanStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.roles import Role
from phbportal.domain.streams import AccountStatus, Frequency, Method, PayeeKind, StreamStatus, start_problems
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.services.arrangements import plan_hash
from phbportal.services.facts import stream_fact
from phbportal.services.policies import whole_setting
from phbportal.services.templates import template_in_use, written_from
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.payee_agreements import PayeeAgreement, PayeeSignature
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan

PARTY_OF: dict[Role, Signer] = {
    Role.HOLDER: Signer.PERSON, Role.REPRESENTATIVE: Signer.PERSON, Role.NOMINEE: Signer.NOMINEE,
    Role.APPROVER: Signer.BOARD,
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
    if chosen and chosen not in ("person", "representative", "nominee"):
        r.problem("Choose who signed.", "signer")
    name = r.text("signer_name", needed="Enter the name of whoever signed.")
    on = r.day("signed_on", needed="Enter the date on the signature.")
    if on and on > today:
        r.problem("The date of the signature cannot be in the future.", "signed_on")
    evidence = r.text("evidence", needed="Say where the signed paper can be seen.", longest=500)
    r.finish()
    party = Signer.NOMINEE if chosen == "nominee" else Signer.PERSON
    return PaperEntry(party, name, given(on), evidence, chosen == "representative")


def make_agreement(uow: UnitOfWork, stream_id: UUID) -> UUID:
    """Make the agreement of an approved direct payment, for everybody to sign: its words are fixed from here on.

    A new one takes the place of one that waits still; one in force gives way when the new one is signed.
    """
    stream = uow.find(Stream, stream_id, lock=True)
    uow.require(Permission.PAYEE_AGREEMENT_MAKE, stream)
    if stream.method != Method.DIRECT_PAYMENT:
        raise Refusal("Only a direct payment has an agreement like this.")
    if stream.status not in _OPEN_TO_IT:
        raise Refusal("The plan must be approved first. Then the agreement can be made.")
    plan = _plan_in_force(uow, stream.phb_id)
    content, version, law_as_of = _words(uow, stream, plan)
    for waiting in _of_stream(uow, stream.id, AgreementStatus.OPEN):
        uow.change(waiting, status=AgreementStatus.REPLACED.value)
        uow.record("payee_agreement_replaced", about=waiting, phb_id=stream.phb_id)
    row = uow.add(
        PayeeAgreement, icb_id=stream.icb_id, phb_id=stream.phb_id, stream_id=stream.id, plan_id=plan.id,
        status=AgreementStatus.OPEN.value, template_version=version, law_as_of=law_as_of, plan_version=plan.version,
        plan_hash=plan_hash(uow, plan), content=content, content_hash=content_hash(content),
    )  # fmt: skip
    uow.record("payee_agreement_made", about=row, phb_id=stream.phb_id, starts_on=stream.starts_on)
    return row.id


def _plan_in_force(uow: UnitOfWork, phb_id: UUID) -> Plan:
    plan = uow.session.execute(
        select(Plan).where(
            col(Plan.phb_id) == phb_id, col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value])
        )
    ).scalar_one_or_none()
    if plan is None:
        raise Refusal("There is no approved plan. An agreement says what the money may buy, so it needs one.")
    return plan


def _of_stream(uow: UnitOfWork, stream_id: UUID, status: AgreementStatus) -> list[PayeeAgreement]:
    a = PayeeAgreement
    found = select(a).where(col(a.stream_id) == stream_id, col(a.status) == status.value)
    return list(uow.session.execute(found).scalars())


def _words(uow: UnitOfWork, stream: Stream, plan: Plan) -> tuple[str, str, date]:
    """The words of an agreement, the version of what they were made from, and the day its law was checked."""
    phb = uow.session.get_one(Phb, stream.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    board = uow.session.get_one(Organisation, stream.icb_id)
    part = uow.session.get(PersonRole, stream.payee_role_id) if stream.payee_role_id else None
    whose, kind = f"{person.given_name} {person.family_name}", PayeeKind(stream.payee_kind)
    template = template_in_use(uow, stream.icb_id, TEMPLATE_CODE)
    if template is None:
        terms = Terms(
            whose, part.name if part else whose, kind, board.name, phb.reference, plan.version, stream.weekly_pence,
            stream.one_off_pence, Frequency(stream.frequency), stream.starts_on,
            whole_setting(uow, stream.icb_id, "notice_days_stop"), whole_setting(uow, stream.icb_id, "surplus_weeks"),
        )  # fmt: skip
        return agreement_text(terms), TEMPLATE_VERSION, LAW_AS_OF
    values = {
        "person_name": whose, "board_name": board.name, "budget_reference": phb.reference,
        "amount": amount_words(stream.weekly_pence, Frequency(stream.frequency), stream.one_off_pence),
        "weekly_amount": pounds(stream.weekly_pence), "starts_on": long_date(stream.starts_on),
        "today": long_date(uow.today),
    }  # fmt: skip
    if part is not None:
        values["nominee_name" if kind is PayeeKind.NOMINEE else "representative_name"] = part.name
    words = written_from(template, values)
    text = from_template(template.title, words, template.version, template.law_as_of)
    return text, f"{TEMPLATE_CODE} {template.version}", template.law_as_of


def sign(uow: UnitOfWork, agreement_id: UUID) -> None:
    """Sign as oneself: the holder, a representative for a person who cannot, the nominee, an approver for the board."""
    agreement, stream = _open(uow, agreement_id)
    uow.require(Permission.PAYEE_AGREEMENT_SIGN, agreement)
    party = PARTY_OF[uow.actor.role]
    if party is Signer.PERSON:
        _check_person(uow, agreement, is_representative=uow.actor.role is Role.REPRESENTATIVE)
    said = {
        Role.HOLDER: "the person", Role.REPRESENTATIVE: "representative", Role.NOMINEE: "nominee",
        Role.APPROVER: "approver",
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
    role = "nominee" if entry.party is Signer.NOMINEE else "representative" if entry.is_representative else "the person"
    _add(uow, agreement, stream, entry.party, how="PAPER", name=entry.name, role=role, on=entry.signed_on,
         evidence=entry.evidence)  # fmt: skip


def _open(uow: UnitOfWork, agreement_id: UUID) -> tuple[PayeeAgreement, Stream]:
    """An agreement that waits for signatures, locked after its stream; its plan is as it was when it was made."""
    seen = uow.find(PayeeAgreement, agreement_id)
    stream = uow.find(Stream, seen.stream_id, lock=True)
    agreement = uow.find(PayeeAgreement, agreement_id, lock=True)
    if agreement.status != AgreementStatus.OPEN:
        raise Refusal("This agreement no longer waits for signatures. Reload the page.")
    plan = uow.session.get_one(Plan, agreement.plan_id)
    current = plan.status in (PlanStatus.APPROVED, PlanStatus.ACTIVE)
    if not current or content_hash(agreement.content) != agreement.content_hash or (
        plan_hash(uow, plan) != agreement.plan_hash
    ):  # fmt: skip
        raise Refusal("The plan is not what it was when this agreement was made. Make a new agreement.")
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
    payee = PayeeKind(stream.payee_kind)
    if party not in signers(payee):
        raise Refusal("Nobody but the person and the board signs this agreement: no nominee is paid.", field="signer")
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
        uow.record("payee_signature_recorded", about=agreement, phb_id=agreement.phb_id, on=on)
    else:
        uow.record("payee_agreement_signed", about=agreement, phb_id=agreement.phb_id, role=role)
    if not missing(payee, {Signer(one.party) for one in before} | {party}):
        for earlier in _of_stream(uow, stream.id, AgreementStatus.IN_FORCE):
            uow.change(earlier, status=AgreementStatus.REPLACED.value)
            uow.record("payee_agreement_replaced", about=earlier, phb_id=agreement.phb_id)
        uow.change(agreement, status=AgreementStatus.IN_FORCE.value)
        uow.record("payee_agreement_in_force", about=agreement, phb_id=agreement.phb_id)
        settle_ready(uow, stream)


def settle_ready(uow: UnitOfWork, stream: Stream) -> None:
    """A direct payment is ready to pay when its account is approved, its agreement signed, and nothing else stands in
    the way (domain.md §9.4). Called after the act that may have been the last."""
    if stream.method != Method.DIRECT_PAYMENT or stream.status != StreamStatus.AGREED:
        return
    account = uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    signed = bool(_of_stream(uow, stream.id, AgreementStatus.IN_FORCE))
    may_start = not start_problems(stream_fact(uow, stream), max(uow.today, stream.starts_on))
    if signed and may_start and account is not None and account.status == AccountStatus.APPROVED:
        uow.change(stream, status=StreamStatus.READY.value)
