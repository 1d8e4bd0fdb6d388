"""Posting to the ledger: kept balances are always the sum of their postings (I13, I14; decisions.md §3)."""

from __future__ import annotations

import contextlib
import re
from datetime import date
from typing import Any
from unittest.mock import patch
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from phbportal.domain.errors import NotFound, Refusal
from phbportal.domain.ledger import Journal, Posting, Verb, available, held, outside, reserved, spent
from phbportal.queries.ledger import check_ledger
from phbportal.services import ledger, many_rows
from phbportal.services.ledger import Entry
from phbportal.services.new_rows import NewRows
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.phbs import Phb
from tests.services.asking import START, Act, Paying, balance, balances, refused, rows
from tests.services.quick import kept, kept_in, mixed, quick_world
from tests.support.journey import Case
from tests.support.world import World

DAY = date(2026, 4, 20)
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def journal(case: Case, key: str, *moves: tuple[str, str, int], verb: Verb = Verb.ALLOCATE, **about: Any) -> Journal:
    return Journal(
        verb, case.phb_id, about.pop("on", DAY), about.pop("reference", "A test"), key,
        tuple(Posting(*move) for move in moves), **about,
    )  # fmt: skip


def post(world: World, entry: Journal) -> UUID:
    return world.do(world.finance, lambda uow: ledger.post(uow, entry), on=DAY)


def journal_of(world: World, verb: Verb) -> UUID:
    return rows(world, LedgerJournal, verb=verb.value)[-1].id


class TestOnceOnly:
    def test_an_entry_posted_again_is_the_first_entry_and_moves_nothing(self, notional: Paying) -> None:
        entry = journal(notional.case, "k", (outside("gift"), available(notional.case.phb_id), 100))
        first = post(notional.world, entry)
        before = balances(notional.world, notional.case)
        assert post(notional.world, entry) == first
        assert balances(notional.world, notional.case) == before
        assert len(rows(notional.world, LedgerJournal, idempotency_key="k")) == 1

    def test_the_same_key_with_other_content_is_refused(self, notional: Paying) -> None:
        path = available(notional.case.phb_id)
        post(notional.world, journal(notional.case, "k", (outside("gift"), path, 100)))
        other = journal(notional.case, "k", (outside("gift"), path, 101))
        said = refused(notional.world, notional.world.finance, lambda uow: ledger.post(uow, other), on=DAY)
        assert said.startswith("This was already posted with another amount or date.")


class TestBelowNothing:
    @pytest.mark.parametrize("place", ["available", "reserved", "spent"])
    def test_an_account_that_may_not_be_negative_gives_no_more_than_it_has(self, notional: Paying, place: str) -> None:
        case = notional.case
        paths = {
            "available": available(case.phb_id), "reserved": reserved(case.phb_id),
            "spent": spent(case.streams[0], "AGENCY"),
        }  # fmt: skip
        has = balance(notional.world, paths[place])
        entry = journal(case, "k", (paths[place], outside("gift"), has + 1))
        said = refused(notional.world, notional.world.finance, lambda uow: ledger.post(uow, entry), on=DAY)
        assert "£" in said
        assert balance(notional.world, paths[place]) == has

    def test_the_database_itself_refuses_a_balance_below_nothing(self, notional: Paying) -> None:
        path = available(notional.case.phb_id)
        with notional.world.engine.connect() as connection:
            with pytest.raises(DBAPIError, match="ck_ledger_account_balance"):
                connection.execute(
                    text("UPDATE ledger_account SET balance_pence = -1 WHERE path = :path"), {"path": path}
                )

    def test_money_that_comes_and_goes_in_one_entry_is_looked_at_as_a_whole(self, notional: Paying) -> None:
        """What arrives in the same entry may leave in it."""
        phb = notional.case.phb_id
        has = balance(notional.world, available(phb))
        moves = ((outside("gift"), available(phb), 500), (available(phb), reserved(phb), has + 500))
        post(notional.world, journal(notional.case, "k", *moves))
        assert (balance(notional.world, available(phb)), balance(notional.world, reserved(phb))) == (0, has + 500)


