"""What is kept with a budget, in words."""

from __future__ import annotations

import pytest

from phbportal.domain.documents import size_words


@pytest.mark.parametrize(
    ("size", "said"),
    [
        (0, "1 KB"),
        (999, "1 KB"),
        (245_900, "245 KB"),
        (999_999, "999 KB"),
        (1_000_000, "1.0 MB"),
        (3_449_000, "3.4 MB"),
    ],
)
def test_a_file_is_as_large_as_people_say(size: int, said: str) -> None:
    assert size_words(size) == said
