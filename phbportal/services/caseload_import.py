"""Bringing in a caseload: all of a file or nothing, prepared by one person and approved by another.

What the portal already has is told by content, not by file: the same rows in another order, under other headings or in
another file change nothing and post nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from phbportal.domain.errors import Refusal
from phbportal.domain.imports import Outcome
from phbportal.domain.text import search_key
from phbportal.gateways.caseload_draft import LABELS
from phbportal.gateways.caseload_file import Caseload, CaseRow
from phbportal.gateways.tabular import RowProblem
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Came, Decided, Made, told
from phbportal.services.caseload_budgets import BudgetMatch, match_budgets
from phbportal.services.caseload_known import (
    SOURCE,
    last_written_by_file,
    read_budgets,
    read_case_managers,
    read_eligibility,
    read_people,
    read_references,
)
from phbportal.services.caseload_opening import Opening, draw_references, open_budget, post_money
from phbportal.services.caseload_people import (
    Doubts,
    PersonMatch,
    Refuse,
    match_people,
    refuse_what_was_written_by_hand,
)
from phbportal.services.caseload_providers import Providers, check_provider, read_providers
from phbportal.services.import_report import FileRefused, ImportReport
from phbportal.services.new_rows import NewRows
from phbportal.services.references import next_number
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Import, Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task

KIND = "CASELOAD"
MOST_WAITING = 20_000
"""Rows kept in memory before they are written."""


@dataclass(frozen=True, slots=True)
class _Decided:
    """What a file comes to."""

    people: list[PersonMatch]
    budgets: list[BudgetMatch]
    providers: Providers
    refused: tuple[RowProblem, ...]
    doubts: Doubts

    def rows_changed(self) -> set[int]:
        """Numbers of the rows that change something the portal has."""
        numbers = {row.row for match in self.people if match.changes for row in match.rows}
        for budget in self.budgets:
            numbers |= budget.email_rows | ({row.row for row in budget.rows} if budget.case_manager_changes else set())
        return numbers


def bring_in_caseload(
    uow: UnitOfWork, caseload: Caseload, board: Organisation, approver: Actor | None, *, dry_run: bool = False,
    said: Decided | None = None,
) -> ImportReport:  # fmt: skip
    """Bring a caseload file into a board. The actor prepared it; the approver is another person. ``said`` is what was
    decided of rows that may mean somebody the portal has.

    Raises FileRefused, with the report, where any row is refused: then nothing of the file is brought in. A dry run
    writes nothing, needs no approver, and reports what would have been, refusals and all.
    """
    _check_leave(uow, board, approver)
    if approver is None and not dry_run:
        raise Refusal(
            "A caseload is approved by a second person. Name an approver of the board with --approve-as, or see what "
            "would happen with --dry-run."
        )
    if not dry_run:
        next_number(uow, f"import:{board.ods_code}")  # held to the end: two at once take turns
    decided = _decide(uow, caseload, board.id, Doubts(said or Decided()), lock=not dry_run)
    report = _report(caseload, decided, dry_run=dry_run)
    if dry_run or approver is None:
        return report
    if report.refused:
        raise FileRefused(report)
    made = _write(uow, decided, board, approver)
    uow.add(
        Import, kind=KIND, icb_id=board.id, sha256=caseload.sha256, outcome=json.dumps(report.counts()),
        approved_by=approver.user_id,
    )  # fmt: skip
    uow.record("caseload_brought_in", icb_id=board.id, approver=approver.display_name, **report.counts())
    return replace(report, made=made)


def _check_leave(uow: UnitOfWork, board: Organisation, approver: Actor | None) -> None:
    uow.require(Permission.CASELOAD_PREPARE, Subject(icbs=frozenset({board.id})))
    if approver is not None:
        prepared = Subject(icbs=frozenset({board.id}), made_by=frozenset({uow.actor.user_id or UUID(int=0)}))
        replace(uow, actor=approver).require(Permission.CASELOAD_APPROVE, prepared)


def _decide(uow: UnitOfWork, caseload: Caseload, icb_id: UUID, doubts: Doubts, *, lock: bool) -> _Decided:
    """Match every row with what the portal has, and say all that is wrong at once."""
    refused: list[RowProblem] = []

    def refuse(row: CaseRow, column: str, sentence: str) -> None:
        problem = RowProblem(row.row, column, sentence)
        if problem not in said:
            said.add(problem)
            refused.append(problem)

    said: set[RowProblem] = set()
    rows = caseload.rows
    people = match_people(read_people(uow, icb_id, rows, lock=lock), rows, refuse, doubts)
    known = {match.person.id for match in people if match.person}
    changing = {match.person.id for match in people if match.person and match.changes}
    refuse_what_was_written_by_hand(people, last_written_by_file(uow, changing), refuse)
    budgets = match_budgets(people, read_budgets(uow, known, lock=lock), read_references(uow, rows), icb_id, refuse)
    _name_case_managers(uow, icb_id, rows, budgets, refuse)
    providers = read_providers(uow, rows)
    for budget in budgets:
        for row in budget.rows if budget.standing is None else ():
            check_provider(providers, row, refuse)
    order = {column: place for place, column in enumerate(LABELS)}
    refused.sort(key=lambda problem: (problem.row, order.get(problem.column, 0)))
    both = sorted((*caseload.problems, *refused), key=lambda problem: problem.row)
    return _Decided(people, budgets, providers, tuple(both), doubts)


def _name_case_managers(
    uow: UnitOfWork, icb_id: UUID, rows: Sequence[CaseRow], budgets: list[BudgetMatch], refuse: Refuse
) -> None:
    """Whom each budget is for. What a file said before, and a person has changed since, it does not change back."""
    today, anybody = read_case_managers(uow, icb_id, rows)
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


def _report(caseload: Caseload, decided: _Decided, *, dry_run: bool) -> ImportReport:
    created = {row.row for budget in decided.budgets if budget.standing is None for row in budget.rows}
    changed = decided.rows_changed() - created
    wrong = {problem.row for problem in decided.refused}
    same = {row.row for row in caseload.rows} - created - changed - wrong
    taken = not wrong
    return ImportReport(
        sha256=caseload.sha256, dry_run=dry_run, rows=caseload.row_count, created=len(created) * taken,
        changed=len(changed) * taken, unchanged=len(same), refused=decided.refused,
        notes=(*caseload.notes, *decided.doubts.notes), came=_came(caseload, decided, created, changed),
    )  # fmt: skip


def _came(caseload: Caseload, decided: _Decided, created: set[int], changed: set[int]) -> tuple[Came, ...]:
    """What becomes of every row. Of one that could not be read its number is all that is known."""
    rows: dict[int, tuple[Outcome, str]] = {}
    for row in caseload.rows:
        new, differs = row.row in created, row.row in changed
        outcome = Outcome.NEW if new else Outcome.CHANGED if differs else Outcome.SAME
        rows[row.row] = (outcome, f"{row.given_name} {row.family_name}")
    for problem in decided.refused:
        if problem.row:
            rows[problem.row] = (Outcome.REFUSED, rows.get(problem.row, (None, ""))[1])
    said = (*decided.refused, *decided.doubts.notes, *caseload.notes)
    return told(rows, said, lambda column: LABELS.get(column, column), decided.doubts.asked)


def _write(uow: UnitOfWork, decided: _Decided, board: Organisation, approver: Actor) -> tuple[Made, ...]:
    new = NewRows(
        uow, Organisation, Person, PersonResponsibility, Eligibility, Phb, BudgetVersion, PayeeAccount, Stream, Review,
        Task,
    )  # fmt: skip
    known = {match.person.id for match in decided.people if match.person}
    opened = [budget.first.phb_reference for budget in decided.budgets if budget.standing is None]
    references = draw_references(uow, [given for given in opened if given], opened.count(None))
    opening = Opening(uow, board, approver, new, decided.providers, read_eligibility(uow, board.id, known), references)
    ids: dict[str, UUID] = {}
    changed: list[Made] = []
    journals: list[UUID] = []
    for match in decided.people:
        ids[match.first.person_key] = _write_person(uow, match, board, new, changed)
        if new.waiting > MOST_WAITING:
            new.write()
    for budget in decided.budgets:
        if budget.standing is None:
            open_budget(opening, budget, ids[budget.first.person_key])
        else:
            _change_budget(uow, budget, new, changed)
        if new.waiting > MOST_WAITING:
            new.write()
            journals += post_money(opening)
    new.write()
    journals += post_money(opening)
    made = (*(Made(table, row_id) for table, row_id in new.made), *(Made(LedgerJournal, one) for one in journals))
    return (*made, *changed)


def _write_person(
    uow: UnitOfWork, match: PersonMatch, board: Organisation, new: NewRows, changed: list[Made]
) -> UUID:  # fmt: skip
    """Add a person, with the board answering for them since they were eligible, or change what a file may."""
    if match.person is not None:
        if match.changes:
            given_name = match.changes.get("given_name", match.person.given_name)
            family_name = match.changes.get("family_name", match.person.family_name)
            differs = uow.change(match.person, **match.changes, **_searchable(given_name, family_name))
            changed.append(Made(Person, match.person.id, {name: was for name, (was, _now) in differs.items()}))
            held = {name: pair for name, pair in differs.items() if not name.startswith("search_")}
            new.record("person_changed", about=match.person.id, icb_id=board.id, person_id=match.person.id,
                       fields=sorted(match.changes), held=held, source=SOURCE)  # fmt: skip
        return match.person.id
    row = match.first
    since = min(uow.today, *(row.eligible_from for row in match.rows))
    person_id = new.put(
        Person, given_name=row.given_name, family_name=row.family_name, date_of_birth=row.date_of_birth,
        nhs_number=row.nhs_number, nhs_number_status=row.nhs_number_status, local_reference=row.local_reference,
        postcode=row.postcode, **_searchable(row.given_name, row.family_name),
    )  # fmt: skip
    # A board answers for nobody before it exists.
    new.put(PersonResponsibility, person_id=person_id, icb_id=board.id, starts_on=max(since, board.valid_from or since))
    new.record("person_added", about=person_id, icb_id=board.id, person_id=person_id, source=SOURCE)
    return person_id


def _searchable(given_name: str, family_name: str) -> dict[str, str]:
    return {
        "search_name": search_key(f"{family_name} {given_name}")[:200],
        "search_given": search_key(f"{given_name} {family_name}")[:200],
    }


def _change_budget(uow: UnitOfWork, budget: BudgetMatch, new: NewRows, changed: list[Made]) -> None:
    assert budget.standing is not None
    phb = budget.standing.phb
    about = {"icb_id": phb.icb_id, "phb_id": phb.id, "person_id": phb.person_id}
    if budget.case_manager_changes:
        differs = uow.change(phb, case_manager_id=budget.case_manager_id)
        changed.append(Made(Phb, phb.id, {name: was for name, (was, _now) in differs.items()}))
        new.record("case_manager_changed", about=phb.id, **about, case_manager=budget.case_manager_id, source=SOURCE)
    if budget.emails:
        new.record("payee_email_noted", **about, emails=budget.emails)