class TestCorrections:
    """I13: nothing is edited; a correction is an entry the other way round."""

    def test_i13_a_correction_is_a_pair_and_brings_the_balances_back(self, direct: Paying) -> None:
        before = balances(direct.world, direct.case)
        direct.record()
        original = journal_of(direct.world, Verb.RESERVE)
        direct.world.do(
            direct.world.finance, lambda uow: ledger.reverse(uow, original, key="r", reason="Wrong stream"), on=START
        )
        assert balances(direct.world, direct.case) == before
        correction = rows(direct.world, LedgerJournal, reverses_id=original)[0]
        assert (correction.verb, correction.reference, correction.effective_on) == ("REVERSE", "Wrong stream", START)
        assert rows(direct.world, LedgerJournal, id=original)[0].verb == "RESERVE"

    def test_i13_an_entry_is_corrected_once(self, direct: Paying) -> None:
        direct.record()
        original = journal_of(direct.world, Verb.RESERVE)

        def correct(key: str, reason: str = "Wrong stream") -> Act:
            return lambda uow: ledger.reverse(uow, original, key=key, reason=reason)

        first = direct.world.do(direct.world.finance, correct("r"), on=START)
        assert direct.world.do(direct.world.finance, correct("r"), on=DAY) == first
        by = direct.world.finance
        assert refused(direct.world, by, correct("s"), on=DAY) == "This entry has already been corrected."
        assert "already posted with another" in refused(direct.world, by, correct("r", "Another reason"), on=DAY)
        again = refused(direct.world, by, lambda uow: ledger.reverse(uow, first, key="t", reason="No"), on=DAY)
        assert again == "A correction cannot itself be corrected this way. Make a new entry."

    def test_i13_a_correction_cannot_take_back_money_that_has_gone_on(self, direct: Paying) -> None:
        direct.confirm(direct.record())
        original = journal_of(direct.world, Verb.RESERVE)
        said = refused(
            direct.world, direct.world.finance, lambda uow: ledger.reverse(uow, original, key="r", reason="No"),
            on=START,
        )  # fmt: skip
        assert said.startswith("Only £0.00 is set aside")

    @pytest.mark.parametrize("who", ["other_finance", "clinician", "admin"])
    def test_an_entry_out_of_sight_is_not_found(self, direct: Paying, who: str) -> None:
        original = journal_of(direct.world, Verb.ALLOCATE)
        with pytest.raises(NotFound):
            direct.world.do(
                direct.world.actors[who], lambda uow: ledger.reverse(uow, original, key="r", reason="No"), on=START
            )

    def test_i14_an_account_belongs_to_the_stream_in_its_path(self, direct: Paying) -> None:
        """Whatever stream the entry is about: a transfer is about two."""
        stream = direct.stream
        entry = journal(direct.case, "k", (outside("opening"), held(stream), 100), verb=Verb.OPENING)
        post(direct.world, entry)
        account = rows(direct.world, LedgerAccount, path=held(stream))[0]
        assert (account.stream_id, account.phb_id) == (stream, direct.case.phb_id)
        assert rows(direct.world, LedgerAccount, path=outside("opening"))[0].phb_id is None


MOVES = st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(1, 5_000_000)).filter(lambda m: m[0] != m[1])
ENTRIES = st.lists(st.tuples(st.lists(MOVES, min_size=1, max_size=3), st.integers(0, 5)), min_size=1, max_size=7)


def paths_of(world: World, case: Case) -> list[str]:
    nights, days = case.streams
    return [
        outside("icb", world.icb), available(case.phb_id), reserved(case.phb_id), held(days),
        spent(days, "PA_WAGE"), spent(nights, "AGENCY"), outside("own_money"),
    ]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(ENTRIES)
def test_kept_balances_are_the_sum_of_the_postings_whatever_is_posted(
    entries: list[tuple[list[tuple[int, int, int]], int]],
) -> None:
    """Entries at random, some under one key: each is posted whole or not at all, and never below nothing."""
    with quick_world(mixed) as (world, case):
        paths = paths_of(world, case)
        expected = dict.fromkeys(paths, 0) | kept(world)
        posted: dict[str, tuple[str, UUID]] = {}
        for moves, key_number in entries:
            entry = journal(case, f"key {key_number}", *((paths[a], paths[b], pence) for a, b, pence in moves))
            after = dict(expected)
            for a, b, pence in moves:
                after[paths[a]] -= pence
                after[paths[b]] += pence
            lowest = min(after[p] for p in paths if not p.startswith("outside:") and not p.endswith(":held"))
            if entry.idempotency_key in posted:
                digest, first = posted[entry.idempotency_key]
                if digest == entry.content_hash():
                    assert post(world, entry) == first
                else:
                    with pytest.raises(Refusal, match="already posted"):
                        post(world, entry)
            elif lowest < 0:
                with pytest.raises(Refusal):
                    post(world, entry)
            else:
                posted[entry.idempotency_key] = (entry.content_hash(), post(world, entry))
                expected = after
            assert dict.fromkeys(paths, 0) | kept(world) == expected
        with world.unit(world.finance, writes=False) as uow:
            assert check_ledger(uow.session) == []
            everything = uow.session.execute(select(func.sum(col(LedgerAccount.balance_pence)))).scalar_one()
            assert everything == 0


