"""A board about to end, for tests: budgets with money on its way, somebody only known, a holder and a nominee who sign
in, things that wait; a board that takes over and has people of its own, and a third one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from sqlmodel import SQLModel

from phbportal.domain.roles import Role
from phbportal.domain.streams import Method, PayeeKind
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import payments
from phbportal.services.change_requests import approve
from phbportal.services.succession_trials import SuccessionEntry
from phbportal.services.successions import propose_succession
from phbportal.tables.notes import Note
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Task
from phbportal.tables.users import Assignment, User
from tests.support import arranging, journey
from tests.support.journey import NUMBERS, Case, StreamPlan
from tests.support.world import World, add_staff

ON = date(2026, 6, 1)
EVE = ON - timedelta(days=1)
START, END = date(2026, 4, 13), date(2026, 5, 10)
ALL_TO_TWO = SuccessionEntry(("QT2",), ON)
POSTCODES = {"direct": "SL1 2AB", "third": "GU1 1AA", "known": "SL10 1AA", "left": "", "child": "RG1 1AA"}


@dataclass
class Ending:
    """Who is at the board that ends (QT1), at the one that takes over (QT2) and at a third (QT3)."""

    third_icb: UUID
    third: dict[str, Actor]
    direct: Case
    held: Case
    elsewhere: Case
    people: dict[str, UUID]
    planned: str
    holder: Actor
    nominee: Actor
    provider: Actor
    second_admin: Actor


def ending(world: World) -> Ending:
    """Build it, on 1 April 2026; a payment of the direct budget is recorded in May and not confirmed."""
    with world.unit(SYSTEM) as uow:
        third = uow.add(Organisation, kind="ICB", name="NHS Test Three ICB", search_name="three", ods_code="QT3").id
        staff = {
            name: add_staff(uow, f"third_{name}", role, third, world.today)
            for name, role in (("cm", Role.CASE_MANAGER), ("finance", Role.FINANCE), ("auditor", Role.AUDITOR),
                               ("approver", Role.APPROVER), ("admin", Role.ADMIN))
        }  # fmt: skip
        second = add_staff(uow, "second_admin", Role.ADMIN, world.icb, world.today)
        add_staff(uow, "other_finance2", Role.FINANCE, world.other_icb, world.today)
    larch = arranging.organisation(world)
    provider = arranging.somebody_of(world, larch)
    found = {"direct": journey.add_person(world, number=NUMBERS[0])}
    part = journey.nominee(world, found["direct"])
    direct = journey.approved(
        world, StreamPlan(Method.DIRECT_PAYMENT, 125_000, one_off_pence=59_800),
        StreamPlan(Method.DIRECT_PAYMENT, 20_000, payee=(PayeeKind.NOMINEE, part)), person_id=found["direct"],
    )  # fmt: skip
    for stream in direct.streams:
        journey.account(world, stream)
    journey.pay(world, direct.streams[0], START, END)
    later = payments.PaymentEntry(date(2026, 5, 11), date(2026, 6, 7))
    planned = world.do(
        world.finance, lambda uow: payments.record_payment(uow, direct.streams[0], later, key="later"),
        on=date(2026, 5, 11),
    )  # fmt: skip
    found["third"] = journey.add_person(world, number=NUMBERS[1], names=("Bertram", "Quill"))
    held = arranging.approved(world, larch, person_id=found["third"], starts_on=date(2026, 4, 13))
    arranging.arranged(world, held, larch, provider)
    journey.account(world, held.streams[0])
    found["known"] = journey.add_person(world, number=NUMBERS[2], names=("Only", "Known"))
    there = replace(world, icb=world.other_icb, actors={
        name.removeprefix("other_"): actor for name, actor in world.actors.items() if name.startswith("other_")
    })  # fmt: skip
    own = journey.add_person(there, number=NUMBERS[3], names=("Chidi", "Marsh"))
    elsewhere = journey.approved(there, StreamPlan(Method.NOTIONAL, 40_000), person_id=own)
    with world.unit(SYSTEM) as uow:
        for name, person in found.items():
            row = uow.session.get_one(Person, person)
            uow.change(row, postcode=POSTCODES[name])
        user = uow.add(User, display_name="Amina", email=None, person_id=found["direct"])
        held_role = uow.add(
            Assignment, user_id=user.id, role=Role.HOLDER.value, icb_id=world.icb, valid_from=world.today
        )
        uow.add(Task, icb_id=world.icb, kind="test", role=Role.ADMIN.value, sentence="Of nobody in particular.")
        uow.add(Note, icb_id=world.icb, resource="phbs", about_id=direct.phb_id, phb_id=direct.phb_id,
                person_id=found["direct"], role="FINANCE", words="Rang back.")  # fmt: skip
    with world.unit(world.cm) as uow:
        uow.saw("person", person_id=found["direct"], phb_id=direct.phb_id)
    holder = Actor(
        Role.HOLDER, user_id=user.id, person_id=found["direct"], icb_id=world.icb, assignment_id=held_role.id
    )
    nominee = journey.user_of(world, part, Role.NOMINEE)
    return Ending(third, staff, direct, held, elsewhere, found, planned, holder, nominee, provider, second)


def propose(world: World, entry: SuccessionEntry = ALL_TO_TWO, *, on: date = EVE) -> UUID:
    """The board's administrator proposes it, the day before unless told."""
    return world.do(world.admin, lambda uow: propose_succession(uow, entry, "By order of Parliament."), on=on)


def succeed(world: World, entry: SuccessionEntry = ALL_TO_TWO, *, by: Actor | None = None, on: date = ON) -> UUID:
    """Proposed and, on the day, approved. Returns the change."""
    change = propose(world, entry)
    world.do(by or world.approver, lambda uow: approve(uow, change), on=on)
    return change


def at_board(actor: Actor, icb_id: UUID) -> Actor:
    """The same person in the same role at another board."""
    return replace(actor, icb_id=icb_id, assignment_id=None)


def as_it_is(world: World) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with world.unit(SYSTEM, writes=False) as uow:
        return {
            name: sorted(map(tuple, uow.session.execute(table.select()).all()), key=repr)
            for name, table in SQLModel.metadata.tables.items()
        }
