"""Posting to the ledger: the only writer of its three tables. Kept balances, and what the board's money comes to, move
in the same transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import collate, insert, select, update
from sqlalchemy.orm import aliased
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, below_zero_sentence, may_go_below_zero, stream_of
from phbportal.queries.scope import visible
from phbportal.services.board_money import add_up, add_up_known
from phbportal.services.many_rows import insert_many, is_among, parts_of, update_many
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.base import new_id
from phbportal.tables.budgets import Stream
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb

_OUTSIDE = "outside:"
_OTHERWISE = "This was already posted with another amount or date. Reload the page before you try again."
_CORRECTED = "This entry has already been corrected."
_NO_CORRECTION = "A correction cannot itself be corrected this way. Make a new entry."


def post(uow: UnitOfWork, journal: Journal) -> UUID:
    """Write a journal and move its balances. Returns the journal's id.

    The same key with the same content posts once and returns the first id; with other content it is refused.
    Asks no leave: the service that calls it has.
    """
    digest = journal.content_hash()
    earlier = uow.session.execute(
        select(col(LedgerJournal.id), col(LedgerJournal.content_hash)).where(
            col(LedgerJournal.idempotency_key) == journal.idempotency_key
        )
    ).one_or_none()
    if earlier is not None:
        if earlier.content_hash != digest:
            raise Refusal(_OTHERWISE)
        return earlier.id
    phb = uow.session.get(Phb, journal.phb_id)
    assert phb is not None, "a journal belongs to a budget"
    accounts = _accounts(uow, journal)
    change = _change([journal])
    for path in sorted(accounts):
        _move(uow, accounts[path], path, change[path])
    journal_id = new_id()
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    uow.session.execute(
        insert(LedgerJournal).values(
            id=journal_id, icb_id=phb.icb_id, phb_id=journal.phb_id, stream_id=journal.stream_id,
            verb=journal.verb.value, effective_on=journal.effective_on, reference=journal.reference,
            idempotency_key=journal.idempotency_key, content_hash=digest, reverses_id=journal.reverses, **made,
        )
    )  # fmt: skip
    uow.session.execute(
        insert(LedgerPosting),
        [
            {
                "id": new_id(), "journal_id": journal_id, "position": position, "from_id": accounts[p.from_path],
                "to_id": accounts[p.to_path], "amount_pence": p.amount_pence, **made,
            }
            for position, p in enumerate(journal.postings)
        ],
    )  # fmt: skip
    add_up(uow, phb, journal)
    return journal_id


@dataclass(frozen=True, slots=True)
class Entry:
    """A journal of a budget that is known already, with what its board's money is added up by."""

    journal: Journal
    icb_id: UUID
    cohort: str
    method: str = ""


def post_many(uow: UnitOfWork, entries: Sequence[Entry]) -> list[UUID]:
    """Write many journals as ``post`` writes one after the other, a few statements a thousand. Returns the new ones’
    ids, in their order."""
    return [journal_id for part in parts_of(entries) for journal_id in _post_part(uow, part)]


def _post_part(uow: UnitOfWork, part: Sequence[Entry]) -> list[UUID]:
    hashes = {entry.journal.idempotency_key: entry.journal.content_hash() for entry in part}
    earlier = uow.session.execute(
        select(col(LedgerJournal.idempotency_key), col(LedgerJournal.content_hash)).where(
            is_among(uow.session, col(LedgerJournal.idempotency_key), list(hashes))
        )
    ).all()
    if any(hashes[key] != digest for key, digest in earlier):
        raise Refusal("This was already posted with another amount or date. Nothing was written.")
    there = {key for key, _ in earlier}
    new = [entry for entry in part if entry.journal.idempotency_key not in there]
    if not new:
        return []
    accounts = _move_many(uow, [entry.journal for entry in new])
    made = {"created_at": uow.now, "created_by": uow.actor.user_id}
    journals: list[dict[str, Any]] = []
    postings: list[dict[str, Any]] = []
    for entry in new:
        journal, journal_id = entry.journal, new_id()
        journals.append({"id": journal_id, **_entry(entry, hashes[journal.idempotency_key]), **made})
        postings += [{**posting, **made} for posting in _postings(journal, journal_id, accounts)]
        add_up_known(uow, entry.icb_id, entry.cohort, entry.method, journal)
    insert_many(uow.session, LedgerJournal, journals)
    insert_many(uow.session, LedgerPosting, postings)
    return [journal["id"] for journal in journals]