@settings(max_examples=200, deadline=None)
@given(st.lists(MOVES, min_size=1, max_size=4))
def test_a_correction_of_any_entry_brings_every_balance_back(moves: list[tuple[int, int, int]]) -> None:
    with quick_world(mixed) as (world, case):
        paths = paths_of(world, case)
        entry = journal(case, "k", *((paths[a], paths[b], pence) for a, b, pence in moves))
        before = dict.fromkeys(paths, 0) | kept(world)
        try:
            first = post(world, entry)
        except Refusal:
            assert dict.fromkeys(paths, 0) | kept(world) == before
            return
        world.do(world.finance, lambda uow: ledger.reverse(uow, first, key="r", reason="Mistake"), on=DAY)
        assert dict.fromkeys(paths, 0) | kept(world) == before
        with world.unit(world.finance, writes=False) as uow:
            assert check_ledger(uow.session) == []
            postings = uow.session.execute(
                select(func.count()).select_from(LedgerPosting).join(
                    LedgerJournal, col(LedgerJournal.id) == col(LedgerPosting.journal_id)
                ).where(col(LedgerJournal.idempotency_key).in_(["k", "r"]))
            ).scalar_one()  # fmt: skip
            assert postings == 2 * len(moves)


def told(world: World, case: Case) -> dict[str, object]:
    """What the ledger holds, ids of entries by the keys they were posted under."""
    with world.unit(world.finance, writes=False) as uow:
        entries = uow.session.execute(select(LedgerJournal).order_by(col(LedgerJournal.id))).scalars().all()
        keys = {one.id: re.sub(ID, "", one.idempotency_key) for one in entries}
        paths = {one.id: one.path for one in uow.session.execute(select(LedgerAccount)).scalars()}
        postings = uow.session.execute(
            select(LedgerPosting).order_by(col(LedgerPosting.journal_id), col(LedgerPosting.position))
        ).scalars()
        money = uow.session.execute(select(BoardMoney)).scalars()
        assert check_ledger(uow.session) == []
        return {
            "entries": [
                (one.icb_id, one.phb_id, one.stream_id, one.verb, one.effective_on, one.reference, keys[one.id],
                 keys.get(one.reverses_id or case.phb_id)) for one in entries
            ],
            "postings": [
                (keys[one.journal_id], one.position, paths[one.from_id], paths[one.to_id], one.amount_pence)
                for one in postings
            ],
            "money": sorted((one.from_place, one.to_place, one.month, one.cohort, one.method, one.amount_pence)
                            for one in money),
            "kept": kept_in(uow),
        }  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(ENTRIES, st.permutations(range(7)), st.integers(0, 3))
def test_many_corrected_at_once_are_what_they_are_corrected_one_by_one(
    entries: list[tuple[list[tuple[int, int, int]], int]], order: list[int], before: int
) -> None:
    """In any order, some corrected before: the same rows to the penny, or the same refusal and nothing at all."""
    with patch.object(many_rows.parts_of, "__defaults__", (3,)):  # so that there is more than one part

        def life(at_once: bool) -> tuple[list[str], dict[str, object]]:
            said: list[str] = []
            with quick_world(mixed) as (world, case):
                paths = paths_of(world, case)
                posted: list[UUID] = []
                for n, (moves, _) in enumerate(entries):
                    about = {"stream_id": case.streams[n % 2]} if n % 3 else {}
                    entry = journal(case, f"key {n}", *((paths[a], paths[b], p) for a, b, p in moves), **about)
                    with contextlib.suppress(Refusal):
                        posted.append(post(world, entry))
                chosen = [posted[at] for at in order if at < len(posted)]

                def key(one: UUID) -> str:
                    return f"back:{one}"

                def one_by_one(uow: UnitOfWork, ids: list[UUID]) -> list[UUID]:
                    return [ledger.reverse(uow, one, key=key(one), reason="Mistake") for one in ids]

                def many(uow: UnitOfWork, ids: list[UUID]) -> list[UUID]:
                    return ledger.reverse_many(uow, ids, key=key, reason="Mistake")

                for act, ids in ((one_by_one, chosen[:before]), (many if at_once else one_by_one, chosen)):
                    try:
                        made = world.do(world.finance, lambda uow, act=act, ids=ids: act(uow, ids), on=DAY)
                        said.append(str(len(set(made))))
                    except Refusal as refusal:
                        said += [problem.sentence for problem in refusal.problems]
                return said, told(world, case)

        assert life(at_once=True) == life(at_once=False)


