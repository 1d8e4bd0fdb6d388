"""Which column a heading stands for, and where a file goes next."""

from __future__ import annotations

import pytest

from phbportal.domain.errors import Refusal
from phbportal.domain.imports import ImportStatus, propose_columns, step

NAMES = {
    "phb": ("Budget reference", "PHB ref"),
    "name": ("Name", "Item"),
    "price": ("Price", "Cost"),
    "on": ("Bought on",),
}


def test_what_is_said_is_the_same_is_near_and_is_none_of_ours() -> None:
    headings = ["PHB reference", "ITEM", "Cost (£)", "Date bought on", "Remarks"]
    found = propose_columns(headings, NAMES, {})
    assert found == {
        "PHB reference": "phb", "ITEM": "name", "Cost (£)": "price", "Date bought on": "on", "Remarks": "",
    }  # fmt: skip


def test_what_was_said_before_goes_before_what_is_the_same() -> None:
    found = propose_columns(["Name", "Kit"], NAMES, {"name": "", "kit": "name", "gone": "colour"})
    assert found == {"Name": "", "Kit": "name"}


def test_no_column_is_proposed_twice() -> None:
    found = propose_columns(["Name", "Item", "Names"], NAMES, {})
    assert list(found.values()).count("name") == 1


@pytest.mark.parametrize(
    ("status", "act"),
    [("TRIED", "agree"), ("ASKED", "do"), ("READ", "do"), ("DONE", "try"), ("UNDONE", "undo"), ("DOING", "give up")],
)
def test_a_step_that_does_not_belong_here_is_refused(status: str, act: str) -> None:
    with pytest.raises(Refusal, match="This is not possible now"):
        step(ImportStatus(status), act)
