"""Working a budget's lines out from what was answered, with the statutory rates of the day: before they are written,
and again whenever a line beside them changes. Asks no leave: whoever writes the budget has."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.budget_sums import LineIn, LineOut, work_all_out
from phbportal.domain.budgets import BudgetKind, LineType
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.minimum_wage import looked_at_until, pay_problem
from phbportal.domain.rate_book import DatedRate, RateBook
from phbportal.domain.relations import Relation
from phbportal.domain.workers import WorkerFact, payment_problem
from phbportal.domain.workings import BY_THE_HOUR, Answers, Basis, answers_of
from phbportal.queries.scope import visible
from phbportal.services.budget_versions import running_lines
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.settings import Rate
from phbportal.tables.workers import Worker

SOMEBODY = "a personal assistant"
ONE_ONLY: dict[Basis, str] = {
    Basis.EMPLOYER_NI: "There is a line for employer’s National Insurance already. It counts everybody they employ.",
    Basis.EMPLOYER_PENSION: "There is a line for the employer’s pension already. It counts everybody they employ.",
    Basis.SHARE_OF_FUND: "There is a fee of this stream already.",
    Basis.WEEKS_KEPT: "Money is set by for emergencies in this stream already.",
}


def rate_book(uow: UnitOfWork) -> RateBook:
    """The statutory rates, as they are known today."""
    rows = uow.session.execute(
        select(col(Rate.name), col(Rate.amount), col(Rate.starts_on), col(Rate.ends_on)).where(
            visible(uow.actor, Rate, uow.today)
        )
    )
    return RateBook(DatedRate(*row) for row in rows)


def workers_of(uow: UnitOfWork, phb_id: UUID) -> dict[UUID, Worker]:
    """The workers of a budget by their ids."""
    rows = uow.session.execute(
        select(Worker).where(visible(uow.actor, Worker, uow.today), col(Worker.phb_id) == phb_id)
    ).scalars()
    return {row.id: row for row in rows}


def line_in(
    key: str, stream: Stream, line_type: str, answers: Answers | None, weekly_pence: int, one_off_pence: int,
    worker: Worker | None,
) -> LineIn:  # fmt: skip
    """A line as the sums see it. Who is paid by a stream employs with it."""
    return LineIn(
        key, str(stream.id), f"{stream.payee_kind}:{stream.payee_role_id or stream.organisation_id or ''}",
        stream.starts_on, LineType(line_type), answers, weekly_pence, one_off_pence,
        str(worker.id) if worker else "", worker.name if worker else "", bool(worker and worker.opts_in_pension),
    )  # fmt: skip


def lines_in(lines: Sequence[BudgetLine], streams: Sequence[Stream], workers: dict[UUID, Worker]) -> list[LineIn]:
    """The lines of proposed streams as the sums see them."""
    by_id = {stream.id: stream for stream in streams}
    return [
        line_in(
            str(line.id), by_id[line.stream_id], line.line_type, answers_of(line.answers) if line.answers else None,
            line.weekly_pence, line.one_off_pence, workers.get(line.worker_id) if line.worker_id else None,
        )
        for line in lines
        if line.stream_id in by_id
    ]  # fmt: skip


def _runs(uow: UnitOfWork, budget: BudgetVersion | None, workers: dict[UUID, Worker]) -> list[LineIn]:
    """The lines of what runs beside a draft that adds to it, at what they come to; none beside a first budget."""
    if budget is None or budget.kind != BudgetKind.CHANGE:
        return []
    return [
        line_in(str(line.id), stream, line.line_type, None, weekly_pence, 0,
                workers.get(line.worker_id) if line.worker_id else None)
        for stream, line, weekly_pence in running_lines(uow, budget.phb_id)
    ]  # fmt: skip


def work_lines_out(
    uow: UnitOfWork, budget: BudgetVersion, lines: Sequence[BudgetLine], streams: Sequence[Stream]
) -> None:  # fmt: skip
    """Write down what each line of a draft comes to now, and how."""
    if not any(line.answers for line in lines):
        return
    workers = workers_of(uow, budget.phb_id)
    worked = work_all_out(lines_in(lines, streams, workers), rate_book(uow), _runs(uow, budget, workers))
    for line in lines:
        if line.answers and (out := worked.get(str(line.id))):
            uow.change(
                line, weekly_pence=out.weekly_pence, one_off_pence=out.one_off_pence, annual_pence=out.annual_pence,
                working=out.words,
            )  # fmt: skip


def work_out_with(
    uow: UnitOfWork, budget: BudgetVersion | None, lines: Sequence[BudgetLine], streams: Sequence[Stream], new: LineIn
) -> tuple[LineOut, int, int]:
    """What a new line would come to beside those that are there, and what the budget would be: pence a week, and
    once. Refuses as ``check_new_line`` and the sums do."""
    workers = workers_of(uow, streams[0].phb_id)
    beside = lines_in(lines, streams, workers)
    worked = work_all_out([*beside, new], rate_book(uow), _runs(uow, budget, workers))
    return (
        worked[new.key],
        sum(out.weekly_pence for out in worked.values()),
        sum(out.one_off_pence for out in worked.values()),
    )


def check_new_line(
    uow: UnitOfWork, beside: Sequence[LineIn], new: LineIn, worker: Worker | None, ends_on: date | None
) -> None:
    """Refuse an hour paid below the minimum wage (I19), and a second line of what is counted once."""
    if new.answers is None:
        return
    sentence = ONE_ONLY.get(new.answers.basis)
    by_stream = new.answers.basis in (Basis.SHARE_OF_FUND, Basis.WEEKS_KEPT)
    for line in beside:
        same = line.stream == new.stream if by_stream else line.employer == new.employer
        if sentence and same and line.answers is not None and line.answers.basis is new.answers.basis:
            raise Refusal(sentence, field="line_type")
    if new.line_type in BY_THE_HOUR:
        who, born = (worker.name, worker.born_on) if worker else (SOMEBODY, None)
        until = looked_at_until(new.day, ends_on, uow.today)
        if problem := pay_problem(who, new.answers.price_pence, born, new.day, until, rate_book(uow)):
            raise Refusal(problem)


def pay_problems(uow: UnitOfWork, lines: Sequence[BudgetLine], streams: Sequence[Stream]) -> list[Problem]:
    """Who would be paid too little on some day (I19), and who may not be paid at all (I20).

    Asked when a plan is sent and when it is approved: rates, ages and households change in between.
    """
    by_id, problems = {stream.id: stream for stream in streams}, list[Problem]()
    told = [line for line in lines if (line.answers or line.worker_id) and line.stream_id in by_id]
    if not told:
        return []
    workers, book = workers_of(uow, streams[0].phb_id), rate_book(uow)
    for line in told:
        worker = workers.get(line.worker_id) if line.worker_id else None
        if worker and (problem := payment_problem(fact_of(worker))) and problem not in problems:
            problems.append(problem)
        if not line.answers or LineType(line.line_type) not in BY_THE_HOUR:
            continue
        who, born = (worker.name, worker.born_on) if worker else (SOMEBODY, None)
        stream = by_id[line.stream_id]
        pence = answers_of(line.answers).price_pence
        until = looked_at_until(stream.starts_on, stream.ends_on, uow.today)
        problem = pay_problem(who, pence, born, stream.starts_on, until, book, field="lines")
        if problem is not None and problem not in problems:
            problems.append(problem)
    return problems


def fact_of(worker: Worker) -> WorkerFact:
    """A worker as the rules of payment see them."""
    return WorkerFact(worker.name, Relation(worker.relation), worker.same_household, worker.excepted_on is not None)
