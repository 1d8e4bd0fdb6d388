"""A state machine of the product walked at random: what is out of turn is refused in whole sentences and changes not a
byte of the database, and each rule says beforehand whether its act is in turn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine
from sqlalchemy import select
from sqlmodel import SQLModel, col

from phbportal.domain.errors import Refusal
from phbportal.policy.actors import Actor
from phbportal.services.unit_of_work import UnitOfWork
from tests.services.quick import bytes_of, quick_world
from tests.support.world import World, at

CHEAP = settings(
    max_examples=8, stateful_step_count=25, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip


class Walk(RuleBasedStateMachine):
    """Many acts in any order on one world in memory, from ``today`` on."""

    world: World
    today: date
    only_out_of_turn = False

    def enter(self, build: Callable[[World], Any]) -> Any:
        """Into the world as it was when ``build`` had been done; returns what that made."""
        self.closing = ExitStack()
        self.world, made = self.closing.enter_context(quick_world(build))
        self.today = self.world.today
        return made

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    def onward(self) -> None:
        """The next act on the right way, where a machine has one."""
        raise NotImplementedError

    def every_act(self) -> None:
        """Each act there is, by those who may and those who may not."""
        raise NotImplementedError

    def refuses_the_rest(self) -> None:
        """Whatever is not in turn where the walk stands is tried, and refused: for what chance does not come to."""
        self.only_out_of_turn = True
        self.every_act()
        self.only_out_of_turn = False

    def come(self, steps: int) -> None:
        """So far on the right way before the walk begins: by chance alone few would come there."""
        for _ in range(steps):
            self.onward()

    def come_refusing_the_rest(self, steps: int) -> None:
        """The same, and before each step all that is not in turn."""
        for _ in range(steps):
            self.refuses_the_rest()
            self.onward()
        self.refuses_the_rest()

    @property
    def now(self) -> datetime:
        return at(self.today)

    def tried(self, who: str | Actor, act: Callable[[UnitOfWork], Any], *, in_turn: bool | None = None) -> Any:
        """Do an act: what it returned, or True where that is nothing; False when it was refused.

        A refusal is whole sentences and changes nothing. ``in_turn`` is whether it had to be taken.
        """
        if self.only_out_of_turn and in_turn is not False:
            return False
        actor = self.world.actors[who] if isinstance(who, str) else who
        before = bytes_of(self.world)
        try:
            with self.world.unit(actor, now=self.now) as uow:
                made = act(uow)
        except Refusal as refused:
            said = [problem.sentence for problem in refused.problems]
            assert said, "refused without a word"
            assert all(s[0].isupper() and s[-1] == "." for s in said), said
            assert bytes_of(self.world) == before, f"refused, and something changed: {said}"
            assert not in_turn, said
            return False
        assert in_turn is not False, "taken out of turn"
        return True if made is None else made

    def rows(self, table: type[SQLModel], **equal: object) -> Sequence[Any]:
        """The rows of a table whose columns equal these, in the order they were made."""
        statement = select(table).order_by(col(table.id))  # pyright: ignore[reportAttributeAccessIssue]
        for name, value in equal.items():
            statement = statement.where(getattr(table, name) == value)
        with self.world.unit(self.world.cm, now=self.now, writes=False) as uow:
            return uow.session.execute(statement).scalars().all()
