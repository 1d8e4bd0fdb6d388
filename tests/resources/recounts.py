"""The figures of the dashboards done again by hand: every row there is, read once, and counted in plain Python."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, select

from phbportal.domain.eligibility import COHORT_WORDS, Cohort
from phbportal.domain.figures import Hidden
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.domain.quarters import quarter_of, quarter_words
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.domain.streams import METHOD_WORDS, Method
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries import dashboard_budgets as budgets
from phbportal.queries import dashboard_money as money
from phbportal.queries import dashboard_office as office
from phbportal.queries import spent_by_funder, uplifts
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.audit import AccessEvent
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import PersonResponsibility
from phbportal.tables.phbs import Phb, Review
from phbportal.tables.plans import Plan
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation
from tests.support.world import at

TABLES = (
    AccessEvent, PayeeAccount, Stream, LedgerAccount, LedgerJournal, LedgerPosting, PaymentItem, PersonResponsibility,
    Phb, Review, Plan, RoleGrant, Assignment, Invitation,
)  # fmt: skip
ENDED = ("DECLINED", "REFUSED", "CLOSED")
STAFF = ("CASE_MANAGER", "CLINICIAN", "FINANCE", "APPROVER", "AUDITOR", "ADMIN")


@dataclass
class Everything:
    """Every row of the tables that are counted, by table and id."""

    rows: dict[type[Any], dict[UUID, Any]]

    @classmethod
    def read(cls, engine: Engine) -> Everything:
        with open_unit(engine, SYSTEM, writes=False) as uow:
            found = {t: {row.id: row for row in uow.session.execute(select(t)).scalars()} for t in TABLES}
            uow.session.expunge_all()
        return cls(found)

    def of(self, table: type[Any], actor: Actor) -> list[Any]:
        """The rows of a table that the actor's board owns."""
        return [row for row in self.rows[table].values() if row.icb_id == actor.icb_id]


Recount = Callable[[Everything, Actor, date], Any]
RECOUNTS: dict[Callable[..., Any], Recount] = {}


def does_again(*queries: Callable[..., Any]) -> Callable[[Recount], Recount]:
    def keep(recount: Recount) -> Recount:
        RECOUNTS.update(dict.fromkeys(queries, recount))
        return recount

    return keep


def days_ago(today: date, days: int) -> datetime:
    return at(today - timedelta(days=days), 0)


def still_open(everything: Everything, actor: Actor) -> list[Phb]:
    return [b for b in everything.of(Phb, actor) if b.status not in ENDED]


