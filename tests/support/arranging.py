"""Third-party arrangements for tests, step by step: an organisation, its people, an offer, answers, signatures."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from phbportal.domain.isf import LINES, Answer, IsfStatus, LineAnswer
from phbportal.domain.isf_offer import DEFAULT_FLEXIBILITY, FeeKind, Reporting, Terms, Timing
from phbportal.domain.roles import Role
from phbportal.domain.streams import Method
from phbportal.domain.text import search_key
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.services import agreements, arrangements, isf_answers
from phbportal.tables.arrangements import Agreement
from phbportal.tables.organisations import Organisation
from phbportal.tables.users import Assignment, User
from tests.support import journey
from tests.support.journey import Case, StreamPlan
from tests.support.world import World

TERMS = Terms(
    hourly_pence=2650, other_rates="", fee_kind=FeeKind.PERCENT, fee_bp=500, fee_weekly_pence=0,
    fee_covers="Payroll and rotas", timing=Timing.TWO_WEEKS_BEFORE, bank_cap_weeks=4, bank_period_weeks=12,
    flexibility=DEFAULT_FLEXIBILITY, reporting=Reporting.QUARTERLY, exit_days=28,
)  # fmt: skip
PAPER = "Scanned to the case file"


def organisation(world: World, name: str = "Larch Care CIC", **facts: object) -> UUID:
    """An organisation in the directory; user-led and a ULO unless told otherwise."""
    about = {"kind": "ULO", "is_user_led": True} | facts

    with world.unit(SYSTEM) as uow:
        return uow.add(Organisation, name=name, search_name=search_key(name), **about).id


def somebody_of(world: World, organisation_id: UUID, name: str = "Lena Larch") -> Actor:
    """A person who signs in for an organisation."""
    with world.unit(SYSTEM) as uow:
        user = uow.add(User, display_name=name, email=None)
        assignment = uow.add(
            Assignment, user_id=user.id, role=Role.PROVIDER.value, organisation_id=organisation_id,
            valid_from=world.today - timedelta(days=30),
        )  # fmt: skip
        return Actor(
            Role.PROVIDER, user_id=user.id, display_name=name, organisation_id=organisation_id,
            assignment_id=assignment.id,
        )  # fmt: skip


def approved(
    world: World, organisation_id: UUID, *, weekly_pence: int = 90_000, starts_on: date = date(2026, 4, 6),
    **about: object,
) -> Case:  # fmt: skip
    """An approved third-party budget that nobody has been asked to hold yet."""
    plan = StreamPlan(Method.THIRD_PARTY, weekly_pence, starts_on=starts_on, organisation_id=organisation_id)
    return journey.approved(world, plan, **about)


def offer(
    world: World, case: Case, organisation_id: UUID, *, terms: Terms = TERMS, on: date | None = None,
    by: Actor | None = None, stream: int = -1,
) -> UUID:  # fmt: skip
    """The case manager's offer of the case's last stream."""
    entry = arrangements.OfferEntry(organisation_id, terms)
    return world.do(by or world.cm, lambda uow: arrangements.send_offer(uow, case.streams[stream], entry), on=on)


def answers(**changes: Answer) -> dict[int, LineAnswer]:
    """Twelve accepted lines, but for those named: ``line3=Answer.QUERIED``."""
    given = {number: LineAnswer(Answer.ACCEPTED) for number in LINES}
    for name, answer in changes.items():
        given[int(name.removeprefix("line"))] = LineAnswer(answer, "Because of this.")
    return given


def answer(world: World, who: Actor, offer_id: UUID, *, on: date | None = None, **changes: Answer) -> IsfStatus:
    entry = isf_answers.AnswersEntry("Manager", answers(**changes))
    return world.do(who, lambda uow: isf_answers.send_answers(uow, offer_id, entry), on=on)


def agreement(world: World, offer_id: UUID) -> UUID:
    """The agreement of a confirmed offer."""
    from sqlalchemy import select
    from sqlmodel import col

    with world.unit(SYSTEM, writes=False) as uow:
        return uow.session.execute(
            select(col(Agreement.id)).where(col(Agreement.confirmation_id) == offer_id)
        ).scalar_one()


def sign(world: World, who: Actor, agreement_id: UUID, *, on: date | None = None) -> None:
    world.do(who, lambda uow: agreements.sign_agreement(uow, agreement_id), on=on)


def sign_on_paper(world: World, agreement_id: UUID, *, representative: bool = False, on: date | None = None) -> None:
    entry = agreements.PaperEntry("Amina Okafor-Reyes", representative, on or world.today, PAPER)
    world.do(world.cm, lambda uow: agreements.record_paper_signature(uow, agreement_id, entry), on=on)


def arranged(world: World, case: Case, organisation_id: UUID, who: Actor) -> UUID:
    """Offered, confirmed and signed by all three. Returns the agreement's id."""
    offer_id = offer(world, case, organisation_id)
    answer(world, who, offer_id)
    agreement_id = agreement(world, offer_id)
    sign(world, who, agreement_id)
    sign(world, world.approver, agreement_id)
    sign_on_paper(world, agreement_id)
    return agreement_id
