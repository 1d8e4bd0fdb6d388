"""The steps of a case, from referral to spending: each an act of one person by the portal's own services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.demo.agencies import agency
from phbportal.demo.chairs import CHAIRS, worked_out
from phbportal.demo.needs import assessment_of
from phbportal.demo.people import Holder
from phbportal.demo.plans import Cost, Script
from phbportal.demo.staff import PROVIDER
from phbportal.demo.stage import Stage
from phbportal.domain.acting import Acting
from phbportal.domain.agreement_kinds import PAID_AFTER, AgreementKind
from phbportal.domain.budget_offers import Answer, OfferHow, Teller
from phbportal.domain.consents import GivenBy
from phbportal.domain.indicative import Tool
from phbportal.domain.payee_agreement import Signer
from phbportal.domain.people import is_child_for_direct_payments
from phbportal.domain.phbs import PhbKind
from phbportal.domain.relations import Relation
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.policy.permissions import Permission
from phbportal.services import (
    accounts,
    acting,
    approvals,
    budget_offers,
    budgets,
    consents,
    eligibility,
    indicative,
    needs,
    payee_agreements,
    payments,
    people,
    phbs,
    plan_checks,
    plans,
    spending,
    users,
    workers,
)
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.plans import Plan

T = TypeVar("T")
NO_CHECKS = acting.ChecksEntry()
"""Close family needs no certificate."""


@dataclass(frozen=True, slots=True)
class Case:
    """A budget on the stage: whose it is, and the ids of what was made for it."""

    stage: Stage
    key: str
    person_id: UUID
    phb_id: UUID
    plan_id: UUID
    streams: tuple[UUID, ...]

    def act(self, who: Actor, what: str, on: date, do: Callable[[UnitOfWork], object]) -> str:
        return self.stage.act(who, f"{self.key} {what}", on, do)


@dataclass(frozen=True, slots=True)
class Helper:
    """Somebody to act for a holder: who agrees them, and what they sign in as at the development sign-in."""

    entry: acting.ActingEntry
    approver: Actor
    signs_in_as: str
    checks: acting.ChecksEntry = NO_CHECKS


def planned(
    stage: Stage, holder: Holder, script: Script, by: Actor, *, on: date, written: date, starts: date,
    helper: Helper | None = None, organisation_id: UUID | None = None, kind: PhbKind = PhbKind.ONGOING,
) -> Case:  # fmt: skip
    """Referred, found eligible and opened on a day; the plan and its budget written on another.

    With a helper a direct payment is paid to them: they are proposed and checked on the first day and agreed on the
    other.
    """
    key = holder.key

    def act(what: str, day: date, do: Callable[[UnitOfWork], object]) -> str:
        return stage.act(by, f"{key} {what}", day, do)

    person_id = UUID(act("added", on, lambda uow: people.add_person(uow, holder.entry)))
    assessment = assessment_of(key, person_id, on)
    found = act("needs assessed", on, lambda uow: needs.record_assessment(uow, assessment)) if assessment else ""
    entry = eligibility.EligibilityEntry(holder.cohort, on, on, UUID(found) if found else None)
    eligible = UUID(act("eligible", on, lambda uow: eligibility.record_eligibility(uow, person_id, entry)))
    opening = phbs.PhbEntry(eligible, kind)
    phb_id = UUID(act("opened", on, lambda uow: _opened(uow, person_id, opening)))
    _told(act, phb_id, holder, script, helper, on=on)
    plan_id = UUID(act("plan", written, lambda uow: _words(uow, phb_id, script)))
    payee = _appointed(stage, key, by, person_id, helper, on=on, agreed=written) if helper else None
    if holder.key in CHAIRS:
        worked_out(stage, holder.key, by, phb_id, on=written)
    made = act("budget", written, lambda uow: _budget(uow, plan_id, script, starts, payee, organisation_id))
    return Case(stage, key, person_id, phb_id, plan_id, tuple(UUID(one) for one in made.split()))


def referred(stage: Stage, holder: Holder, by: Actor, *, on: date, offered_on: date | None = None) -> None:
    """Found eligible, and a budget opened that nobody has planned: not offered yet, or offered on a day."""
    key = holder.key
    person_id = UUID(stage.act(by, f"{key} added", on, lambda uow: people.add_person(uow, holder.entry)))
    entry = eligibility.EligibilityEntry(holder.cohort, on, on)
    eligible = UUID(
        stage.act(by, f"{key} eligible", on, lambda uow: eligibility.record_eligibility(uow, person_id, entry))
    )
    opening = phbs.PhbEntry(eligible, PhbKind.ONGOING)
    phb_id = UUID(stage.act(by, f"{key} opened", on, lambda uow: _opened(uow, person_id, opening)))
    if offered_on is not None:
        offer = budget_offers.OfferEntry(offered_on, OfferHow.IN_PERSON, True, True)
        stage.act(by, f"{key} offered the budget", offered_on,
                  lambda uow: budget_offers.make_offer(uow, phb_id, offer))  # fmt: skip


def _told(
    act: Callable[[str, date, Callable[[UnitOfWork], object]], str], phb_id: UUID, holder: Holder, script: Script,
    helper: Helper | None, *, on: date,
) -> None:  # fmt: skip
    """Offered the day they were referred, accepted the day after, and told about how much there may be a day later."""
    represented = helper is not None and helper.entry.role is Acting.REPRESENTATIVE
    teller = (
        Teller.REPRESENTATIVE
        if represented or is_child_for_direct_payments(holder.entry.date_of_birth, on)
        else Teller.PERSON
    )
    name = (helper.entry.name if helper else "A parent") if teller is Teller.REPRESENTATIVE else ""
    offer = budget_offers.OfferEntry(on, OfferHow.IN_PERSON)
    act("offered the budget", on, lambda uow: budget_offers.make_offer(uow, phb_id, offer))
    answer = budget_offers.AnswerEntry(Answer.ACCEPTED, on + timedelta(days=1), teller, name)
    act("answers the offer", answer.answered_on, lambda uow: budget_offers.record_answer(uow, phb_id, answer))
    costs = [cost for aim in script.aims for cost in aim.costs] + list(script.on_costs)
    weekly = script.expected_pence or sum(cost.weekly_pence for cost in costs)
    one_off = sum(cost.one_off_pence for cost in costs)
    day = on + timedelta(days=2)
    words = "The hours of help the assessment found, at the board’s rates."
    entry = indicative.IndicativeEntry(weekly - weekly % 500, one_off, Tool.NEEDS_AND_RATES, words, day)
    act("indicative budget", day, lambda uow: indicative.record_indicative(uow, phb_id, entry))
    shown = indicative.ShownEntry(day, teller, name)
    act("is shown it", day, lambda uow: indicative.show_indicative(uow, phb_id, shown))


def _opened(uow: UnitOfWork, person_id: UUID, entry: phbs.PhbEntry) -> UUID:
    return phbs.phb_by_reference(uow, phbs.open_phb(uow, person_id, entry)).id


def _words(uow: UnitOfWork, phb_id: UUID, script: Script) -> UUID:
    plan = plans.start_plan(uow, phb_id)
    entry = plans.PlanEntry(script.about_me, script.what_matters, script.contingency)
    plans.write_plan(uow, plan.id, entry, seen_version=plan.row_version)
    return plan.id


def _appointed(
    stage: Stage, key: str, by: Actor, person_id: UUID, helper: Helper, *, on: date, agreed: date
) -> tuple[PayeeKind, UUID]:
    """Proposed and invited by the case manager, signed in and accepted, checked, and agreed by an approver."""
    part = UUID(stage.act(by, f"{key} helper", on, lambda uow: acting.propose(uow, person_id, helper.entry)))
    role = Role(helper.entry.role.value)
    user = UUID(stage.act(by, f"{key} helper in", on, lambda uow: _helper_signs_in(uow, stage, part, helper)))
    themselves = Actor(role, user_id=user, display_name=helper.entry.name, icb_id=by.icb_id)
    stage.act(themselves, f"{key} helper accepts", on, lambda uow: acting.accept(uow, part))
    stage.act(by, f"{key} helper checks", on, lambda uow: _checked(uow, part, helper.checks))
    stage.act(helper.approver, f"{key} helper agreed", agreed, lambda uow: acting.agree(uow, part))
    return PayeeKind(role.value), part


def _helper_signs_in(uow: UnitOfWork, stage: Stage, part: UUID, helper: Helper) -> UUID:
    code = users.invite_to_act(uow, part)
    claims = users.ProviderClaims(PROVIDER, stage.issuer, f"demo-{helper.signs_in_as}", helper.entry.name)
    invitation = users.open_invitation(uow.session, code, uow.now)
    return users.find_or_bind(uow.session, claims, uow.now, invitation_id=invitation)[0]


def _checked(uow: UnitOfWork, part: UUID, entry: acting.ChecksEntry) -> None:
    version = uow.find(PersonRole, part).row_version
    acting.record_checks(uow, part, entry, seen_version=version)


_PAYEES = {Method.NOTIONAL: PayeeKind.NONE, Method.THIRD_PARTY: PayeeKind.ORGANISATION}


def _budget(
    uow: UnitOfWork, plan_id: UUID, script: Script, starts: date, helper: tuple[PayeeKind, UUID] | None = None,
    organisation_id: UUID | None = None,
) -> str:  # fmt: skip
    """The streams, and each aim's outcome, service and lines. Returns the streams' ids."""
    streams: list[UUID] = []
    for method in script.methods:
        payee = _PAYEES.get(method, PayeeKind.HOLDER)
        kind, part = helper if helper and method is Method.DIRECT_PAYMENT else (payee, None)
        entry = budgets.StreamEntry(
            method, kind, starts, script.frequency, payee_role_id=part,
            organisation_id=organisation_id if method is Method.THIRD_PARTY else None,
        )  # fmt: skip
        streams.append(budgets.add_stream(uow, plan_id, entry))
    staff = _staff(uow, plan_id, script)
    for aim in script.aims:
        outcome = plans.add_outcome(uow, plan_id, plans.OutcomeEntry(aim.outcome, aim.measure, share=aim.share))
        service = plans.ServiceEntry(
            aim.service, outcome, aim.who, aim.when, aim.share, aim.care, aim.given_by,
            agency(uow, *aim.agency) if aim.agency else None,
        )  # fmt: skip
        service_id = plans.add_service(uow, plan_id, service)
        for cost in aim.costs:
            _line(uow, plan_id, streams, cost, service_id, staff)
    for cost in script.on_costs:
        _line(uow, plan_id, streams, cost, None, staff)
    return " ".join(str(one) for one in streams)


def _staff(uow: UnitOfWork, plan_id: UUID, script: Script) -> dict[str, UUID]:
    """The personal assistants of a script, written down. Returns their ids by name."""
    phb_id = uow.find(Plan, plan_id).phb_id
    return {
        one.name: workers.add_worker(
            uow,
            NEW_WORKER | {"phb_id": phb_id, "name": one.name, "hours_hundredths": one.hours,
                          "price_pence": one.price_pence, "dbs_on": uow.today, "right_to_work_on": uow.today},
        )
        for one in script.workers
    }  # fmt: skip


NEW_WORKER: dict[str, object] = {
    "relation": Relation.OTHER.value, "same_household": False, "born_on": None, "opts_in_pension": False,
    "starts_on": None, "training": "Moving and handling", "competencies": "", "competent_until": None,
    "insured_until": None,
}  # fmt: skip


def _line(
    uow: UnitOfWork, plan_id: UUID, streams: list[UUID], cost: Cost, service_id: UUID | None, staff: dict[str, UUID]
) -> None:
    entry = budgets.LineEntry(
        streams[cost.stream], cost.line_type, cost.weekly_pence, cost.one_off_pence, service_id, cost.words,
        cost.answers, staff.get(cost.worker),
    )  # fmt: skip
    budgets.add_line(uow, plan_id, entry)


def checked(case: Case, by: Actor, *, on: date) -> None:
    """The direct payment check: the regulations do not exclude the person."""
    case.act(by, "checked", on, lambda uow: consents.record_exclusion_check(uow, case.person_id, excluded=False))


def consented(case: Case, by: Actor, *, on: date, representative: str = "") -> None:
    """The holder's own consent to a direct payment, or that of whoever represents them."""
    giver = GivenBy.REPRESENTATIVE if representative else GivenBy.SELF
    entry = consents.ConsentEntry(giver, on, representative, "Signed form, kept in the case file")
    case.act(by, "consented", on, lambda uow: consents.record_consent(uow, case.person_id, entry))


