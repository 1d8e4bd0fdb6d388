"""The buttons of a budget: what this person may do with it now, the next step first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phbportal import routes
from phbportal.domain.streams import AccountStatus, Method, StreamStatus
from phbportal.pages.staff.phb_frame import may
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.queries.phbs import Case
from phbportal.queries.streams import StreamRecord
from phbportal.services.plan_acts import PlanActs
from phbportal.services.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Act:
    """A button: its words and where it leads."""

    label: str
    href: str


def plan_buttons(reference: str, acts: PlanActs) -> list[Act]:
    """What may be done with the plan, the nearest to the next step first."""
    ways = [
        (acts.sign_off, "Sign the plan off", routes.STAFF_PLAN_SIGN_OFF),
        (acts.approve, "Approve the plan", routes.STAFF_PLAN_APPROVE),
        (acts.send_back, "Return the plan", routes.STAFF_PLAN_RETURN),
        (acts.submit, "Check and send the plan", routes.STAFF_PHB_PLAN),
        (acts.write, "Write the words", routes.STAFF_PLAN_WORDS),
        (acts.write, "Add an outcome", routes.STAFF_PLAN_OUTCOME),
        (acts.write, "Add a service", routes.STAFF_PLAN_SERVICE),
    ]
    return [Act(label, routes.of_phb(route, reference)) for possible, label, route in ways if possible]


def budget_buttons(reference: str, acts: PlanActs, streams: Sequence[StreamRecord]) -> list[Act]:
    """What may be done with the draft budget."""
    if not acts.budget:
        return []
    found = [Act("Add a stream", routes.of_phb(routes.STAFF_MONEY_STREAM, reference))]
    if any(s.status is StreamStatus.PROPOSED for s in streams):
        found.append(Act("Add a budget line", routes.of_phb(routes.STAFF_MONEY_LINE, reference)))
    return found


def stream_buttons(uow: UnitOfWork, case: Case, streams: Sequence[StreamRecord]) -> list[Act]:
    """What may be done with each stream: pay, record spending, see, enter and approve bank details."""
    records = may(uow, Permission.PAYMENT_RECORD, case)
    spends = may(uow, Permission.SPENDING_RECORD, case)
    proposes = may(uow, Permission.ACCOUNT_PROPOSE, case)
    found: list[Act] = []

    def add(possible: bool, words: str, route: str, stream: StreamRecord) -> None:
        if possible:
            name = stream.view.name[:1].lower() + stream.view.name[1:]
            label = words if len(streams) == 1 else f"{words}: {name}"
            found.append(Act(label, routes.of_phb(route, case.head.reference, stream=str(stream.id))))

    for stream in streams:
        direct = stream.method is Method.DIRECT_PAYMENT
        add(records and stream.payable, "Record a payment", routes.STAFF_MONEY_PAYMENT, stream)
        add(spends and bool(stream.view.with_payee), "Record spending", routes.STAFF_MONEY_SPENDING, stream)
        if stream.view.account:
            words = "Approve the bank details" if _approves(uow, case, stream) else "See the bank details"
            add(direct, words, routes.STAFF_MONEY_ACCOUNT, stream)
        else:
            add(direct and proposes, "Enter bank details", routes.STAFF_MONEY_NEW_ACCOUNT, stream)
    return found


def _approves(uow: UnitOfWork, case: Case, stream: StreamRecord) -> bool:
    made_by = frozenset({stream.account_proposed_by} if stream.account_proposed_by else ())
    proposed = stream.account is not None and stream.account.status is AccountStatus.PROPOSED
    about = Subject(icbs=frozenset({case.icb_id}), made_by=made_by)
    return proposed and uow.decide(Permission.ACCOUNT_APPROVE, about).allowed
