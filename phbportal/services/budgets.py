"""Writing a budget: streams and lines. Totals are worked out from the lines, so they cannot disagree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.acting import ActedFor, ActingStatus, holder_payee_problem
from phbportal.domain.budget_sums import LineIn, LineOut
from phbportal.domain.budgets import (
    BudgetKind,
    BudgetStatus,
    LineFact,
    LineType,
    adding_up_problems,
)
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.isf import OrganisationFact, organisation_problem
from phbportal.domain.phbs import MONEY_AGREED, PhbStatus
from phbportal.domain.plans import PlanStatus, check_editable
from phbportal.domain.reading import Reading, given
from phbportal.domain.streams import PAYEE_WORDS, Frequency, Method, PayeeKind, StreamStatus, payee_problem
from phbportal.domain.workings import Answers
from phbportal.policy.permissions import Permission
from phbportal.queries.decided import refused_direct_payment
from phbportal.services.budget_versions import added_to, carried, changing_already, copy_shares
from phbportal.services.exclusions import refuse_excluded
from phbportal.services.funding import funding_problems
from phbportal.services.monthly_pay import kept_with_new
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.wheelchairs import wheelchair_problems
from phbportal.services.workings import (
    check_new_line,
    line_in,
    lines_in,
    pay_problems,
    work_lines_out,
    work_out_with,
)
from phbportal.services.year_money import amounts_of
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan, PlanService
from phbportal.tables.workers import Worker

FURTHEST_START_DAYS = 366
MAY_GROW = MONEY_AGREED - {PhbStatus.STOPPING, PhbStatus.CLOSING}
"""A budget that is agreed and goes on may be added to by a new version of its plan."""
ENDING = "This budget is ending, so nothing can be added to it."


@dataclass(frozen=True, slots=True)
class StreamEntry:
    method: Method
    payee_kind: PayeeKind
    starts_on: date
    frequency: Frequency
    ends_on: date | None = None
    payee_role_id: UUID | None = None
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class LineEntry:
    """A line to add. With ``answers`` its amounts are worked out from them; without, they are the ones given."""

    stream_id: UUID
    line_type: LineType
    weekly_pence: int
    one_off_pence: int
    plan_service_id: UUID | None = None
    description: str = ""
    answers: Answers | None = None
    worker_id: UUID | None = None


def read_stream(form: Mapping[str, object]) -> StreamEntry:
    """Read the stream form; a payee in the person's place is chosen by name."""
    r = Reading(form)
    organisation: UUID | None = None
    method = r.choice("method", Method, needed="Choose how the money will be managed.")
    payee = PayeeKind.NONE if method is Method.NOTIONAL else None
    named: UUID | None = None
    if method is Method.DIRECT_PAYMENT:
        payee, named = _read_payee(r)
    elif method is Method.THIRD_PARTY:
        payee = PayeeKind.ORGANISATION
        organisation = r.take("organisation", _chosen, needed="Find and choose the organisation that will hold it.")
    starts = r.day("starts_on", needed="Enter the date this starts.")
    ends = r.day("ends_on")
    if starts and ends and ends < starts:
        r.problem("The end date must be on or after the start date.", "ends_on")
    frequency = r.choice("frequency", Frequency, needed="Choose how often it is paid.")
    if method and payee and (problem := payee_problem(method, payee)):
        r.problems.append(problem)
    r.finish()
    return StreamEntry(given(method), given(payee), given(starts), given(frequency), ends, named, organisation)


def _read_payee(r: Reading) -> tuple[PayeeKind | None, UUID | None]:
    """Who a direct payment goes to: the holder, or somebody by their part, as ``NOMINEE:`` and its id."""
    kind, _, named = r.raw("payee_kind").partition(":")
    if kind == PayeeKind.HOLDER.value and not named:
        return PayeeKind.HOLDER, None
    if kind not in (PayeeKind.REPRESENTATIVE.value, PayeeKind.NOMINEE.value):
        r.problem("Choose who the money is paid to.", "payee_kind")
        return None, None
    try:
        return PayeeKind(kind), UUID(named)
    except ValueError:
        who = PAYEE_WORDS[PayeeKind(kind)].removeprefix("A ")
        r.problem(
            f"Choose the {who} by name. If there is none, propose one on the person’s record first.", "payee_kind"
        )
        return None, None


