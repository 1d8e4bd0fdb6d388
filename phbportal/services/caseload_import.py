"""Bringing in a caseload: all of a file or nothing, prepared by one person and approved by another.

What the portal already has is told by content, not by file: the same rows in another order, under other headings or in
another file change nothing and post nothing.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TypeVar
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.imports import Outcome
from phbportal.domain.phbs import PhbStatus
from phbportal.domain.streams import Method
from phbportal.domain.text import plural
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import Caseload, CaseRow
from phbportal.gateways.tabular import RowProblem
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.permissions import Permission
from phbportal.services.behind import Behind
from phbportal.services.bringing_in import Came, Decided, Made, told
from phbportal.services.caseload_budgets import BudgetMatch, NewBudget, match_budgets
from phbportal.services.caseload_changes import change_budgets, change_people, searchable
from phbportal.services.caseload_known import (
    SOURCE,
    last_written_by_file,
    read_budgets,
    read_case_managers,
    read_eligibility,
    read_people,
    read_references,
)
from phbportal.services.caseload_opening import Opening, draw_references, open_budget
from phbportal.services.caseload_people import (
    Doubts,
    Met,
    PersonMatch,
    Refuse,
    by_person,
    match_people,
    refuse_what_was_written_by_hand,
)
from phbportal.services.caseload_providers import Providers, check_provider, read_providers
from phbportal.services.import_report import FileRefused, ImportReport
from phbportal.services.many_rows import parts_of
from phbportal.services.new_rows import Ids, NewRows
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Import, Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task

T = TypeVar("T")
KIND = "CASELOAD"
AT_ONCE = 2_000
"""People of a file that are matched together: what the portal has of them is in memory meanwhile."""
MOST_WAITING = 40_000
"""Rows kept in memory before they are written. Each time the thread behind is answered it waits its turn."""
_NO_APPROVER = (
    "A caseload is approved by a second person. Name an approver of the board with --approve-as, or see what would "
    "happen with --dry-run."
)


@dataclass(slots=True)
class _Decided:
    """What a file comes to: what is new of it, what it changes, and what becomes of its rows by their numbers."""

    providers: Providers
    doubts: Doubts
    budgets: list[NewBudget] = field(default_factory=list[NewBudget])
    """Those to be opened, the budgets of a person together: everybody who is new has one."""
    changed_people: list[PersonMatch] = field(default_factory=list[PersonMatch])
    changed_budgets: list[BudgetMatch] = field(default_factory=list[BudgetMatch])
    created: set[int] = field(default_factory=set[int])
    changed: set[int] = field(default_factory=set[int])
    refused: list[RowProblem] = field(default_factory=list[RowProblem])

    def refuse(self, row: CaseRow, column: str, sentence: str) -> None:
        """Keep one thing wrong, once."""
        problem = RowProblem(row.row, column, sentence)
        if problem not in self._said:
            self._said.add(problem)
            self.refused.append(problem)

    _said: set[RowProblem] = field(default_factory=set[RowProblem])


@dataclass(frozen=True, slots=True)
class Ready:
    """A caseload of which it is known what becomes of every row, and what is to be written of it."""

    report: ImportReport
    decided: _Decided


def bring_in_caseload(
    uow: UnitOfWork, caseload: Caseload, board: Organisation, approver: Actor | None, *, dry_run: bool = False,
    said: Decided | None = None,
) -> ImportReport:  # fmt: skip
    """Bring a caseload file into a board. The actor prepared it; the approver is another person. ``said`` is what was
    decided of rows that may mean somebody the portal has.

    Raises FileRefused, with the report, where any row is refused: then nothing of the file is brought in. A dry run
    writes nothing, needs no approver, and reports what would have been, refusals and all.
    """
    ready = decide_caseload(uow, caseload, board, approver, dry_run=dry_run, said=said)
    return ready.report if dry_run else write_caseload(uow, ready, board, approver)


def decide_caseload(
    uow: UnitOfWork, caseload: Caseload, board: Organisation, approver: Actor | None, *, dry_run: bool,
    said: Decided | None = None,
) -> Ready:  # fmt: skip
    """The first half of ``bring_in_caseload``: what becomes of every row. The file's rows are in what it returns, and
    go from there as they are written: whoever has no other use for the file lets go of it before."""
    _check_leave(uow, board, approver)
    if approver is None and not dry_run:
        raise Refusal(_NO_APPROVER)
    if not dry_run:
        next_number(uow, f"import:{board.ods_code}")  # held to the end: two at once take turns
    decided = _decide(uow, caseload, board.id, Doubts(said or Decided()), lock=not dry_run)
    return Ready(_report(caseload, decided, uow.today, dry_run=dry_run), decided)


def write_caseload(uow: UnitOfWork, ready: Ready, board: Organisation, approver: Actor | None) -> ImportReport:
    """The second half: what was decided in the same transaction is written, once. Raises as ``bring_in_caseload``."""
    _check_leave(uow, board, approver)
    if approver is None:
        raise Refusal(_NO_APPROVER)
    report = ready.report
    if report.refused:
        raise FileRefused(report)
    new, changed = _write(uow, ready.decided, board, approver)
    uow.add(
        Import, kind=KIND, icb_id=board.id, sha256=report.sha256, outcome=json.dumps(report.counts()),
        approved_by=approver.user_id,
    )  # fmt: skip
    uow.record("caseload_brought_in", icb_id=board.id, approver=approver.display_name, **report.counts())
    return replace(report, made=changed, new=new)


def _check_leave(uow: UnitOfWork, board: Organisation, approver: Actor | None) -> None:
    uow.require(Permission.CASELOAD_PREPARE, Subject(icbs=frozenset({board.id})))
    if approver is not None:
        prepared = Subject(icbs=frozenset({board.id}), made_by=frozenset({uow.actor.user_id or UUID(int=0)}))
        replace(uow, actor=approver).require(Permission.CASELOAD_APPROVE, prepared)


def _decide(uow: UnitOfWork, caseload: Caseload, icb_id: UUID, doubts: Doubts, *, lock: bool) -> _Decided:
    """Match every row with what the portal has, some people at a time, and say all that is wrong at once."""
    rows = caseload.rows
    decided, met = _Decided(read_providers(uow, rows), doubts), Met()
    managers = read_case_managers(uow, icb_id, rows)
    for groups in parts_of(by_person(rows), AT_ONCE):
        part = [row for group in groups for row in group]
        people = match_people(read_people(uow, icb_id, part, lock=lock), groups, met, doubts, decided.refuse)
        known = {match.person.id for match in people if match.person}
        changing = {match.person.id for match in people if match.person and match.changes}
        refuse_what_was_written_by_hand(people, last_written_by_file(uow, changing), decided.refuse)
        standing, taken = read_budgets(uow, known, lock=lock), read_references(uow, part)
        budgets = match_budgets(people, standing, taken, icb_id, decided.refuse)
        _name_case_managers(managers, part, budgets, decided.refuse)
        _sort(decided, people, budgets)
    order = {column: place for place, column in enumerate(LABELS)}
    decided.refused.sort(key=lambda problem: (problem.row, order.get(problem.column, 0)))
    decided.refused = sorted((*caseload.problems, *decided.refused), key=lambda problem: problem.row)
    return decided


def _sort(decided: _Decided, people: list[PersonMatch], budgets: list[BudgetMatch]) -> None:
    """Keep of some rows what is to be written, and let go of the rest: most of a file brought in again is the same."""
    for match in people:
        if match.person is not None and match.changes:
            decided.changed_people.append(match)
            decided.changed.update(row.row for row in match.rows)
    for budget in budgets:
        numbers = [row.row for row in budget.rows]
        if budget.standing is None:
            for row in budget.rows:
                check_provider(decided.providers, row, decided.refuse)
            decided.budgets.append(NewBudget(budget.rows, budget.case_manager_id, budget.person))
            decided.created.update(numbers)
        elif budget.case_manager_changes or budget.emails:
            decided.changed_budgets.append(budget)
            decided.changed.update(budget.email_rows, numbers if budget.case_manager_changes else ())


def _name_case_managers(
    managers: tuple[dict[str, UUID], dict[str, set[UUID]]], rows: Sequence[CaseRow], budgets: list[BudgetMatch],
    refuse: Refuse,
) -> None:  # fmt: skip
    """Whom each budget is for. What a file said before, and a person has changed since, it does not change back."""
    today, anybody = managers
    as_before: set[int] = set()
    for budget in budgets:
        email, standing = budget.first.case_manager_email.lower(), budget.standing
        budget.case_manager_id = today.get(email)
        if standing is None or not standing.brought_in:
            continue
        now, said = standing.phb.case_manager_id, standing.case_manager_said
        if anybody[email] & {now, said}:
            as_before |= {row.row for row in budget.rows}
        elif now == said:
            budget.case_manager_changes = True
        else:
            for row in budget.rows:
                refuse(
                    row, "case_manager_email",
                    "The portal has given this budget another case manager since it was brought in. Write that one in "
                    "the file.",
                )  # fmt: skip
    for row in rows:
        if row.case_manager_email.lower() not in today and row.row not in as_before:
            refuse(
                row, "case_manager_email",
                "Nobody with this e-mail address is a case manager of the board today. Check the address, or invite "
                "them first.",
            )  # fmt: skip


def _report(caseload: Caseload, decided: _Decided, today: date, *, dry_run: bool) -> ImportReport:
    created, changed = decided.created, decided.changed - decided.created
    wrong = {problem.row for problem in decided.refused}
    same = {row.row for row in caseload.rows} - created - changed - wrong
    taken = not wrong
    notes = *_paid_before(decided, today), *caseload.notes, *decided.doubts.notes
    return ImportReport(
        sha256=caseload.sha256, dry_run=dry_run, rows=caseload.row_count, created=len(created) * taken,
        changed=len(changed) * taken, unchanged=len(same), refused=tuple(decided.refused),
        notes=notes, came=_came(caseload, decided, created, changed),
    )  # fmt: skip


def _paid_before(decided: _Decided, today: date) -> list[RowProblem]:
    """From which day on the portal pays the new budgets that were paid before: as the file says, or where it does not,
    what that may do to somebody's money."""
    known = unknown = 0
    for budget in decided.budgets:
        for row in budget.rows if budget.first.phb_status not in (PhbStatus.CLOSING, PhbStatus.CLOSED) else ():
            paid = row.first_payment_on is not None and row.first_payment_on <= today
            known += row.paid_to_on is not None
            unknown += paid and not row.paid_to_on and row.weekly_amount_pence > 0 and row.method is not Method.NOTIONAL
    told: list[str] = []
    if known:
        told.append(f"The file says of {plural(known, 'stream')} to which day you have paid. The portal pays from the "
                    "day after.")  # fmt: skip
    if unknown:
        told.append(
            f"The file does not say of {plural(unknown, 'stream')} to which day you have paid. The portal asks first "
            "for the whole month or four-week cycle of today: days of it that you have paid would be paid twice, and "
            f"unpaid days before it would be left out. Give the {LABELS['paid_to_on']} (paid_to_on) in the file, or "
            "check the days of each first payment."
        )
    return [RowProblem(0, "", " ".join(told))] if told else []


