"""The engine's records over the socket: facts, related rows, notes, history with before and after, who has looked."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlmodel import col

from phbportal.admin.record_state import RecordState
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.notes import Note
from tests.admin import trial
from tests.admin.test_forms import BED, bought, budget, change
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal


@pytest.fixture(autouse=True)
def _declared() -> None:
    trial.declared()


def record(portal: Portal, row: UUID | str, subject: str = "cm", resource: str = "equipment") -> Opened:
    return opened(portal, subject, RecordState, f"/staff/{resource}/{row}", resource=resource, row=str(row))


def test_a_record_shows_its_facts_in_words_and_the_look_is_kept(portal: Portal) -> None:
    row_id = bought(portal, name="Stair lift")
    page = record(portal, row_id)
    (section,) = page.var("sections")
    facts = {one["label"]: one["text"] for one in section["facts"]}
    assert page.var("title") == "Stair lift"
    assert facts["Price"] == "£1,250.00"
    assert facts["Bought on"] == "3 April 2026"
    assert facts["Budget"] == budget(portal).reference
    looks = portal.rows(AccessEvent, col(AccessEvent.phb_id) == budget(portal).id)
    assert [one.page for one in looks][-1] == "piece of equipment"
    assert looks[-1].person_id == budget(portal).person_id, "the person reads who has looked"


@pytest.mark.parametrize("subject", ["other_cm", "other_auditor"])
def test_another_board_s_record_reads_as_not_there(portal: Portal, subject: str) -> None:
    page = record(portal, bought(portal, name="Hidden lift"), subject)
    assert page.var("missing") is True
    assert not page.frames.says("Hidden lift")


@pytest.mark.parametrize("row", ["nonsense", "00000000-0000-7000-8000-000000000000"])
def test_an_address_that_names_nothing_reads_as_not_there(portal: Portal, row: str) -> None:
    assert record(portal, row).var("missing") is True


def test_an_address_that_names_no_resource_reads_as_not_there(portal: Portal) -> None:
    assert record(portal, "x", resource="nowhere").var("missing") is True


def test_history_tells_each_change_with_before_and_after(portal: Portal) -> None:
    row_id = bought(portal, name="Ramp")
    change(portal, row_id, "finance").submit("save", **{**BED, "name": "Long ramp", "price_pence": "900.00"})
    newest, oldest = record(portal, row_id).var("history")
    assert newest["sentence"] == "Changed the name and price of equipment: Long ramp."
    assert newest["changes"] == ["Name: from “Ramp” to “Long ramp”.", "Price: from “£1,250.00” to “£900.00”."]
    assert newest["who"].endswith(", finance officer")
    assert oldest["sentence"] == "Wrote down equipment: Ramp."


def test_an_administrator_reads_no_equipment_at_all(portal: Portal) -> None:
    page = record(portal, bought(portal), "admin")
    assert page.frames.redirects == ["/problem/not-allowed"]


def test_a_note_is_written_once_read_by_colleagues_and_put_right_by_its_writer_alone(portal: Portal) -> None:
    row_id = bought(portal, name="Noted")
    page = record(portal, row_id)
    frames = page.submit("add_note", note="Rang the firm.")
    page.submit("add_note", note="Rang the firm.")
    assert page.after(frames, "notice") == "The note was written."
    theirs = record(portal, row_id, "finance")
    seen = theirs.var("notes")
    assert {one["words"] for one in seen} == {"Rang the firm."}
    assert not any(one["mine"] for one in seen)
    note = portal.rows(Note, col(Note.about_id) == row_id)[0]
    assert (note.phb_id, note.person_id) == (budget(portal).id, budget(portal).person_id)
    theirs.send("put_right", note=str(note.id))
    frames = theirs.submit("add_note", note="They did not.")
    assert "Only whoever wrote a note can put it right" in str(theirs.after(frames, "problems"))
    mine = record(portal, row_id)
    mine.send("put_right", note=str(note.id))
    mine.submit("add_note", note="Rang another firm.")
    notes = {one["words"]: one for one in record(portal, row_id).var("notes")}
    assert notes["Rang another firm."]["corrects"] == "Puts an earlier note right."
    assert notes["Rang the firm."]["put_right"].startswith("Put right on ")
    events = portal.rows(AuditEvent, col(AuditEvent.about_id) == row_id)
    assert [one.kind for one in events][-1] == "note_put_right"


@pytest.mark.parametrize("words", ["", "x" * 2_001])
def test_an_empty_or_endless_note_is_refused_beside_its_box(portal: Portal, words: str) -> None:
    row_id = bought(portal, name="No note")
    page = record(portal, row_id)
    frames = page.submit("add_note", note=words)
    assert [one["field"] for one in page.after(frames, "problems")] == ["note"]
    assert portal.rows(Note, col(Note.about_id) == row_id) == []


def test_an_auditor_reads_notes_and_who_has_looked_and_writes_none(portal: Portal) -> None:
    row_id = bought(portal, name="Audited")
    record(portal, row_id).submit("add_note", note="Seen.")
    page = record(portal, row_id, "auditor")
    assert [one["words"] for one in page.var("notes")] == ["Seen."]
    assert page.var("writes_notes") is False
    with portal.writes() as writes:
        page.submit("add_note", note="By an auditor")
    assert writes == []


def test_a_note_never_stands_on_another_board_s_row(portal: Portal) -> None:
    row_id = bought(portal, name="Ours alone")
    page = record(portal, row_id, "other_cm")
    with portal.writes() as writes:
        page.submit("add_note", note="From outside")
    assert "note" not in writes
