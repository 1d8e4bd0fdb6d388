"""Any order of acts on people who act for others, fifty at a time, against a plain model of domain.md §9.4.

Two representatives and two nominees of an adult who lacks capacity are proposed, checked, agreed, put on hold, named as
whoever is paid, and ended, by whoever may and whoever may not. Nobody is active who did not agree, was not checked
where a check is needed, or whom nobody else agreed (I06); who is on hold or has ended is paid nothing; what is out of
turn is refused in words and moves nothing.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, Basis, NominatedBy
from phbportal.domain.capacity import Capacity
from phbportal.domain.consents import GivenBy
from phbportal.domain.errors import Refusal
from phbportal.domain.relations import Relation
from phbportal.domain.streams import Method, PayeeKind, StreamStatus
from phbportal.services import acting, capacity
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from tests.services.quick import quick_world
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

WHY = "They moved abroad."
PEOPLE = st.integers(0, 3)
WHO = st.sampled_from(["cm", "cm2", "approver", "approver2", "finance", "other_cm", "other_approver"])
PAID = {StreamStatus.AGREED, StreamStatus.READY, StreamStatus.ACTIVE}


@dataclass
class Part:
    """What anybody could say of one of them."""

    entry: acting.ActingEntry
    id: UUID | None = None
    status: str = "NONE"
    agreed: bool = False
    checked: bool = False

    @property
    def represents(self) -> bool:
        return self.entry.role is Acting.REPRESENTATIVE

    @property
    def needs_check(self) -> bool:
        return not self.represents and self.entry.relation is Relation.NEIGHBOUR


def paid_by_a_deputy(world: World) -> tuple[Case, UUID]:
    """A direct payment to a deputy, agreed. The part of the deputy beside it."""
    person_id = journey.add_person(world)
    found = capacity.CapacityEntry("A direct payment", Capacity.LACKS, world.today, "Dr Ade")
    world.do(world.cm, lambda uow: capacity.record_capacity(uow, person_id, found))
    entry = acting.ActingEntry(Acting.REPRESENTATIVE, "Dee Puty", Relation.SIBLING, Basis.DEPUTY)
    part = journey.acts(world, person_id, entry)
    journey.allow_direct_payment(world, person_id, given_by=GivenBy.REPRESENTATIVE)
    plan = StreamPlan(Method.DIRECT_PAYMENT, 50_000, payee=(PayeeKind.REPRESENTATIVE, part))
    case = journey.draft(world, plan, person_id=person_id)
    journey.submit(world, case)
    journey.sign_off(world, case)
    journey.approve(world, case)
    return case, part


class ActingMachine(RuleBasedStateMachine):
    world: World
    case: Case

    @initialize()
    def open(self) -> None:
        self.closing = ExitStack()
        self.world, (self.case, deputy) = self.closing.enter_context(quick_world(paid_by_a_deputy))
        new = acting.ActingEntry
        self.parts = [
            Part(new(Acting.REPRESENTATIVE, "Dee Puty", Relation.SIBLING, Basis.DEPUTY), deputy, "ACTIVE", True, True),
            Part(new(Acting.REPRESENTATIVE, "Al Torney", Relation.CHILD, Basis.LPA)),
            Part(new(Acting.NOMINEE, "Nel Sister", Relation.SIBLING, nominated_by=NominatedBy.REPRESENTATIVE,
                     nominator=deputy)),
            Part(new(Acting.NOMINEE, "Nat Nextdoor", Relation.NEIGHBOUR, nominated_by=NominatedBy.IN_ADVANCE)),
        ]  # fmt: skip
        self.payee = 0

    def teardown(self) -> None:
        if hasattr(self, "closing"):
            self.closing.close()

    # -- doing

    def state(self) -> Any:
        with self.world.unit(self.world.cm, writes=False) as uow:
            r, s = PersonRole, Stream
            roles = uow.session.execute(
                select(col(r.id), col(r.status), col(r.agreed_on), col(r.dbs_on), col(r.board_agreed_on))
            )
            streams = uow.session.execute(select(col(s.id), col(s.status), col(s.payee_role_id)))
            return sorted(map(tuple, roles)), sorted(map(tuple, streams))

    def tried(self, who: str, act: Any) -> bool:
        before = self.state()
        try:
            self.world.do(self.world.actors[who], act)
        except Refusal as refused:
            said = [problem.sentence for problem in refused.problems]
            assert said, "refused without a word"
            assert all(one[0].isupper() and one[-1] == "." for one in said), said
            assert self.state() == before, "a refusal moved something"
            return False
        return True

    @property
    def deputy(self) -> Part:
        return self.parts[0]

    def may_write(self, who: str) -> bool:
        return who in ("cm", "cm2")

    # -- the acts

    def _propose(self, n: int, who: str) -> None:
        part = self.parts[n]
        nominates = part.entry.nominated_by is not NominatedBy.REPRESENTATIVE or self.deputy.status == "ACTIVE"
        free = part.status in ("NONE", "ENDED")
        may = self.may_write(who) and free and nominates and n != 0
        if n == 0 and free:
            return  # the deputy who has ended would be another part, whom nobody nominated by
        ids: list[UUID] = []
        done = self.tried(who, lambda uow: ids.append(acting.propose(uow, self.case.person_id, part.entry)))
        assert done is may
        if done:
            part.id, part.status, part.agreed, part.checked = ids[0], "PROPOSED", False, False

    def _check(self, n: int, who: str, agrees: bool, certificate: bool) -> None:
        part = self.parts[n]
        part_id = part.id
        if part_id is None:
            return
        on = self.world.today
        entry = acting.ChecksEntry(on if agrees else None, on if certificate else None, "001" if certificate else "")
        with self.world.unit(self.world.cm, writes=False) as uow:
            seen = uow.session.get_one(PersonRole, part_id).row_version
        enough = certificate or part.checked or not part.needs_check
        may = self.may_write(who) and part.status in ("PROPOSED", "CHECKS") and enough
        assert self.tried(who, lambda uow: acting.record_checks(uow, part_id, entry, seen_version=seen)) is may
        if may:
            part.status = "CHECKS"
            part.agreed, part.checked = part.agreed or agrees, part.checked or certificate

    def _agree(self, n: int, who: str) -> None:
        part = self.parts[n]
        part_id = part.id
        if part_id is None:
            return
        nominator = part.entry.nominator is None or self.deputy.status == "ACTIVE"
        whole = part.agreed and (part.checked or not part.needs_check) and nominator
        # A nominee of a representative needs one who may nominate and acts.
        may = who in ("approver", "approver2") and part.status in ("CHECKS", "SUSPENDED") and whole
        assert self.tried(who, lambda uow: acting.agree(uow, part_id)) is may
        if may:
            part.status = "ACTIVE"

    def _hold(self, n: int, who: str) -> None:
        part = self.parts[n]
        part_id = part.id
        if part_id is None:
            return
        may = self.may_write(who) and part.status == "ACTIVE"
        assert self.tried(who, lambda uow: acting.suspend(uow, part_id, WHY)) is may
        if may:
            part.status = "SUSPENDED"
            self._hold_nominees(n)

    def _end(self, n: int, who: str) -> None:
        part = self.parts[n]
        part_id = part.id
        if part_id is None:
            return
        may = self.may_write(who) and part.status != "ENDED"
        assert self.tried(who, lambda uow: acting.end(uow, part_id, WHY)) is may
        if may:
            part.status = "ENDED"
            self._hold_nominees(n)

    def _hold_nominees(self, n: int) -> None:
        for other in self.parts:
            if n == 0 and other.entry.nominator is not None and other.status == "ACTIVE":
                other.status = "SUSPENDED"

    def _pay(self, n: int, who: str) -> None:
        """Somebody takes the place of a payee who has stopped: nothing is paid before they are agreed."""
        part = self.parts[n]
        part_id = part.id
        if part_id is None:
            return
        done = self.tried(who, lambda uow: acting.name_payee(uow, part_id))
        if done:
            assert self.may_write(who)
            assert part.status != "ENDED"
            assert self.parts[self.payee].status in ("SUSPENDED", "ENDED")
            self.payee = n

    @rule(n=PEOPLE, steps=st.integers(1, 3))
    def onward(self, n: int, steps: int) -> None:
        """What comes next for one of them, by whoever may, up to being active."""
        part = self.parts[n]
        for _ in range(steps):
            if part.status == "NONE":
                self._propose(n, "cm")
            elif part.status == "PROPOSED" or (part.status == "CHECKS" and not part.agreed):
                self._check(n, "cm", True, True)
            elif part.status in ("CHECKS", "SUSPENDED"):
                self._agree(n, "approver")

    @rule(n=st.sampled_from([0, 2]))
    def hold_at_once(self, n: int) -> None:
        """Put on hold by whoever may: the deputy with the nominee they chose."""
        self._hold(n, "cm")

    @rule(n=PEOPLE, who=WHO, agrees=st.booleans(), certificate=st.booleans(), what=st.integers(0, 2))
    def begin(self, n: int, who: str, agrees: bool, certificate: bool, what: int) -> None:
        if what == 0:
            self._propose(n, who)
        elif what == 1:
            self._check(n, who, agrees, certificate)
        else:
            self._agree(n, who)

    @rule(n=PEOPLE, who=WHO, what=st.integers(0, 9))
    def stop(self, n: int, who: str, what: int) -> None:
        if what < 6:
            self._hold(n, who)
        elif what < 9:
            self._pay(n, who)
        else:
            self._end(n, who)

    # -- what is always so

    @invariant()
    def nobody_acts_whom_the_rules_do_not_let(self) -> None:
        if not hasattr(self, "parts"):
            return
        with self.world.unit(self.world.cm, writes=False) as uow:
            rows = {row.id: row for row in uow.session.execute(select(PersonRole)).scalars()}
            stream = uow.session.get_one(Stream, self.case.streams[0])
        for part in self.parts:
            if part.id is None:
                continue
            row = rows[part.id]
            assert row.status == part.status
            if row.status == "ACTIVE":
                assert row.agreed_on is not None
                assert row.board_agreed_on is not None
                assert row.board_agreed_by not in (None, row.proposed_by)
                assert row.dbs_on is not None or not part.needs_check
        payee = self.parts[self.payee]
        assert stream.payee_role_id == payee.id
        if payee.status != "ACTIVE":
            assert stream.status not in {one.value for one in PAID}, "paid to somebody who does not act"


TestActing = ActingMachine.TestCase
TestActing.settings = settings(
    max_examples=16, stateful_step_count=50, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
