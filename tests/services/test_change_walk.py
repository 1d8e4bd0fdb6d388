"""Any order of proposing, approving, returning and withdrawing by anybody in any of their roles, fifty acts at a time.

Whatever they try, no human both proposes and decides a change, and what is written is what was approved, once each.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from sqlalchemy import func, select
from sqlmodel import col

from phbportal.domain.errors import Refusal
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services.change_requests import approve, send_back, withdraw
from phbportal.services.policies import SettingEntry, propose_setting
from phbportal.services.rates import RateEntry, propose_rate, propose_rate_change
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.settings import PolicySetting, Rate
from phbportal.tables.users import Assignment
from tests.services.asking import Act
from tests.services.quick import quick_world
from tests.support.world import World, add_staff

ROLES = (Role.FINANCE, Role.ADMIN, Role.APPROVER, Role.AUDITOR, Role.CASE_MANAGER)
HUMANS, DAYS = range(4), range(6)
WHO, AS, ON = st.sampled_from(HUMANS), st.sampled_from(ROLES), st.sampled_from(DAYS)
NAMES = st.sampled_from(("surplus_weeks", "contingency_weeks"))
RATES = st.sampled_from(("mileage", "enhanced_dbs"))


def everybody_has_every_role(world: World) -> list[list[Actor]]:
    """Four humans at two boards: small teams, where one person does everything."""
    humans: list[list[Actor]] = []
    with world.unit(SYSTEM) as uow:
        for n in HUMANS:
            icb = world.other_icb if n == 3 else world.icb
            first = add_staff(uow, f"human{n}", ROLES[0], icb, world.today)
            actors = [first]
            for role in ROLES[1:]:
                held = uow.add(Assignment, user_id=first.user_id, role=role.value, icb_id=icb,
                               valid_from=world.today - timedelta(days=1))  # fmt: skip
                actors.append(Actor(role, first.user_id, first.display_name, icb, assignment_id=held.id))
            humans.append(actors)
    return humans


@dataclass
class Known:
    """What the walk knows of a request: who proposed it, and what became of it."""

    proposed_by: UUID | None
    adds: bool
    status: str = "PROPOSED"
    decided_by: UUID | None = None


class ChangeMachine(RuleBasedStateMachine):
    """The walk, with plain notes beside it."""

    @initialize()
    def begin(self) -> None:
        self.closing = ExitStack()
        self.world, self.humans = self.closing.enter_context(quick_world(everybody_has_every_role))
        self.known: dict[UUID, Known] = {}

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    def tries(self, human: int, role: Role, act: Act) -> tuple[Actor, Any]:
        """What came of an act, or None where it was refused: then nothing at all may be written (``agrees``)."""
        actor = next(one for one in self.humans[human] if one.role is role)
        try:
            return actor, self.world.do(actor, act)
        except Refusal:
            return actor, None

    def day(self, n: int) -> date:
        return self.world.today + timedelta(days=n)

    def noted(self, actor: Actor, change_id: UUID | None, *, adds: bool) -> None:
        if change_id is not None:
            assert actor.role in (Role.FINANCE, Role.ADMIN)
            self.known[change_id] = Known(actor.user_id, adds)

    @rule(human=WHO, role=AS, name=NAMES, weeks=st.integers(4, 8), n=ON)
    def proposes_a_setting(self, human: int, role: Role, name: str, weeks: int, n: int) -> None:
        entry = SettingEntry(str(weeks), self.day(n))
        self.noted(*self.tries(human, role, lambda uow: propose_setting(uow, name, entry, "Walk.")), adds=True)

    @rule(human=WHO, role=AS, name=RATES, pence=st.integers(1, 5), n=ON)
    def proposes_a_rate(self, human: int, role: Role, name: str, pence: int, n: int) -> None:
        entry = RateEntry(pence, self.day(n), "Walk")
        self.noted(*self.tries(human, role, lambda uow: propose_rate(uow, name, entry, "Walk.")), adds=True)

    @rule(human=WHO, role=AS, which=st.integers(0, 9), pence=st.integers(6, 9))
    def proposes_to_put_a_rate_right(self, human: int, role: Role, which: int, pence: int) -> None:
        def act(uow: UnitOfWork) -> UUID:
            rates = list(uow.session.execute(select(Rate).order_by(col(Rate.id))).scalars())
            if not rates:
                raise Refusal("None yet.")
            rate = rates[which % len(rates)]
            entry = RateEntry(pence, rate.starts_on, "Walk")
            return propose_rate_change(uow, rate.id, entry, "Walk.", seen_version=rate.row_version)

        self.noted(*self.tries(human, role, act), adds=False)

    @precondition(lambda self: bool(getattr(self, "known", None)))
    @rule(
        human=WHO,
        role=AS,
        which=st.integers(0, 49),
        how=st.sampled_from(("approve", "approve", "approve", "return", "withdraw")),
    )
    def decides(self, human: int, role: Role, which: int, how: str) -> None:
        change_id = list(self.known)[which % len(self.known)]
        acts: dict[str, Act] = {
            "approve": lambda uow: (approve(uow, change_id), "APPROVED")[1],
            "return": lambda uow: (send_back(uow, change_id, "No."), "RETURNED")[1],
            "withdraw": lambda uow: (withdraw(uow, change_id), "WITHDRAWN")[1],
        }
        actor, status = self.tries(human, role, acts[how])
        if status is None:
            return
        known = self.known[change_id]
        assert known.status == "PROPOSED", "a change was decided twice"
        known.status, known.decided_by = status, None if status == "WITHDRAWN" else actor.user_id
        assert (actor.user_id == known.proposed_by) == (status == "WITHDRAWN"), "one human in both parts"

    @invariant()
    def agrees(self) -> None:
        if not hasattr(self, "known"):
            return
        with self.world.unit(SYSTEM, writes=False) as uow:
            found = {
                one.id: Known(one.proposed_by, one.act == "add", one.status, one.decided_by)
                for one in uow.session.execute(select(ChangeRequest)).scalars()
            }
            # Every board of the world begins with a limit of its own.
            settings = select(func.count()).where(col(PolicySetting.name) != "second_approver_over_weekly_pence")
            counts = [select(func.count()).select_from(Rate), settings.select_from(PolicySetting)]
            written = sum(uow.session.execute(count).scalar_one() for count in counts)
            rates = list(uow.session.execute(select(Rate).order_by(col(Rate.name), col(Rate.starts_on))).scalars())
        assert found == self.known
        assert written == sum(one.adds and one.status == "APPROVED" for one in self.known.values())
        for rate, following in zip(rates, [*rates[1:], None], strict=False):
            same = following is not None and following.name == rate.name
            assert rate.ends_on == (following.starts_on - timedelta(days=1) if same and following else None)


TestChanges = ChangeMachine.TestCase
TestChanges.settings = settings(
    max_examples=25, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
