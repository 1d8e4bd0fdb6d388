"""The people somebody acts for, with the money in words: everything begins at what a live part opens (I29, I30)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal import routes
from phbportal.domain.acting import ACTING_WORDS, ActedFor, Acting, ActingStatus, Basis
from phbportal.domain.acting_words import AFTER_A_DEATH, DUTIES, METHOD_NAMES, balance, coming, standing
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import london_day
from phbportal.domain.money import pounds
from phbportal.domain.next_payment import Terms, next_payment
from phbportal.domain.nominations import representative_nominates_problem
from phbportal.domain.periods import monthly_pay
from phbportal.domain.plans import PlanStatus
from phbportal.domain.roles import Role
from phbportal.domain.streams import Frequency, Method, StreamFact, StreamStatus
from phbportal.domain.text import long_date
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries import holder_facts
from phbportal.queries.for_them import ToLookAt, to_look_at
from phbportal.queries.ledger import Balances, balances_by_phb
from phbportal.queries.money_for import MoneyFor, money_for, workers_by_phb
from phbportal.queries.money_rules import rules_of_money
from phbportal.queries.payees import stream_facts
from phbportal.queries.plan_parts import SharedPart, shared_parts
from phbportal.queries.scope import visible
from phbportal.queries.taken_off import TakenOff, payment_facts, taken_off
from phbportal.queries.workers import WorkerView
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan, PlanService
from phbportal.tables.users import User


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """One stream as text: what is left of it, and what comes next."""

    name: str
    left: list[str]
    next: list[str]


@dataclass(frozen=True, slots=True)
class Budget:
    """A budget somebody looks after for another, as text; amounts in pence are for the picture.

    ``set_aside_pence`` and ``unpaid_pence`` are nought for a nominee, who sees only what they hold.
    """

    reference: str = ""
    href: str = ""
    whose: str = ""
    streams: list[MoneyLine] = field(default_factory=list[MoneyLine])
    spent_pence: int = 0
    held_pence: int = 0
    set_aside_pence: int = 0
    unpaid_pence: int = 0
    board: str = ""
    manager: str = ""
    email: str = ""
    telephone: str = ""


@dataclass(frozen=True, slots=True)
class PartView:
    """A part in somebody's life: whose, which, where it stands, and the budgets it opens.

    ``represents`` is whether it is a representative's who acts, ``may_nominate`` whether they may choose a nominee,
    ``news`` what waits for them or is new.
    """

    id: str
    whose: str
    what: str
    href: str
    standing: list[str]
    duties: list[str]
    asks: bool
    may_stop: bool
    budgets: list[Budget] = field(default_factory=list[Budget])
    represents: bool = False
    may_nominate: bool = False
    news: list[ToLookAt] = field(default_factory=list[ToLookAt])


@dataclass(frozen=True, slots=True)
class EntryRow:
    on: str
    what: str
    amount: str


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody else who helps, and what they do."""

    name: str
    what: str


@dataclass(frozen=True, slots=True)
class BudgetPage:
    """One budget with its entries, what the money may buy, and who else helps. The words are a representative's."""

    budget: Budget = field(default_factory=Budget)
    happened: list[EntryRow] = field(default_factory=list[EntryRow])
    may_buy: list[str] = field(default_factory=list[str])
    others: list[Help] = field(default_factory=list[Help])
    about_me: str = ""
    what_matters: str = ""
    contingency: str = ""
    shared: list[SharedPart] = field(default_factory=list[SharedPart])
    money_for: list[MoneyFor] = field(default_factory=list[MoneyFor])
    workers: list[WorkerView] = field(default_factory=list[WorkerView])
    money_rules: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class _Found:
    """A stream the actor may see, with what it hangs on."""

    stream: Stream
    account: PayeeAccount | None
    phb: Phb
    person: Person
    board: Organisation
    manager: User | None


def parts_of(session: Session, actor: Actor, now: datetime) -> list[PartView]:
    """Everybody the actor acts for or is asked to, by name, with the budgets their part opens."""
    today = london_day(now)
    rows = session.execute(
        select(PersonRole, Person)
        .join(Person, col(Person.id) == col(PersonRole.person_id))
        .where(visible(actor, PersonRole, today), col(PersonRole.role) == actor.role.value)
        .order_by(col(Person.search_name), col(PersonRole.id))
    ).all()
    own = [(part, person) for part, person in rows if _is_own(actor, part)]
    budgets = _budgets(session, actor, now, _streams(session, actor, today))
    acts = {person.id: part.id for part, person in own if part.status == ActingStatus.ACTIVE}
    news = to_look_at(session, actor, today, parts=acts) if acts else {}
    return [
        _part(part, person, budgets.get(person.id, []), today, news.get(person.id, []))
        if acts.get(person.id) == part.id
        else _part(part, person, [], today, [])
        for part, person in own
    ]