def submitted(case: Case, by: Actor, *, on: date) -> None:
    case.act(by, "submitted", on, lambda uow: plans.submit_plan(uow, case.plan_id))


def signed(case: Case, by: Actor, entry: plans.SignOffEntry, *, on: date) -> None:
    """The clinician signs, and finance checks the money the same day."""
    case.act(by, "signed", on, lambda uow: plans.sign_off_plan(uow, case.plan_id, entry))
    note = "The money is there, the rates are this year’s, and it covers the full cost."
    checker = case.stage.of_board("kofi", "sunita", Role.FINANCE, by.icb_id)
    case.act(checker, "money checked", on, lambda uow: plan_checks.check_money(uow, case.plan_id, note=note))


def returned(case: Case, by: Actor, reason: str, *, on: date) -> None:
    case.act(by, "returned", on, lambda uow: plans.return_plan(uow, case.plan_id, reason=reason))


def approved(case: Case, by: Actor, *, on: date) -> None:
    """Approved; above what one person approves, by Bethan too."""
    decided = case.act(
        by, "approved", on, lambda uow: "whole" if approvals.approve_plan(uow, case.plan_id) else "first"
    )
    if decided == "first":
        second = case.stage.staff["bethan", Role.APPROVER]
        case.act(second, "approved too", on, lambda uow: approvals.approve_plan(uow, case.plan_id))
    case.stage.year_begins(case.phb_id, on)


