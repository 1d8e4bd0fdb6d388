"""Reviews: set, asked for, held, and what the holder says of their budget (SI 2013/1617 reg 14, domain.md §1.12)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.endings import LIVE
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.plans import OutcomeStatus, PlanStatus
from phbportal.domain.reading import Reading, given
from phbportal.domain.reviews import (
    CHANGE_DAYS,
    REGULAR,
    RESULT_TASKS,
    SHORTEST_FINDINGS,
    MoneyUsed,
    ReviewKind,
    ReviewResult,
    next_due,
    next_problem,
)
from phbportal.domain.roles import Role
from phbportal.domain.tasks import AGE18_SOON, AGE18_WARNING, REVIEW_FOUND, REVIEW_UNSAFE
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.services.policies import whole_setting
from phbportal.services.review_setting import add_review, check_open, open_reviews
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.plans import Outcome, Plan
from phbportal.tables.reviews import ReviewOutcome

IN_FORCE = (PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value)


@dataclass(frozen=True, slots=True)
class Progress:
    """How one outcome of the plan stands, and a few words."""

    outcome_id: UUID
    status: OutcomeStatus
    note: str = ""


@dataclass(frozen=True, slots=True)
class ReviewEntry:
    """A review as it was held. ``next_due`` is the day of the next one, empty where the budget will not go on. After a
    death nobody asks whether the care is safe or enough, or what changes: these are empty then."""

    held_on: date
    attended: str
    findings: str
    is_safe: bool | None
    is_enough: bool | None
    money_used: MoneyUsed
    result: ReviewResult | None
    actions: str = ""
    next_due: date | None = None
    progress: tuple[Progress, ...] = field(default=())


def read_review(form: Mapping[str, object], today: date, outcomes: Sequence[UUID]) -> ReviewEntry:
    """Read the form of a review. Each outcome is answered under ``outcome-{id}``, its note under ``note-{id}``."""
    r = Reading(form)
    held_on = r.day("held_on", needed="Enter the day the review was held.")
    if held_on and held_on > today:
        r.problem("The day of the review cannot be in the future.", "held_on")
    attended = r.text("attended", needed="Say who was there.", longest=500)
    progress = [
        Progress(outcome, status, r.text(f"note-{outcome}", longest=500))
        for outcome in outcomes
        if (status := r.choice(f"outcome-{outcome}", OutcomeStatus, needed="Choose how this stands.")) is not None
    ]
    findings = r.text("findings", needed="Say what you found.", longest=4000)
    if findings and len(findings) < SHORTEST_FINDINGS:
        r.problem("Say what you found in a few words more.", "findings")
    safe = _yes_no(r, "is_safe", "Say whether the care is safe.")
    enough = _yes_no(r, "is_enough", "Say whether the care and the money are enough.")
    used = r.choice("money_used", MoneyUsed, needed="Choose how the money was used.")
    result = r.choice("result", ReviewResult, needed="Choose what changes.")
    actions = r.text("actions", longest=2000)
    if not actions and (result not in (None, ReviewResult.CONTINUE) or safe is False or enough is False):
        r.problem("Say what happens now, who does it and by when.", "actions")
    chosen = r.day("next_due", needed="Enter the day of the next review.")
    r.finish()
    return ReviewEntry(
        given(held_on), attended, findings, given(safe), given(enough), given(used), given(result), actions,
        given(chosen), tuple(progress),
    )  # fmt: skip


def read_death_review(form: Mapping[str, object], today: date) -> ReviewEntry:
    """Read the form of a review after a death: the accounts, and what is left to do."""
    r = Reading(form)
    held_on = r.day("held_on", needed="Enter the day the review was held.")
    if held_on and held_on > today:
        r.problem("The day of the review cannot be in the future.", "held_on")
    attended = r.text("attended", needed="Say who was there.", longest=500)
    findings = r.text("findings", needed="Say what you found.", longest=4000)
    if findings and len(findings) < SHORTEST_FINDINGS:
        r.problem("Say what you found in a few words more.", "findings")
    used = r.choice("money_used", MoneyUsed, needed="Choose how the money was used.")
    actions = r.text("actions", longest=2000)
    r.finish()
    return ReviewEntry(given(held_on), attended, findings, None, None, given(used), None, actions)


def _yes_no(r: Reading, name: str, needed: str) -> bool | None:
    answer = r.text(name, needed=needed)
    if answer and answer not in ("yes", "no"):
        r.problem(needed, name)
    return {"yes": True, "no": False}.get(answer)


def hold_review(uow: UnitOfWork, review_id: UUID, entry: ReviewEntry) -> None:
    """Write down a review that was held: how each outcome stands, what follows, and when the next one is (I22)."""
    review = uow.find(Review, review_id, lock=True)
    uow.require(Permission.REVIEW_WRITE, review)
    check_open(review)
    phb = uow.find(Phb, review.phb_id, lock=True)
    refused = _problems(uow, phb, entry, after_death=review.kind == ReviewKind.DEATH)
    if refused:
        raise Refusal(*refused)
    _keep_progress(uow, review, entry.progress)
    uow.change(
        review, held_on=entry.held_on, held_by=uow.actor.user_id, attended=entry.attended, findings=entry.findings,
        is_safe=entry.is_safe, is_enough=entry.is_enough, money_used=entry.money_used.value,
        result=entry.result.value if entry.result else None, actions=entry.actions,
    )  # fmt: skip
    if entry.result is None:
        uow.record("death_review_held", about=review, phb_id=phb.id, person_id=phb.person_id, review=review.kind,
                   on=entry.held_on)  # fmt: skip
    else:
        uow.record("review_held", about=review, phb_id=phb.id, person_id=phb.person_id, review=review.kind,
                   on=entry.held_on, result=entry.result.value)  # fmt: skip
    _leave_to_do(uow, phb, entry)
    if review.kind == ReviewKind.AGE18:
        _end_tasks(uow, phb.id, (AGE18_WARNING, AGE18_SOON))
    if entry.next_due is not None and phb.status in {status.value for status in LIVE}:
        _set_next(uow, phb, entry.next_due)


def _problems(uow: UnitOfWork, phb: Phb, entry: ReviewEntry, *, after_death: bool) -> list[Problem]:
    problems: list[Problem] = []
    if entry.held_on < phb.opened_on:
        problems.append(Problem(f"The budget was opened on {long_date(phb.opened_on)}. Check the day.", "held_on"))
    if entry.held_on > uow.today:
        problems.append(Problem("The day of the review cannot be in the future.", "held_on"))
    if after_death:
        return problems
    if entry.is_safe is None or entry.is_enough is None or entry.result is None:
        problems.append(Problem("Say whether the care is safe and enough, and what changes.", "is_safe"))
    if phb.status in {status.value for status in LIVE}:
        if entry.next_due is None:
            problems.append(Problem("Enter the day of the next review.", "next_due"))
        else:
            months = whole_setting(uow, phb.icb_id, "review_next_months")
            problem = next_problem(entry.next_due, entry.held_on, months)
            problems += [problem] if problem else []
    missing = {o.id for o in outcomes_in_force(uow, phb.id)} - {p.outcome_id for p in entry.progress}
    problems += [Problem("Choose how this stands.", f"outcome-{outcome}") for outcome in sorted(missing)]
    return problems


def outcomes_in_force(uow: UnitOfWork, phb_id: UUID) -> list[Outcome]:
    """The outcomes of the plan that counts, in their order."""
    plan = select(col(Plan.id)).where(col(Plan.phb_id) == phb_id, col(Plan.status).in_(IN_FORCE))
    found = select(Outcome).where(col(Outcome.plan_id).in_(plan)).order_by(col(Outcome.position), col(Outcome.id))
    return list(uow.session.execute(found).scalars())


def _keep_progress(uow: UnitOfWork, review: Review, progress: Sequence[Progress]) -> None:
    outcomes = {outcome.id: outcome for outcome in outcomes_in_force(uow, review.phb_id)}
    for one in progress:
        outcome = outcomes.get(one.outcome_id)
        if outcome is None:
            raise Refusal("The plan has changed since this form was opened. Reload the page.")
        uow.add(
            ReviewOutcome, review_id=review.id, outcome_id=outcome.id, phb_id=review.phb_id, icb_id=review.icb_id,
            status=one.status.value, note=one.note,
        )  # fmt: skip
        uow.change(outcome, status=one.status.value)


def _leave_to_do(uow: UnitOfWork, phb: Phb, entry: ReviewEntry) -> None:
    """A task for what changes, and one for today where the care is not safe or not enough."""
    if entry.result and (words := RESULT_TASKS.get(entry.result)):
        _task(uow, phb, REVIEW_FOUND, f"{phb.reference}: {words}", uow.today + timedelta(days=CHANGE_DAYS))
    if entry.is_safe is False or entry.is_enough is False:
        found = "is not safe" if entry.is_safe is False else "or the money is not enough"
        _task(uow, phb, REVIEW_UNSAFE, f"{phb.reference}: the review found that the care {found}. Act today.",
              uow.today)  # fmt: skip


def _task(uow: UnitOfWork, phb: Phb, kind: str, sentence: str, due_on: date) -> None:
    uow.add(
        Task, icb_id=phb.icb_id, kind=kind, role=Role.CASE_MANAGER.value, phb_id=phb.id, person_id=phb.person_id,
        sentence=sentence[:300], due_on=due_on,
    )  # fmt: skip


def _set_next(uow: UnitOfWork, phb: Phb, due_on: date) -> None:
    """The next regular review: the yearly one that waits is moved; the first one keeps its day, which the law sets."""
    waiting = open_reviews(uow, phb.id, REGULAR)
    if not waiting:
        add_review(uow, phb, ReviewKind.ANNUAL, due_on, "")
    for review in waiting:
        if review.kind == ReviewKind.ANNUAL and uow.change(review, due_on=due_on):
            uow.record("review_moved", about=review, phb_id=phb.id, person_id=phb.person_id, review=review.kind,
                       due_on=due_on)  # fmt: skip


def _end_tasks(uow: UnitOfWork, phb_id: UUID, kinds: Sequence[str]) -> None:
    waiting = select(Task).where(col(Task.phb_id) == phb_id, col(Task.kind).in_(kinds), col(Task.done_at).is_(None))
    for task in uow.session.execute(waiting).scalars().all():
        uow.change(task, done_at=uow.now, done_by=uow.actor.user_id)


def usual_next(uow: UnitOfWork, icb_id: UUID, held_on: date) -> date:
    """The day a form proposes for the next review: the latest the board allows."""
    return next_due(held_on, whole_setting(uow, icb_id, "review_next_months"))