def part_of(session: Session, actor: Actor, today: date, part_id: UUID) -> tuple[PartView, UUID]:
    """One part of the actor's own, and whose life it is in. Raises NotFound."""
    row = session.execute(
        select(PersonRole, Person)
        .join(Person, col(Person.id) == col(PersonRole.person_id))
        .where(col(PersonRole.id) == part_id, visible(actor, PersonRole, today))
    ).one_or_none()
    if row is None or not _is_own(actor, row[0]):
        raise NotFound()
    return _part(row[0], row[1], [], today, []), row[1].id


def _is_own(actor: Actor, part: PersonRole) -> bool:
    if part.role != actor.role.value:
        return False
    if part.user_id is not None:
        return part.user_id == actor.user_id
    return part.organisation_id is not None and (part.organisation_id, part.icb_id) == (
        actor.organisation_id, actor.icb_id,
    )  # fmt: skip


def _name(person: Person) -> str:
    return f"{person.known_as or person.given_name} {person.family_name}"


def _part(part: PersonRole, person: Person, budgets: list[Budget], today: date, news: list[ToLookAt]) -> PartView:
    status, role = ActingStatus(part.status), Acting(part.role)
    represents = role is Acting.REPRESENTATIVE and status is ActingStatus.ACTIVE
    died = person.died_on is not None and status is ActingStatus.ACTIVE
    about = ActedFor(person.date_of_birth, person.lacks_capacity)
    accepted = part.agreed_on is not None
    return PartView(
        id=str(part.id), whose=_name(person), what=ACTING_WORDS[role], href=routes.acting_part(part.id),
        standing=list(AFTER_A_DEATH if died else standing(status, accepted=accepted)),
        duties=[] if died else list(DUTIES[role]),
        asks=not accepted and status in (ActingStatus.PROPOSED, ActingStatus.CHECKS),
        may_stop=status is not ActingStatus.ENDED, budgets=budgets, represents=represents,
        may_nominate=(
            represents and not died and representative_nominates_problem(Basis(part.basis), about, today) is None
        ),
        news=news,
    )  # fmt: skip


