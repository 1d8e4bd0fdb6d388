"""One queue for all that waits for a second signature, with as many statements however long it is."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest

from phbportal.domain.errors import NotFound
from phbportal.domain.role_grants import RoleTerms
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.queries.change_requests import change_view
from phbportal.queries.changes_queue import Queue, queue
from phbportal.services.accounts import propose_account, read_account
from phbportal.services.change_requests import approve, send_back, withdraw
from phbportal.services.role_proposals import RoleEntry, propose_invitation
from phbportal.tables.change_requests import ChangeRequest
from tests.queries.worlds import Worlds, kind, quick_postgres, worlds
from tests.services.asking import rows
from tests.services.proposing import proposed_rate, proposed_setting, wage
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.statements import statements
from tests.support.world import TEST_ACCOUNT, TEST_SORT_CODE, World

__all__ = ["Worlds", "kind", "quick_postgres", "worlds"]


def waiting(world: World) -> Case:
    """A setting, a rate, a role and bank details that wait for a second person."""
    proposed_setting(world)
    proposed_rate(world)
    entry = RoleEntry(RoleTerms(Role.FINANCE), "Joins.", "Nia Newcomer", "nia@example.org")
    world.do(world.admin, lambda uow: propose_invitation(uow, entry))
    case = journey.approved(world, StreamPlan(Method.DIRECT_PAYMENT, 125_000))
    typed = {"name_on_account": "A Holder", "sort_code": TEST_SORT_CODE, "account_number": TEST_ACCOUNT}
    world.do(world.finance, lambda uow: propose_account(uow, case.streams[0], read_account(typed)))
    return case


@pytest.fixture
def world(worlds: Worlds, kind: str) -> Iterator[World]:
    with worlds.copy(kind, "waiting for a second", waiting) as (copy, _case):
        yield copy


def seen(world: World, name: str, days: int = 0) -> Queue:
    with world.unit(world.actors[name], on=world.today + timedelta(days=days), writes=False) as uow:
        return queue(uow.session, uow.actor, uow.today, uow.now)


def kinds(rows: tuple[object, ...]) -> list[str]:
    return sorted(f"{row.kind}: {row.what.split(',')[0]}" for row in rows)  # pyright: ignore


SETTING, RATE = "Setting: Payments left over that count as a surplus", "Rate: National Living Wage"
ROLE, BANK = "Role: Somebody new: Nia Newcomer", "Bank details: Bank details for"


def test_each_sees_what_they_may_decide_and_what_they_proposed(world: World) -> None:
    expected = {
        "approver": ({SETTING, RATE, ROLE}, set()), "auditor": ({SETTING, ROLE}, set()),
        "finance": (set(), {RATE, BANK}), "finance2": ({RATE, BANK}, set()), "admin": (set(), {SETTING, ROLE}),
        "cm": (set(), set()), "clinician": (set(), set()), "other_approver": ({RATE}, set()),
        "other_admin": (set(), set()),
    }  # fmt: skip

    def heads(rows: tuple[object, ...]) -> set[str]:
        return {next(k for k in (SETTING, RATE, ROLE, BANK) if one.startswith(k)) for one in kinds(rows)}

    found = {name: seen(world, name) for name in expected}
    assert {name: (heads(one.to_decide), heads(one.mine)) for name, one in found.items()} == expected


def test_each_line_leads_to_the_page_where_it_is_decided(world: World) -> None:
    found = {row.kind: row.href for row in (*seen(world, "finance2").to_decide, *seen(world, "approver").to_decide)}
    assert found["Bank details"].startswith("/staff/phbs/PHB-")
    assert "/money/account?stream=" in found["Bank details"]
    assert found["Role"].startswith("/staff/role-grants/")
    assert found["Rate"].startswith("/staff/changes/")


def test_a_line_says_how_long_it_has_waited_and_names_no_account(world: World) -> None:
    found = [row for row in seen(world, "finance2", days=3).to_decide if row.kind == "Bank details"]
    assert [row.waits for row in found] == ["for 3 days"]
    assert TEST_ACCOUNT not in found[0].what
    assert found[0].what.endswith(f"ending {TEST_ACCOUNT[-4:]}")


def test_what_was_decided_is_told_for_four_weeks(world: World) -> None:
    setting, rate = rows(world, ChangeRequest)
    world.do(world.auditor, lambda uow: send_back(uow, setting.id, "No."))
    world.do(world.approver, lambda uow: approve(uow, rate.id))
    third = proposed_setting(world, "5")
    world.do(world.admin, lambda uow: withdraw(uow, third))
    assert {row.status: row.decided.split(",")[0] for row in seen(world, "admin").decided} == {
        "Returned": "Auditor", "Approved": "Approver", "Withdrawn": "Admin",
    }  # fmt: skip
    assert [row.status for row in seen(world, "other_finance").decided] == ["Approved"]
    assert seen(world, "admin", days=28).decided != ()
    assert seen(world, "admin", days=29).decided == ()


def test_the_queue_is_as_many_statements_however_long_it_is(world: World) -> None:
    def count() -> int:
        with world.unit(world.finance2, writes=False) as uow, statements(world.engine) as sent:
            queue(uow.session, uow.actor, uow.today, uow.now)
        return len(sent)

    few = count()
    for year in range(2027, 2047):
        proposed_rate(world, wage(1300, world.today.replace(year=year)))
    assert len(seen(world, "finance2").to_decide) == 22
    assert count() == few <= 5


def test_the_record_says_why_one_may_not_decide_it(world: World) -> None:
    setting, rate = rows(world, ChangeRequest)

    def view(name: str, request_id: object):
        with world.unit(world.actors[name], writes=False) as uow:
            return change_view(uow.session, uow.actor, uow.today, request_id).view  # pyright: ignore

    assert view("admin", setting.id).because == "You proposed this, so someone else must decide it."
    assert view("admin", setting.id).may_withdraw
    assert view("approver", setting.id).may_decide
    assert not view("approver", setting.id).may_withdraw
    assert view("finance", setting.id).because == "Only an approver can do this."
    for name in ("cm", "other_admin"):
        with pytest.raises(NotFound):
            view(name, setting.id)
    world.do(world.approver, lambda uow: approve(uow, rate.id, "Seen."))
    done = view("finance2", rate.id)
    assert (done.because, done.may_decide, done.may_withdraw, done.note) == ("", False, False, "Seen.")
    assert done.decided.startswith("Approver, ")
