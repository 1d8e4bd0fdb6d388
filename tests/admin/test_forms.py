"""The engine's forms, driven over the socket of the really served portal, on both databases."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal.admin.form_state import FormState
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.equipment import Equipment
from phbportal.tables.form_drafts import FormDraft
from phbportal.tables.phbs import Phb
from tests.admin import trial
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

BED = {"name": "Profiling bed", "serial_number": "", "price_pence": "1,250.00", "bought_on__day": "3",
       "bought_on__month": "4", "bought_on__year": "2026"}  # fmt: skip


@pytest.fixture(autouse=True)
def _declared() -> None:
    trial.declared()
    trial.SAVED.clear()


def new(portal: Portal, subject: str = "cm", resource: str = "equipment", **query: str) -> Opened:
    return opened(portal, subject, FormState, f"/staff/{resource}/new", resource=resource, **query)


def change(portal: Portal, row: UUID, subject: str = "cm") -> Opened:
    return opened(portal, subject, FormState, f"/staff/equipment/{row}/change", resource="equipment", row=str(row))


def budget(portal: Portal, *, theirs: bool = True) -> Phb:
    """The first budget of this board, or of the other one."""
    found = [one for one in portal.rows(Phb) if (one.icb_id == portal.world.icb) is theirs]
    return found[0]


def bought(portal: Portal, **answers: str) -> UUID:
    page = new(portal)
    frames = page.submit("save", phb_id=str(budget(portal).id), **{**BED, **answers})
    (address,) = frames.redirects
    return UUID(address.split("/")[3].partition("?")[0])


def problems(page: Opened, frames: Any) -> dict[str, str]:
    return {one["field"]: one["sentence"] for one in page.after(frames, "problems")}


def drafts(portal: Portal) -> list[FormDraft]:
    return portal.rows(FormDraft)


# New rows -------------------------------------------------------------------------------------------------------------


def test_a_new_row_is_saved_by_its_service_and_leads_to_its_record(portal: Portal) -> None:
    row_id = bought(portal, name="Hoist")
    (row,) = portal.rows(Equipment, col(Equipment.id) == row_id)
    assert (row.name, row.search_name, row.price_pence, row.phb_id) == ("Hoist", "hoist", 125_000, budget(portal).id)
    events = portal.rows(AuditEvent, col(AuditEvent.about_id) == row_id)
    assert [one.kind for one in events] == ["equipment_added"]


def test_everything_wrong_is_said_at_once_beside_its_field_and_nothing_is_written(portal: Portal) -> None:
    page = new(portal)
    with portal.writes() as writes:
        frames = page.submit("save", phb_id="", name="", price_pence="1,50", bought_on__day="31", bought_on__month="2",
                             bought_on__year="2026")  # fmt: skip
    said = problems(page, frames)
    assert list(said) == ["phb_id", "name", "price_pence", "bought_on"]
    assert said["name"] == "Enter the name."
    assert writes == []
    assert page.after(frames, "values")["price_pence"] == "1,50"  # nothing typed is lost


def test_what_is_wrong_is_still_said_while_a_link_is_looked_for(portal: Portal) -> None:
    page = new(portal)
    assert page.submit("save", phb_id="", name="").says("errors_rx_state_")
    frames = page.send("suggest", link="phb_id", typed="okaf")
    assert page.after(frames, "offers")["phb_id"]
    assert not frames.says("errors_rx_state_")
    assert not frames.says("problems_rx_state_")


def test_a_second_press_writes_one_row(portal: Portal) -> None:
    page, answers = new(portal), {"phb_id": str(budget(portal).id), **BED, "name": "Pressed twice"}
    first = page.submit("save", **answers)
    second = page.submit("save", **answers)
    assert first.redirects == second.redirects
    assert len(portal.rows(Equipment, col(Equipment.name) == "Pressed twice")) == 1


def test_the_same_form_with_other_answers_is_refused(portal: Portal) -> None:
    page, answers = new(portal), {"phb_id": str(budget(portal).id), **BED}
    page.submit("save", **answers)
    frames = page.submit("save", **{**answers, "name": "Another"})
    assert "already sent with other answers" in str(page.after(frames, "problems"))


# Links ----------------------------------------------------------------------------------------------------------------


def test_a_link_offers_rows_as_one_types_and_takes_the_words_that_were_offered(portal: Portal) -> None:
    page = new(portal)
    frames = page.send("suggest", link="phb_id", typed="okaf")
    offers = page.after(frames, "offers")["phb_id"]
    assert any(one.endswith("Okafor-Reyes, Amina") for one in offers)
    look = portal.rows(AccessEvent)[-1]
    assert (look.page, look.rows_shown) == ("search for budget", len(offers))
    saved = page.submit("save", phb_id=offers[0], **BED)
    assert saved.redirects


def test_a_link_never_offers_or_takes_another_board_s_row(portal: Portal) -> None:
    page, other = new(portal), budget(portal, theirs=False)
    frames = page.send("suggest", link="phb_id", typed=other.reference)
    assert page.after(frames, "offers")["phb_id"] == []
    for typed in (str(other.id), other.reference):
        with portal.writes() as writes:
            frames = page.submit("save", phb_id=typed, **BED)
        assert problems(page, frames) == {
            "phb_id": "We could not find that budget. Check what you typed, or type less of it."
        }
        assert writes == []


def test_words_that_fit_several_rows_are_asked_back(portal: Portal) -> None:
    twins = {str(bought(portal, name=name)) for name in ("Twin bed", "Twin hoist")}
    page = new(portal, resource="trial")
    answers = {"phb_id": str(budget(portal).id), "name": "Which", "status": "NEW"}
    frames = page.submit("save", id="twin", **answers)
    assert problems(page, frames) == {"id": "Choose which one you mean."}
    (asked,) = [one for one in page.after(frames, "inputs") if one["name"] == "id"]
    assert asked["kind"] == "radios"
    assert {one["value"] for one in asked["choices"]} == twins
    assert page.submit("save", id=twins.pop(), **answers).redirects  # on to the next step


def test_a_name_that_is_no_link_is_not_searched(portal: Portal) -> None:
    page = new(portal)
    frames = page.send("suggest", link="name", typed="okaf")
    assert not frames.says("Okafor")


def test_the_address_may_name_the_row_of_a_link_by_its_id(portal: Portal) -> None:
    phb = budget(portal)
    assert new(portal, phb_id=str(phb.id)).var("values")["phb_id"] == phb.reference
    hidden = budget(portal, theirs=False)
    assert new(portal, phb_id=str(hidden.id)).var("values")["phb_id"] == ""


# Changes and conflicts ------------------------------------------------------------------------------------------------


def test_a_change_starts_from_what_is_saved_and_its_history_tells_before_and_after(portal: Portal) -> None:
    row_id = bought(portal, name="Ramp")
    page = change(portal, row_id)
    assert page.var("values")["price_pence"] == "1,250.00"
    frames = page.submit("save", **{**BED, "name": "Ramp", "price_pence": "900"})
    assert frames.redirects == [f"/staff/equipment/{row_id}?done=change"]
    newest = portal.rows(AuditEvent, col(AuditEvent.about_id) == row_id)[-1]
    assert json.loads(newest.details)["held"] == {"price_pence": [125_000, 90_000]}


def test_two_people_who_change_the_same_row_are_shown_both_versions_and_choose(portal: Portal) -> None:
    row_id = bought(portal, name="Chair")
    mine, theirs = change(portal, row_id), change(portal, row_id, "finance")
    theirs.submit("save", **{**BED, "name": "Chair, tilting", "price_pence": "1,250.00"})
    frames = mine.submit("save", **{**BED, "name": "Chair", "price_pence": "1,300.00"})
    differing = {one["field"]: one for one in mine.after(frames, "differing")}
    assert set(differing) == {"name", "price_pence"}
    assert [one["text"] for one in differing["price_pence"]["choices"]] == ["£1,250.00", "£1,300.00"]
    assert (differing["name"]["choice"], differing["price_pence"]["choice"]) == ("theirs", "mine")
    settled = mine.submit("settle", name="theirs", price_pence="mine")
    assert settled.redirects == [f"/staff/equipment/{row_id}?done=change"]
    (row,) = portal.rows(Equipment, col(Equipment.id) == row_id)
    assert (row.name, row.price_pence) == ("Chair, tilting", 130_000)


def test_another_board_s_row_cannot_be_opened_or_changed(portal: Portal) -> None:
    row_id = bought(portal, name="Not theirs")
    page = change(portal, row_id, "other_cm")
    assert page.var("missing") is True
    assert not page.frames.says("Not theirs")


# Drafts, steps, groups ------------------------------------------------------------------------------------------------


def step(portal: Portal, number: int, kept: str, subject: str = "cm") -> Opened:
    return new(portal, subject, "trial", kept=kept, step=str(number))


def kept_of(frames: Any) -> str:
    (address,) = frames.redirects
    return address.partition("kept=")[2].partition("&")[0]


def test_a_form_in_steps_reads_each_step_and_saves_once_at_the_end(portal: Portal) -> None:
    first = new(portal, resource="trial")
    assert first.var("step_words") == "Step 1 of 3: What it is"
    frames = first.submit("save", phb_id="", name="Bed", status="NEW", id="")
    assert "phb_id" in problems(first, frames)
    frames = first.submit("save", phb_id=budget(portal).reference, name="Bed", status="NEW", id="")
    kept = kept_of(frames)
    second = step(portal, 1, kept)
    frames = second.submit("save", **{
        "price_pence": "12.50", "bought_on-day": "1", "bought_on-month": "4", "bought_on-year": "2026",
        "parts-0-what": "Leg", "parts-0-cost": "2", "created_by-BED": "yes",
    })  # fmt: skip
    assert trial.SAVED == []
    third = step(portal, 2, kept)
    assert third.var("step_words") == "Step 3 of 3: Check your answers"
    lines = {one["label"]: one["text"] for one in third.var("lines")}
    assert lines["Price"] == "£12.50"
    assert lines["Parts"] == "Leg, £2.00, No"
    assert "Serial number" not in lines  # it is only asked of second hand things
    saved = third.submit("save")
    assert saved.redirects
    (values,) = trial.SAVED
    assert values["parts"] == [{"what": "Leg", "cost": 200, "spare": False}]
    assert values["phb_id"] == budget(portal).id
    assert not [one for one in drafts(portal) if str(one.id) == kept], "what was sent is no draft any more"


def test_a_question_that_depends_on_another_is_asked_only_then(portal: Portal) -> None:
    page = new(portal, resource="trial")
    frames = page.submit("save", phb_id=budget(portal).reference, name="Bed", status="USED", serial_number="", id="")
    assert problems(page, frames) == {"serial_number": "Enter the serial number."}
    assert page.after(page.send("answer", field="status", value="USED"), "answers") == {"status": "USED"}


def test_what_was_typed_is_kept_for_later_for_its_writer_alone(portal: Portal) -> None:
    page = new(portal, "finance")
    frames = page.submit("save", _way="later", phb_id="", name="Half a bed", price_pence="not yet")
    assert frames.redirects == ["/staff/equipment?done=kept"]
    again = new(portal, "finance")
    assert again.var("begun").startswith("You began this form on ")
    kept = again.var("begun_href").partition("kept=")[2].partition("&")[0]
    assert new(portal, "finance", kept=kept).var("values")["price_pence"] == "not yet"
    for other in ("cm", "finance2", "other_finance"):
        theirs = new(portal, other, kept=kept)
        assert theirs.var("values") == {}
        assert not theirs.frames.says("Half a bed")
    again.send("forget")
    assert new(portal, "finance").var("begun") == ""


def test_bank_details_are_never_kept_in_a_draft(portal: Portal) -> None:
    page = new(portal, "finance", resource="trial")
    page.submit("save", _way="later", name="With bank details", search_name="66374958")
    assert "66374958" not in "".join(one.content for one in drafts(portal))


def test_a_group_grows_and_shrinks_and_keeps_what_was_typed(portal: Portal) -> None:
    page = new(portal, resource="trial", step="1")
    assert [one["kind"] for one in page.var("inputs")].count("row") == 1
    frames = page.submit("save", _way="add:parts", **{"parts-0-what": "Leg", "price_pence": "1"})
    rows = [one for one in page.after(frames, "inputs") if one["kind"] == "row"]
    assert [one["label"] for one in rows] == ["Part 1", "Part 2"]
    assert page.after(frames, "values")["parts-0-what"] == "Leg"
    frames = page.submit("save", _way="remove:parts:0", **{"parts-0-what": "Leg", "parts-1-what": "Arm"})
    assert [one["label"] for one in page.after(frames, "inputs") if one["kind"] == "row"] == ["Part 1"]
    values = page.after(frames, "values")
    assert "parts-0-what" not in values
    assert values["parts-1-what"] == "Arm"


def test_a_row_is_added_on_the_way_and_comes_back_into_the_form(portal: Portal) -> None:
    page = new(portal, resource="trial")
    (link,) = [one for one in page.var("inputs") if one["name"] == "id"]
    assert link["way_label"] == "Add a new piece of equipment"
    frames = page.submit("save", _way="create:id", name="Came back", status="NEW", phb_id=budget(portal).reference)
    (address,) = frames.redirects
    assert address.startswith("/staff/equipment/new?then=")
    then = address.partition("then=")[2].partition("&")[0]
    made = new(portal, then=then, field="id").submit("save", phb_id=str(budget(portal).id), **{**BED, "name": "Made"})
    (back,) = made.redirects
    assert back.startswith(f"/staff/trial/new?kept={then}")
    query = dict(pair.split("=") for pair in back.partition("?")[2].split("&"))
    returned = new(portal, resource="trial", **query)
    assert returned.var("values")["name"] == "Came back"
    assert returned.var("values")["id"] == "Made"


@pytest.mark.parametrize("subject", ["clinician", "approver", "auditor", "admin"])
def test_whoever_may_not_write_is_shown_no_form(portal: Portal, subject: str) -> None:
    page = new(portal, subject)
    assert page.frames.redirects == ["/problem/not-allowed"]
    with portal.writes() as writes:
        page.submit("save", phb_id=str(budget(portal).id), **BED)
    assert writes == []
