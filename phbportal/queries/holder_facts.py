"""The rows behind a holder's own pages: each is one statement, and each begins at what the person may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.budgets import LineType
from phbportal.domain.holder_words import GIVEN_BACK, entry_words
from phbportal.domain.ledger import Verb
from phbportal.domain.payments import PaymentStatus
from phbportal.domain.phbs import ENDED
from phbportal.domain.policies import DEFAULTS
from phbportal.domain.streams import Method, StreamFact
from phbportal.policy.actors import Actor
from phbportal.queries.payees import stream_facts
from phbportal.queries.scope import visible
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.organisations import Organisation
from phbportal.tables.payments import PaymentItem
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import PolicySetting
from phbportal.tables.users import User

ENTRIES_SHOWN = 10


@dataclass(frozen=True, slots=True)
class BudgetRow:
    """A budget, its board, and the member of staff who looks after it ("" where there is none)."""

    phb: Phb
    board: str
    manager: str
    email: str
    telephone: str


@dataclass(frozen=True, slots=True)
class StreamRow:
    """A stream, what the rules of payment know of it, and whether it has begun."""

    stream: Stream
    fact: StreamFact
    begun: bool


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal of the ledger: its day, its words, its amount in pence."""

    phb_id: UUID
    on: date
    words: str
    amount_pence: int


def own_person(session: Session, actor: Actor, today: date) -> Person | None:
    """The record of the person asking, if they are a holder."""
    if actor.person_id is None:
        return None
    return session.execute(
        select(Person).where(visible(actor, Person, today), col(Person.id) == actor.person_id)
    ).scalar_one_or_none()


def budgets(session: Session, actor: Actor, today: date) -> list[BudgetRow]:
    """Their budgets: those that live before those that ended, the latest first."""
    rows = session.execute(
        select(Phb, col(Organisation.name), col(User.display_name), col(User.email), col(Organisation.telephone))
        .join(Organisation, col(Organisation.id) == col(Phb.icb_id))
        .outerjoin(User, col(User.id) == col(Phb.case_manager_id))
        .where(visible(actor, Phb, today))
        .order_by(col(Phb.status).in_([s.value for s in ENDED]), col(Phb.opened_on).desc(), col(Phb.id).desc())
    )
    return [BudgetRow(phb, board, name or "", email or "", telephone) for phb, board, name, email, telephone in rows]


def streams(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID], person: Person) -> list[StreamRow]:
    """The ways the money of these budgets goes, with what each needs before it may pay. Three statements, one more
    where somebody is paid in the holder's place, and those of an ISF."""
    rows = session.execute(
        select(Stream, PayeeAccount)
        .outerjoin(
            PayeeAccount,
            and_(col(PayeeAccount.id) == col(Stream.account_id), visible(actor, PayeeAccount, today)),
        )
        .where(visible(actor, Stream, today), col(Stream.phb_id).in_(phb_ids))
        .order_by(col(Stream.id))
    ).all()
    facts = stream_facts(session, [(stream, person, account) for stream, account in rows])
    return [StreamRow(stream, facts[stream.id], stream.starts_on <= today) for stream, _account in rows]


def payments(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID]) -> list[PaymentItem]:
    """The payments of these budgets that were neither cancelled nor failed."""
    gone = [PaymentStatus.CANCELLED.value, PaymentStatus.FAILED.value]
    return list(
        session.execute(
            select(PaymentItem).where(
                visible(actor, PaymentItem, today),
                col(PaymentItem.phb_id).in_(phb_ids),
                col(PaymentItem.status).not_in(gone),
            )
        ).scalars()
    )


def entries(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID]) -> list[Entry]:
    """The latest entries of each budget's ledger, the newest first."""
    journal = LedgerJournal
    place = func.row_number().over(
        partition_by=col(journal.phb_id), order_by=(col(journal.effective_on).desc(), col(journal.id).desc())
    )
    latest = (
        select(col(journal.id), place.label("place"))
        .where(visible(actor, journal, today), col(journal.phb_id).in_(phb_ids))
        .subquery("latest")
    )
    rows = session.execute(
        select(
            col(journal.phb_id), col(journal.effective_on), col(journal.verb), col(LedgerAccount.path),
            col(LedgerPosting.amount_pence), col(Stream.method),
        )
        .outerjoin(Stream, col(Stream.id) == col(journal.stream_id))
        .join(latest, latest.c.id == col(journal.id))
        .join(LedgerPosting, col(LedgerPosting.journal_id) == col(journal.id))
        .join(LedgerAccount, col(LedgerAccount.id) == col(LedgerPosting.to_id))
        .where(latest.c.place <= ENTRIES_SHOWN)
        .order_by(latest.c.place, col(LedgerPosting.position))
    )  # fmt: skip
    return [
        Entry(phb_id, on, _words(Verb(verb), path, Method(method) if method else None), pence)
        for phb_id, on, verb, path, pence, method in rows
    ]


def _words(verb: Verb, to: str, method: Method | None) -> str:
    """What an entry was, by where its money went; what was set aside and never paid goes back when a budget ends."""
    if verb is Verb.ALLOCATE and to.startswith("outside:"):
        return GIVEN_BACK
    return entry_words(verb, _spent_on(to), method)


def _spent_on(path: str) -> LineType | None:
    return LineType(path.rpartition(":")[2]) if ":spent:" in path else None


def spent_since(session: Session, actor: Actor, today: date, phb_ids: Sequence[UUID], since: date) -> dict[UUID, int]:
    """Pence spent on each budget since a day, by whoever paid, less what was put right again."""
    journal, to, from_ = LedgerJournal, aliased(LedgerAccount), aliased(LedgerAccount)
    amount = col(LedgerPosting.amount_pence)
    rows = session.execute(
        select(
            col(journal.phb_id),
            cast(
                func.sum(
                    case((col(to.path).like("stream:%:spent:%"), amount), else_=0)
                    - case((col(from_.path).like("stream:%:spent:%"), amount), else_=0)
                ),
                BigInteger,
            ),
        )
        .join(LedgerPosting, col(LedgerPosting.journal_id) == col(journal.id))
        .join(to, col(to.id) == col(LedgerPosting.to_id))
        .join(from_, col(from_.id) == col(LedgerPosting.from_id))
        .where(
            visible(actor, journal, today), col(journal.phb_id).in_(phb_ids), col(journal.effective_on) >= since
        )
        .group_by(col(journal.phb_id))
    )  # fmt: skip
    return {phb_id: int(pence) for phb_id, pence in rows}


def cycle_anchors(session: Session, icb_ids: Sequence[UUID], today: date) -> dict[UUID, date]:
    """The first day of any cycle of each board: its own choice, else everybody's, else the default."""
    found: dict[UUID | None, date] = {}
    rows = session.execute(
        select(col(PolicySetting.icb_id), col(PolicySetting.value))
        .where(
            col(PolicySetting.name) == "cycle_anchor_date",
            col(PolicySetting.starts_on) <= today,
            or_(col(PolicySetting.icb_id).in_(icb_ids), col(PolicySetting.icb_id).is_(None)),
        )
        .order_by(col(PolicySetting.starts_on))
    )
    for icb_id, value in rows:
        found[icb_id] = date.fromisoformat(value)
    everybodys = found.get(None, date.fromisoformat(DEFAULTS["cycle_anchor_date"]))
    return {icb_id: found.get(icb_id, everybodys) for icb_id in icb_ids}
