"""What was really spent in each quarter, by whoever funds it (domain.md §4.7): what the ledger says was spent, which is
what returns were accepted for and what providers' invoices were paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.budgets import BudgetStatus
from phbportal.domain.figures import Figures, Series, since_the_first
from phbportal.domain.funding import FUNDER_WORDS, Funder, Share
from phbportal.domain.quarters import (
    Spent,
    Version,
    by_funder,
    last_quarters,
    quarter_end,
    quarter_of,
    quarter_words,
)
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_money import spent_by_month
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting

_SPENT = "stream:%:spent:%"
_AGREED = (BudgetStatus.APPROVED.value, BudgetStatus.SUPERSEDED.value)


def spent_by_funder(session: Session, actor: Actor, today: date) -> Spent:
    """Pence spent in each of the last eight quarters, by funder, of the actor's board. Four statements."""
    quarters = last_quarters(today)
    whole = dict.fromkeys(quarters, 0)
    for month, pence in spent_by_month(session, actor, today, quarters[0], quarter_end(quarters[-1])).items():
        whole[quarter_of(month)] += pence
    versions = _versions(session, actor, today)
    if not versions:
        return by_funder(whole, {})
    days = _days(session, actor, today, quarters[0])
    return by_funder(whole, {str(phb): (versions[phb], spent) for phb, spent in days.items() if phb in versions})


def spent_figures(session: Session, actor: Actor, today: date) -> Figures:
    """The same quarter by quarter, from the first with any; also below nought, where more was taken back than spent."""
    return _figures(spent_by_funder(session, actor, today), least=None)


def spent_chart(session: Session, actor: Actor, today: date) -> Figures:
    """The same for a chart, from the first quarter with any; what is below nought is drawn as nothing."""
    return _figures(spent_by_funder(session, actor, today), least=0)


def _figures(found: Spent, *, least: int | None) -> Figures:
    def shown(pence: int) -> int:
        return pence if least is None else max(least, pence)

    series = tuple(Series(FUNDER_WORDS[one], tuple(shown(by[one]) for by in found.values())) for one in Funder)
    return since_the_first(Figures(tuple(quarter_words(quarter) for quarter in found), series, "pence"))


def _versions(session: Session, actor: Actor, today: date) -> dict[UUID, list[Version]]:
    """The agreed versions of the budgets that have shares, in their order, each with its shares."""
    b, s = BudgetVersion, FundingShare
    having = select(col(b.phb_id)).join(s, col(s.budget_id) == col(b.id)).where(visible(actor, s, today))
    rows = session.execute(
        select(col(b.phb_id), col(b.id), col(b.starts_on), col(s.funder), col(s.weight), col(s.weekly_pence))
        .outerjoin(s, col(s.budget_id) == col(b.id))
        .where(visible(actor, b, today), col(b.status).in_(_AGREED), col(b.phb_id).in_(having))
        .order_by(col(b.phb_id), col(b.version), col(s.position))
    )
    found: dict[UUID, dict[UUID, tuple[date, list[Share]]]] = {}
    found_rows: Any = rows  # a version without shares has no funder
    for phb_id, version_id, starts_on, funder, weight, pence in found_rows:
        shares = found.setdefault(phb_id, {}).setdefault(version_id, (starts_on, []))[1]
        if funder is not None:
            shares.append(Share(Funder(funder), weight, pence))
    return {
        phb_id: [Version(on, tuple(shares)) for on, shares in versions.values()] for phb_id, versions in found.items()
    }


def _days(session: Session, actor: Actor, today: date, first: date) -> Mapping[UUID, Mapping[date, int]]:
    """What the budgets with shares spent, by day; what was taken back is taken off the day it was taken back."""
    b, s, j, p = BudgetVersion, FundingShare, LedgerJournal, LedgerPosting
    having = select(col(b.phb_id)).join(s, col(s.budget_id) == col(b.id))
    found: defaultdict[UUID, defaultdict[date, int]] = defaultdict(lambda: defaultdict(int))
    for end, sign in ((col(p.to_id), 1), (col(p.from_id), -1)):
        account = aliased(LedgerAccount)
        rows = session.execute(
            select(col(j.phb_id), col(j.effective_on), cast(func.sum(col(p.amount_pence)), BigInteger))
            .select_from(p)
            .join(j, col(j.id) == col(p.journal_id))
            .join(account, col(account.id) == end)
            .where(
                visible(actor, j, today), col(j.effective_on) >= first, col(j.phb_id).in_(having),
                col(account.path).like(_SPENT),
            )
            .group_by(col(j.phb_id), col(j.effective_on))
        )  # fmt: skip
        for phb_id, day, pence in rows:
            found[phb_id][day] += sign * pence
    return found