def agreement_signed(case: Case, by: Actor, stream: int, *, on: date) -> None:
    """The agreements without which a stream is not paid: made by the case manager, signed on paper by those they are
    about and by an approver for the board."""
    for kind in _agreements(case, stream):
        _agreement_signed(case, by, stream, kind, on=on)


def _agreements(case: Case, stream: int) -> tuple[AgreementKind, ...]:
    with open_unit(case.stage.engine, SYSTEM, writes=False) as uow:
        found = payee_agreements.kinds_of(uow, uow.session.get_one(Stream, case.streams[stream]))
    return tuple(kind for kind in found if kind in PAID_AFTER)


def _agreement_signed(case: Case, by: Actor, stream: int, kind: AgreementKind, *, on: date) -> None:
    what = f"agreement {stream}" if kind is AgreementKind.DIRECT_PAYMENT else f"agreement {stream} {kind.value}"
    agreement = UUID(
        case.act(by, what, on, lambda uow: payee_agreements.make_agreement(uow, case.streams[stream], kind))
    )

    def on_paper(uow: UnitOfWork) -> None:
        found = uow.find(Stream, case.streams[stream])
        holder = uow.session.get_one(Person, case.person_id)
        whose = f"{holder.given_name} {holder.family_name}"
        kept = "Signed paper, kept in the case file"
        represented = holder.lacks_capacity or is_child_for_direct_payments(holder.date_of_birth, on)
        paper = payee_agreements.PaperEntry(
            Signer.PERSON, found.payee_name if represented else whose, on, kept, represented
        )
        payee_agreements.record_paper(uow, agreement, paper)
        if found.payee_kind == PayeeKind.NOMINEE and kind is AgreementKind.DIRECT_PAYMENT:
            nominee = payee_agreements.PaperEntry(Signer.NOMINEE, found.payee_name, on, kept)
            payee_agreements.record_paper(uow, agreement, nominee)
        if kind is AgreementKind.MANAGED:
            keeper = payee_agreements.PaperEntry(Signer.ORGANISATION, "Imani Osei", on, kept)
            payee_agreements.record_paper(uow, agreement, keeper)

    case.act(by, what.replace("agreement", "agreement on paper"), on, on_paper)
    approver = case.stage.of_board("ruth", "callum", Role.APPROVER, by.icb_id)
    signed = what.replace("agreement", "agreement signed")
    case.act(approver, signed, on, lambda uow: payee_agreements.sign(uow, agreement))