def _entry(entry: Entry, digest: str) -> dict[str, Any]:
    journal = entry.journal
    return {
        "icb_id": entry.icb_id, "phb_id": journal.phb_id, "stream_id": journal.stream_id,
        "verb": journal.verb.value, "effective_on": journal.effective_on, "reference": journal.reference,
        "idempotency_key": journal.idempotency_key, "content_hash": digest, "reverses_id": journal.reverses,
    }  # fmt: skip


def _postings(journal: Journal, journal_id: UUID, accounts: Mapping[str, UUID]) -> Iterator[dict[str, Any]]:
    for position, p in enumerate(journal.postings):
        yield {
            "journal_id": journal_id, "position": position, "from_id": accounts[p.from_path],
            "to_id": accounts[p.to_path], "amount_pence": p.amount_pence,
        }  # fmt: skip


class FirstEntries:
    """The first entries of budgets that are new in this very transaction, written with their other rows.

    Nothing is looked up for them: nobody else can have posted for such a budget, and the database refuses an entry or
    an account that is there. ``places`` are those outside that they name."""

    def __init__(self, uow: UnitOfWork, new: NewRows, places: Collection[str]) -> None:
        self._uow, self._new = uow, new
        self._places = _begun(uow, dict.fromkeys(places))

    def post(self, entries: Sequence[Entry]) -> None:
        """Put all that one budget begins with. Refuses as ``post`` does what an account has not."""
        journals = [entry.journal for entry in entries]
        if not all(may_go_below_zero(p.from_path) for journal in journals for p in journal.postings):
            _refuse_what_runs_short(journals, {})
        accounts = dict(self._places)
        for path, pence in _change(journals).items():
            if path in self._places:
                _outside(self._uow).pence[path, self._places[path]] += pence
            else:
                accounts[path] = new_id()
                of = {"phb_id": journals[0].phb_id, "stream_id": stream_of(path)}
                self._new.put_with(LedgerAccount, id=accounts[path], path=path, balance_pence=pence, **of)
        for entry in entries:
            journal_id = self._new.put(LedgerJournal, **_entry(entry, entry.journal.content_hash()))
            for posting in _postings(entry.journal, journal_id, accounts):
                self._new.put_with(LedgerPosting, **posting)
            add_up_known(self._uow, entry.icb_id, entry.cohort, entry.method, entry.journal)


def _move_many(uow: UnitOfWork, journals: Sequence[Journal]) -> dict[str, UUID]:
    """Make the accounts that are new, move every balance, and return the ids by path."""
    change = _change(journals)
    owner = {path: j.phb_id for j in journals for p in j.postings for path in (p.from_path, p.to_path)}
    found = _ids(uow, change)
    places = [path for path in change if path.startswith(_OUTSIDE)]
    found |= _begun(uow, {path: owner[path] for path in places if path not in found})
    balances = _locked(uow, found.keys() - set(places))
    _refuse_what_runs_short(journals, balances)
    for path in places:
        _outside(uow).pence[path, found[path]] += change[path]
    moved = [{"id": found[path], "balance_pence": has + change[path]} for path, has in balances.items()]
    update_many(uow.session, LedgerAccount, moved)
    new = [_account(uow, path, owner[path], change[path]) for path in sorted(change.keys() - found.keys())]
    insert_many(uow.session, LedgerAccount, new)
    return found | {account["path"]: account["id"] for account in new}


def _locked(uow: UnitOfWork, paths: Iterable[str]) -> dict[str, int]:
    """What accounts hold, locked to the end of the transaction: in one order, that of ``post``, or two could each wait
    for the other."""
    path, balances = col(LedgerAccount.path), dict[str, int]()
    in_order = collate(path, "C") if uow.session.get_bind().dialect.name == "postgresql" else path
    for part in parts_of(sorted(paths)):
        account = select(path, col(LedgerAccount.balance_pence)).where(is_among(uow.session, path, part))
        rows = uow.session.execute(account.order_by(in_order).with_for_update())
        balances |= {row.path: row.balance_pence for row in rows}
    return balances


def _refuse_what_runs_short(journals: Iterable[Journal], balances: Mapping[str, int]) -> None:
    """Refuse as ``post`` does if an account has not what a journal takes, after all the journals before it."""
    has = defaultdict[str, int](int, balances)
    for journal in journals:
        for path, change in sorted(_change([journal]).items()):
            if has[path] < -change and change < 0 and not may_go_below_zero(path):
                raise Refusal(below_zero_sentence(path, has[path], -change), field="amount")
            has[path] += change


