"""What was really spent in each quarter, by whoever funds it (domain.md §4.7): what the ledger says was spent, which is
what returns were accepted for and what providers' invoices were paid for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.figures import Figures, Series, since_the_first
from phbportal.domain.funding import FUNDER_WORDS, Funder
from phbportal.domain.periods import financial_year
from phbportal.domain.quarters import (
    Spent,
    by_funder,
    last_quarters,
    quarter_end,
    quarter_of,
    quarter_words,
)
from phbportal.policy.actors import Actor
from phbportal.queries.dashboard_money import spent_by_month
from phbportal.queries.funding import agreed_versions
from phbportal.queries.scope import visible
from phbportal.tables.budgets import BudgetVersion
from phbportal.tables.funding import FundingShare
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting

_SPENT = "stream:%:spent:%"


def spent_by_funder(session: Session, actor: Actor, today: date) -> Spent:
    """Pence spent in each of the last eight quarters, by funder, of the actor's board. Four statements."""
    quarters = last_quarters(today)
    whole = dict.fromkeys(quarters, 0)
    for month, pence in spent_by_month(session, actor, today, quarters[0], quarter_end(quarters[-1])).items():
        whole[quarter_of(month)] += pence
    versions = agreed_versions(session, actor, today)
    if not versions:
        return by_funder(whole, {})
    days = _days(session, actor, today, financial_year(quarters[0])[0])  # shared out as the year runs
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
