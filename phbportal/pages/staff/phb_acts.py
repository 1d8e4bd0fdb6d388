"""The buttons of a budget: what this person may do with it now, the next steps first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phbportal import routes
from phbportal.admin.addresses import new_address, record_address
from phbportal.domain.agreement_kinds import ABOUT_WORDS, PAID_AFTER, AgreementKind
from phbportal.domain.eligibility import Cohort
from phbportal.domain.endings import LIVE
from phbportal.domain.path import BEFORE_PLANNING, IN_PLANNING
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import AccountStatus, Method, StreamStatus
from phbportal.pages.staff.phb_frame import may
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.endings import open_ending
from phbportal.queries.payments import PaymentRow
from phbportal.queries.phbs import Case
from phbportal.queries.streams import StreamRecord
from phbportal.queries.wheelchairs import WheelchairView
from phbportal.resources.life import ENDINGS
from phbportal.resources.wheelchairs import CONTRIBUTIONS, WHEELCHAIRS
from phbportal.resources.work import REVIEWS
from phbportal.services.plan_acts import PlanActs
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Act:
    """A button: its words and where it leads; ``main`` for what carries the budget a step on."""

    label: str
    href: str
    main: bool = False


def in_order(acts: Sequence[Act]) -> tuple[list[Act], list[Act]]:
    """The one button to press first, if there is one, and the others."""
    sorted_acts = sorted(acts, key=lambda act: not act.main)
    first = [act for act in sorted_acts[:1] if act.main]
    return first, sorted_acts[len(first) :]


def plan_buttons(head_reference: str, acts: PlanActs, *, whole: bool) -> list[Act]:
    """What may be done with the plan: sending it is the next step once it is ``whole``, writing it until then."""
    ways = [
        (acts.sign_off, "Sign the plan off", routes.STAFF_PLAN_SIGN_OFF, True),
        (acts.check, "Check the money", routes.STAFF_PLAN_CHECK, True),
        (acts.approve, "Approve the plan", routes.STAFF_PLAN_APPROVE, True),
        (acts.send_back, "Return the plan", routes.STAFF_PLAN_RETURN, False),
        (acts.submit, "Check and send the plan", routes.STAFF_PHB_PLAN, whole),
        (acts.write, "Write the words", routes.STAFF_PLAN_WORDS, not whole),
        (acts.write, "Add an outcome", routes.STAFF_PLAN_OUTCOME, False),
        (acts.write, "Add a service", routes.STAFF_PLAN_SERVICE, False),
    ]
    return [Act(label, routes.of_phb(route, head_reference), main) for possible, label, route, main in ways if possible]


def budget_buttons(reference: str, acts: PlanActs, streams: Sequence[StreamRecord]) -> list[Act]:
    """What may be done with the draft budget."""
    if not acts.budget:
        return []
    found = [Act("Add a stream", routes.of_phb(routes.STAFF_MONEY_STREAM, reference))]
    if any(s.status is StreamStatus.PROPOSED for s in streams):
        found.append(Act("Add a budget line", routes.of_phb(routes.STAFF_MONEY_LINE, reference)))
    if streams:
        found.append(Act("Say who pays", routes.of_phb(routes.STAFF_MONEY_FUNDING, reference)))
    return found


def payment_buttons(reference: str, payments: Sequence[PaymentRow]) -> list[Act]:
    """The payments that wait for this person to confirm them."""
    return [
        Act(
            f"Confirm {row.reference}",
            routes.of_phb(routes.STAFF_MONEY_CONFIRM, reference, payment=row.reference),
            True,
        )
        for row in payments
        if row.may_confirm
    ]


def stream_buttons(uow: UnitOfWork, case: Case, streams: Sequence[StreamRecord]) -> list[Act]:
    """What may be done with each stream: pay, record spending, see, enter and approve bank details."""
    records = may(uow, Permission.PAYMENT_RECORD, case)
    spends = may(uow, Permission.SPENDING_RECORD, case)
    proposes = may(uow, Permission.ACCOUNT_PROPOSE, case)
    arranges = may(uow, Permission.ARRANGEMENT_READ, case)
    agrees = may(uow, Permission.PAYEE_AGREEMENT_READ, case)
    found: list[Act] = []
    for stream in streams:
        direct, reads = stream.method is not Method.NOTIONAL, bool(stream.view.account)
        third = stream.method is Method.THIRD_PARTY and stream.payable
        approves = direct and _approves(uow, case, stream)
        ways = [
            (approves, "Approve the bank details", routes.STAFF_MONEY_ACCOUNT, True),
            (direct and proposes and not reads and not stream.is_closed, "Enter bank details",
             routes.STAFF_MONEY_NEW_ACCOUNT, stream.payable),
            (records and stream.payable and not stream.view.hindrance, "Record a payment",
             routes.STAFF_MONEY_PAYMENT, True),
            (third and arranges, "See the arrangement (ISF)", routes.STAFF_ISF, bool(stream.view.hindrance)),
            (spends and bool(stream.view.with_payee), "Record spending", routes.STAFF_MONEY_SPENDING, False),
            (direct and reads and not approves, "See the bank details", routes.STAFF_MONEY_ACCOUNT, False),
        ]  # fmt: skip
        of = "" if len(streams) == 1 else f": {stream.view.name[:1].lower()}{stream.view.name[1:]}"
        found += [
            Act(words + of, routes.of_phb(route, case.head.reference, stream=str(stream.id)), main)
            for possible, words, route, main in ways
            if possible
        ]
        if stream.payable and agrees:
            found += _agreements(case, stream, of)
    return found


def _agreements(case: Case, stream: StreamRecord, of: str) -> list[Act]:
    """The agreements of a stream: that about a direct payment goes by no other name."""
    kinds = stream.agreements or ((AgreementKind.DIRECT_PAYMENT,) if stream.method is Method.DIRECT_PAYMENT else ())
    main = stream.status is StreamStatus.AGREED
    return [
        Act(
            ("See the agreement" if kind is AgreementKind.DIRECT_PAYMENT
             else f"See the agreement about {ABOUT_WORDS[kind]}") + of,
            routes.of_phb(routes.STAFF_PAYEE_AGREEMENT, case.head.reference, stream=str(stream.id), kind=kind.value),
            main and kind in PAID_AFTER,
        )
        for kind in kinds
    ]  # fmt: skip


def wheelchair_buttons(uow: UnitOfWork, case: Case, wheelchair: WheelchairView) -> list[Act]:
    """Of a wheelchair user's budget: the wheelchair to work out, or to see; and who adds to it, while some is open."""
    if case.cohort is not Cohort.WHEELCHAIR:
        return []
    if wheelchair.id:
        found = [Act("See the wheelchair budget", record_address(WHEELCHAIRS, wheelchair.id))]
        if wheelchair.unpromised and may(uow, Permission.WHEELCHAIR_WRITE, case):
            adds = new_address(CONTRIBUTIONS, {"wheelchair_id": wheelchair.id})
            found.append(Act("Record who adds to the wheelchair", adds, True))
        return found
    writes = case.status in BEFORE_PLANNING | IN_PLANNING and may(uow, Permission.WHEELCHAIR_WRITE, case)
    first = case.status in IN_PLANNING
    return [Act("Work out the wheelchair budget", new_address(WHEELCHAIRS, {"phb_id": str(case.id)}), first)] if (
        writes
    ) else []  # fmt: skip


