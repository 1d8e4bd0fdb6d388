"""The journey from a person to a balance, step by step, for tests to start from where they need."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, Basis, NominatedBy
from phbportal.domain.budget_offers import Answer, OfferHow, Teller
from phbportal.domain.budgets import LineType
from phbportal.domain.consents import GivenBy
from phbportal.domain.eligibility import Cohort
from phbportal.domain.indicative import Tool
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.phbs import PhbKind
from phbportal.domain.plans import RegistrationBody, Share
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.payee_agreements import unsigned_problems
from phbportal.services import (
    accounts,
    acting,
    approvals,
    budget_offers,
    budgets,
    consents,
    eligibility,
    indicative,
    payee_agreements,
    payments,
    people,
    phbs,
    plan_checks,
    plans,
    users,
)
from phbportal.services.phbs import phb_by_reference
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.registrations import Registration
from tests.support.world import World

NUMBERS = (
    "9990000018", "9990000026", "9990000034", "9990000042", "9990000050", "9990000069", "9990000077", "9990000085",
)  # fmt: skip


@dataclass
class Case:
    """A budget on its way: ids and its reference."""

    person_id: UUID
    reference: str
    phb_id: UUID
    plan_id: UUID
    streams: list[UUID]
    lines: list[UUID]


@dataclass(frozen=True)
class StreamPlan:
    """What a stream of a test case pays."""

    method: Method
    weekly_pence: int
    one_off_pence: int = 0
    starts_on: date = date(2026, 4, 13)
    line_type: LineType = LineType.AGENCY
    frequency: Frequency = Frequency.FOUR_WEEKLY
    payee: tuple[PayeeKind, UUID] | None = None
    """Who is paid in the holder's place, by their part; None for the holder."""
    organisation_id: UUID | None = None


PAYEES = {Method.NOTIONAL: PayeeKind.NONE, Method.THIRD_PARTY: PayeeKind.ORGANISATION}


def add_person(world: World, *, born: date = date(1961, 2, 3), number: str | None = NUMBERS[0], by: Actor | None = None,
               names: tuple[str, str] = ("Amina", "Okafor-Reyes")) -> UUID:  # fmt: skip
    entry = people.PersonEntry(*names, born, nhs_number=number, nhs_number_status="01" if number else "07")
    return world.do(by or world.cm, lambda uow: people.add_person(uow, entry))


def allow_direct_payment(
    world: World, person_id: UUID, on: date | None = None, given_by: GivenBy = GivenBy.SELF
) -> None:
    day = on or world.today
    entry = consents.ConsentEntry(given_by, day, "A. Parent" if given_by is GivenBy.REPRESENTATIVE else "")
    world.do(world.cm, lambda uow: consents.record_consent(uow, person_id, entry), on=day)
    world.do(world.cm, lambda uow: consents.record_exclusion_check(uow, person_id, excluded=False), on=day)


def acts(
    world: World, person_id: UUID, entry: acting.ActingEntry, *, dbs_on: date | None = None, on: date | None = None
) -> UUID:
    """Somebody proposed by the case manager, checked, and agreed by an approver: active. Returns their part."""
    day = on or world.today
    part = world.do(world.cm, lambda uow: acting.propose(uow, person_id, entry), on=day)
    individual = "Ivy Dual" if entry.organisation_code else ""
    checks = acting.ChecksEntry(day, dbs_on, "001234567890" if dbs_on else "", individual)
    world.do(world.cm, lambda uow: acting.record_checks(uow, part, checks, seen_version=1), on=day)
    world.do(world.approver, lambda uow: acting.agree(uow, part), on=day)
    return part


def parent(world: World, person_id: UUID, name: str = "A. Parent", on: date | None = None) -> UUID:
    """A parent who represents a child. Returns their part."""
    entry = acting.ActingEntry(Acting.REPRESENTATIVE, name, Relation.PARENT, Basis.PARENT, lives_in_household=True)
    return acts(world, person_id, entry, on=on)


def nominee(
    world: World, person_id: UUID, name: str = "Nell Ominee", by: NominatedBy = NominatedBy.HOLDER,
    on: date | None = None,
) -> UUID:  # fmt: skip
    """A brother or sister who receives the money. Returns their part."""
    entry = acting.ActingEntry(Acting.NOMINEE, name, Relation.SIBLING, nominated_by=by)
    return acts(world, person_id, entry, on=on)


