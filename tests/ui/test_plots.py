"""Charts of figures: what is drawn is within its frame, nothing is told by colour alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.domain.figures import MOST_SERIES, Figures, Hidden, Series
from phbportal.ui.plots import HIGH, PATTERNS, WIDE, Plot, plot_of

VALUE = st.one_of(st.integers(-5_000, 10**12), st.sampled_from(list(Hidden)))
SERIES = st.integers(1, 12).flatmap(
    lambda labels: st.lists(
        st.lists(VALUE, min_size=labels, max_size=labels).map(tuple), min_size=1, max_size=MOST_SERIES
    )
)


def plot(kind: str, runs: list[tuple[int | Hidden, ...]]) -> Plot:
    labels = tuple(f"Label {i}" for i in range(len(runs[0])))
    names = [""] if len(runs) == 1 else [f"Part {i}" for i in range(len(runs))]
    series = tuple(Series(name, run) for name, run in zip(names, runs, strict=True))
    return plot_of(kind, "Title", "By", "It says so.", Figures(labels, series, "pence"))


@settings(deadline=None)
@given(SERIES)
def test_the_parts_of_a_bar_lie_beside_each_other_within_it(runs: list[tuple[int | Hidden, ...]]) -> None:
    for row in plot("stacked", runs).rows:
        place = 0
        for part in row.parts:
            assert part.start == place
            assert part.percent >= 0
            place += part.percent
        assert place <= 100


@settings(deadline=None)
@given(SERIES)
def test_the_table_holds_every_figure_in_words(runs: list[tuple[int | Hidden, ...]]) -> None:
    drawn = plot("bar", runs)
    assert [len(row.cells) for row in drawn.rows] == [len(runs)] * len(runs[0])
    assert all(cell.text and cell.name for row in drawn.rows for cell in row.cells)
    assert all(row.whole for row in drawn.rows)


@settings(deadline=None)
@given(SERIES)
def test_a_line_stays_in_its_frame_and_goes_from_left_to_right(runs: list[tuple[int | Hidden, ...]]) -> None:
    points = [tuple(map(int, point.split(","))) for point in plot("line", runs).points.split()]
    assert len(points) == len(runs[0])
    assert [x for x, _ in points] == sorted({x for x, _ in points})
    assert all(0 <= x <= WIDE and 0 <= y <= HIGH for x, y in points)


def test_every_part_has_a_pattern_of_its_own_and_its_name_in_the_key() -> None:
    drawn = plot("stacked", [(1, 2), (3, 4), (5, 6), (7, 8)])
    assert len({part.kind for part in drawn.key}) == len(drawn.key) == MOST_SERIES == len(PATTERNS)
    assert [part.label for part in drawn.key] == ["Part 0", "Part 1", "Part 2", "Part 3"]


def test_a_group_too_small_to_tell_is_drawn_no_wider_than_the_smallest_there_is() -> None:
    (small, large) = plot("bar", [(Hidden.SMALL, 1_000_000)]).rows
    assert (small.whole, small.parts[0].percent) == ("fewer than 5", 1)
    assert large.parts[0].percent == 100