def life_buttons(uow: UnitOfWork, case: Case) -> list[Act]:
    """What may be done as a life goes on: a review set, the budget closed, or what it left settled."""
    found: list[Act] = []
    if case.status in LIVE and may(uow, Permission.REVIEW_WRITE, case):
        found.append(Act("Set a review", new_address(REVIEWS, {"phb_id": str(case.id)})))
    if case.status in LIVE and may(uow, Permission.ENDING_BEGIN, case):
        found.append(Act("Say that it has ended", new_address(ENDINGS, {"phb_id": str(case.id)})))
    if case.status is PhbStatus.CLOSING and (ending := open_ending(uow.session, uow.actor, uow.today, case.id)):
        settles = may(uow, Permission.ENDING_SETTLE, case) or may(uow, Permission.ENDING_CLOSE, case)
        found.append(Act("See what is left to settle", record_address(ENDINGS, ending), settles))
    return found


def _approves(uow: UnitOfWork, case: Case, stream: StreamRecord) -> bool:
    made_by = frozenset({stream.account_proposed_by} if stream.account_proposed_by else ())
    proposed = stream.account is not None and stream.account.status is AccountStatus.PROPOSED
    about = Subject(icbs=frozenset({case.icb_id}), made_by=made_by)
    return proposed and uow.decide(Permission.ACCOUNT_APPROVE, about).allowed