def tally(words: dict[Any, str], codes: Iterable[str]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for code in codes:
        found[words[code], ""] += 1
    return dict(found)


# Budgets, plans, reviews ----------------------------------------------------------------------------------------------


@does_again(budgets.people)
def people(e: Everything, actor: Actor, today: date) -> int:
    return len({
        r.person_id for r in e.of(PersonResponsibility, actor)
        if r.starts_on <= today and (r.ends_on is None or r.ends_on >= today)
    })  # fmt: skip


@does_again(budgets.open_budgets)
def open_budgets(e: Everything, actor: Actor, today: date) -> int:
    return len(still_open(e, actor))


@does_again(budgets.own_budgets)
def own_budgets(e: Everything, actor: Actor, today: date) -> int:
    return sum(b.case_manager_id == actor.user_id for b in still_open(e, actor))


@does_again(budgets.budgets_of_nobody)
def budgets_of_nobody(e: Everything, actor: Actor, today: date) -> int:
    return sum(b.case_manager_id is None for b in still_open(e, actor))


def plans_in(*statuses: str) -> Recount:
    return lambda e, actor, today: sum(p.status in statuses for p in e.of(Plan, actor))


RECOUNTS[budgets.plans_to_sign_off] = plans_in("SUBMITTED")
RECOUNTS[budgets.plans_to_approve] = plans_in("CLINICALLY_SIGNED")
RECOUNTS[budgets.plans_waiting] = plans_in("SUBMITTED", "CLINICALLY_SIGNED")


@does_again(budgets.own_plans_to_finish)
def own_plans_to_finish(e: Everything, actor: Actor, today: date) -> int:
    return sum(
        p.status in ("DRAFT", "SHARED", "RETURNED") and e.rows[Phb][p.phb_id].case_manager_id == actor.user_id
        for p in e.of(Plan, actor)
    )


@does_again(budgets.plans_signed_lately)
def plans_signed_lately(e: Everything, actor: Actor, today: date) -> int:
    return sum(p.signed_on is not None and (today - p.signed_on).days < 28 for p in e.of(Plan, actor))


def own_reviews(first: int, last: int) -> Recount:
    def recount(e: Everything, actor: Actor, today: date) -> int:
        mine = {b.id for b in still_open(e, actor) if b.case_manager_id == actor.user_id}
        return sum(
            r.phb_id in mine and r.held_on is None and first <= (r.due_on - today).days <= last
            for r in e.of(Review, actor)
        )

    return recount


RECOUNTS[budgets.own_reviews_overdue] = own_reviews(-10_000, -1)
RECOUNTS[budgets.own_reviews_soon] = own_reviews(0, 28)
STATUSES = {s.value: STATUS_WORDS[s] for s in PhbStatus}
COHORTS = {c.value: COHORT_WORDS[c] for c in Cohort}


@does_again(budgets.budgets_by_status)
def budgets_by_status(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    return tally(STATUSES, (b.status for b in still_open(e, actor)))


@does_again(budgets.own_budgets_by_status)
def own_budgets_by_status(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    return tally(STATUSES, (b.status for b in still_open(e, actor) if b.case_manager_id == actor.user_id))


@does_again(budgets.budgets_by_cohort)
def budgets_by_cohort(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], Any]:
    found: dict[tuple[str, str], Any] = dict(tally(COHORTS, (b.cohort for b in still_open(e, actor))))
    if actor.role is not Role.AUDITOR:
        return found
    small = [label for label, count in found.items() if count < 5]
    large = sorted((label for label in found if label not in small), key=lambda label: found[label])
    hidden = dict.fromkeys(small, Hidden.SMALL) | dict.fromkeys(large[: len(small) == 1], Hidden.TELLS)
    return found | hidden


@does_again(budgets.plans_signed_by_month)
def plans_signed_by_month(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    since = date(today.year - 1, today.month + 1, 1)
    signed = [p.signed_on for p in e.of(Plan, actor) if p.signed_on and p.signed_on >= since]
    return tally(defaultdict(str) | {m: f"{m:%B %Y}" for m in signed}, signed)


# Money ----------------------------------------------------------------------------------------------------------------


@dataclass
class Move:
    """One posting with all that is known of it."""

    source: str
    target: str
    pence: int
    on: date
    cohort: str
    method: str


def moves(e: Everything, actor: Actor) -> list[Move]:
    found: list[Move] = []
    for p in e.rows[LedgerPosting].values():
        journal, accounts = e.rows[LedgerJournal][p.journal_id], e.rows[LedgerAccount]
        phb = e.rows[Phb][journal.phb_id]
        if phb.icb_id == actor.icb_id:
            method = e.rows[Stream][journal.stream_id].method if journal.stream_id else ""
            source, target = accounts[p.from_id].path, accounts[p.to_id].path
            found.append(Move(source, target, p.amount_pence, journal.effective_on, phb.cohort, method))
    return found


def is_at(path: str, place: str) -> bool:
    return {
        "board": path.startswith("outside:icb:"), "left": path.endswith(":available"),
        "aside": path.endswith(":reserved"), "held": path.endswith(":held"), "spent": ":spent:" in path,
        "payee": path.endswith(":held") or ":spent:" in path,
    }[place]  # fmt: skip


def net(found: Iterable[Move], source: str, target: str) -> int:
    """What went from one kind of place to another, less what came back."""
    total = 0
    for m in found:
        total += m.pence * (is_at(m.source, source) and is_at(m.target, target))
        total -= m.pence * (is_at(m.source, target) and is_at(m.target, source))
    return total


def at_place(found: Iterable[Move], place: str) -> int:
    return sum(m.pence * (is_at(m.target, place) - is_at(m.source, place)) for m in found)


def this_year(found: list[Move], today: date) -> list[Move]:
    assert today.month >= 4
    return [m for m in found if date(today.year, 4, 1) <= m.on <= date(today.year + 1, 3, 31)]


@does_again(money.paid_this_year)
def paid_this_year(e: Everything, actor: Actor, today: date) -> int:
    return net(this_year(moves(e, actor), today), "aside", "payee")


@does_again(money.agreed_this_year)
def agreed_this_year(e: Everything, actor: Actor, today: date) -> int:
    return net(this_year(moves(e, actor), today), "board", "left")


def place_now(place: str) -> Recount:
    """From the accounts themselves: what is kept beside each budget."""

    def recount(e: Everything, actor: Actor, today: date) -> int:
        own = {b.id for b in e.of(Phb, actor)}
        return sum(a.balance_pence for a in e.rows[LedgerAccount].values() if a.phb_id in own and is_at(a.path, place))

    return recount


RECOUNTS[money.left_to_pay] = place_now("left")
RECOUNTS[money.set_aside] = place_now("aside")
RECOUNTS[money.with_payees] = place_now("held")


def by_month(source: str, target: str, *, methods: bool = False) -> Recount:
    def recount(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
        found: dict[tuple[str, str], list[Move]] = defaultdict(list)
        for m in moves(e, actor):
            if m.on > date(today.year, today.month, 31) or m.on < date(today.year - 1, today.month + 1, 1):
                continue  # of a budget that begins later
            name = METHOD_WORDS[Method(m.method)] if methods and m.method else ""
            if not methods or m.method:
                found[f"{m.on:%B %Y}", name].append(m)
        return {key: net(those, source, target) for key, those in found.items()}

    return recount


RECOUNTS[money.paid_by_month] = by_month("aside", "payee")
RECOUNTS[money.agreed_by_month] = by_month("board", "left")
RECOUNTS[money.paid_by_method] = by_month("aside", "payee", methods=True)


@does_again(money.paid_by_cohort)
def paid_by_cohort(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    found = this_year(moves(e, actor), today)
    return {(COHORTS[c], ""): net([m for m in found if m.cohort == c], "aside", "payee") for c in COHORTS}


@does_again(money.where_money_is)
def where_money_is(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    places = {"Spent": "spent", "With payees": "held", "Set aside for payments": "aside", "Left to pay out": "left"}
    found = moves(e, actor)
    return {
        (COHORTS[c], name): at_place([m for m in found if m.cohort == c], place)
        for c in COHORTS
        for name, place in places.items()
    }


@does_again(spent_by_funder.spent_chart)
def spent_chart(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    """Nobody shares a budget here, so the board pays for all of it; below nought is drawn as nothing."""
    found: dict[tuple[str, str], list[Move]] = defaultdict(list)
    for m in moves(e, actor):
        found[quarter_words(quarter_of(m.on)), "Health"].append(m)
    return {key: max(0, at_place(those, "spent")) for key, those in found.items()}


@does_again(uplifts.streams_not_raised)
def streams_not_raised(e: Everything, actor: Actor, today: date) -> int:
    return sum(
        s.status in ("AGREED", "READY", "ACTIVE") and s.starts_on < date(today.year + (today.month > 6), 4, 1)
        and s.weekly_pence > 0 and s.method != "THIRD_PARTY"
        for s in e.of(Stream, actor)
    )  # fmt: skip


@does_again(money.payments_to_confirm)
def payments_to_confirm(e: Everything, actor: Actor, today: date) -> int:
    return sum(p.status == "PLANNED" for p in e.of(PaymentItem, actor))


@does_again(money.accounts_to_approve)
def accounts_to_approve(e: Everything, actor: Actor, today: date) -> int:
    return sum(a.status == "PROPOSED" for a in e.of(PayeeAccount, actor))


# The office -----------------------------------------------------------------------------------------------------------


@does_again(office.looks_at_records)
def looks_at_records(e: Everything, actor: Actor, today: date) -> int:
    since = days_ago(today, 7)
    return sum(a.person_id is not None and a.created_at >= since for a in e.of(AccessEvent, actor))


@does_again(office.payments_confirmed)
def payments_confirmed(e: Everything, actor: Actor, today: date) -> int:
    since = days_ago(today, 28)
    return sum(p.status == "PAID" and p.confirmed_at >= since for p in e.of(PaymentItem, actor))


@does_again(office.bank_details_entered)
def bank_details_entered(e: Everything, actor: Actor, today: date) -> int:
    return sum(a.created_at >= days_ago(today, 28) for a in e.of(PayeeAccount, actor))


def in_force(e: Everything, actor: Actor, today: date) -> list[Assignment]:
    return [
        a for a in e.of(Assignment, actor)
        if a.role in STAFF and a.revoked_at is None and a.valid_from <= today
        and (a.valid_to is None or a.valid_to >= today)
    ]  # fmt: skip


@does_again(office.staff)
def staff(e: Everything, actor: Actor, today: date) -> int:
    return len({a.user_id for a in in_force(e, actor, today)})


@does_again(office.staff_by_role)
def staff_by_role(e: Everything, actor: Actor, today: date) -> dict[tuple[str, str], int]:
    pairs = {(a.user_id, a.role) for a in in_force(e, actor, today)}
    return tally({r.value: ROLE_WORDS[r].capitalize() for r in Role}, (role for _, role in pairs))


@does_again(office.roles_proposed)
def roles_proposed(e: Everything, actor: Actor, today: date) -> int:
    return sum(g.status == "PROPOSED" for g in e.of(RoleGrant, actor))


def invitations(works: bool) -> Recount:
    def recount(e: Everything, actor: Actor, today: date) -> int:
        now = days_ago(today, 0)
        unused = [i for i in e.of(Invitation, actor) if i.used_at is None and i.withdrawn_at is None]
        return sum((i.expires_at > now) is works for i in unused)

    return recount


RECOUNTS[office.invitations_waiting] = invitations(True)
RECOUNTS[office.invitations_run_out] = invitations(False)
