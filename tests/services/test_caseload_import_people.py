"""Who the rows of a caseload are, and what a file may change of a person and a budget the portal has."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain.eligibility import Cohort
from phbportal.domain.phbs import PhbKind
from phbportal.gateways.caseload_cells import NEEDED
from phbportal.gateways.caseload_draft import LABELS
from phbportal.services import eligibility, people, phbs
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Task
from phbportal.tables.users import Assignment
from tests.gateways.caseload_rows import ANOTHER, NOTIONAL, TODAY, caseload
from tests.services.import_world import bring_in, counts, import_world, outcome, rows_of
from tests.support.world import World

CM = {"case_manager_email": "cm@example.org"}
FULL = CM | {"phb_reference": "PHB-2025-000007", "payee_email": "ada@example.org", "provider_name": "Larch Care"}
PAYEE = FULL | {"payee_kind": "NOMINEE", "payee_name": "Ben Adeyemi"}
UNTRACED = {"nhs_number": "", "nhs_number_status": "03"}

CHANGED = {
    "given_name": "Augusta",
    "family_name": "King",
    "nhs_number_status": "04",
    "postcode": "L1 1AA",
    "local_reference": "CM-77",
    "payee_email": "augusta@example.org",
    "case_manager_email": "cm2@example.org",
}
REFUSED = {
    "nhs_number": "9990000026",
    "date_of_birth": "1970-12-11",
    "cohort": "S117",
    "eligible_from": "2025-04-02",
    "phb_reference": "PHB-2025-000008",
    "phb_kind": "ONE_OFF",
    "phb_started_on": "2025-05-04",
    "phb_status": "SUSPENDED",
    "phb_ended_on": "2026-03-31",
    "method": "NOTIONAL",
    "stream_started_on": "2025-05-06",
    "frequency": "MONTHLY",
    "weekly_amount": "100.01",
    "one_off_amount": "1.00",
    "balance": "50.01",
    "balance_on": "2026-09-29",
    "payee_kind": "REPRESENTATIVE",
    "payee_name": "Bea Adeyemi",
    "account_name": "A Byron",
    "sort_code": "089998",
    "account_number": "66374959",
    "provider_cqc_id": "1-100000001",
    "provider_name": "Larch Homes",
    "first_payment_on": "2025-05-06",
    "paid_to_on": "2026-11-30",
    "last_review_on": "2026-05-12",
    "next_review_on": "2027-05-09",
}
TOGETHER = ("account_name", "sort_code", "account_number")
# What must change with the one cell for the row to be one a file may have.
WITH_IT = {
    "method": NOTIONAL | {"payee_name": ""},
    "phb_kind": {"weekly_amount": "0.00", "one_off_amount": "100.00"},
    "phb_ended_on": dict.fromkeys(("account_name", "sort_code", "account_number", "balance", "balance_on"), "")
    | {"phb_status": "CLOSED"},
}


@pytest.fixture
def world(engine: Engine) -> World:
    return import_world(engine)


def test_every_column_is_either_changed_or_refused() -> None:
    assert CHANGED.keys() | REFUSED.keys() | {"decision"} == LABELS.keys()  # a decision says nothing of anybody


def test_one_cell_changed_afterwards_is_changed(world: World) -> None:
    bring_in(world, caseload(PAYEE))
    journals = len(rows_of(world, LedgerJournal))
    for column, value in CHANGED.items():
        row = PAYEE | {column: value}
        assert outcome(bring_in(world, caseload(row))) == (0, 1, 0, 0), column
        assert outcome(bring_in(world, caseload(row))) == (0, 0, 1, 0), column
        assert outcome(bring_in(world, caseload(PAYEE))) == (0, 1, 0, 0), f"{column}, changed back again"
    assert len(rows_of(world, LedgerJournal)) == journals


def test_one_cell_changed_afterwards_is_refused_in_words(world: World, engine: Engine) -> None:
    bring_in(world, caseload(PAYEE))
    before = counts(engine)
    for column, value in REFUSED.items():
        report = bring_in(world, caseload(PAYEE | WITH_IT.get(column, {}) | {column: value}))
        assert outcome(report) == (0, 0, 0, 1), column
        assert column in {problem.column for problem in report.refused}
        assert all(len(problem.reason) > 40 for problem in report.refused), column
    assert counts(engine) == before


def test_an_empty_cell_says_nothing(world: World) -> None:
    bring_in(world, caseload(FULL))
    more = {"balance": {"balance_on": ""}, "balance_on": {"balance": ""}, "nhs_number": {"nhs_number_status": "03"}}
    for column in LABELS.keys() - NEEDED - {"weekly_amount", "frequency", "payee_kind"}:
        row = FULL | dict.fromkeys(TOGETHER if column in TOGETHER else (column,), "") | more.get(column, {})
        assert outcome(bring_in(world, caseload(row))) == (0, 0, 1, 0), column


def test_a_person_of_another_board_is_refused_and_nothing_told_of_them(world: World) -> None:
    entry = people.PersonEntry("Ada", "Byron", date(1970, 12, 10), "9990000018", "01")
    world.do(world.other_cm, lambda uow: people.add_person(uow, entry))
    report = bring_in(world, caseload(CM))
    assert [(p.row, p.column, p.reason) for p in report.refused] == [
        (2, "nhs_number", "This NHS number is already on another record. Ask your administrator to find it.")
    ]
    elsewhere = bring_in(world, caseload(CM | {"nhs_number": "9990000026"}))
    assert outcome(elsewhere) == (1, 0, 0, 0), "names of another board's people are not looked at"


def test_somebody_of_the_same_name_and_birth_date_with_another_number_is_for_a_person_to_decide(world: World) -> None:
    bring_in(world, caseload(CM))
    twin = CM | {"nhs_number": "9990000026", "local_reference": "CM-2"}
    report = bring_in(world, caseload(twin))
    assert [(p.row, p.column) for p in report.refused] == [(2, "nhs_number")]
    assert "Say whether this is the same person or another" in report.refused[0].reason
    entry = people.PersonEntry("Ada", "Byron", date(1970, 12, 10), "9990000026", "01", local_reference="CM-2",
                               postcode="L8 7SS")  # fmt: skip
    world.do(world.cm, lambda uow: people.add_person(uow, entry))
    assert outcome(bring_in(world, caseload(twin))) == (1, 0, 0, 0)


def test_two_of_one_name_and_birth_date_in_a_file_are_for_a_person_to_decide(world: World) -> None:
    report = bring_in(world, caseload(CM, CM | {"nhs_number": "9990000026", "local_reference": "CM-2"}))
    assert [(p.row, p.column) for p in report.refused] == [(3, "nhs_number")]


def test_a_number_that_is_somebody_elses_is_refused(world: World) -> None:
    bring_in(world, caseload(CM, CM | ANOTHER))
    stranger = CM | {"given_name": "Jo", "family_name": "Bloggs", "local_reference": "CM-9"}
    report = bring_in(world, caseload(stranger | {"date_of_birth": "1950-01-01"}))
    assert [p.column for p in report.refused] == ["date_of_birth"]
    report = bring_in(world, caseload(stranger))
    assert [p.column for p in report.refused] == ["nhs_number"]
    report = bring_in(world, caseload(CM | {"local_reference": "CM-2"}))
    assert [p.column for p in report.refused] == ["local_reference"]
    report = bring_in(world, caseload(stranger | UNTRACED | {"local_reference": "CM-2"}))
    assert [p.column for p in report.refused] == ["local_reference"]


def test_a_person_without_a_number_is_known_by_the_local_reference(world: World) -> None:
    untraced = CM | UNTRACED
    assert outcome(bring_in(world, caseload(untraced))) == (1, 0, 0, 0)
    assert outcome(bring_in(world, caseload(untraced))) == (0, 0, 1, 0)
    assert outcome(bring_in(world, caseload(CM))) == (0, 1, 0, 0), "traced since"
    assert outcome(bring_in(world, caseload(untraced))) == (0, 0, 1, 0)
    assert [(p.nhs_number, p.nhs_number_status) for p in rows_of(world, Person)] == [("9990000018", "01")]


def test_rows_that_meet_in_one_person_of_the_portal_are_refused(world: World) -> None:
    bring_in(world, caseload(CM))
    other = CM | NOTIONAL | UNTRACED | {"cohort": "WHEELCHAIR"}
    report = bring_in(world, caseload(CM | {"local_reference": ""}, other))
    assert [(p.row, p.column) for p in report.refused] == [(3, "local_reference")]


def test_a_name_in_an_offices_capitals_is_the_same_name(world: World) -> None:
    bring_in(world, caseload(CM | {"family_name": "O’Brien-Łuksza"}))
    assert outcome(bring_in(world, caseload(CM | {"family_name": "O'BRIEN-ŁUKSZA"}))) == (0, 0, 1, 0)
    report = bring_in(world, caseload(CM | {"family_name": "O'Brien-Luksza"}))
    assert [p.column for p in report.refused] == ["family_name"]


def test_a_name_that_was_written_without_its_accent_gets_it(world: World) -> None:
    bring_in(world, caseload(CM | {"family_name": "Wisniewska"}))
    assert outcome(bring_in(world, caseload(CM | {"family_name": "Wiśniewska"}))) == (0, 1, 0, 0)
    assert [(p.family_name, p.search_name) for p in rows_of(world, Person)] == [("Wiśniewska", "wisniewska ada")]


def test_what_a_person_wrote_in_the_portal_is_not_overwritten_by_a_file(world: World) -> None:
    bring_in(world, caseload(CM))
    person = rows_of(world, Person)[0]

    def moved(uow: UnitOfWork) -> None:
        entry = people.PersonEntry("Ada", "Byron", person.date_of_birth, person.nhs_number, "01",
                                   local_reference="CM-1", postcode="M1 1AA")  # fmt: skip
        people.change_person(uow, person.id, entry, seen_version=person.row_version)

    world.do(world.cm, moved)
    report = bring_in(world, caseload(CM))
    assert [(p.column, p.reason) for p in report.refused] == [
        ("postcode", "The postcode was last written in the portal by hand, and the file says otherwise. Write the same "
                     "in both.")
    ]  # fmt: skip
    assert outcome(bring_in(world, caseload(CM | {"postcode": "M1 1AA"}))) == (0, 0, 1, 0)


def test_a_person_the_board_has_already_gets_the_budget_of_the_file(world: World) -> None:
    entry = people.PersonEntry("Ada", "Byron", date(1970, 12, 10), "9990000018", "01", postcode="L8 7SS",
                               local_reference="CM-1")  # fmt: skip
    person_id = world.do(world.cm, lambda uow: people.add_person(uow, entry))
    assert outcome(bring_in(world, caseload(CM))) == (1, 0, 0, 0)
    assert [phb.person_id for phb in rows_of(world, Phb)] == [person_id]
    assert len(rows_of(world, PersonResponsibility)) == 1


def test_a_budget_that_was_opened_in_the_portal_is_not_brought_in_beside_itself(world: World) -> None:
    entry = people.PersonEntry("Ada", "Byron", date(1970, 12, 10), "9990000018", "01", postcode="L8 7SS",
                               local_reference="CM-1")  # fmt: skip

    def opened(uow: UnitOfWork) -> str:
        person_id = people.add_person(uow, entry)
        since = eligibility.EligibilityEntry(Cohort.CHC, TODAY, TODAY)
        eligible = eligibility.record_eligibility(uow, person_id, since)
        return phbs.open_phb(uow, person_id, phbs.PhbEntry(eligible, PhbKind.ONGOING))

    reference = world.do(world.cm, opened)
    report = bring_in(world, caseload(CM))
    assert [p.column for p in report.refused] == ["cohort"]
    assert reference in report.refused[0].reason


def test_a_budget_that_still_runs_with_another_board_is_not_brought_in_beside_it(world: World) -> None:
    bring_in(world, caseload(CM | {"case_manager_email": "other_cm@example.org"}), by=world.other_cm,
             approver=world.other_approver, icb="QT2")  # fmt: skip
    with world.unit(world.cm) as uow:
        person = rows_of(world, PersonResponsibility)[0]
        uow.session.get_one(PersonResponsibility, person.id).ends_on = TODAY - timedelta(days=1)
        uow.add(PersonResponsibility, person_id=person.person_id, icb_id=world.icb, starts_on=TODAY)
    report = bring_in(world, caseload(CM))
    assert [p.column for p in report.refused] == ["cohort"]
    assert "another board" in report.refused[0].reason
    assert "PHB-" not in report.refused[0].reason


def test_an_ended_budget_that_is_still_in_the_file_is_the_same_budget(world: World) -> None:
    bring_in(world, caseload(CM))
    with world.unit(world.cm) as uow:
        uow.change(uow.session.get_one(Phb, rows_of(world, Phb)[0].id), status="CLOSED", ended_on=TODAY)
    assert outcome(bring_in(world, caseload(CM))) == (0, 0, 1, 0)


def test_a_second_budget_for_another_reason_is_brought_in_for_a_known_person(world: World) -> None:
    bring_in(world, caseload(CM))
    wheelchair = CM | NOTIONAL | {"cohort": "WHEELCHAIR", "stream_started_on": "2025-09-01"}
    assert outcome(bring_in(world, caseload(CM, wheelchair))) == (1, 0, 1, 0)
    assert sorted(phb.cohort for phb in rows_of(world, Phb)) == ["CHC", "WHEELCHAIR"]


def test_a_one_off_budget_whose_start_is_changed_is_not_a_second_one(world: World) -> None:
    once = CM | {"phb_kind": "ONE_OFF", "weekly_amount": "0.00", "one_off_amount": "500.00", "frequency": "ONCE"}
    bring_in(world, caseload(once))
    assert outcome(bring_in(world, caseload(once))) == (0, 0, 1, 0)
    report = bring_in(world, caseload(once | {"phb_started_on": "2025-05-04"}))
    assert [p.column for p in report.refused] == ["phb_started_on"]


def test_a_stream_is_not_added_to_a_budget_that_runs(world: World) -> None:
    bring_in(world, caseload(CM))
    report = bring_in(world, caseload(CM, CM | NOTIONAL))
    assert [(p.row, p.column) for p in report.refused] == [(3, "method")]


def test_nobody_who_has_died_is_given_a_budget(world: World) -> None:
    bring_in(world, caseload(CM))
    with world.unit(world.cm) as uow:
        uow.change(uow.session.get_one(Person, rows_of(world, Person)[0].id), died_on=TODAY)
    assert outcome(bring_in(world, caseload(CM))) == (0, 0, 1, 0)
    wheelchair = CM | NOTIONAL | {"cohort": "WHEELCHAIR", "stream_started_on": "2025-09-01"}
    assert [p.column for p in bring_in(world, caseload(CM, wheelchair)).refused] == ["phb_started_on"]


def test_a_case_manager_changed_by_a_person_is_not_changed_back_by_a_file(world: World) -> None:
    bring_in(world, caseload(CM))
    with world.unit(world.cm) as uow:
        uow.change(uow.session.get_one(Phb, rows_of(world, Phb)[0].id), case_manager_id=world.cm2.user_id)
    assert outcome(bring_in(world, caseload(CM))) == (0, 0, 1, 0)
    assert outcome(bring_in(world, caseload(CM | {"case_manager_email": "cm2@example.org"}))) == (0, 0, 1, 0)
    report = bring_in(world, caseload(CM | {"case_manager_email": "case.manager@example.org"}))
    assert [p.column for p in report.refused] == ["case_manager_email"]
    assert rows_of(world, Phb)[0].case_manager_id == world.cm2.user_id


@pytest.mark.parametrize("email", ["nobody@example.org", "clinician@example.org", "other_cm@example.org"])
def test_a_case_manager_the_board_does_not_have_is_refused(world: World, email: str) -> None:
    report = bring_in(world, caseload(CM | {"case_manager_email": email}))
    assert [(p.row, p.column) for p in report.refused] == [(2, "case_manager_email")]


def test_a_case_manager_who_has_left_does_not_undo_what_was_brought_in(world: World) -> None:
    bring_in(world, caseload(CM))
    with world.unit(world.admin) as uow:
        held = uow.session.get_one(Assignment, world.cm.assignment_id)
        uow.change(held, revoked_at=uow.now)
    assert outcome(bring_in(world, caseload(CM), by=world.cm2)) == (0, 0, 1, 0)
    assert outcome(bring_in(world, caseload(CM, CM | ANOTHER), by=world.cm2)) == (0, 0, 1, 1)


def test_a_board_answers_for_nobody_before_it_exists(world: World) -> None:
    with world.unit(world.cm) as uow:
        uow.change(uow.session.get_one(Organisation, world.icb), valid_from=date(2026, 4, 1))
    bring_in(world, caseload(CM, CM | ANOTHER | {"eligible_from": "2026-06-01", "phb_started_on": "2026-06-01",
                                                 "stream_started_on": "2026-06-01", "first_payment_on": "2026-06-01",
                                                 "last_review_on": ""}))  # fmt: skip
    assert [row.starts_on for row in rows_of(world, PersonResponsibility)] == [date(2026, 4, 1), date(2026, 6, 1)]


THIRD = CM | {"method": "THIRD_PARTY", "payee_kind": "ORGANISATION", "payee_name": "Larch Care CIC",
              "account_name": "", "sort_code": "", "account_number": ""}  # fmt: skip


def organisation(world: World, name: str, kind: str, location: str | None = None, provider: str | None = None) -> None:
    with world.unit(world.admin) as uow:
        uow.add(Organisation, kind=kind, name=name, search_name=name.casefold(), cqc_location_id=location,
                cqc_provider_id=provider)  # fmt: skip


def holders(world: World) -> list[tuple[str, str]]:
    ids = [stream.organisation_id for stream in rows_of(world, Stream)]
    found = {row.id: (row.name, row.kind) for row in rows_of(world, Organisation)}
    return [found[organisation_id] for organisation_id in ids if organisation_id]


def test_an_organisation_nobody_knows_is_added_once_with_a_task_to_complete_it(world: World) -> None:
    bring_in(world, caseload(THIRD, THIRD | ANOTHER))
    bring_in(world, caseload(THIRD | {"nhs_number": "9990000034", "local_reference": "CM-3", "given_name": "Zoe"}))
    assert holders(world) == [("Larch Care CIC", "OTHER")] * 3
    assert len(rows_of(world, Organisation, col(Organisation.kind) == "OTHER")) == 1
    assert len(rows_of(world, Task, col(Task.kind) == "complete_organisation")) == 1


def test_an_organisation_is_found_by_its_number_or_its_exact_name(world: World) -> None:
    organisation(world, "Larch Care CIC", "ULO", "1-100000001", "1-200000001")
    organisation(world, "Elm House", "CARE_PROVIDER", "1-100000002", "1-200000002")
    by_provider = THIRD | ANOTHER | {"provider_cqc_id": "1-200000002"}
    assert outcome(bring_in(world, caseload(THIRD, by_provider))) == (2, 0, 0, 0)
    assert holders(world) == [("Larch Care CIC", "ULO"), ("Elm House", "CARE_PROVIDER")]
    organisation(world, "Larch Care CIC", "CARE_PROVIDER", "1-100000003")
    assert outcome(bring_in(world, caseload(THIRD, by_provider))) == (0, 0, 2, 0), "a namesake later changes nothing"


def test_an_organisation_in_doubt_is_refused(world: World) -> None:
    organisation(world, "Rose Cottage", "CARE_PROVIDER", "1-100000001", "1-200000001")
    organisation(world, "Rose Cottage", "CARE_PROVIDER", "1-100000002", "1-200000001")
    named = bring_in(world, caseload(THIRD | {"payee_name": "Rose Cottage"}))
    assert [p.column for p in named.refused] == ["payee_name"]
    unknown = bring_in(world, caseload(THIRD | {"provider_cqc_id": "1-999999999"}))
    assert "knows no provider" in unknown.refused[0].reason
    several = bring_in(world, caseload(THIRD | {"provider_cqc_id": "1-200000001"}))
    assert "more than one location" in several.refused[0].reason
    told = bring_in(world, caseload(THIRD | {"payee_name": "Rose Cottage", "provider_cqc_id": "1-100000002"}))
    assert outcome(told) == (1, 0, 0, 0)


def test_a_name_longer_than_banks_take_is_refused(world: World) -> None:
    report = bring_in(world, caseload(CM | {"account_name": "Augusta Ada Byron-King"}))
    assert [p.column for p in report.refused] == ["account_name"]


def test_no_refusal_is_kept_in_the_portal(world: World) -> None:
    before = len(rows_of(world, AuditEvent))
    bring_in(world, caseload(CM | {"case_manager_email": "nobody@example.org"}))
    assert len(rows_of(world, AuditEvent)) == before