def _streams(session: Session, actor: Actor, today: date, reference: str = "") -> list[_Found]:
    """The streams the actor's parts open. The budget and the person are read through them, not in their own right."""
    statement = (
        select(Stream, PayeeAccount, Phb, Person, Organisation, User)
        .join(Phb, col(Phb.id) == col(Stream.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .join(Organisation, col(Organisation.id) == col(Phb.icb_id))
        .outerjoin(
            PayeeAccount, and_(col(PayeeAccount.id) == col(Stream.account_id), visible(actor, PayeeAccount, today))
        )
        .outerjoin(User, col(User.id) == col(Phb.case_manager_id))
        .where(visible(actor, Stream, today))
        .order_by(col(Phb.id), col(Stream.id))
    )
    if reference:
        statement = statement.where(col(Phb.reference) == reference)
    return [_Found(*row) for row in session.execute(statement)]


def _budgets(session: Session, actor: Actor, now: datetime, found: Sequence[_Found]) -> dict[UUID, list[Budget]]:
    """Budgets by person. A fixed number of statements, however many there are."""
    if not found:
        return {}
    today = london_day(now)
    ids = list(dict.fromkeys(row.phb.id for row in found))
    balances = balances_by_phb(session, ids)
    facts = stream_facts(session, [(row.stream, row.person, row.account) for row in found])
    payments = holder_facts.payments(session, actor, today, ids)
    anchors = holder_facts.cycle_anchors(session, [row.phb.icb_id for row in found], today)
    off, stays = taken_off(session, ids), could_ever(actor, Permission.STAY_READ)
    mine = set(
        session.execute(
            select(col(PersonRole.id)).where(
                visible(actor, PersonRole, today),
                col(PersonRole.user_id) == actor.user_id
                if actor.organisation_id is None
                else col(PersonRole.organisation_id) == actor.organisation_id,
            )
        ).scalars()
    )
    views: dict[UUID, list[Budget]] = {}
    for phb_id in ids:
        rows = [row for row in found if row.phb.id == phb_id]
        held = balances[phb_id]
        lines = [
            MoneyLine(
                "Money paid to you" if row.stream.payee_role_id in mine else METHOD_NAMES[Method(row.stream.method)],
                list(
                    balance(
                        Method(row.stream.method), held.held_by(row.stream.id), held.spent_on(row.stream.id),
                        whose=_name(row.person), own=row.stream.payee_role_id in mine,
                    )
                ),
                _next(
                    row, payments, anchors[row.phb.icb_id], now, facts[row.stream.id], off,
                    own=row.stream.payee_role_id in mine, stays=stays,
                ),
            )
            for row in rows
        ]  # fmt: skip
        views.setdefault(rows[0].person.id, []).append(_budget(actor, rows, lines, held))
    return views


def _next(
    row: _Found, payments: Sequence[PaymentItem], anchor: date, now: datetime, fact: StreamFact, off: TakenOff, *,
    own: bool, stays: bool,
) -> list[str]:  # fmt: skip
    stream, today = row.stream, london_day(now)
    if stream.method == Method.NOTIONAL:
        return []
    found = next_payment(
        fact,
        Terms(
            StreamStatus(stream.status), Frequency(stream.frequency), stream.weekly_pence, stream.one_off_pence,
            stream.first_payment_on, monthly_pay(stream.monthly_pay), stream.paid_to_on,
            london_day(stream.created_at),
        ),
        payment_facts(stream.id, payments, off),
        today=today, now=now, anchor=anchor, off_pence=off.waiting.get(stream.id, 0),
    )  # fmt: skip
    return list(coming(found, today, own=own, stays=stays))


def _budget(actor: Actor, rows: Sequence[_Found], lines: list[MoneyLine], held: Balances) -> Budget:
    first = rows[0]
    whole = actor.role.value == Acting.REPRESENTATIVE.value
    return Budget(
        reference=first.phb.reference, href=routes.of_phb(routes.ACTING_FOR_PHB, first.phb.reference),
        whose=_name(first.person), streams=lines,
        spent_pence=sum(held.spent_on(row.stream.id) for row in rows),
        held_pence=sum(held.held_by(row.stream.id) for row in rows),
        set_aside_pence=held.reserved_pence if whole else 0, unpaid_pence=held.available_pence if whole else 0,
        board=first.board.name, manager=first.manager.display_name if first.manager else "",
        email=(first.manager.email or "") if first.manager else "", telephone=first.board.telephone,
    )  # fmt: skip


def budget_page(session: Session, actor: Actor, now: datetime, reference: str) -> BudgetPage:
    """One budget that the actor's part opens. Raises NotFound."""
    today = london_day(now)
    found = _streams(session, actor, today, reference)
    if not found:
        raise NotFound()
    phb, person = found[0].phb, found[0].person
    plan = session.execute(
        select(Plan).where(col(Plan.phb_id) == phb.id, visible(actor, Plan, today), _in_force())
    ).scalar_one_or_none()
    services = session.execute(
        select(col(PlanService.description))
        .join(Plan, col(Plan.id) == col(PlanService.plan_id))
        .where(col(Plan.phb_id) == phb.id, visible(actor, PlanService, today), _in_force())
        .order_by(col(PlanService.position))
    ).scalars()
    others = session.execute(
        select(PersonRole).where(
            col(PersonRole.person_id) == person.id,
            visible(actor, PersonRole, today),
            col(PersonRole.status) == ActingStatus.ACTIVE.value,
        )
    ).scalars()
    return BudgetPage(
        budget=_budgets(session, actor, now, found)[person.id][0],
        happened=[
            EntryRow(long_date(e.on), e.words, pounds(e.amount_pence))
            for e in holder_facts.entries(session, actor, today, [phb.id])
        ],
        may_buy=list(services),
        others=[_help(part) for part in others if not _is_own(actor, part)],
        about_me=plan.about_me if plan else "", what_matters=plan.what_matters if plan else "",
        contingency=plan.contingency if plan else "",
        shared=_shared(session, actor, today, phb.id) if actor.role is Role.NOMINEE else [],
        money_for=money_for(session, actor, today, [phb.id]).get(phb.id, []),
        workers=workers_by_phb(session, actor, today, [phb.id]).get(phb.id, []),
        money_rules=rules_of_money(session, actor, today, phb_id=phb.id),
    )  # fmt: skip


def _shared(session: Session, actor: Actor, today: date, phb_id: UUID) -> list[SharedPart]:
    """What of the plan in force is marked for a nominee; to a representative the whole plan has a page of its own."""
    plan_id = select(col(Plan.id)).where(col(Plan.phb_id) == phb_id, _in_force()).limit(1).scalar_subquery()
    return list(shared_parts(session, actor, today, plan_id))


def _help(part: PersonRole) -> Help:
    """Somebody else who helps; of an organisation with who there looks after the money."""
    return Help(f"{part.name} ({part.individual})" if part.individual else part.name, ACTING_WORDS[Acting(part.role)])


def _in_force() -> ColumnElement[bool]:
    return col(Plan.status).in_([PlanStatus.APPROVED.value, PlanStatus.ACTIVE.value])