def _came(caseload: Caseload, decided: _Decided, created: set[int], changed: set[int]) -> tuple[Came, ...]:
    """What becomes of every row, and whom it is about, as far as that could be read."""
    rows: dict[int, tuple[Outcome, str]] = {}
    for row in caseload.rows:
        new, differs = row.row in created, row.row in changed
        outcome = Outcome.NEW if new else Outcome.CHANGED if differs else Outcome.SAME
        rows[row.row] = (outcome, f"{row.given_name} {row.family_name}")
    for problem in decided.refused:
        if problem.row:
            known = rows.get(problem.row)
            rows[problem.row] = (Outcome.REFUSED, known[1] if known else caseload.names.get(problem.row, ""))
    said = (*decided.refused, *decided.doubts.notes, *caseload.notes)

    def heading(column: str) -> str:
        label = LABELS.get(column, "")
        return f"{label[:1].upper()}{label[1:]}" or column

    return told(rows, said, heading, decided.doubts.asked)


def _write(uow: UnitOfWork, decided: _Decided, board: Organisation, approver: Actor) -> tuple[Ids, list[Made]]:
    """Write it. Returns what was made, and what was changed."""
    new = NewRows(
        uow, Organisation, Person, PersonResponsibility, Eligibility, Phb, BudgetVersion, PayeeAccount, Stream, Review,
        Task, LedgerAccount, LedgerJournal, LedgerPosting,
    )  # fmt: skip
    known = {budget.person.person.id for budget in decided.budgets if budget.person.person}
    given = [budget.first.phb_reference for budget in decided.budgets]
    references = draw_references(uow, [one for one in given if one], given.count(None))
    eligibility = read_eligibility(uow, board.id, known)
    opening = Opening(uow, board, approver, new, decided.providers, eligibility, references)
    changed = [*change_people(uow, decided.changed_people, board.id, new)]
    changed += change_budgets(uow, decided.changed_budgets, new)
    with Behind() as behind:
        for budget in _let_go(decided.budgets):
            if budget.person.is_new:
                budget.person.new_id = _add_person(uow, budget.person, board, new)
            open_budget(opening, budget)
            if new.waiting > MOST_WAITING:
                behind.do(new.taken())
        behind.do(new.taken())
    return new.made, changed


def _let_go(many: list[T]) -> Iterator[T]:
    """Each of many in turn, which are not kept here any longer."""
    many.reverse()
    while many:
        yield many.pop()


def _add_person(uow: UnitOfWork, match: PersonMatch, board: Organisation, new: NewRows) -> UUID:
    """Add a person, with the board answering for them since they were eligible."""
    row = match.first
    since = min(uow.today, *(row.eligible_from for row in match.rows))
    person_id = new.put(
        Person, given_name=row.given_name, family_name=row.family_name, date_of_birth=row.date_of_birth,
        nhs_number=row.nhs_number, nhs_number_status=row.nhs_number_status, local_reference=row.local_reference,
        postcode=row.postcode, **searchable(row.given_name, row.family_name),
    )  # fmt: skip
    # A board answers for nobody before it exists.
    new.put(PersonResponsibility, person_id=person_id, icb_id=board.id, starts_on=max(since, board.valid_from or since))
    new.record("person_added", about=person_id, icb_id=board.id, person_id=person_id, source=SOURCE)
    return person_id
