"""Forms and actions that a second person decides: nothing is written by one, on both databases, over the socket."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal.admin.act_state import ActState
from phbportal.admin.form_state import FormState
from phbportal.admin.record_state import RecordState
from phbportal.domain.change_requests import unpack
from phbportal.pages.staff.change import ChangeState
from phbportal.pages.staff.work import WorkState
from phbportal.tables.audit import AuditEvent
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.equipment import Equipment
from tests.admin import seconding
from tests.admin.test_forms import BED, bought, budget, problems
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

WHY = {"second_reason": "It was left on the bus."}


@pytest.fixture(autouse=True)
def _declared() -> None:
    seconding.declared()


def act(portal: Portal, row: UUID, subject: str = "finance", **query: str) -> Opened:
    path = f"/staff/equipment/{row}/act/write-off"
    return opened(
        portal, subject, ActState, path, resource="equipment", row=str(row), action="write-off", **query
    )  # fmt: skip


def form(portal: Portal, row: UUID | None = None, subject: str = "finance", **query: str) -> Opened:
    if row is None:
        return opened(portal, subject, FormState, "/staff/seconded/new", resource="seconded", **query)
    path = f"/staff/seconded/{row}/change"
    return opened(portal, subject, FormState, path, resource="seconded", row=str(row), **query)


def record(portal: Portal, row: UUID, subject: str) -> Opened:
    return opened(portal, subject, RecordState, f"/staff/equipment/{row}", resource="equipment", row=str(row))


def change(portal: Portal, change_id: UUID, subject: str) -> Opened:
    return opened(portal, subject, ChangeState, f"/staff/changes/{change_id}", change=str(change_id))


def change_of(frames: Any) -> UUID:
    (address,) = frames.redirects
    assert address.startswith("/staff/changes/")
    assert address.endswith("?done=proposed")
    return UUID(address.split("/")[3].partition("?")[0])


def request(portal: Portal, change_id: UUID) -> ChangeRequest:
    (found,) = portal.rows(ChangeRequest, col(ChangeRequest.id) == change_id)
    return found


def status(portal: Portal, row: UUID) -> str:
    (found,) = portal.rows(Equipment, col(Equipment.id) == row)
    return found.status


def lines(page: Opened) -> dict[str, tuple[str, str, str]]:
    return {one["label"]: (one["before"], one["after"], one["status"]) for one in page.var("lines")}


def returned(portal: Portal, change_id: UUID, why: str = "Look under the bed.") -> None:
    change(portal, change_id, "approver").submit("send_back", why=why)


# An action ------------------------------------------------------------------------------------------------------------


def test_a_write_off_is_proposed_waits_is_approved_by_another_and_only_then_written(portal: Portal) -> None:
    row = bought(portal, name="Wheelchair")
    page = act(portal, row)
    assert page.var("button") == "Propose it"
    assert "Another person must approve this" in page.var("second")
    change_id = change_of(page.submit("act", **WHY))
    assert status(portal, row) == "IN_USE"
    found = request(portal, change_id)
    assert (found.title, found.reason) == ("A write-off: Wheelchair", WHY["second_reason"])
    assert (found.phb_id, found.icb_id) == (budget(portal).id, portal.world.icb)
    (waits,) = record(portal, row, "approver").var("waits")
    assert waits["href"] == f"/staff/changes/{change_id}"
    assert waits["text"].startswith("A write-off: Wheelchair. Proposed by ")
    seen = change(portal, change_id, "approver")
    assert lines(seen) == {"Status": ("In use", "Lost or broken", "Changed")}
    assert seen.submit("approve", note="").redirects == [f"/staff/changes/{change_id}?done=approved"]
    assert status(portal, row) == "LOST"
    kinds = [one.kind for one in portal.rows(AuditEvent, col(AuditEvent.about_id) == row)]
    assert kinds == ["equipment_added", "equipment_written_off"]
    assert record(portal, row, "approver").var("waits") == []


def test_whoever_proposed_it_cannot_decide_it_and_the_page_says_why(portal: Portal) -> None:
    row = bought(portal)
    change_id = change_of(act(portal, row).submit("act", **WHY))
    page = change(portal, change_id, "finance")
    assert page.var("view")["because"] == "You proposed this, so someone else must decide it."
    for handler, answers in (("approve", {"note": ""}), ("send_back", {"why": "No."})):
        frames = page.submit(handler, **answers)
        assert page.after(frames, "problems")[0]["sentence"] == "You proposed this, so someone else must decide it."
    assert (status(portal, row), request(portal, change_id).status) == ("IN_USE", "PROPOSED")


def test_the_reason_is_asked_beside_its_field_and_a_second_press_proposes_once(portal: Portal) -> None:
    row = bought(portal)
    page = act(portal, row)
    with portal.writes() as writes:
        frames = page.submit("act", second_reason=" ")
    assert problems(page, frames) == {"second_reason": "Say why, so that the second person can judge it."}
    assert writes == []
    assert change_of(page.submit("act", **WHY)) == change_of(page.submit("act", **WHY))
    assert len(portal.rows(ChangeRequest, col(ChangeRequest.row_id) == row)) == 1
    again = act(portal, row, "cm")
    frames = again.submit("act", **WHY)
    assert "proposed already and waits" in str(again.after(frames, "problems"))


def test_what_an_approval_would_refuse_is_refused_when_it_is_proposed(portal: Portal) -> None:
    row = bought(portal)
    change(portal, change_of(act(portal, row).submit("act", **WHY)), "approver").submit("approve", note="")
    page = act(portal, row)
    frames = page.submit("act", **WHY)
    assert "This is marked as lost or broken already." in str(page.after(frames, "problems"))
    assert len(portal.rows(ChangeRequest, col(ChangeRequest.row_id) == row)) == 1


def test_a_rehearsal_leaves_nothing_behind(portal: Portal) -> None:
    row = bought(portal)
    (before,) = portal.rows(Equipment, col(Equipment.id) == row)
    page = act(portal, row)
    with portal.writes() as writes:
        page.submit("act", **WHY)
    (after,) = portal.rows(Equipment, col(Equipment.id) == row)
    assert (before.row_version, before.updated_at, before.status) == (after.row_version, after.updated_at, after.status)
    assert [one.kind for one in portal.rows(AuditEvent, col(AuditEvent.about_id) == row)] == ["equipment_added"]
    assert writes


@pytest.mark.parametrize("subject", ["clinician", "approver", "auditor", "admin", "other_finance"])
def test_whoever_may_not_write_proposes_nothing(portal: Portal, subject: str) -> None:
    row = bought(portal)
    page = act(portal, row, subject)
    with portal.writes() as writes:
        page.submit("act", **WHY)
    assert writes == []


# Forms ----------------------------------------------------------------------------------------------------------------


def test_a_new_row_is_proposed_with_what_it_would_hold_and_written_by_an_approval(portal: Portal) -> None:
    page = form(portal)
    assert [one["name"] for one in page.var("inputs")][-1] == "second_reason"
    answers = {"phb_id": str(budget(portal).id), **BED, "name": "Proposed bed", **WHY}
    change_id = change_of(page.submit("save", **answers))
    assert portal.rows(Equipment, col(Equipment.name) == "Proposed bed") == []
    found = request(portal, change_id)
    assert (found.title, found.phb_id, found.row_id) == ("Add a thing: Proposed bed", budget(portal).id, None)
    seen = change(portal, change_id, "approver")
    assert lines(seen)["Price"] == ("Nothing", "£1,250.00", "Changed")
    assert lines(seen)["Budget"][1] == budget(portal).reference
    assert "second_reason" not in unpack(found.after_json).values
    seen.submit("approve", note="")
    (row,) = portal.rows(Equipment, col(Equipment.name) == "Proposed bed")
    assert (row.price_pence, row.created_by) == (125_000, portal.world.finance.user_id)


def test_a_change_shows_each_field_before_and_after(portal: Portal) -> None:
    row = bought(portal, name="Ramp")
    change_id = change_of(
        form(portal, row).submit("save", **{**BED, "name": "Ramp", "price_pence": "900", **WHY})
    )  # fmt: skip
    seen = lines(change(portal, change_id, "approver"))
    assert seen["Price"] == ("£1,250.00", "£900.00", "Changed")
    assert seen["Name"] == ("Ramp", "Ramp", "The same")
    assert "Status" not in seen
    (kept,) = portal.rows(Equipment, col(Equipment.id) == row)
    assert kept.price_pence == 125_000


def test_a_change_that_changes_nothing_is_not_proposed(portal: Portal) -> None:
    row = bought(portal, name="Same")
    page = form(portal, row)
    frames = page.submit("save", **{**BED, "name": "Same", **WHY})
    assert "Nothing is different." in str(page.after(frames, "problems"))


def test_two_who_open_the_form_at_once_are_shown_both_versions_and_the_reason_is_kept(portal: Portal) -> None:
    row = bought(portal, name="Chair")
    mine = form(portal, row)
    direct = opened(portal, "cm", FormState, f"/staff/equipment/{row}/change", resource="equipment", row=str(row))
    direct.submit("save", **{**BED, "name": "Chair, tilting"})
    frames = mine.submit("save", **{**BED, "name": "Chair", "price_pence": "1,300.00", **WHY})
    assert {one["field"] for one in mine.after(frames, "differing")} == {"name", "price_pence"}
    change_id = change_of(mine.submit("settle", name="theirs", price_pence="mine"))
    seen = lines(change(portal, change_id, "approver"))
    assert (seen["Name"][1], seen["Price"][1]) == ("Chair, tilting", "£1,300.00")
    assert request(portal, change_id).reason == WHY["second_reason"]


def test_another_board_s_budget_cannot_be_proposed_for(portal: Portal) -> None:
    page = form(portal)
    with portal.writes() as writes:
        frames = page.submit("save", phb_id=str(budget(portal, theirs=False).id), **BED, **WHY)
    assert "phb_id" in problems(page, frames)
    assert writes == []


# Returned -------------------------------------------------------------------------------------------------------------


def work(portal: Portal, subject: str) -> dict[str, list[dict[str, Any]]]:
    page = opened(portal, subject, WorkState, "/staff")
    return {group["heading"]: group["work"] for group in page.var("groups")}


def test_a_returned_change_is_on_its_proposer_s_work_list_with_the_reason_and_begins_anew_as_typed(
    portal: Portal,
) -> None:
    row = bought(portal, name="Ramp")
    change_id = change_of(form(portal, row).submit("save", **{**BED, "name": "Ramp", "price_pence": "900", **WHY}))
    returned(portal, change_id, "It was £950.")
    (item,) = work(portal, "finance")["Changes returned to you"]
    assert item["href"] == f"/staff/changes/{change_id}"
    assert item["detail"].endswith(": It was £950.")
    for other in ("finance2", "approver", "cm"):
        assert "Changes returned to you" not in work(portal, other)
    page = change(portal, change_id, "finance")
    address = page.var("again_href")
    assert address == f"/staff/seconded/{row}/change?again={change_id}"
    assert change(portal, change_id, "approver").var("again_href") == ""
    again = form(portal, row, again=str(change_id))
    assert (again.var("values")["price_pence"], again.var("values")["second_reason"]) == (
        "900.00", WHY["second_reason"],
    )  # fmt: skip
    second = change_of(again.submit("save", **{**BED, "name": "Ramp", "price_pence": "950", **WHY}))
    assert request(portal, second).again_of == change_id
    assert request(portal, change_id).settled_at is not None
    assert "Changes returned to you" not in work(portal, "finance")
    assert change(portal, change_id, "finance").var("again_href") == ""


def test_a_returned_change_may_be_let_be(portal: Portal) -> None:
    row = bought(portal)
    change_id = change_of(act(portal, row).submit("act", **WHY))
    returned(portal, change_id)
    page = change(portal, change_id, "finance")
    assert page.var("again_href") == f"/staff/equipment/{row}/act/write-off?again={change_id}"
    assert page.send("let_be").redirects == [f"/staff/changes/{change_id}?done=let-be"]
    assert "Changes returned to you" not in work(portal, "finance")
    assert act(portal, row, again=str(change_id)).var("missing") is True


def test_nobody_begins_anew_what_another_proposed_or_what_is_about_something_else(portal: Portal) -> None:
    row, other = bought(portal, name="One"), bought(portal, name="Two")
    change_id = change_of(act(portal, row).submit("act", **WHY))
    returned(portal, change_id)
    assert act(portal, row, "finance2", again=str(change_id)).var("missing") is True
    assert act(portal, other, again=str(change_id)).var("missing") is True
    frames = act(portal, other, again=str(change_id)).submit("act", **WHY)
    assert frames.redirects == []
    assert portal.rows(ChangeRequest, col(ChangeRequest.row_id) == other) == []