class _Outside:
    """What places outside came to in one transaction; called to write it, as the last thing: every payment of every
    board moves them, and nobody is to wait for one who posts thousands."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self.pence: Counter[tuple[str, UUID]] = Counter()

    def __call__(self) -> None:
        for path, account_id in sorted(self.pence):
            _move(self._uow, account_id, path, self.pence[path, account_id])


def _outside(uow: UnitOfWork) -> _Outside:
    outside = next((act for act in uow.last_acts if isinstance(act, _Outside)), None)
    if outside is None:
        uow.last_acts.insert(0, outside := _Outside(uow))
    return outside


def posted(uow: UnitOfWork, key: str) -> bool:
    """Whether an entry was already posted under this key."""
    return uow.session.execute(
        select(col(LedgerJournal.id)).where(col(LedgerJournal.idempotency_key) == key)
    ).first() is not None  # fmt: skip


def _accounts(uow: UnitOfWork, journal: Journal) -> dict[str, UUID]:
    """The accounts of the postings, made where they are new."""
    return _begun(uow, {path: journal.phb_id for p in journal.postings for path in (p.from_path, p.to_path)})


def _begun(uow: UnitOfWork, owner: Mapping[str, UUID | None]) -> dict[str, UUID]:
    """The ids of accounts by path, made where they are new for the budget each is of."""
    found = _ids(uow, owner)
    missing = sorted(owner.keys() - found.keys())
    if missing:
        dialect = uow.session.get_bind().dialect.name
        if dialect == "postgresql":
            from sqlalchemy.dialects.postgresql import insert as insert_or
        else:
            from sqlalchemy.dialects.sqlite import insert as insert_or
        uow.session.execute(
            insert_or(LedgerAccount).on_conflict_do_nothing(index_elements=["path"]),
            [_account(uow, path, owner[path], 0) for path in missing],
        )
        return _begun(uow, owner)
    return found


def _ids(uow: UnitOfWork, paths: Iterable[str]) -> dict[str, UUID]:
    """The ids of the accounts there are, by path."""
    found: dict[str, UUID] = {}
    for part in parts_of(sorted(paths)):
        account = select(col(LedgerAccount.path), col(LedgerAccount.id))
        rows = uow.session.execute(account.where(is_among(uow.session, col(LedgerAccount.path), part)))
        found |= {row.path: row.id for row in rows}
    return found


def _account(uow: UnitOfWork, path: str, phb_id: UUID | None, balance_pence: int) -> dict[str, Any]:
    return {
        "id": new_id(), "path": path, "phb_id": None if path.startswith(_OUTSIDE) else phb_id,
        "stream_id": stream_of(path), "balance_pence": balance_pence, "created_at": uow.now,
        "created_by": uow.actor.user_id,
    }  # fmt: skip


def _change(journals: Iterable[Journal]) -> dict[str, int]:
    """What each account gains or loses by journals, in pence."""
    change: defaultdict[str, int] = defaultdict(int)  # a ``Counter`` takes four times as long
    for journal in journals:
        for p in journal.postings:
            change[p.from_path] -= p.amount_pence
            change[p.to_path] += p.amount_pence
    return change


def _move(uow: UnitOfWork, account_id: UUID, path: str, change: int) -> None:
    statement = update(LedgerAccount).where(col(LedgerAccount.id) == account_id)
    if change < 0 and not may_go_below_zero(path):
        statement = statement.where(col(LedgerAccount.balance_pence) >= -change)
    moved = uow.session.execute(
        statement.values(balance_pence=LedgerAccount.balance_pence + change)
        .returning(col(LedgerAccount.id))
        .execution_options(synchronize_session=False)
    ).one_or_none()
    if moved is None:
        balance = uow.session.execute(
            select(col(LedgerAccount.balance_pence)).where(col(LedgerAccount.id) == account_id)
        ).scalar_one()
        raise Refusal(below_zero_sentence(path, balance, -change), field="amount")


def reverse(uow: UnitOfWork, journal_id: UUID, *, key: str, reason: str) -> UUID:
    """Correct an entry the only way there is: a new entry the other way round (invariant I13).

    Asks no leave beyond sight of the entry: the service that calls it has. Sent again with its own key and reason
    it returns the first correction.
    """
    original = uow.find(LedgerJournal, journal_id, lock=True)
    if original.verb == Verb.REVERSE:
        raise Refusal(_NO_CORRECTION)
    taken = uow.session.execute(
        select(LedgerJournal).where(
            # The budget, which is the same, is what there is an index on.
            col(LedgerJournal.phb_id) == original.phb_id, col(LedgerJournal.reverses_id) == journal_id,
        )
    ).scalar_one_or_none()  # fmt: skip
    if taken is not None and taken.idempotency_key != key:
        raise Refusal(_CORRECTED)
    return post(
        uow,
        Journal(
            verb=Verb.REVERSE, phb_id=original.phb_id, stream_id=original.stream_id,
            effective_on=uow.today if taken is None else taken.effective_on, reference=reason[:100],
            idempotency_key=key, reverses=journal_id,
            postings=tuple(_postings_the_other_way(uow, [journal_id])[journal_id]),
        ),
    )  # fmt: skip


def reverse_many(
    uow: UnitOfWork, journal_ids: Sequence[UUID], *, key: Callable[[UUID], str], reason: str
) -> list[UUID]:  # fmt: skip
    """Correct many entries as ``reverse`` corrects one after the other, in the order given, a few statements a
    thousand. ``key`` makes of an entry's id the key of its correction. Returns the corrections' ids in that order."""
    made: dict[UUID, UUID] = {}
    for part in parts_of(list(dict.fromkeys(journal_ids))):
        made |= _reverse_part(uow, part, key, reason)
    return [made[journal_id] for journal_id in journal_ids]


def _reverse_part(
    uow: UnitOfWork, part: Sequence[UUID], key: Callable[[UUID], str], reason: str
) -> dict[UUID, UUID]:  # fmt: skip
    j = LedgerJournal
    rows = uow.session.execute(
        select(
            col(j.id), col(j.verb), col(j.phb_id), col(j.stream_id), col(Phb.icb_id), col(Phb.cohort),
            col(Stream.method),
        )
        .join(Phb, col(Phb.id) == col(j.phb_id))
        .outerjoin(Stream, col(Stream.id) == col(j.stream_id))
        .where(is_among(uow.session, col(j.id), part), visible(uow.actor, j, uow.today))
        .order_by(col(j.id))
        .with_for_update(of=j)
    )  # fmt: skip
    originals = {row.id: row for row in rows}
    if len(originals) < len(part):
        raise NotFound()
    if any(row.verb == Verb.REVERSE for row in originals.values()):
        raise Refusal(_NO_CORRECTION)
    among = is_among(uow.session, col(j.reverses_id), part)
    of_these = is_among(uow.session, col(j.phb_id), list({row.phb_id for row in originals.values()}))
    corrected = {row.reverses_id: row for row in uow.session.execute(select(j).where(of_these, among)).scalars()}
    postings = _postings_the_other_way(uow, part)
    made, new = dict[UUID, UUID](), dict[UUID, Entry]()
    for journal_id in part:
        original, earlier = originals[journal_id], corrected.get(journal_id)
        if earlier is not None and earlier.idempotency_key != key(journal_id):
            raise Refusal(_CORRECTED)
        journal = Journal(
            verb=Verb.REVERSE, phb_id=original.phb_id, stream_id=original.stream_id,
            effective_on=uow.today if earlier is None else earlier.effective_on, reference=reason[:100],
            idempotency_key=key(journal_id), reverses=journal_id, postings=tuple(postings[journal_id]),
        )  # fmt: skip
        if earlier is None:
            new[journal_id] = Entry(journal, original.icb_id, original.cohort, original.method or "")
        elif earlier.content_hash != journal.content_hash():
            raise Refusal(_OTHERWISE)
        else:
            made[journal_id] = earlier.id
    # None of these is posted: a key that was used says something else, and is refused.
    return made | dict(zip(new, post_many(uow, list(new.values())), strict=True))


def _postings_the_other_way(uow: UnitOfWork, journal_ids: Sequence[UUID]) -> dict[UUID, list[Posting]]:
    """The postings of journals, each from where it went to where it came from, in their order."""
    source, target = aliased(LedgerAccount), aliased(LedgerAccount)
    rows = uow.session.execute(
        select(col(LedgerPosting.journal_id), col(source.path), col(target.path), col(LedgerPosting.amount_pence))
        .select_from(LedgerPosting)
        .join(source, col(source.id) == col(LedgerPosting.from_id))
        .join(target, col(target.id) == col(LedgerPosting.to_id))
        .where(is_among(uow.session, col(LedgerPosting.journal_id), journal_ids))
        .order_by(col(LedgerPosting.journal_id), col(LedgerPosting.position))
    )
    found: dict[UUID, list[Posting]] = {}
    for journal_id, source_path, target_path, pence in rows:
        found.setdefault(journal_id, []).append(Posting(target_path, source_path, pence))
    return found
