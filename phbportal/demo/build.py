"""Building the demo world, once: what is done is not done again, and a build that was killed is taken up where it was.

Every act carries a key (``Stage.act``), so a second walk through the same stories does only what is missing. The day
the world was begun, and whether it is whole, are kept in a row of ``job``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from sqlalchemy import Engine, select
from sqlmodel import col

from phbportal.demo.contents import Contents
from phbportal.demo.days import Days, ago, days_of
from phbportal.demo.leaver import joins
from phbportal.demo.letters import letters_of_the_board
from phbportal.demo.months import months_as_twelfths
from phbportal.demo.raises import uplift_that_waits
from phbportal.demo.rates import limits, rates, rates_that_wait
from phbportal.demo.staff import FIRST, PROVIDER, hire, registered, waits_for_a_second_person
from phbportal.demo.stage import Stage
from phbportal.demo.stories import Stories
from phbportal.demo.third_party import ThirdPartyStories
from phbportal.demo.wider_stories import WiderStories
from phbportal.demo.wider_third_party import wider_third_party
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM
from phbportal.services.policies import day_setting
from phbportal.services.reference_data import add_boards
from phbportal.services.tick import tick
from phbportal.services.unit_of_work import LONDON, UnitOfWork, open_unit
from phbportal.services.users import board_by_code
from phbportal.tables.settings import Job
from phbportal.tables.users import Identity

KIND = "demo"
SMALL, WIDER = "small", "wider"
CYCLES_OF_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class _World:
    """What the world's own row says: its days, and the address its people first signed in at."""

    job_id: UUID
    days: Days
    issuer: str
    small: bool
    whole: bool


def build(engine: Engine, issuer: str, *, small: bool = False) -> bool:
    """Build the demo world; ``issuer`` is the address of the development sign-in its people use. A ``small`` world has
    the people of the tour alone. What was begun is finished as it was begun.

    Returns False if it was there already. With another ``issuer`` than before its people can be chosen there too.
    """
    world = _begin(engine, issuer, small)
    if not world.whole:
        stage = Stage(engine, world.issuer, world.days)
        hire(stage, wider=not world.small)
        registered(stage)
        limits(stage)
        joins(stage)
        rates(stage)
        Stories(stage).tell()
        ThirdPartyStories(stage).tell()
        Contents(stage).tell()
        if not world.small:
            grace, yasmin = stage.staff["grace", Role.ADMIN], stage.staff["yasmin", Role.AUDITOR]
            letters_of_the_board(stage, grace, yasmin, on=ago(world.days.today, 60))
            months_as_twelfths(stage)
            WiderStories(stage).tell()
            wider_third_party(stage)
        waits_for_a_second_person(stage)
        uplift_that_waits(stage)
        rates_that_wait(stage)
        tick(engine, now=datetime.combine(ago(world.days.today, 1), time(21), LONDON))
        tick(engine)  # on a 1 April, what only today can do
        _finish(engine, world, stage.acts.total())
    _answer_at(engine, issuer)
    return not world.whole


def _begin(engine: Engine, issuer: str, small: bool) -> _World:
    """Find the world's row or make it, with the boards, in one unit: of two builds at once only one makes it."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        job = _job(uow)
        if job is None:
            add_boards(uow)
            anchor = day_setting(uow, board_by_code(uow, FIRST).id, "cycle_anchor_date")
            begun = f"{uow.today} {anchor} {issuer} {SMALL if small else WIDER}"
            uow.once(KIND, "begun", {}, str)
            job = uow.add(Job, kind=KIND, status="RUNNING", payload=begun)
        begun_on, anchor_on, first_issuer, *size = job.payload.split(" ")
        small = size != [WIDER]
        days = days_of(date.fromisoformat(begun_on), date.fromisoformat(anchor_on), 1 if small else CYCLES_OF_A_YEAR)
        return _World(job.id, days, first_issuer, small, job.status == "DONE")


def _job(uow: UnitOfWork) -> Job | None:
    return uow.session.execute(select(Job).where(col(Job.kind) == KIND)).scalar_one_or_none()


def _finish(engine: Engine, world: _World, acts: int) -> None:
    with open_unit(engine, SYSTEM, writes=True) as uow:
        job = uow.session.get_one(Job, world.job_id)
        uow.change(job, status="DONE", done_count=acts, total_count=acts, finished_at=uow.now)


def _answer_at(engine: Engine, issuer: str) -> None:
    """Let the people of the world be chosen at this address too: a portal on another port is another issuer."""
    with open_unit(engine, SYSTEM, writes=True) as uow:
        rows = uow.session.execute(
            select(col(Identity.subject), col(Identity.user_id), col(Identity.issuer)).where(
                col(Identity.provider) == PROVIDER,
                col(Identity.subject).like("demo-%"),
                col(Identity.disabled_at).is_(None),
            )
        ).all()
        there = {row.subject for row in rows if row.issuer == issuer}
        for subject, user_id in {row.subject: row.user_id for row in rows if row.subject not in there}.items():
            uow.add(Identity, user_id=user_id, provider=PROVIDER, issuer=issuer, subject=subject)
