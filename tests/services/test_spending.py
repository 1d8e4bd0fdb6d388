"""What payees do with money they hold: spent, repaid, added (I13, I14)."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.errors import Refusal
from phbportal.domain.ledger import Verb, held, outside, spent
from phbportal.domain.text import long_date
from phbportal.services import spending
from phbportal.services.spending import SpendingEntry
from phbportal.tables.audit import AuditEvent
from phbportal.tables.ledger import LedgerJournal
from phbportal.tables.phbs import Phb
from tests.services.asking import START, Act, Paying, balance, balances, refused, rows

DAY = date(2026, 4, 20)


@pytest.fixture
def held_money(direct: Paying) -> Paying:
    """T01 after its first payment: the holder has £4,348.00."""
    direct.confirm(direct.record())
    return direct


def recording(
    paying: Paying, verb: Verb, pence: int, *, on: date = DAY, key: str = "k", line: LineType = LineType.PA_WAGE,
    reference: str = "Receipt 1",
) -> Act:  # fmt: skip
    entry = SpendingEntry(verb, pence, on, line, reference)
    return lambda uow: spending.record_spending(uow, paying.stream, entry, key=key)


def record(paying: Paying, verb: Verb, pence: int, *, key: str = "k") -> UUID:
    return paying.world.do(paying.world.finance, recording(paying, verb, pence, key=key), on=DAY)


def test_money_spent_leaves_the_payee_and_stands_under_its_kind(held_money: Paying) -> None:
    record(held_money, Verb.ACCOUNT_FOR, 59_800)
    found = balances(held_money.world, held_money.case)
    assert found.held_by(held_money.stream) == 375_000
    assert found.spent_pence == {held_money.stream: {"PA_WAGE": 59_800}}


@pytest.mark.parametrize(
    ("verb", "held_after", "place"),
    [
        (Verb.REPAY, 424_800, "icb"),
        (Verb.OWN_MONEY, 444_800, "own_money"),
        (Verb.INTEREST, 444_800, "interest"),
        (Verb.REFUND, 444_800, "refund"),
    ],
)
def test_money_repaid_or_added_goes_to_or_comes_from_outside(
    held_money: Paying, verb: Verb, held_after: int, place: str
) -> None:
    path = outside("icb", held_money.world.icb) if place == "icb" else outside(place)
    before = balance(held_money.world, path)
    record(held_money, verb, 10_000)
    assert balances(held_money.world, held_money.case).held_by(held_money.stream) == held_after
    assert balance(held_money.world, path) - before == (10_000 if verb is Verb.REPAY else -10_000)


def test_a_payee_may_be_overdrawn_and_the_books_say_so(held_money: Paying) -> None:
    record(held_money, Verb.ACCOUNT_FOR, 443_440)
    assert balance(held_money.world, held(held_money.stream)) == -8_640


def test_a_receipt_sent_twice_is_one_entry_and_one_line_of_history(held_money: Paying) -> None:
    first = record(held_money, Verb.ACCOUNT_FOR, 6_250)
    assert record(held_money, Verb.ACCOUNT_FOR, 6_250) == first
    assert balance(held_money.world, spent(held_money.stream, "PA_WAGE")) == 6_250
    assert len(rows(held_money.world, LedgerJournal, verb="ACCOUNT_FOR")) == 1
    assert len(rows(held_money.world, AuditEvent, kind="money_recorded")) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"pence": 6_251},
        {"on": DAY - timedelta(days=1)},
        {"line": LineType.ACTIVITY},
        {"reference": "Receipt 2"},
        {"verb": Verb.REPAY},
    ],
    ids=lambda change: next(iter(change)),
)
def test_the_same_key_with_anything_else_in_it_is_refused(held_money: Paying, other: dict[str, object]) -> None:
    sent: dict[str, object] = {"verb": Verb.ACCOUNT_FOR, "pence": 6_250}
    held_money.world.do(held_money.world.finance, recording(held_money, **sent), on=DAY)
    said = refused(held_money.world, held_money.world.finance, recording(held_money, **(sent | other)), on=DAY)
    assert said == "This was already posted with another amount or date. Reload the page before you try again."


def test_two_officers_may_happen_to_use_one_key(held_money: Paying) -> None:
    record(held_money, Verb.ACCOUNT_FOR, 6_250)
    held_money.world.do(held_money.world.finance2, recording(held_money, Verb.ACCOUNT_FOR, 100), on=DAY)
    assert balance(held_money.world, spent(held_money.stream, "PA_WAGE")) == 6_350


@pytest.mark.parametrize("verb", [v for v in Verb if v not in spending.KINDS])
def test_what_only_the_portal_does_with_money_cannot_be_entered(held_money: Paying, verb: Verb) -> None:
    said = refused(held_money.world, held_money.world.finance, recording(held_money, verb, 100), on=DAY)
    assert said == "Choose what happened to the money."
    with pytest.raises(Refusal, match="Choose what happened to the money"):
        spending.read_spending({"verb": verb.value, "amount": "1", "on": "13/4/2026", "reference": "x"}, START)


def test_money_before_the_budget_was_opened_is_not_recorded(held_money: Paying) -> None:
    opened = rows(held_money.world, Phb)[0].opened_on
    early = recording(held_money, Verb.ACCOUNT_FOR, 1_000, on=opened - timedelta(days=1))
    said = refused(held_money.world, held_money.world.finance, early, on=DAY)
    assert said == f"The budget was opened on {long_date(opened)}. The date cannot be before that."
    held_money.world.do(held_money.world.finance, recording(held_money, Verb.ACCOUNT_FOR, 1_000, on=opened), on=DAY)


def test_money_of_the_future_is_not_recorded(held_money: Paying) -> None:
    late = recording(held_money, Verb.ACCOUNT_FOR, 100, on=DAY + timedelta(days=1))
    assert refused(held_money.world, held_money.world.finance, late, on=DAY) == "The date cannot be in the future."


@pytest.mark.parametrize("pence", [0, -100])
def test_nothing_and_less_than_nothing_is_not_recorded(held_money: Paying, pence: int) -> None:
    nothing = recording(held_money, Verb.ACCOUNT_FOR, pence)
    assert "more than nothing" in refused(held_money.world, held_money.world.finance, nothing, on=DAY)


def test_nobody_holds_the_money_of_a_notional_budget(notional: Paying) -> None:
    spend = recording(notional, Verb.ACCOUNT_FOR, 100)
    assert "Nobody holds the money" in refused(notional.world, notional.world.finance, spend, on=DAY)


@pytest.mark.parametrize("who", ["cm", "clinician", "approver", "auditor", "admin", "other_finance"])
def test_only_a_finance_officer_of_the_board_records_spending(held_money: Paying, who: str) -> None:
    spend = recording(held_money, Verb.ACCOUNT_FOR, 100)
    said = refused(held_money.world, held_money.world.actors[who], spend, on=DAY)
    assert said in ("Only a finance officer can do this.", "We could not find that.")


def test_the_form_says_everything_that_is_wrong() -> None:
    with pytest.raises(Refusal) as refusal:
        spending.read_spending({"verb": "ACCOUNT_FOR", "on": "21/4/2026"}, DAY)
    assert [p.field for p in refusal.value.problems] == ["amount", "on", "line_type", "reference"]
