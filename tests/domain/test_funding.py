"""Who pays which part, to the penny: scenarios T10 and T11 (I08)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.errors import Refusal
from phbportal.domain.funding import Funder, Share, share_out, share_problems, shared_instalments

H, S, E = Funder.HEALTH, Funder.SOCIAL_CARE, Funder.EDUCATION


@pytest.mark.parametrize(
    ("total", "weights", "parts"),
    [
        (56_000, (60, 40), (33_600, 22_400)), (55_555, (60, 40), (33_333, 22_222)),
        (100_000, (1, 1, 1), (33_334, 33_333, 33_333)), (1, (50, 50), (1, 0)),
    ],
)  # fmt: skip
def test_t10_a_split_by_weights_is_exact(total: int, weights: tuple[int, ...], parts: tuple[int, ...]) -> None:
    shares = [Share(funder, weight) for funder, weight in zip((H, S, E), weights, strict=False)]
    assert tuple(share_out(total, shares).values()) == parts


def test_t11_an_ehc_year_of_three_funders_in_twelve_payments() -> None:
    """£1,300.00 a month: £650.00, £433.33 and £216.67, then £650.00, £433.34 and £216.66; the year is exact."""
    shares = [Share(H, pence=780_000), Share(E, pence=520_000), Share(S, pence=260_000)]
    assert share_problems(shares, 1_560_000) == []
    months = shared_instalments(shares, 12)
    assert all(sum(month.values()) == 130_000 for month in months)
    assert months[0] == {H: 65_000, E: 43_333, S: 21_667}
    assert months[1] == {H: 65_000, E: 43_334, S: 21_666}
    assert {funder: sum(month[funder] for month in months) for funder in (H, E, S)} == {
        H: 780_000,
        E: 520_000,
        S: 260_000,
    }


@pytest.mark.parametrize(
    ("shares", "says"),
    [
        ([], "at least one share"),
        ([Share(H, 1), Share(H, 1)], "one share only"),
        ([Share(H, 1), Share(S, pence=10)], "every share as a part"),
        ([Share(H, 0), Share(S, 0)], "above 0"),
        ([Share(H, pence=700), Share(S, pence=200)], "£9.00, £1.00 short of the £10.00"),
        ([Share(H, pence=700), Share(S, pence=400)], "£11.00, £1.00 more than the £10.00"),
    ],
)
def test_shares_that_cannot_be_are_told(shares: list[Share], says: str) -> None:
    assert says in " ".join(problem.sentence for problem in share_problems(shares, 1_000))


def test_instalments_need_sums_of_money() -> None:
    with pytest.raises(Refusal, match="amount of money"):
        shared_instalments([Share(H, 60), Share(S, 40)], 12)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.integers(0, 10_000_000), min_size=1, max_size=3).filter(any), st.integers(1, 53))
def test_i08_every_instalment_and_every_funders_year_is_exact(pence: list[int], n: int) -> None:
    shares = [Share(funder, pence=part) for funder, part in zip((H, S, E), pence, strict=False)]
    months = shared_instalments(shares, n)
    whole = sum(pence)
    running = 0
    for k, month in enumerate(months, 1):
        running += sum(month.values())
        assert running == (2 * whole * k + n) // (2 * n)
    for share in shares:
        assert sum(month[share.funder] for month in months) == share.pence
