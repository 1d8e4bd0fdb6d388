"""Budgets are brought in as they stand: going on, on hold, ending, ended; each keeps and sets aside what is right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine

from phbportal.domain.phbs import PhbStatus
from phbportal.gateways.caseload_checks import WITH_MONEY
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.phbs import Phb, Review, Task
from tests.gateways.caseload_rows import caseload, faults
from tests.services.import_world import balance, bring_in, import_world, outcome, rows_of
from tests.support.world import World

NO_ACCOUNT = dict.fromkeys(("account_name", "sort_code", "account_number"), "")
CLOSED = NO_ACCOUNT | {
    "phb_status": "Closed", "phb_started_on": "2025-05-01", "phb_ended_on": "2026-03-31", "balance": "",
    "balance_on": "", "next_review_on": "",
}  # fmt: skip


@pytest.fixture
def world(engine: Engine) -> World:
    return import_world(engine)


@pytest.mark.parametrize(
    ("said", "status", "stream", "weeks", "tasks"),
    [
        ({}, "ACTIVE", "ACTIVE", True, {"write_plan", "record_consent"}),
        ({"phb_status": "Live"}, "ACTIVE", "ACTIVE", True, {"write_plan", "record_consent"}),
        ({"phb_status": "SETUP", "first_payment_on": ""}, "SETUP", "ACTIVE", True, {"write_plan", "record_consent"}),
        ({"phb_status": "Change pending"}, "CHANGE_PENDING", "ACTIVE", True, {"write_plan", "record_consent"}),
        ({"phb_status": "On hold"}, "SUSPENDED", "SUSPENDED", True, {"end_suspension", "write_plan", "record_consent"}),
        ({"phb_status": "STOPPING", "phb_ended_on": "2026-12-06"}, "STOPPING", "STOPPING", True, {"close_budget"}),
        ({"phb_status": "CLOSING", "phb_ended_on": "2026-10-31"}, "CLOSING", "WINDING_DOWN", False, {"close_budget"}),
        (CLOSED, "CLOSED", "CLOSED", False, set()),
    ],
    ids=["nothing said", "active", "set up", "change", "on hold", "stopping", "closing", "closed"],
)
def test_a_budget_is_brought_in_as_it_stands(
    world: World, said: dict[str, str], status: str, stream: str, weeks: bool, tasks: set[str]
) -> None:
    file = caseload(said)
    assert outcome(bring_in(world, file)) == (1, 0, 0, 0)
    phb = rows_of(world, Phb)[0]
    assert (phb.status, rows_of(world, Stream)[0].status) == (status, stream)
    assert (balance(world, f"phb:{phb.id}:available") > 0) is weeks
    assert {task.kind for task in rows_of(world, Task)} == tasks
    assert outcome(bring_in(world, file)) == (0, 0, 1, 0)


def test_a_stopping_budget_is_given_money_to_its_last_day_only(world: World) -> None:
    bring_in(world, caseload({"phb_status": "STOPPING", "phb_ended_on": "2026-12-05"}))
    assert balance(world, f"phb:{rows_of(world, Phb)[0].id}:available") == 20_000  # 22 November to 5 December


def test_what_a_payee_still_holds_is_kept_while_a_budget_is_closing(world: World) -> None:
    bring_in(world, caseload({"phb_status": "CLOSING", "phb_ended_on": "2026-10-31"}))
    assert balance(world, f"stream:{rows_of(world, Stream)[0].id}:held") == 5_000


def test_a_closed_budget_leaves_nothing_to_do(world: World) -> None:
    bring_in(world, caseload(CLOSED))
    phb = rows_of(world, Phb)[0]
    assert (phb.ended_on, rows_of(world, Stream)[0].ends_on) == (date(2026, 3, 31), date(2026, 3, 31))
    assert rows_of(world, PayeeAccount) == []
    assert [review for review in rows_of(world, Review) if review.held_on is None] == []


def test_somebody_may_have_had_a_budget_before_the_one_that_goes_on(world: World) -> None:
    earlier = CLOSED | {"phb_ended_on": "2025-08-31", "last_review_on": ""}
    later = {"phb_started_on": "2025-09-08", "stream_started_on": "2025-09-08", "first_payment_on": "2025-09-08"}
    file = caseload(earlier, later)
    assert outcome(bring_in(world, file)) == (2, 0, 0, 0)
    assert {phb.status for phb in rows_of(world, Phb)} == {"ACTIVE", "CLOSED"}
    assert outcome(bring_in(world, file)) == (0, 0, 2, 0)


def test_a_file_does_not_move_a_budget_from_one_status_to_another(world: World) -> None:
    bring_in(world, caseload({}))
    refused = bring_in(world, caseload({"phb_status": "SUSPENDED"})).refused
    assert [(problem.row, problem.column) for problem in refused] == [(2, "phb_status")]
    assert "The portal keeps it" in refused[0].reason


@pytest.mark.parametrize("status", [status for status in PhbStatus if status not in WITH_MONEY])
def test_what_has_no_money_yet_is_begun_in_the_portal(status: PhbStatus) -> None:
    assert faults(caseload({"phb_status": status.value})) == [(2, "phb_status")]


@pytest.mark.parametrize(
    ("said", "column"),
    [
        ({"phb_ended_on": "2026-10-31"}, "phb_status"),
        ({"phb_status": "SUSPENDED", "phb_ended_on": "2026-10-31"}, "phb_status"),
        ({"phb_status": "SETUP"}, "phb_status"),
        ({"phb_status": "Paused"}, "phb_status"),
        (CLOSED | {"phb_ended_on": ""}, "phb_ended_on"),
        (CLOSED | {"phb_ended_on": "2027-03-31"}, "phb_ended_on"),
        (CLOSED | {"phb_ended_on": "2025-05-04"}, "phb_ended_on"),
        (CLOSED | {"balance": "5.00", "balance_on": "2026-03-31"}, "balance"),
        (CLOSED | {"account_name": "Ada", "sort_code": "089999", "account_number": "66374958"}, "account_name"),
    ],
)  # fmt: skip
def test_a_status_that_does_not_fit_the_row_is_refused(said: dict[str, Any], column: str) -> None:
    assert faults(caseload(said)) == [(2, column)]