def bank_entered(case: Case, by: Actor, stream: int, entry: accounts.AccountEntry, *, on: date) -> UUID:
    """Bank details for the stream in this place among the plan's methods. Returns the account's id."""
    return UUID(case.act(by, "bank", on, lambda uow: accounts.propose_account(uow, case.streams[stream], entry)))


def bank_approved(case: Case, by: Actor, account_id: UUID, *, on: date) -> None:
    case.act(by, "bank ok", on, lambda uow: accounts.approve_account(uow, account_id))


def payment_recorded(case: Case, by: Actor, stream: int, entry: payments.PaymentEntry, *, on: date) -> str:
    """Record a payment or an invoice. Returns the payment's reference."""
    case.stage.year_begins(case.phb_id, on)
    what = f"pays {stream} {entry.period_start} {entry.invoice_reference}".strip()
    key = f"demo {case.phb_id} {what}"
    return case.act(by, what, on, lambda uow: payments.record_payment(uow, case.streams[stream], entry, key=key))


def payment_confirmed(case: Case, by: Actor, reference: str, *, on: date) -> None:
    """The second officer confirms a payment on the day it left."""

    def confirm(uow: UnitOfWork) -> None:
        found = select(col(PaymentItem.id)).where(col(PaymentItem.reference) == reference)
        payments.confirm_payment(uow, uow.session.execute(found).scalar_one(), paid_on=on)

    case.act(by, f"confirmed {reference}", on, confirm)


