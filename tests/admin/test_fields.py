"""Fields show, read, compare and export their own values."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from phbportal.admin.fields import (
    AccountNumber,
    Choice,
    Choices,
    Day,
    Email,
    Field,
    Group,
    Hours,
    Integer,
    Json,
    Moment,
    Money,
    NhsNumber,
    Percentage,
    Postcode,
    SortCode,
    Tag,
    Telephone,
    Text,
    YesNo,
)
from phbportal.admin.ops import Op
from phbportal.domain.equipment import STATUS_WORDS, EquipmentStatus
from phbportal.domain.errors import Refusal

STATUS = Choice("status", choices=STATUS_WORDS)
DAY = Day("bought_on")


@pytest.mark.parametrize(
    ("field", "typed", "kept", "shown", "exported"),
    [
        (Text("name"), "Bed", "Bed", "Bed", "Bed"),
        (Money("price_pence"), "£1,234.50", 123_450, "£1,234.50", Decimal("1234.5")),
        (Integer("hours"), "1,204", 1204, "1,204", 1204),
        (Hours("hours"), "12.5", 1250, "12.5", Decimal("12.5")),
        (Hours("hours"), "37", 3700, "37", Decimal(37)),
        (Percentage("share"), "12.5%", 1250, "12.5%", Decimal("12.5")),
        (Percentage("share"), "2.50%", 250, "2.5%", Decimal("2.5")),
        (DAY, "6 Apr 2026", date(2026, 4, 6), "6 April 2026", date(2026, 4, 6)),
        (YesNo("paid"), "no", False, "No", "No"),
        (STATUS, "in use", "IN_USE", "In use", "In use"),
        (STATUS, "IN_USE", "IN_USE", "In use", "In use"),
        (Choices("uses", choices={"A": "Bath", "B": "Bed"}), "Bed, Bath", '["B", "A"]', "Bed, Bath", "Bed, Bath"),
        (NhsNumber("nhs_number"), "999 000 0018", "9990000018", "999 000 0018", "999 000 0018"),
        (Postcode("postcode"), "l87ss", "L8 7SS", "L8 7SS", "L8 7SS"),
        (Email("email"), "a@Example.com", "a@example.com", "a@example.com", "a@example.com"),
        (Telephone("phone"), "01632 960001", "+441632960001", "01632 960001", "01632 960001"),
        (SortCode("sort_code"), "08-99-99", "089999", "••-••-99", "••-••-99"),
        (AccountNumber("account"), "66374958", "66374958", "ending 4958", "ending 4958"),
    ],
    ids=lambda value: value.__class__.__name__ if isinstance(value, Field) else None,
)
def test_a_field_reads_what_is_typed_shows_what_is_kept_and_exports_it(
    field: Field, typed: str, kept: Any, shown: str, exported: Any
) -> None:
    assert field.parse(typed) == kept
    assert field.show(kept) == shown
    assert field.export(kept) == exported
    assert field.show(None) == ""


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        (Money("price_pence"), "1,50"), (Integer("hours"), "twelve"), (Integer("hours", most=10), "11"),
        (Percentage("share"), "101"), (Percentage("share"), "1.234"), (DAY, "31 2 2026"), (YesNo("paid"), "perhaps"),
        (STATUS, "Burnt"), (NhsNumber("nhs_number"), "999 000 0019"), (Text("name", longest=3), "Beds"),
        (Choices("uses", choices={"A": "Bath"}), "Bath, Boat"),
    ],
    ids=lambda value: value.__class__.__name__ if isinstance(value, Field) else None,
)  # fmt: skip
def test_what_cannot_be_read_is_refused_beside_its_field_in_a_sentence(field: Field, typed: str) -> None:
    with pytest.raises(Refusal) as refusal:
        field.parse(typed)
    (problem,) = refusal.value.problems
    assert problem.field == field.name
    assert problem.sentence.endswith(".")
    assert typed not in problem.sentence


@pytest.mark.parametrize("field", [Text("name"), Money("price_pence"), DAY, STATUS, NhsNumber("nhs_number")],
                         ids=lambda f: type(f).__name__)  # fmt: skip
def test_an_empty_answer_is_refused_unless_it_is_optional(field: Field) -> None:
    from dataclasses import replace

    with pytest.raises(Refusal):
        field.read({})
    assert replace(field, optional=True).read({}) in (None, "")


def test_a_date_is_read_from_three_boxes_and_fills_them() -> None:
    boxes = {"bought_on-day": "6", "bought_on-month": "4", "bought_on-year": "2026"}
    assert DAY.read(boxes) == date(2026, 4, 6)
    assert DAY.fill(date(2026, 4, 6)) == boxes
    with pytest.raises(Refusal, match="must include a month"):
        DAY.read({"bought_on-day": "6", "bought_on-year": "2026"})


@settings(max_examples=200)
@given(st.integers(min_value=0, max_value=10_000_000_000))
def test_money_read_back_from_what_is_shown_is_the_same_to_the_penny(pence: int) -> None:
    field = Money("price_pence")
    assert field.parse(field.show(pence)) == pence
    assert field.read(field.fill(pence)) == pence
    assert field.export(pence) * 100 == pence


@settings(max_examples=200)
@given(st.integers(min_value=0, max_value=10_000))
def test_a_percentage_read_back_from_what_is_shown_is_the_same(hundredths: int) -> None:
    field = Percentage("share")
    assert field.parse(field.show(hundredths)) == hundredths
    assert field.read(field.fill(hundredths)) == hundredths


def test_a_condition_on_a_moment_goes_by_the_day_in_london() -> None:
    """6 April 2026 is summer time: its day begins at 23:00 the evening before."""
    field, typed = Moment("created_at"), "6 April 2026"
    start, end = datetime(2026, 4, 5, 23, tzinfo=UTC), datetime(2026, 4, 6, 23, tzinfo=UTC)
    assert field.compared(Op.BEFORE, typed) == start
    assert field.compared(Op.BETWEEN, typed) == start
    last = field.compared(Op.BETWEEN, typed, end=True)
    assert last < end
    assert field.compared(Op.AFTER, typed) == last


def test_a_tag_has_a_colour_for_each_of_its_words() -> None:
    field = Tag("status", choices=STATUS_WORDS, colours={EquipmentStatus.LOST: "red"})
    assert field.painted() == {"In use": "grey", "Returned": "grey", "Lost or broken": "red"}


def test_bank_details_are_never_put_back_into_a_form() -> None:
    assert AccountNumber("account").fill("66374958") == {"account": ""}
    assert AccountNumber("account").secret
    assert SortCode("sort_code").secret


def test_a_group_reads_each_of_its_rows_and_names_the_box_that_is_wrong() -> None:
    group = Group("parts", fields=(Text("what"), Money("cost")), one="part", most=3)
    form = {"parts-0-what": "Leg", "parts-0-cost": "2.50", "parts-4-what": "Arm", "parts-4-cost": "3"}
    assert group.read(form) == [{"what": "Leg", "cost": 250}, {"what": "Arm", "cost": 300}]
    with pytest.raises(Refusal) as refusal:
        group.read({**form, "parts-4-cost": "much", "parts-0-what": ""})
    assert [p.field for p in refusal.value.problems] == ["parts-0-what", "parts-4-cost"]
    with pytest.raises(Refusal, match="Add at least 1 part"):
        group.read({})


def test_a_group_takes_no_more_rows_than_it_may_have() -> None:
    group = Group("parts", fields=(Text("what"),), one="part", most=3)
    assert len(group.read({f"parts-{n}-what": "x" for n in range(900)})) == 3


def test_data_is_only_looked_at() -> None:
    assert Json("details").read_only
    assert Json("details").show('{"a": 1}') == '{\n  "a": 1\n}'
