"""Fields of forms: what ties the label, the hint and the error to the box."""

from __future__ import annotations

import pytest

from phbportal.ui.choices import Choice, checkbox, checkboxes, radios, select
from phbportal.ui.forms import date_input, money_input, text_input, textarea
from tests.ui.painting import one, painted, words

WAYS = [Choice("notional", "Notional budget", "The board holds it"), Choice("direct", "Direct payment")]


def test_a_label_leads_to_its_box():
    form = painted(text_input("name", "Full name"))
    assert one(form, ".//label").get("for") == one(form, ".//input").get("id") == "name"


def test_a_box_names_its_hint_and_then_its_error():
    form = painted(text_input("name", "Full name", hint="As on the passport", error="Enter the full name."))
    assert one(form, ".//input").get("aria-describedby") == "name-hint name-error"
    assert words(one(form, ".//*[@id='name-hint']")) == "As on the passport"
    assert words(one(form, ".//*[@id='name-error']")) == "Error: Enter the full name."


def test_a_box_without_hint_and_error_names_nothing():
    form = painted(text_input("name", "Full name"))
    assert "aria-describedby" not in one(form, ".//input").attrib
    assert "error" not in " ".join(e.get("class", "") for e in form.iter())


def test_the_pound_sign_is_not_read_out_and_the_box_takes_pence():
    form = painted(money_input("amount", "Amount", value="1,234.50"))
    assert one(form, ".//*[@class='nhsuk-input-wrapper__prefix']").get("aria-hidden") == "True"
    assert one(form, ".//input").get("inputMode") == "decimal"
    assert one(form, ".//input").get("value") == "1,234.50"


def test_a_problem_with_a_date_leads_to_its_day():
    form = painted(date_input("born", "Date of birth", error="Enter the date of birth."))
    boxes = form.findall(".//input")
    assert [box.get("id") for box in boxes] == ["born", "born-month", "born-year"]
    assert [box.get("name") for box in boxes] == ["born-day", "born-month", "born-year"]
    assert all("nhsuk-input--error" in box.get("class", "") for box in boxes)


def test_a_date_is_one_question_with_its_hint_and_error():
    group = one(painted(date_input("born", "Date of birth", error="Enter it.")), ".//fieldset")
    assert group.get("role") == "group"
    assert group.get("aria-describedby") == "born-hint born-error"
    assert words(one(group, "legend")) == "Date of birth"


def test_every_box_of_a_date_has_a_label_of_its_own():
    form = painted(date_input("born", "Date of birth"))
    assert {label.get("for"): words(label) for label in form.findall(".//label")} == {
        "born": "Day",
        "born-month": "Month",
        "born-year": "Year",
    }


@pytest.mark.parametrize("draw", [radios, checkboxes])
def test_a_problem_with_a_choice_leads_to_the_first_one(draw):
    form = painted(draw("way", "How is the money managed?", WAYS, error="Choose how."))
    assert [box.get("id") for box in form.findall(".//input")] == ["way", "way-2"]
    assert one(form, ".//fieldset").get("aria-describedby") == "way-error"


def test_a_choice_with_a_hint_names_it_and_the_others_name_nothing():
    first, second = painted(radios("way", "How?", WAYS)).findall(".//input")
    assert first.get("aria-describedby") == "way-item-hint"
    assert "aria-describedby" not in second.attrib


def test_the_radio_of_the_present_value_is_chosen():
    boxes = painted(radios("way", "How?", WAYS, value="direct")).findall(".//input")
    assert [box.get("defaultChecked") for box in boxes] == ["False", "True"]


def test_several_boxes_can_be_ticked_from_the_start():
    boxes = painted(checkboxes("way", "How?", WAYS, values=["notional", "direct"])).findall(".//input")
    assert [box.get("defaultChecked") for box in boxes] == ["True", "True"]


def test_a_list_may_begin_with_nothing_chosen():
    options = painted(select("way", "How?", WAYS, blank="Choose")).findall(".//option")
    assert [(o.get("value"), words(o)) for o in options] == [
        ("", "Choose"),
        ("notional", "Notional budget"),
        ("direct", "Direct payment"),
    ]


def test_one_box_to_tick_shows_its_error_above_it():
    form = painted(checkbox("agree", "I agree", error="Tick the box."))
    assert one(form, ".//input").get("aria-describedby") == "agree-error"
    assert "nhsuk-form-group--error" in one(form, "./div").get("class", "")


def test_text_areas_keep_what_was_written():
    form = painted(textarea("note", "Reason", value="Her needs have changed."))
    assert one(form, ".//textarea").get("value") == "Her needs have changed."