def spent(case: Case, by: Actor, stream: int, *entries: spending.SpendingEntry, on: date) -> None:
    """What the payee's receipts say, recorded on a day."""
    for entry in entries:
        what = f"spent {entry.on} {entry.line_type.value} {entry.amount_pence}"
        key = f"{case.key} {what}"
        case.act(
            by, what, on,
            lambda uow, e=entry, k=key: spending.record_spending(uow, case.streams[stream], e, key=k),
        )  # fmt: skip


def sign_in_switched_on(case: Case, by: Actor, *, on: date) -> None:
    """The board lets the holder sign in."""

    def switch(uow: UnitOfWork) -> None:
        person = uow.find(Person, case.person_id, lock=True)
        uow.require(Permission.PERSON_WRITE, person)
        uow.change(person, sign_in_on=True)

    case.act(by, "may sign in", on, switch)


def signed_in(case: Case, holder: Holder, provider: str, *, on: date) -> None:
    """The holder's first sign-in: who the provider says they are matches one record."""
    claims = users.ProviderClaims(
        provider, case.stage.issuer, f"demo-{holder.key}", nhs_number=holder.entry.nhs_number,
        birthdate=holder.entry.date_of_birth.isoformat(), family_name=holder.entry.family_name,
    )  # fmt: skip
    case.act(SYSTEM, "signed in", on, lambda uow: users.find_or_bind(uow.session, claims, uow.now)[0])
