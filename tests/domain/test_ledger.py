"""The ledger's chart: paths, postings and journals (decisions.md §3)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import (
    VERB_WORDS,
    Journal,
    Posting,
    Verb,
    available,
    below_zero_sentence,
    held,
    may_go_below_zero,
    outside,
    reserved,
    spent,
    stream_of,
)

PHB, OTHER_PHB, STREAM, BOARD = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)


def journal(**changes: object) -> Journal:
    made = Journal(
        Verb.PAY, PHB, date(2026, 4, 13), "PAY-2026-000001", "pay:1", (Posting(reserved(PHB), held(STREAM), 434_800),),
        stream_id=STREAM,
    )  # fmt: skip
    return replace(made, **changes)


def test_only_places_outside_and_what_a_payee_holds_may_be_less_than_nothing() -> None:
    assert may_go_below_zero(outside("icb", BOARD))
    assert may_go_below_zero(outside("interest"))
    assert may_go_below_zero(held(STREAM))
    assert not may_go_below_zero(available(PHB))
    assert not may_go_below_zero(reserved(PHB))
    assert not any(may_go_below_zero(spent(STREAM, line.value)) for line in LineType)


def test_a_path_says_which_stream_it_belongs_to() -> None:
    assert stream_of(held(STREAM)) == STREAM
    assert stream_of(spent(STREAM, LineType.AGENCY)) == STREAM
    assert stream_of(available(PHB)) is None
    assert stream_of(outside("icb", BOARD)) is None


@pytest.mark.parametrize("pence", [0, -1, -434_800])
def test_a_posting_is_always_of_more_than_nothing(pence: int) -> None:
    with pytest.raises(Refusal, match="more than nothing"):
        Posting(available(PHB), reserved(PHB), pence)


def test_a_posting_goes_from_one_account_to_another() -> None:
    with pytest.raises(ValueError, match="between two accounts"):
        Posting(available(PHB), available(PHB), 1)


def test_a_journal_moves_the_money_of_one_budget_only() -> None:
    with pytest.raises(ValueError, match="one budget"):
        journal(postings=(Posting(available(OTHER_PHB), reserved(PHB), 100),))


def test_a_journal_holds_at_least_one_posting() -> None:
    with pytest.raises(ValueError, match="at least one"):
        journal(postings=())


def test_the_same_content_has_the_same_digest_whatever_its_key() -> None:
    assert journal().content_hash() == journal(idempotency_key="another").content_hash()


@pytest.mark.parametrize(
    "change",
    [
        {"verb": Verb.RESERVE},
        {"phb_id": OTHER_PHB, "postings": (Posting(reserved(OTHER_PHB), held(STREAM), 434_800),)},
        {"effective_on": date(2026, 4, 14)},
        {"reference": "PAY-2026-000002"},
        {"postings": (Posting(reserved(PHB), held(STREAM), 434_801),)},
        {"postings": (Posting(reserved(PHB), spent(STREAM, LineType.AGENCY), 434_800),)},
        {"stream_id": None},
        {"reverses": UUID(int=9)},
    ],
    ids=["verb", "budget", "day", "reference", "amount", "account", "stream", "what it corrects"],
)
def test_any_other_content_has_another_digest(change: dict[str, object]) -> None:
    assert journal(**change).content_hash() != journal().content_hash()


@settings(max_examples=200)
@given(st.lists(st.integers(1, 10**10), min_size=1, max_size=6))
def test_the_total_of_a_journal_is_the_sum_of_its_postings(amounts: list[int]) -> None:
    whole = journal(postings=tuple(Posting(reserved(PHB), held(STREAM), pence) for pence in amounts))
    assert whole.total_pence() == sum(amounts)
    assert isinstance(whole.total_pence(), int)


def test_each_account_says_in_its_own_words_why_it_cannot_give() -> None:
    said = {below_zero_sentence(path, 100, 250) for path in (available(PHB), reserved(PHB), spent(STREAM, "AGENCY"))}
    assert len(said) == 3
    assert all("£1.00" in sentence and "£2.50" in sentence for sentence in said)


def test_every_verb_has_words() -> None:
    assert VERB_WORDS.keys() == set(Verb)
    assert len(set(VERB_WORDS.values())) == len(Verb)
