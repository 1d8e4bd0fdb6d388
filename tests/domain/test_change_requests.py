"""Changes in words, and kept as text that reads back the same."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phbportal.domain.change_requests import (
    ChangeStatus,
    Side,
    changed_since,
    check_waiting,
    differences,
    pack,
    told,
    unpack,
)
from phbportal.domain.errors import Refusal
from phbportal.domain.rates import RateUnit

PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.text(), st.dates(), st.datetimes(timezones=st.just(UTC)), st.uuids()
)  # fmt: skip
VALUES = st.recursive(PLAIN, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.dictionaries(st.text(), st.text()), st.dictionaries(st.text(), VALUES))
def test_a_side_reads_back_as_it_was_kept(shown: dict[str, str], values: dict[str, object]) -> None:
    assert unpack(pack(Side(shown, values))) == Side(shown, values)


def test_a_code_is_kept_as_its_text_and_a_tuple_as_a_list() -> None:
    kept = unpack(pack(Side(values={"unit": RateUnit.PENCE, "both": (1, date(2026, 4, 1))})))
    assert kept.values == {"unit": "PENCE", "both": [1, date(2026, 4, 1)]}


@pytest.mark.parametrize("value", [Decimal("1.5"), b"x", {1, 2}, object()], ids=["decimal", "bytes", "set", "object"])
def test_a_kind_that_could_not_be_read_back_is_a_fault(value: object) -> None:
    with pytest.raises(TypeError):
        pack(Side(values={"a": value}))


def test_one_and_yes_are_not_confused_nor_a_day_with_a_moment() -> None:
    side = Side(values={"one": 1, "yes": True, "day": date(2026, 4, 1), "at": datetime(2026, 4, 1, tzinfo=UTC)})
    kept = unpack(pack(side)).values
    assert kept["yes"] is True
    assert kept["one"] is not True
    assert type(kept["day"]) is date
    assert kept["at"].tzinfo is not None
    assert UUID(int=1) == unpack(pack(Side(values={"id": UUID(int=1)}))).values["id"]


def test_what_differs_is_told_field_by_field_in_the_order_of_the_form() -> None:
    before, after = {"Rate": "£12.21", "From": "1 April 2025", "Old": "x"}, {"Rate": "£12.71", "From": "1 April 2025"}
    assert [(d.label, d.before, d.after, d.changed) for d in differences(before, after)] == [
        ("Rate", "£12.21", "£12.71", True), ("From", "1 April 2025", "1 April 2025", False),
        ("Old", "x", "Nothing", True),
    ]  # fmt: skip
    assert told(before, after) == "rate from “£12.21” to “£12.71” and old from “x” to nothing"
    assert told({}, {"Rate": "£12.71"}) == "rate “£12.71”"
    assert told(before, before) == ""
    moved = told({"Rate": "£1.00", "From": "1 April 2025"}, {"Rate": "£1.00", "From": "1 April 2026"})
    assert moved == "from “1 April 2026” in place of “1 April 2025”"


def test_what_changed_since_is_said() -> None:
    said = changed_since({"Setting": "8 weeks"}, {"Setting": "6 weeks"})
    assert "setting from “8 weeks” to “6 weeks”" in said


@pytest.mark.parametrize("status", [s.value for s in ChangeStatus if s is not ChangeStatus.PROPOSED])
def test_what_is_decided_or_withdrawn_waits_for_nobody(status: str) -> None:
    check_waiting("PROPOSED")
    with pytest.raises(Refusal, match="already"):
        check_waiting(status)
