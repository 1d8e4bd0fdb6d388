"""What a budget has left, as a page shows it: figures, a sentence, and the parts of the bar."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Select, Uuid, bindparam, cast, func, select, union_all
from sqlalchemy.orm import Session
from sqlmodel import col

from phbportal.domain.ledger import Verb, outside
from phbportal.domain.money import pounds
from phbportal.domain.text import listed
from phbportal.policy.actors import Actor
from phbportal.policy.decide import could_ever
from phbportal.policy.permissions import Permission
from phbportal.queries.ledger import Balances
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting

_ADDED = {
    outside(Verb.OWN_MONEY.lower()): "of the holder’s own money",
    outside(Verb.INTEREST.lower()): "of interest",
    outside(Verb.REFUND.lower()): "refunded by providers",
}
# The bulk of a long history stays inside the budget and need not be read.
_WITHIN = [verb.value for verb in (Verb.RESERVE, Verb.RELEASE, Verb.PAY, Verb.ACCOUNT_FOR, Verb.TRANSFER)]


@dataclass(frozen=True, slots=True)
class BalanceView:
    """A budget's money, as text; the pence are for the widths of the bar. Empty until money is agreed."""

    shown: bool = False
    allocated: str = ""
    left: str = ""
    set_aside: str = ""
    with_payee: str = ""
    spent: str = ""
    sentence: str = ""
    whole: str = ""
    left_pence: int = 0
    set_aside_pence: int = 0
    with_payee_pence: int = 0
    spent_pence: int = 0
    facts: tuple[str, ...] = field(default=())


def balance_view(session: Session, actor: Actor, phb_id: UUID, balances: Balances) -> BalanceView:
    """The balance of a budget the caller has found in the actor's scope. One statement besides the balances."""
    came_in = money_from_outside(session, phb_id)
    if not came_in or not could_ever(actor, Permission.BALANCE_READ):
        return BalanceView()
    held = sum(balances.held_pence.values())
    spent = sum(balances.spent_on(stream_id) for stream_id in balances.spent_pence)
    boards = sum(pence for path, pence in came_in.items() if path.startswith("outside:icb:"))
    left, aside = balances.available_pence, balances.reserved_pence
    return BalanceView(
        shown=True,
        allocated=pounds(boards), left=pounds(left), set_aside=pounds(aside), with_payee=pounds(held),
        spent=pounds(spent), whole=pounds(left + aside + held + spent),
        sentence=(
            f"Of {pounds(left + aside + held + spent)}, {pounds(spent)} has been spent, {pounds(held)} is with the "
            f"payee, {pounds(aside)} is set aside for payments and {pounds(left)} is left to pay out."
        ),
        left_pence=left, set_aside_pence=aside, with_payee_pence=held, spent_pence=spent,
        facts=tuple(_facts(came_in, held)),
    )  # fmt: skip


def _facts(came_in: dict[str, int], held: int) -> list[str]:
    """What the figures alone do not say."""
    said: list[str] = []
    added = [f"{pounds(came_in[path])} {words}" for path, words in _ADDED.items() if came_in.get(path)]
    if added:
        said.append(f"The whole includes {listed(added)}.")
    if opening := came_in.get(outside(Verb.OPENING.lower())):
        said.append(f"The whole includes {pounds(opening)} brought in as the opening balance.")
    if held < 0:
        said.append(f"More was spent than was paid: the payee’s account is {pounds(-held)} overdrawn.")
    return said


def money_from_outside(session: Session, phb_id: UUID) -> dict[str, int]:
    """What came into a budget from each place outside it, less what went back, in pence by the place's path."""
    rows = session.connection().execute(_from_outside(), {"phb": phb_id})
    return {row.path: row.pence for row in rows}


@cache
def _from_outside() -> Select[*tuple[Any, ...]]:
    posting, account = LedgerPosting, LedgerAccount
    amount = col(posting.amount_pence)
    own = select(col(LedgerJournal.id)).where(
        col(LedgerJournal.phb_id) == bindparam("phb", type_=Uuid()), col(LedgerJournal.verb).not_in(_WITHIN)
    )
    out: list[Any] = [col(posting.from_id).label("account_id"), amount.label("pence")]
    back: list[Any] = [col(posting.to_id), -amount]
    of_budget = col(posting.journal_id).in_(own)
    moves = union_all(select(*out).where(of_budget), select(*back).where(of_budget)).subquery("moves")
    return (
        select(col(account.path), cast(func.sum(moves.c.pence), BigInteger).label("pence"))
        .join(moves, moves.c.account_id == col(account.id))
        .where(col(account.phb_id).is_(None))
        .group_by(col(account.path))
    )
