"""A caseload is brought in whole or not at all, once however often, and by two people: on both databases."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine
from sqlmodel import col

from phbportal.domain import history
from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.policy.actors import SYSTEM
from phbportal.queries.ledger import check_ledger
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.users import board_by_code
from phbportal.tables.audit import AuditEvent
from phbportal.tables.budgets import BudgetVersion, PayeeAccount, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Import, Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.users import Assignment
from tests.gateways.caseload_rows import ANOTHER, NOTIONAL, TODAY, caseload
from tests.services.import_world import bring_in, counts, import_world, outcome, read_file, rows_of
from tests.support.world import World

CM = {"case_manager_email": "cm@example.org"}


@pytest.fixture
def world(engine: Engine) -> World:
    return import_world(engine)


def test_a_clean_file_becomes_people_budgets_and_streams(world: World) -> None:
    report = bring_in(world, read_file("clean.csv"))
    assert outcome(report) == (13, 0, 0, 0)
    people, phbs, streams = rows_of(world, Person), rows_of(world, Phb), rows_of(world, Stream)
    assert (len(people), len(phbs), len(streams)) == (12, 12, 13)
    assert {(phb.status, phb.opened_on, phb.live_on) for phb in phbs} == {
        ("ACTIVE", date(2025, 5, 5), date(2025, 5, 5))
    }
    assert [phb.reference for phb in phbs] == [f"PHB-2026-{n:06d}" for n in range(1, 13)]
    assert {phb.case_manager_id for phb in phbs} == {world.case_manager.user_id}
    assert {row.starts_on for row in rows_of(world, PersonResponsibility)} == {date(2025, 4, 1)}
    assert {row.starts_on for row in rows_of(world, Eligibility)} == {date(2025, 4, 1)}
    by_method = sorted({(stream.method, stream.status) for stream in streams})
    assert by_method == [("DIRECT_PAYMENT", "ACTIVE"), ("NOTIONAL", "ACTIVE"), ("THIRD_PARTY", "AGREED")]
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_the_opening_budget_has_a_preparer_and_an_approver(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    versions = rows_of(world, BudgetVersion)
    assert {(v.kind, v.status, v.version, v.starts_on) for v in versions} == {("OPENING", "APPROVED", 1, TODAY)}
    assert {(v.prepared_by, v.approved_by) for v in versions} == {(world.cm.user_id, world.approver.user_id)}
    run = rows_of(world, Import)[0]
    assert (run.kind, run.icb_id, run.approved_by) == ("CASELOAD", world.icb, world.approver.user_id)
    assert json.loads(run.outcome) == {"rows": 13, "created": 13, "changed": 0, "unchanged": 0, "refused": 0}


def test_bank_details_come_in_as_proposed_by_whoever_prepared_the_file(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    proposed = rows_of(world, PayeeAccount)
    assert {(a.status, a.proposed_by, a.decided_by) for a in proposed} == {("PROPOSED", world.cm.user_id, None)}
    paid_to = {stream.account_id for stream in rows_of(world, Stream) if stream.method == "DIRECT_PAYMENT"}
    assert paid_to == {account.id for account in proposed}
    assert len(proposed) == 7


def test_reviews_and_tasks_come_from_the_dates_and_methods_given(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    assert {(r.kind, r.due_on, r.held_on) for r in rows_of(world, Review)} == {
        ("ANNUAL", date(2026, 5, 11), date(2026, 5, 11)),
        ("ANNUAL", date(2027, 5, 10), None),
    }
    tasks = rows_of(world, Task)
    kinds = [task.kind for task in tasks]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "write_plan": 12, "record_consent": 7, "record_payee": 5, "confirm_organisation": 3, "complete_organisation": 1,
    }  # fmt: skip
    assert {task.due_on for task in tasks} == {TODAY + timedelta(days=28)}


def test_a_budget_with_no_review_date_is_due_one_three_months_after_its_first_payment(world: World) -> None:
    row = CM | {"last_review_on": "", "next_review_on": ""}
    bring_in(world, caseload(row, row | ANOTHER | {"last_review_on": "2026-05-11"}))
    assert [(r.kind, r.due_on) for r in rows_of(world, Review, col(Review.held_on).is_(None))] == [
        ("FIRST", date(2025, 8, 5)),
        ("ANNUAL", date(2027, 5, 11)),
    ]


def test_the_same_file_again_changes_nothing_and_posts_nothing(world: World, engine: Engine) -> None:
    bring_in(world, read_file("clean.csv"))
    before = counts(engine)
    assert outcome(bring_in(world, read_file("clean.csv"))) == (0, 0, 13, 0)
    after = counts(engine)
    assert {name for name in after if after[name] != before[name]} == {"import_file", "audit_event"}
    assert after["audit_event"] == before["audit_event"] + 1


def test_the_same_rows_in_another_order_are_the_same(world: World) -> None:
    clean = read_file("clean.csv")
    bring_in(world, clean)
    assert outcome(bring_in(world, replace(clean, rows=clean.rows[::-1]))) == (0, 0, 13, 0)


def test_the_same_rows_under_an_offices_own_headings_are_the_same(world: World) -> None:
    bring_in(world, caseload(CM, CM | ANOTHER))
    renamed = caseload(CM, CM | ANOTHER, headings={"family_name": "Surname", "weekly_amount": "Weekly £"})
    assert outcome(bring_in(world, renamed)) == (0, 0, 2, 0)


def test_a_larger_file_adds_what_is_new(world: World) -> None:
    bring_in(world, caseload(CM))
    assert outcome(bring_in(world, caseload(CM, CM | ANOTHER))) == (1, 0, 1, 0)


def test_a_file_as_offices_keep_it_is_brought_in(world: World) -> None:
    assert outcome(bring_in(world, read_file("messy.csv"))) == (13, 0, 0, 0)
    assert outcome(bring_in(world, read_file("messy.csv"))) == (0, 0, 13, 0)


def test_lost_letters_do_not_overwrite_whole_ones(world: World) -> None:
    bring_in(world, read_file("clean.csv"))
    report = bring_in(world, read_file("messy.csv"))
    assert outcome(report) == (0, 0, 12, 1)
    assert [(p.row, p.column) for p in report.refused] == [(9, "family_name"), (9, "account_name")]
    assert "accent" in report.refused[0].reason
    assert "Wiśniewska" in {person.family_name for person in rows_of(world, Person)}


def test_of_a_broken_file_nothing_is_brought_in(world: World, engine: Engine) -> None:
    before = counts(engine)
    report = bring_in(world, read_file("broken.csv"))
    assert counts(engine) == before
    assert outcome(report) == (0, 0, 0, 10)
    assert [(p.row, p.column) for p in report.refused] == [
        (2, "account_number"), (3, "family_name"), (4, "nhs_number"), (5, "date_of_birth"), (6, "weekly_amount"),
        (7, "cohort"), (8, "payee_kind"), (9, "nhs_number"), (10, "nhs_number"), (11, "balance_on"),
    ]  # fmt: skip


def test_one_refused_row_keeps_all_the_others_out(world: World, engine: Engine) -> None:
    before = counts(engine)
    report = bring_in(world, caseload(CM, CM | ANOTHER | {"case_manager_email": "nobody@example.org"}))
    assert outcome(report) == (0, 0, 0, 1)
    assert [(p.row, p.column) for p in report.refused] == [(3, "case_manager_email")]
    assert counts(engine) == before


@pytest.mark.parametrize("name", ["clean.csv", "messy.csv", "broken.csv"])
def test_a_dry_run_says_what_would_be_and_writes_nothing(world: World, engine: Engine, name: str) -> None:
    before = counts(engine)
    dry = bring_in(world, read_file(name), dry_run=True)
    assert counts(engine) == before
    wet = bring_in(world, read_file(name))
    assert dry == replace(wet, dry_run=True)


def test_a_dry_run_needs_no_approver_and_the_real_one_does(world: World) -> None:
    with world.unit(world.cm, writes=False) as uow:
        board = board_by_code(uow, "QT1")
        assert bring_in_caseload(uow, caseload(CM), board, None, dry_run=True).created == 1
    with pytest.raises(Refusal, match="second person"), world.unit(world.cm) as uow:
        bring_in_caseload(uow, caseload(CM), board, None)


def test_whoever_prepared_a_file_does_not_approve_it_in_another_role(world: World, engine: Engine) -> None:
    with world.unit(world.admin) as uow:
        uow.add(Assignment, user_id=world.cm.user_id, role="APPROVER", icb_id=world.icb, valid_from=TODAY)
    both = replace(world.approver, user_id=world.cm.user_id)
    before = counts(engine)
    with pytest.raises(NotAllowed, match="someone else must approve"):
        bring_in(world, caseload(CM), approver=both)
    assert counts(engine) == before


@pytest.mark.parametrize("who", ["clinician", "finance", "approver2", "auditor", "other_cm", "other_admin"])
def test_others_do_not_prepare_a_caseload(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        bring_in(world, caseload(CM), by=getattr(world, who))


@pytest.mark.parametrize("who", ["cm2", "admin", "finance", "other_approver"])
def test_others_do_not_approve_a_caseload(world: World, who: str) -> None:
    with pytest.raises(NotAllowed):
        bring_in(world, caseload(CM), approver=getattr(world, who))


def test_an_administrator_prepares_a_caseload_without_seeing_it(world: World) -> None:
    assert outcome(bring_in(world, read_file("clean.csv"), by=world.admin)) == (13, 0, 0, 0)
    assert {v.prepared_by for v in rows_of(world, BudgetVersion)} == {world.admin.user_id}


def test_two_who_bring_the_same_file_in_at_once_bring_it_in_once(world: World) -> None:
    together = threading.Barrier(2)
    said: list[tuple[int, ...] | str] = []

    def one() -> None:
        together.wait()
        try:
            said.append(outcome(bring_in(world, read_file("clean.csv"))))
        except Refusal as refusal:
            said.append(str(refusal))

    threads = [threading.Thread(target=one) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(said, key=str) == [(0, 0, 13, 0), (13, 0, 0, 0)]
    assert len(rows_of(world, Person)) == 12
    with world.unit(SYSTEM, writes=False) as uow:
        assert check_ledger(uow.session) == []


def test_every_act_is_told_in_a_sentence(world: World) -> None:
    bring_in(world, caseload(CM, CM | ANOTHER))
    bring_in(world, caseload(CM | {"postcode": "L1 1AA", "payee_email": "a@example.org"}, CM | ANOTHER))
    bring_in(world, caseload(CM, CM | ANOTHER | {"case_manager_email": "cm2@example.org"}))
    events = [event for event in rows_of(world, AuditEvent) if event.created_by == world.cm.user_id]
    told = {event.kind: history.sentence(event.kind, json.loads(event.details)) for event in events}
    assert told["phb_brought_in"].startswith("brought in the budget PHB-2026-000002 from a caseload: £100.00 a week")
    assert told["caseload_brought_in"] == (
        "brought in a caseload of 2 rows, approved by Approver: 0 new, 2 changed, 0 as they were."
    )
    assert told["person_changed"] == "changed the postcode."
    assert {"case_manager_changed", "payee_email_noted", "person_added", "eligibility_recorded"} <= told.keys()
    assert {event.icb_id for event in events} == {world.icb}


def test_references_given_by_a_file_are_kept_and_never_given_again(world: World) -> None:
    bring_in(world, caseload(CM | {"phb_reference": "PHB-2026-000002"}, CM | ANOTHER))
    third = CM | {"nhs_number": "9990000034", "local_reference": "CM-3", "given_name": "Zoe"}
    fourth = third | {"nhs_number": "9990000042", "local_reference": "CM-4", "family_name": "Lovelace"}
    bring_in(world, caseload(third, fourth))
    references = [phb.reference for phb in rows_of(world, Phb)]
    assert references == ["PHB-2026-000002", "PHB-2026-000003", "PHB-2026-000004", "PHB-2026-000005"]


@pytest.mark.parametrize("reference", ["PHB-2026-000001", "PHB-2031-999999"])
def test_a_reference_that_is_taken_or_leaves_no_room_is_refused(world: World, reference: str) -> None:
    bring_in(world, caseload(CM))
    report = bring_in(world, caseload(CM, CM | ANOTHER | {"phb_reference": reference}))
    assert [(p.row, p.column) for p in report.refused] == [(3, "phb_reference")]


def test_a_notional_row_needs_no_payee_and_gets_no_consent_task(world: World) -> None:
    bring_in(world, caseload(CM | NOTIONAL))
    assert [task.kind for task in rows_of(world, Task)] == ["write_plan"]
    assert [(s.payee_kind, s.frequency) for s in rows_of(world, Stream)] == [("NONE", "FOUR_WEEKLY")]