@settings(max_examples=25, deadline=None)
@given(ENTRIES)
def test_first_entries_are_what_they_are_posted_one_by_one(
    entries: list[tuple[list[tuple[int, int, int]], int]],
) -> None:
    """All that a budget begins with, of which nothing is looked up: the same rows to the penny, or the same refusal."""

    def life(first: bool) -> tuple[str, dict[str, object]]:
        with quick_world(mixed) as (world, case):
            nights, days = case.streams
            places = outside("icb", world.icb), outside("own_money"), outside("opening")
            paths = [*places, held(days), spent(days, "PA_WAGE"), held(nights), spent(nights, "AGENCY")]
            journals = [
                journal(case, f"key {n}", *((paths[a], paths[b], pence) for a, b, pence in moves))
                for n, (moves, _) in enumerate(entries)
            ]

            def act(uow: UnitOfWork) -> None:
                if not first:
                    for one in journals:
                        ledger.post(uow, one)
                    return
                phb = uow.session.get_one(Phb, case.phb_id)
                new = NewRows(uow, LedgerAccount, LedgerJournal, LedgerPosting)
                ledger.FirstEntries(uow, new, places).post([Entry(one, phb.icb_id, phb.cohort) for one in journals])
                new.write()

            said = ""
            try:
                world.do(world.finance, act, on=DAY)
            except Refusal as refusal:
                said = refusal.problems[0].sentence
            found = told(world, case)
            return said, found | {"kept": {path: pence for path, pence in kept(world).items() if pence}}

    assert life(first=True) == life(first=False)


def test_first_entries_of_a_budget_that_has_some_are_refused_by_the_database(direct: Paying) -> None:
    """Whether it is their key that is there or their account."""
    case, stream = direct.case, direct.stream

    def first(key: str, path: str) -> Act:
        entry = journal(case, key, (outside("opening"), path, 100))

        def act(uow: UnitOfWork) -> None:
            phb = uow.session.get_one(Phb, case.phb_id)
            new = NewRows(uow, LedgerAccount, LedgerJournal, LedgerPosting)
            ledger.FirstEntries(uow, new, [outside("opening")]).post([Entry(entry, phb.icb_id, phb.cohort)])
            new.write()

        return act

    direct.world.do(direct.world.finance, first("k", held(stream)), on=DAY)
    before = balances(direct.world, case)
    for key, path in (("k", spent(stream, "AGENCY")), ("other", held(stream))):
        with pytest.raises((Refusal, DBAPIError)):
            direct.world.do(direct.world.finance, first(key, path), on=DAY)
    assert balances(direct.world, case) == before


class TestManyCorrections:
    def test_what_is_refused_of_one_is_refused_of_many(self, direct: Paying) -> None:
        direct.record()
        world, by = direct.world, direct.world.finance
        first, second = journal_of(world, Verb.ALLOCATE), journal_of(world, Verb.RESERVE)

        def correct(*ids: UUID, key: str = "many", reason: str = "Mistake") -> Act:
            return lambda uow: ledger.reverse_many(uow, ids, key=lambda one: f"{key}:{one}", reason=reason)

        assert world.do(by, correct(), on=START) == []
        (made,) = set(world.do(by, correct(second, second), on=START))
        assert world.do(by, correct(second), on=DAY) == [made]
        assert refused(world, by, correct(first, second, key="other"), on=DAY) == (
            "This entry has already been corrected."
        )
        assert "already posted with another" in refused(world, by, correct(second, reason="Another"), on=DAY)
        assert refused(world, by, correct(first, made), on=DAY) == (
            "A correction cannot itself be corrected this way. Make a new entry."
        )
        with pytest.raises(NotFound):
            world.do(world.actors["other_finance"], correct(first), on=START)
