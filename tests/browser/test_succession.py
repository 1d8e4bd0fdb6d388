"""A merger played through in real browsers: tried, proposed, approved by a second person, and the payments go on.

Two boards of its own, so that nobody else's people go anywhere.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.policy.actors import SYSTEM
from phbportal.services import payments
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Identity
from tests.browser.portal import Portal
from tests.browser.test_office import confirmed
from tests.browser.visitor import Given
from tests.browser.walking import today
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World, add_staff

TODAY = today()
BEGAN = TODAY - timedelta(days=42)
WHO: dict[str, tuple[str, Role]] = {
    "admin": ("Edna Ending", Role.ADMIN), "approver": ("Apsley Ending", Role.APPROVER),
    "cm": ("Casper Ending", Role.CASE_MANAGER), "clinician": ("Clem Ending", Role.CLINICIAN),
    "finance": ("Fay Ending", Role.FINANCE), "finance2": ("Finn Ending", Role.FINANCE),
}  # fmt: skip


@pytest.fixture(scope="module")
def merging(portal: Portal) -> tuple[World, Case, str]:
    """A board with one budget, paid once and with a payment that waits; and the board that is to take over."""
    world = World(portal.engine, BEGAN, *(_board(portal, code) for code in ("QZ1", "QZ2")))
    with open_unit(portal.engine, SYSTEM, writes=True) as uow:
        for key, (name, role) in WHO.items():
            actor = world.actors[key] = add_staff(uow, name, role, world.icb, BEGAN)
            uow.add(Identity, user_id=actor.user_id, provider="development", issuer=f"{portal.origin}/dev-idp",
                    subject=f"ending-{key}")  # fmt: skip
    person = journey.add_person(world, number="9990000190", names=("Mabel", "Merger"))
    case = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 10_000, starts_on=BEGAN + timedelta(days=7)), person_id=person
    )
    journey.account(world, case.streams[0])
    start = BEGAN + timedelta(days=7)
    journey.pay(world, case.streams[0], start, start + timedelta(days=27))
    entry = payments.PaymentEntry(start + timedelta(days=28), start + timedelta(days=55))
    waits = world.do(
        world.finance, lambda uow: payments.record_payment(uow, case.streams[0], entry, key="waits"),
        on=TODAY - timedelta(days=2),
    )  # fmt: skip
    return world, case, waits


def _board(portal: Portal, code: str) -> Any:
    with open_unit(portal.engine, SYSTEM, writes=True) as uow:
        name = f"NHS {'Old' if code == 'QZ1' else 'New'} Wold Integrated Care Board"
        return uow.add(Organisation, kind="ICB", name=name, search_name=name.lower(), ods_code=code).id


def test_a_board_is_taken_over_and_its_payments_go_on(given: Given, merging: tuple[World, Case, str]) -> None:
    _world, case, waits = merging
    fay = given.freshly_signed_in("Fay Ending").opens("/staff/people", shows="Merger, Mabel")
    edna = given.freshly_signed_in("Edna Ending").opens("/staff/settings", shows="as is usual")
    edna.follows("When other boards take over from yours").settles("There is no way back")
    edna.types("Codes of the boards that take over", "QZ2")
    for label, typed in (("Day", TODAY.day), ("Month", TODAY.month), ("Year", TODAY.year)):
        edna.types(label, str(typed))
    edna.presses("Try it").sees("What would become of the board", "NHS New Wold Integrated Care Board", "Casper Ending")
    edna.does_not_see("Mabel")
    edna.is_content()
    edna.types("Why?", "The boards merge today.").presses("Propose it")
    edna.sees("It is proposed.", "Waiting for a second person", "someone else must decide it")
    address = edna.page.url.split("?")[0]
    apsley = confirmed(given.freshly_signed_in("Apsley Ending")).opens("/staff", shows="Changes to decide")
    apsley.page.goto(address)
    apsley.settles("NHS New Wold Integrated Care Board (QZ2)").is_content()
    apsley.presses("Approve it").sees("You have approved it, and it is done.", "Approved")
    # Fay is at work all the while, and goes on: at the other board now, with the same people.
    fay.opens("/staff/people", shows="Merger, Mabel")
    finn = confirmed(given.freshly_signed_in("Finn Ending")).opens("/staff", shows=waits)
    finn.opens(f"/staff/phbs/{case.reference}/history", shows="take this budget over from NHS Old Wold")
    finn.opens(f"/staff/phbs/{case.reference}/money/confirm?payment={waits}", shows=waits)
    for label, typed in (("Day", TODAY.day), ("Month", TODAY.month), ("Year", TODAY.year)):
        finn.types(label, str(typed))
    finn.presses("Confirm the payment").page.wait_for_url(lambda url: "/confirm" not in url)
    finn.opens(f"/staff/phbs/{case.reference}/payments", shows="Paid").is_content()
