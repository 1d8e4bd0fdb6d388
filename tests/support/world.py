"""A small world for tests: two boards, one of each staff role, made the way an administrator would."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import Engine

from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.unsaid import Unsaid
from phbportal.tables.organisations import Organisation
from phbportal.tables.registrations import Registration
from phbportal.tables.settings import PolicySetting
from phbportal.tables.users import Assignment, User

T = TypeVar("T")
STAFF = (Role.CASE_MANAGER, Role.CLINICIAN, Role.FINANCE, Role.APPROVER, Role.AUDITOR, Role.ADMIN)
REGISTERED = ("NMC", "12A3456E")
TEST_SORT_CODE, TEST_ACCOUNT = "08-99-99", "66374958"


def at(day: date, hour: int = 12) -> datetime:
    """A moment on a day: noon unless told."""
    return datetime.combine(day, time(hour), UTC)


@dataclass
class World:
    """Boards and staff by name: ``world.cm``, ``world.finance``; ``world.on`` is today."""

    engine: Engine
    today: date
    icb: UUID
    other_icb: UUID
    actors: dict[str, Actor] = field(default_factory=dict[str, Actor])

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.__dict__["actors"][name]
        except KeyError:
            raise AttributeError(name) from None

    @contextmanager
    def unit(
        self, actor: Actor, *, on: date | None = None, now: datetime | None = None, writes: bool = True
    ) -> Iterator[UnitOfWork]:
        with open_unit(self.engine, actor, writes=writes, now=now or at(on or self.today)) as uow:
            yield uow

    def do(self, actor: Actor, act: Callable[[UnitOfWork], T], *, on: date | None = None) -> T:
        """One act in one unit of work, on a day."""
        with self.unit(actor, on=on) as uow:
            return act(uow)


def make_world(engine: Engine, today: date = date(2026, 4, 1)) -> World:
    """Two boards; in the first two finance officers and one of each other role, in the second one of each."""
    with open_unit(engine, SYSTEM, writes=True, now=at(today - timedelta(days=30))) as uow:
        boards = [
            uow.add(Organisation, kind="ICB", name=name, search_name=name.lower(), ods_code=code)
            for name, code in (("NHS Test One ICB", "QT1"), ("NHS Test Two ICB", "QT2"))
        ]
        world = World(engine, today, boards[0].id, boards[1].id)
        # Most tests are about something else: one approver is enough up to £20,000 a week.
        for board in boards:
            uow.add(PolicySetting, icb_id=board.id, name="second_approver_over_weekly_pence", value="2000000",
                    starts_on=today - timedelta(days=366))  # fmt: skip
        names = {
            Role.CASE_MANAGER: "cm", Role.CLINICIAN: "clinician", Role.FINANCE: "finance",
            Role.APPROVER: "approver", Role.AUDITOR: "auditor", Role.ADMIN: "admin",
        }  # fmt: skip
        for board, prefix in ((boards[0], ""), (boards[1], "other_")):
            for role, name in names.items():
                world.actors[prefix + name] = add_staff(uow, f"{prefix}{name}", role, board.id, today)
        for name, role in (("finance2", Role.FINANCE), ("approver2", Role.APPROVER), ("cm2", Role.CASE_MANAGER)):
            world.actors[name] = add_staff(uow, name, role, boards[0].id, today)
        uow.unsaid = Unsaid()  # a world's staff are there from the beginning: nobody's act to be told
    return world


def add_staff(
    uow: UnitOfWork, name: str, role: Role, icb_id: UUID, today: date, *, limit_pence: int | None = None
) -> Actor:
    """A user with one role at one board, and the actor they are; a clinician is registered as ``REGISTERED`` says."""
    user = uow.add(User, display_name=name.replace("_", " ").title(), email=f"{name}@example.org")
    assignment = uow.add(
        Assignment, user_id=user.id, role=role.value, icb_id=icb_id, valid_from=today - timedelta(days=30),
        sign_off_limit_pence=limit_pence,
    )  # fmt: skip
    if role is Role.CLINICIAN:
        body, number = REGISTERED
        uow.add(Registration, user_id=user.id, profession="Nurse", body=body, number=number,
                checked_on=today - timedelta(days=30), ends_on=today + timedelta(days=700))  # fmt: skip
    return Actor(
        role=role, user_id=user.id, display_name=user.display_name, icb_id=icb_id, assignment_id=assignment.id,
        sign_off_limit_pence=limit_pence,
    )  # fmt: skip
