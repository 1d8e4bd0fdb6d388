"""Bars of money."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from phbportal.ui.charts import bar_parts, budget_bar
from tests.ui.painting import one, painted, words

KINDS = ("paid", "spent", "set-aside", "left")
AMOUNTS = st.lists(st.integers(-10_000_00, 10_000_000_00), min_size=4, max_size=4)


def parts_of(amounts):
    return bar_parts([(kind, kind.capitalize(), f"£{p}", p) for kind, p in zip(KINDS, amounts, strict=True)])


@given(AMOUNTS)
def test_the_parts_of_a_bar_fill_it_or_are_all_nought(amounts):
    total = sum(part.percent for part in parts_of(amounts))
    assert total == (100 if any(p > 0 for p in amounts) else 0)


@given(AMOUNTS)
def test_the_parts_of_a_bar_stand_side_by_side(amounts):
    parts = parts_of(amounts)
    assert [part.start for part in parts] == [sum(p.percent for p in parts[:i]) for i in range(4)]
    assert all(part.percent >= 0 for part in parts)


@given(AMOUNTS)
def test_a_penny_can_be_seen_and_a_debt_is_not_drawn(amounts):
    for part, pence in zip(parts_of(amounts), amounts, strict=True):
        assert (part.percent > 0) == (pence > 0)


def test_thirds_of_a_budget_add_up():
    assert [part.percent for part in parts_of([100_00, 100_00, 100_00, 0])] == [34, 33, 33, 0]


def test_the_bar_says_in_words_and_in_a_table_what_it_shows():
    chart = painted(
        budget_bar(parts_of([420000, 115025, 90000, 574975]), "£4,200.00 has been paid.", total="£12,000.00")
    )
    assert words(one(chart, ".//figcaption")) == "£4,200.00 has been paid."
    assert words(one(chart, ".//summary")) == "Show as table"
    cells = [words(cell) for cell in one(chart, ".//tbody").iter("td")]
    assert cells == ["Amount £420000", "Amount £115025", "Amount £90000", "Amount £574975"]
    assert "Whole budget: £12,000.00" in words(one(chart, ".//details"))


def test_every_part_of_the_bar_has_a_pattern_of_its_own():
    chart = painted(budget_bar(parts_of([1, 1, 1, 1]), "Quarters."))
    drawn = {rect.get("class", "").split("--")[-1] for rect in chart.findall(".//ul//rect")}
    assert drawn == set(KINDS)