def user_of(world: World, part_id: UUID, role: Role) -> Actor:
    """The one who was given a part, signed in: bound by the code the case manager gave them."""
    code = world.do(world.cm, lambda uow: users.invite_to_act(uow, part_id))
    claims = users.ProviderClaims("development", "https://idp.test", f"acts-{part_id}", "Somebody")

    def sign_in(uow: UnitOfWork) -> UUID:
        invitation = users.open_invitation(uow.session, code, uow.now)
        return users.find_or_bind(uow.session, claims, uow.now, invitation_id=invitation)[0]

    user_id = world.do(SYSTEM, sign_in)
    return Actor(role, user_id=user_id, display_name="Somebody", icb_id=world.icb)


def draft(
    world: World, *streams: StreamPlan, person_id: UUID | None = None, cohort: Cohort = Cohort.CHC,
    phb_kind: PhbKind = PhbKind.ONGOING,
) -> Case:  # fmt: skip
    """A person with a whole draft plan and budget, one service and one line a stream."""
    person_id = person_id or add_person(world)
    with world.unit(world.cm) as uow:
        eligible = eligibility.record_eligibility(
            uow, person_id, eligibility.EligibilityEntry(cohort, world.today, world.today)
        )
        reference = phbs.open_phb(uow, person_id, phbs.PhbEntry(eligible, phb_kind))
        phb = phb_by_reference(uow, reference)
        told(uow, phb.id, *(streams or (StreamPlan(Method.NOTIONAL, 125_000),)))
        plan = plans.start_plan(uow, phb.id)
        plans.write_plan(uow, plan.id, plans.PlanEntry("I want to stay at home."), seen_version=plan.row_version)
        # What an organisation holds money for it may read of.
        share = Share.PROVIDER if any(s.method is Method.THIRD_PARTY for s in streams) else Share.NOBODY
        outcome = plans.add_outcome(uow, plan.id, plans.OutcomeEntry("I get up when I choose.", share=share))
        stream_ids: list[UUID] = []
        line_ids: list[UUID] = []
        for stream in streams or (StreamPlan(Method.NOTIONAL, 125_000),):
            payee = PAYEES.get(stream.method, PayeeKind.HOLDER)
            kind, part = stream.payee or (payee, None)
            entry = budgets.StreamEntry(
                stream.method, kind, stream.starts_on, stream.frequency, payee_role_id=part,
                organisation_id=stream.organisation_id,
            )  # fmt: skip
            stream_id = budgets.add_stream(uow, plan.id, entry)
            service = plans.add_service(uow, plan.id, plans.ServiceEntry("Help at home", outcome, share=share))
            line = budgets.LineEntry(stream_id, stream.line_type, stream.weekly_pence, stream.one_off_pence, service)
            line_ids.append(budgets.add_line(uow, plan.id, line))
            stream_ids.append(stream_id)
    return Case(person_id, reference, phb.id, plan.id, stream_ids, line_ids)


def told(uow: UnitOfWork, phb_id: UUID, *streams: StreamPlan) -> None:
    """Offered and accepted today, and shown an indicative budget with room for what these streams pay."""
    teller, name = _teller(uow, phb_id)
    budget_offers.make_offer(uow, phb_id, budget_offers.OfferEntry(uow.today, OfferHow.IN_PERSON))
    answer = budget_offers.AnswerEntry(Answer.ACCEPTED, uow.today, teller, name)
    budget_offers.record_answer(uow, phb_id, answer)
    told_amount(uow, phb_id, *streams)


def told_amount(uow: UnitOfWork, phb_id: UUID, *streams: StreamPlan) -> None:
    """Shown an indicative budget with room for what these streams pay, by whoever decides."""
    teller, name = _teller(uow, phb_id)
    weekly = 2 * sum(stream.weekly_pence for stream in streams) + 10_000
    one_off = 2 * sum(stream.one_off_pence for stream in streams)
    entry = indicative.IndicativeEntry(weekly, one_off, Tool.NEEDS_AND_RATES, "Hours at local rates", uow.today)
    indicative.record_indicative(uow, phb_id, entry)
    indicative.show_indicative(uow, phb_id, indicative.ShownEntry(uow.today, teller, name))