def _chosen(text: str, *, field: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal("Choose one of the organisations found.", field=field) from None


def budget_of_plan(uow: UnitOfWork, plan_id: UUID) -> BudgetVersion | None:
    """The budget written with a plan; for a plan that relies on a budget already approved or brought in, that one."""
    own = _written_with(uow, plan_id, lock=True)
    if own is not None:
        return own
    plan = uow.find(Plan, plan_id)
    return uow.session.execute(
        select(BudgetVersion)
        .where(col(BudgetVersion.phb_id) == plan.phb_id, col(BudgetVersion.status) == BudgetStatus.APPROVED.value)
        .order_by(col(BudgetVersion.version).desc())
        .limit(1)
    ).scalar_one_or_none()


def _written_with(uow: UnitOfWork, plan_id: UUID, *, lock: bool = False) -> BudgetVersion | None:
    found = select(BudgetVersion).where(col(BudgetVersion.plan_id) == plan_id)
    return uow.session.execute(found.with_for_update(key_share=True) if lock else found).scalar_one_or_none()


def draft_budget(uow: UnitOfWork, plan_id: UUID) -> tuple[Plan, BudgetVersion]:
    """The plan and its draft budget, made on first use; only while the plan is being written."""
    plan = uow.find(Plan, plan_id, lock=True)
    uow.require(Permission.BUDGET_WRITE, plan)
    check_editable(PlanStatus(plan.status))
    budget = budget_of_plan(uow, plan.id)
    if budget is None or budget.plan_id != plan.id:
        budget = _begin(uow, plan, budget)
    return plan, budget


def _begin(uow: UnitOfWork, plan: Plan, before: BudgetVersion | None) -> BudgetVersion:
    """The draft budget of a plan. Beside a budget that is agreed it holds only what is added to it: what runs already
    goes on as it is, and is counted in (ADR 0035)."""
    if before is not None and PhbStatus(uow.find(Phb, plan.phb_id).status) not in MAY_GROW:
        raise Refusal(ENDING)
    latest = uow.session.execute(
        select(func.max(BudgetVersion.version)).where(col(BudgetVersion.phb_id) == plan.phb_id)
    ).scalar_one()
    weekly, one_off = carried(uow, plan.phb_id) if before else (0, 0)
    budget = uow.add(
        BudgetVersion, phb_id=plan.phb_id, icb_id=plan.icb_id, plan_id=plan.id, version=(latest or 0) + 1,
        kind=(BudgetKind.CHANGE if before else BudgetKind.FINAL).value, status=BudgetStatus.DRAFT.value,
        weekly_pence=weekly, one_off_pence=one_off, starts_on=uow.today, prepared_by=uow.actor.user_id,
    )  # fmt: skip
    if before is not None:
        copy_shares(uow, before, budget)
    return budget


def add_stream(uow: UnitOfWork, plan_id: UUID, entry: StreamEntry) -> UUID:
    """Add a way of managing part of the money; its amounts come from its lines."""
    if problem := payee_problem(entry.method, entry.payee_kind):
        raise Refusal(problem)
    if abs((entry.starts_on - uow.today).days) > FURTHEST_START_DAYS:
        raise Refusal("The start date is more than a year away. Check the year.", field="starts_on")
    if entry.ends_on is not None and entry.ends_on < entry.starts_on:
        raise Refusal("The end date must be on or after the start date.", field="ends_on")
    organisation = _organisation(uow, entry)
    plan, budget = draft_budget(uow, plan_id)
    if entry.method is Method.DIRECT_PAYMENT and (refused := refused_direct_payment(uow.session, plan.phb_id)):
        raise Refusal(refused)
    payee = _payee(uow, plan, entry)
    stream = uow.add(
        Stream, phb_id=plan.phb_id, icb_id=plan.icb_id, method=entry.method.value, payee_kind=entry.payee_kind.value,
        status=StreamStatus.PROPOSED.value, weekly_pence=0, one_off_pence=0, starts_on=entry.starts_on,
        ends_on=entry.ends_on, frequency=entry.frequency.value, payee_role_id=payee.id if payee else None,
        organisation_id=organisation.id if organisation else None,
        payee_name=payee.name if payee else organisation.name if organisation else "",
        monthly_pay=kept_with_new(uow, plan.icb_id, entry.frequency, entry.starts_on),
    )  # fmt: skip
    recount(uow, budget)
    uow.record("stream_added", about=stream, phb_id=plan.phb_id, method=entry.method.value, starts_on=entry.starts_on)
    return stream.id


def _payee(uow: UnitOfWork, plan: Plan, entry: StreamEntry) -> PersonRole | None:
    """Whoever is paid in the holder's place. Who has not been agreed yet may be named, and is not paid before (I06)."""
    if entry.method is not Method.DIRECT_PAYMENT:
        return None
    person = uow.find(Person, uow.find(Phb, plan.phb_id).person_id)
    if entry.payee_kind is PayeeKind.HOLDER:
        day = max(entry.starts_on, uow.today)
        if problem := holder_payee_problem(ActedFor(person.date_of_birth, person.lacks_capacity), day):
            raise Refusal(problem)
        return None
    part = uow.find(PersonRole, entry.payee_role_id) if entry.payee_role_id else None
    who = PAYEE_WORDS[entry.payee_kind].removeprefix("A ")
    if part is None or part.person_id != person.id or part.role != entry.payee_kind.value:
        raise Refusal(
            f"Choose the {who} by name. If there is none, propose one on the person’s record first.", field="payee_kind"
        )
    if part.status in (ActingStatus.SUSPENDED, ActingStatus.ENDED):
        raise Refusal(f"This {who} does not act now. Choose somebody else.", field="payee_kind")
    return part


def _organisation(uow: UnitOfWork, entry: StreamEntry) -> Organisation | None:
    """The organisation that is to hold a third-party stream, if it may."""
    if entry.method is not Method.THIRD_PARTY:
        return None
    if entry.organisation_id is None:
        raise Refusal("Find and choose the organisation that will hold it.", field="organisation")
    found = uow.find(Organisation, entry.organisation_id)
    if problem := organisation_problem(
        OrganisationFact(found.kind, found.valid_to, found.gone_from_directory_on), uow.today
    ):
        raise Refusal(problem)
    return found


def add_line(uow: UnitOfWork, plan_id: UUID, entry: LineEntry) -> UUID:
    """Add a costed line to the draft budget, worked out with the lines beside it.

    Refuses an hour below the minimum wage (I19), a second line of what is counted once, and a sum that needs a rate
    that has no value on the day.
    """
    plan, budget = draft_budget(uow, plan_id)
    stream, worker, new = _new_line(uow, plan, entry)
    beside = lines_of(uow, budget)
    check_new_line(uow, lines_in(beside, _proposed(uow, budget), {}), new, worker, stream.ends_on)
    line = uow.add(
        BudgetLine, budget_id=budget.id, stream_id=stream.id, plan_service_id=entry.plan_service_id,
        position=1 + max((line.position for line in beside), default=0), line_type=entry.line_type.value,
        description=entry.description, weekly_pence=entry.weekly_pence, one_off_pence=entry.one_off_pence,
        worker_id=entry.worker_id, answers=entry.answers.kept() if entry.answers else None,
    )  # fmt: skip
    recount(uow, budget)
    uow.record(
        "line_added", about=line, phb_id=plan.phb_id, line_type=line.line_type, weekly_pence=line.weekly_pence,
        one_off_pence=line.one_off_pence,
    )  # fmt: skip
    return line.id


def preview_line(uow: UnitOfWork, plan_id: UUID, entry: LineEntry) -> tuple[LineOut, int, int]:
    """What a line would come to, and the budget with it: pence a week, and once. Nothing is written."""
    plan = uow.find(Plan, plan_id)
    uow.require(Permission.BUDGET_WRITE, plan)
    budget = _written_with(uow, plan_id)
    stream, worker, new = _new_line(uow, plan, entry)
    lines = lines_of(uow, budget) if budget else []
    streams = [s for s in streams_of(uow, plan.phb_id) if s.status == StreamStatus.PROPOSED]
    check_new_line(uow, lines_in(lines, streams, {}), new, worker, stream.ends_on)
    out, weekly, one_off = work_out_with(uow, budget, lines, streams, new)
    runs = added_to(uow, budget) if budget else (0, 0)
    return out, weekly + runs[0], one_off + runs[1]


def _new_line(uow: UnitOfWork, plan: Plan, entry: LineEntry) -> tuple[Stream, Worker | None, LineIn]:
    """A line before it is written: its stream and worker, if they belong to this budget, and how the sums see it."""
    stream = uow.find(Stream, entry.stream_id)
    if stream.phb_id != plan.phb_id or stream.status != StreamStatus.PROPOSED:
        raise Refusal("Choose a stream of this budget.", field="stream")
    excused: list[str] = []
    if entry.plan_service_id is not None:
        service = uow.find(PlanService, entry.plan_service_id)
        if service.plan_id != plan.id:
            raise Refusal("Choose a service of this plan.", field="service")
        excused = (service.excused or "").split(", ")
    refuse_excluded(uow, plan.icb_id, entry.description, field="description", excused=excused)
    worker = uow.find(Worker, entry.worker_id) if entry.worker_id else None
    if worker is not None and worker.phb_id != plan.phb_id:
        raise Refusal("Choose somebody who works for this person.", field="worker")
    new = line_in(
        NEW, stream, entry.line_type.value, entry.answers, entry.weekly_pence, entry.one_off_pence, worker
    )  # fmt: skip
    return stream, worker, new


NEW = "new"
"""The key of a line that has none yet."""


def remove_line(uow: UnitOfWork, plan_id: UUID, line_id: UUID) -> None:
    """Take a line out of a draft budget (a draft is not yet a record of anything)."""
    plan, budget = draft_budget(uow, plan_id)
    line = uow.find(BudgetLine, line_id)
    if line.budget_id != budget.id:
        raise Refusal("That line is not in this budget.")
    uow.session.delete(line)
    uow.session.flush()
    recount(uow, budget)
    uow.record("line_removed", about=budget, phb_id=plan.phb_id, line_type=line.line_type,
               weekly_pence=line.weekly_pence, one_off_pence=line.one_off_pence)  # fmt: skip


def lines_of(uow: UnitOfWork, budget: BudgetVersion) -> list[BudgetLine]:
    return list(
        uow.session.execute(
            select(BudgetLine).where(col(BudgetLine.budget_id) == budget.id).order_by(col(BudgetLine.position))
        ).scalars()
    )


def streams_of(uow: UnitOfWork, phb_id: UUID) -> list[Stream]:
    """The streams of a budget, in the order they were made."""
    return list(
        uow.session.execute(select(Stream).where(col(Stream.phb_id) == phb_id).order_by(col(Stream.id))).scalars()
    )


def _proposed(uow: UnitOfWork, budget: BudgetVersion) -> list[Stream]:
    return [s for s in streams_of(uow, budget.phb_id) if s.status == StreamStatus.PROPOSED]


def recount(uow: UnitOfWork, budget: BudgetVersion) -> None:
    """Work the lines out again, and from them the amounts of proposed streams and of the budget."""
    lines = lines_of(uow, budget)
    streams = _proposed(uow, budget)
    work_lines_out(uow, budget, lines, streams)
    for stream in streams:
        own = [line for line in lines if line.stream_id == stream.id]
        uow.change(
            stream,
            weekly_pence=sum(line.weekly_pence for line in own),
            one_off_pence=sum(line.one_off_pence for line in own),
        )
    weekly, one_off = added_to(uow, budget)
    uow.change(
        budget,
        weekly_pence=weekly + sum(line.weekly_pence for line in lines),
        one_off_pence=one_off + sum(line.one_off_pence for line in lines),
        starts_on=min((s.starts_on for s in streams), default=budget.starts_on),
        prepared_by=budget.prepared_by or uow.actor.user_id,
    )


def budget_problems(uow: UnitOfWork, budget: BudgetVersion) -> list[Problem]:
    """What does not add up (invariants I07, I09, I18), who would be paid too little and who may not be paid (I19, I20);
    an opening budget is exempt."""
    if budget.kind == BudgetKind.OPENING:
        return []
    rows, streams = lines_of(uow, budget), _proposed(uow, budget)
    lines = [
        LineFact(str(line.stream_id), line.weekly_pence, line.one_off_pence, line.plan_service_id is not None)
        for line in rows
    ]
    problems: list[Problem] = []
    weekly, one_off = added_to(uow, budget)
    if budget.kind == BudgetKind.CHANGE:
        if PhbStatus(uow.find(Phb, budget.phb_id).status) not in MAY_GROW:  # since its writing began
            problems.append(Problem(ENDING))
        problems += changing_already(uow, budget.phb_id)
        if budget.weekly_pence - weekly != sum(line.weekly_pence for line in rows):
            problems.append(Problem("What runs already has changed since this was sent. Return it, to be sent again."))
            return problems
    if not streams:
        problems.append(Problem("Add at least one stream before you send the plan.", "streams"))
    if not lines:
        problems.append(Problem("Add at least one budget line before you send the plan.", "lines"))
    problems += adding_up_problems(
        weekly_pence=budget.weekly_pence - weekly, one_off_pence=budget.one_off_pence - one_off, lines=lines,
        streams=amounts_of(streams),
    )  # fmt: skip
    problems += funding_problems(uow, budget) + wheelchair_problems(uow, budget)
    return problems + pay_problems(uow, rows, streams)