def _teller(uow: UnitOfWork, phb_id: UUID) -> tuple[Teller, str]:
    """Who decides about a budget, and their name where it is not the person."""
    holder = uow.session.get_one(Person, uow.session.get_one(Phb, phb_id).person_id)
    if is_child_for_direct_payments(holder.date_of_birth, uow.today) or holder.lacks_capacity:
        return Teller.REPRESENTATIVE, "A. Parent"
    return Teller.PERSON, ""


def submit(world: World, case: Case) -> None:
    world.do(world.cm, lambda uow: plans.submit_plan(uow, case.plan_id))


def sign_off(world: World, case: Case) -> None:
    """Signed off by the clinician, and its money checked by finance: all that comes before approval."""
    clinically_sign(world, case)
    check_money(world, case)


def check_money(world: World, case: Case) -> None:
    note = "Funding, rates and sums are right."
    world.do(world.finance, lambda uow: plan_checks.check_money(uow, case.plan_id, note=note))


def clinically_sign(world: World, case: Case) -> None:
    """Signed off with the registration the board has of its clinician."""

    def sign(uow: UnitOfWork) -> None:
        theirs = select(Registration).where(col(Registration.user_id) == uow.actor.user_id)
        known = uow.session.execute(theirs).scalar_one()
        entry = plans.SignOffEntry("Dr Clinician", RegistrationBody(known.body), known.number)
        plans.sign_off_plan(uow, case.plan_id, entry)

    world.do(world.clinician, sign)


def approve(world: World, case: Case) -> None:
    world.do(world.approver, lambda uow: approvals.approve_plan(uow, case.plan_id))


def approved(world: World, *streams: StreamPlan, **about: object) -> Case:
    """An approved case; direct payments with consent and check given today."""
    person_id = about.pop("person_id", None) or add_person(world)
    if any(s.method is Method.DIRECT_PAYMENT for s in streams):
        allow_direct_payment(world, person_id)  # pyright: ignore[reportArgumentType]
    case = draft(world, *streams, person_id=person_id, **about)  # pyright: ignore[reportArgumentType]
    submit(world, case)
    sign_off(world, case)
    approve(world, case)
    return case


def agreed_with(world: World, stream_id: UUID, on: date | None = None) -> None:
    """The agreement about a direct payment, signed by everybody: on paper, and by an approver for the board."""
    with world.unit(world.cm, on=on, writes=False) as uow:
        stream = uow.session.get_one(Stream, stream_id)
        holder = uow.session.get_one(Person, uow.session.get_one(Phb, stream.phb_id).person_id)
        waits = stream_id in unsigned_problems(uow.session, [stream])
        child = is_child_for_direct_payments(holder.date_of_birth, uow.today) or holder.lacks_capacity
    if not waits:
        return
    agreement = world.do(world.cm, lambda uow: payee_agreements.make_agreement(uow, stream_id), on=on)
    parties = [Signer.PERSON] + ([Signer.NOMINEE] if stream.payee_kind == PayeeKind.NOMINEE else [])
    for party in parties:
        paper = payee_agreements.PaperEntry(party, "A. Signer", on or world.today, "Case file", child)
        world.do(world.cm, lambda uow, p=paper: payee_agreements.record_paper(uow, agreement, p), on=on)
    world.do(world.approver, lambda uow: payee_agreements.sign(uow, agreement), on=on)


def account(world: World, stream_id: UUID, on: date | None = None) -> UUID:
    """Bank details proposed by the case manager and approved by finance; the agreement about the money is signed."""
    agreed_with(world, stream_id, on)
    entry = accounts.AccountEntry("A Okafor-Reyes", "089999", "66374958")
    account_id = world.do(world.cm, lambda uow: accounts.propose_account(uow, stream_id, entry), on=on)
    world.do(world.finance, lambda uow: accounts.approve_account(uow, account_id), on=on)
    return account_id


def pay(world: World, stream_id: UUID, start: date, end: date, *, on: date | None = None) -> str:
    """A payment recorded by one officer and confirmed by another on a day."""
    day = on or start
    entry = payments.PaymentEntry(start, end)
    key = f"{stream_id}:{start}"
    reference = world.do(world.finance, lambda uow: payments.record_payment(uow, stream_id, entry, key=key), on=day)
    confirm(world, reference, on=day)
    return reference


def confirm(world: World, reference: str, *, on: date) -> None:
    with world.unit(world.finance2, on=on) as uow:
        item = uow.session.execute(
            select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        ).scalar_one()
        payments.confirm_payment(uow, item, paid_on=on)
