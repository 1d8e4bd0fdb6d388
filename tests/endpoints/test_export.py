"""Lists as files: who may, how many rows, what is in them, and the second person for more."""

from __future__ import annotations

import csv
import io
import re
import stat
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import insert
from sqlmodel import col

from phbportal.admin.act_state import ActState
from phbportal.admin.asked import Asked
from phbportal.admin.asking import to_text
from phbportal.admin.dashboards import dashboard_of
from phbportal.admin.export import in_words
from phbportal.admin.ops import Condition, Op
from phbportal.admin.record_state import RecordState
from phbportal.admin.worker import GIVE_UP, doers, sweep
from phbportal.domain.exports import AT_ONCE, KEPT_FOR
from phbportal.domain.figures import Figures, Series
from phbportal.domain.roles import Role
from phbportal.queries.exports import exports_to_fetch
from phbportal.services.jobs import LOST, LOST_AFTER, MOST_LOST, claim, run_one
from phbportal.tables.audit import AccessEvent, AuditEvent
from phbportal.tables.base import new_id
from phbportal.tables.equipment import Equipment
from phbportal.tables.exports import ExportRequest
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Job
from tests.pages.opening import OPEN, opened
from tests.support.portal import Portal

CSV, XLSX = "/api/export/equipment?kind=CSV", "/api/export/equipment?kind=XLSX"


@pytest.fixture(autouse=True)
def _closed_pages() -> Any:
    yield
    while OPEN:
        OPEN.pop().close()


FIGURES = Figures(("April to June 2026",), (Series("Health", (-12_345,)), Series("Social care", (100,))), "pence")


def equip(portal: Portal, *names: str, theirs: bool = True, **more: Any) -> None:
    """Things bought from the first budget of this board, or of the other."""
    phb = next(one for one in portal.rows(Phb) if (one.icb_id == portal.world.icb) is theirs)
    rows = [
        {
            "id": new_id(), "created_at": portal.clock(), "updated_at": portal.clock(), "row_version": 1,
            "icb_id": phb.icb_id, "phb_id": phb.id, "name": name, "search_name": name.lower(), "serial_number": "",
            "price_pence": 123_450, "status": "IN_USE", "bought_on": date(2026, 4, 6), **more,
        }
        for name in names
    ]  # fmt: skip
    portal.change(lambda uow: uow.session.execute(insert(Equipment), rows))


def read(answer: Any) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_a_list_is_taken_out_as_it_is_shown_and_that_is_remembered(portal: Portal) -> None:
    equip(portal, "Bed", "Hoist")
    answer = portal.signed_in("cm").get(CSV)
    assert answer.status_code == 200
    heading, *rows = read(answer)
    assert heading == ["Name", "Budget", "Price", "Status", "Bought on"]
    mine = next(one for one in portal.rows(Phb) if one.icb_id == portal.world.icb)
    assert ["Bed", mine.reference, "1234.5", "In use", "2026-04-06"] in rows
    assert answer.headers["cache-control"] == "no-store"
    assert re.fullmatch(r'attachment; filename="equipment-[0-9-]{10}\.csv"', answer.headers["content-disposition"])
    assert portal.rows(AccessEvent)[-1].page == "download of equipment"
    assert portal.rows(AccessEvent)[-1].rows_shown == len(rows)
    assert portal.rows(AuditEvent)[-1].kind == "list_taken_out"


def test_a_spreadsheet_holds_numbers_and_dates_and_no_formula(portal: Portal) -> None:
    equip(portal, "=1+1", "Ramp")
    answer = portal.signed_in("finance").get(XLSX)
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    heading, *rows = book.get_sheet_by_index(0).to_python()
    assert heading[0] == "Name"
    ramp = next(row for row in rows if row[0] == "Ramp")
    assert ramp[2] == 1234.5
    assert str(ramp[4]).startswith("2026-04-06")
    assert any(row[0] == "=1+1" for row in rows)
    assert b"<f>" not in answer.content


@pytest.mark.parametrize("name", ["=cmd|'/c calc'!A1", "+1", "-1", "@SUM(A1)", "\tx", "  =1"])
def test_what_looks_like_a_formula_is_text_in_a_csv_file(portal: Portal, name: str) -> None:
    equip(portal, name)
    assert f"'{name}" in {row[0] for row in read(portal.signed_in("cm").get(CSV))}


def test_another_board_s_rows_are_in_no_file(portal: Portal) -> None:
    equip(portal, "Theirs alone", theirs=False)
    assert "Theirs alone" not in portal.signed_in("cm").get(CSV).text
    assert "Theirs alone" in portal.signed_in("other_cm").get(CSV).text


@pytest.mark.parametrize("subject", ["clinician", "auditor", "admin", "holder", "nominee", "provider"])
def test_whoever_may_not_take_lists_out_gets_none(portal: Portal, subject: str) -> None:
    browser = portal.signed_in(subject)
    with portal.writes() as writes:
        answer = browser.get(CSV)
    assert answer.status_code in (403, 404)
    assert writes == []


def test_nobody_signed_in_gets_none(portal: Portal) -> None:
    assert portal.browser().get(CSV).status_code == 403


@pytest.mark.parametrize("path", [f"/api/export/{tail}" for tail in ("nowhere?kind=CSV", "people?kind=EXE", "people")])
def test_an_address_that_means_nothing_is_not_found(portal: Portal, path: str) -> None:
    assert portal.signed_in("cm").get(path).status_code == 404


def test_a_column_one_may_not_see_is_in_no_file(portal: Portal) -> None:
    mine = portal.signed_in("cm").get("/api/export/people?kind=CSV")
    assert "NHS number" in read(mine)[0]
    assert portal.signed_in("finance").get("/api/export/people?kind=CSV").status_code == 403


# More than one person may take out alone ------------------------------------------------------------------------------


@pytest.fixture
def long_list(portal: Portal) -> None:
    have = sum(one.icb_id == portal.world.icb for one in portal.rows(Equipment))
    if have <= AT_ONCE:
        equip(portal, *[f"Thing {n:04}" for n in range(AT_ONCE + 1 - have)])


def act(portal: Portal, subject: str, export_id: UUID, action: str, **answers: str) -> Any:
    path = f"/staff/exports/{export_id}/act/{action}"
    page = opened(portal, subject, ActState, path, resource="exports", row=str(export_id), action=action)
    return page, page.submit("act", **answers)


def begun(portal: Portal, subject: str = "cm") -> UUID:
    answer = portal.signed_in(subject).get(CSV)
    assert answer.status_code == 303
    found = re.fullmatch(r"/staff/exports/([0-9a-f-]{36})/act/ask", answer.headers["location"])
    assert found
    return UUID(found[1])


def export(portal: Portal, export_id: UUID) -> ExportRequest:
    return portal.rows(ExportRequest, col(ExportRequest.id) == export_id)[0]


def ours(portal: Portal) -> int:
    return sum(one.icb_id == portal.world.icb for one in portal.rows(Equipment))


def fetched(portal: Portal, subject: str) -> dict[str, tuple[str, str]]:
    """What somebody's work list says of the lists they asked for, by their ids."""
    with portal.world.unit(getattr(portal.world, subject), writes=False) as uow:
        items = exports_to_fetch(uow.session, uow.actor, portal.clock().date()).items
    return {one.href.rpartition("/")[2]: (one.title, one.detail) for one in items}


def folder(portal: Portal) -> Path:
    return portal.hall.settings.files_dir / "exports"


def made(portal: Portal) -> bool:
    return run_one(portal.engine, doers(folder(portal)), give_up=GIVE_UP)


@pytest.mark.usefixtures("long_list")
def test_more_than_500_rows_are_asked_for_agreed_to_by_another_and_made_for_the_asker_alone(portal: Portal) -> None:
    export_id = begun(portal)
    act(portal, "cm", export_id, "ask", reason="The yearly count")
    assert export(portal, export_id).status == "ASKED"
    page = opened(
        portal, "approver", RecordState, f"/staff/exports/{export_id}", resource="exports", row=str(export_id)
    )
    told = {fact["label"]: fact["text"] for section in page.var("sections") for fact in section["facts"]}
    assert told["What is in it"].startswith("No filter. Columns: Name, ")
    assert told["Rows when it was asked for"] == str(ours(portal))
    act(portal, "approver", export_id, "agree")
    assert export(portal, export_id).status == "AGREED"
    while made(portal):
        pass
    row = export(portal, export_id)
    assert (row.status, row.rows_done > AT_ONCE) == ("READY", True)
    file = folder(portal) / row.stored_as
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    answer = portal.signed_in("cm").get(f"/api/export-file/{export_id}")
    assert len(read(answer)) == row.rows_done + 1 == ours(portal) + 1
    assert fetched(portal, "cm")[str(export_id)][0] == "Equipment: the file is ready"
    assert str(export_id) not in fetched(portal, "approver")
    for other in ("finance", "approver", "auditor", "other_cm", "admin"):
        assert portal.signed_in(other).get(f"/api/export-file/{export_id}").status_code in (403, 404)


@pytest.mark.usefixtures("long_list")
def test_whoever_asked_cannot_agree_and_one_refused_is_never_made(portal: Portal) -> None:
    export_id = begun(portal, "approver")
    act(portal, "approver", export_id, "ask", reason="The yearly count")
    page, frames = act(portal, "approver", export_id, "agree")
    assert "someone else must decide" in str(page.after(frames, "problems"))
    act(portal, "auditor", export_id, "refuse", note="Use the figures of the return")
    assert export(portal, export_id).status == "REFUSED"
    assert fetched(portal, "approver")[str(export_id)] == ("Equipment: it was refused", "Use the figures of the return")
    assert not made(portal)
    assert portal.signed_in("approver").get(f"/api/export-file/{export_id}").status_code == 404


@pytest.mark.usefixtures("long_list")
def test_an_agreed_list_is_not_made_for_somebody_who_has_left(portal: Portal) -> None:
    from phbportal.tables.users import Assignment

    export_id = begun(portal, "finance2")
    act(portal, "finance2", export_id, "ask", reason="The yearly count")
    act(portal, "auditor", export_id, "agree")
    (held,) = portal.rows(Assignment, col(Assignment.user_id) == portal.world.finance2.user_id)
    portal.change(lambda uow: uow.change(uow.session.get_one(Assignment, held.id), revoked_at=uow.now))
    try:
        assert made(portal)
        row = export(portal, export_id)
        assert (row.status, row.note) == ("FAILED", "Whoever asked for this does not have the role any more.")
    finally:
        portal.change(lambda uow: uow.change(uow.session.get_one(Assignment, held.id), revoked_at=None))


@pytest.mark.usefixtures("long_list")
def test_a_job_whose_worker_died_is_begun_again_and_leaves_no_half_file(portal: Portal) -> None:
    before = set(folder(portal).glob("*"))
    export_id = begun(portal, "finance")
    act(portal, "finance", export_id, "ask", reason="The yearly count")
    act(portal, "auditor", export_id, "agree")
    assert claim(portal.engine, ("export",), now=portal.clock()) is not None  # and then it dies
    assert claim(portal.engine, ("export",), now=portal.clock()) is None, "it is another worker's for now"
    again = claim(portal.engine, ("export",), now=portal.clock() + LOST_AFTER * 2)
    assert again is not None
    portal.change(lambda uow: uow.change(uow.session.get_one(Job, again[0]), status="WAITING"))
    assert made(portal)
    assert export(portal, export_id).status == "READY"
    assert {one.name for one in set(folder(portal).iterdir()) - before} == {export(portal, export_id).stored_as}


@pytest.mark.usefixtures("long_list")
def test_a_list_that_ends_the_worker_three_times_says_so_and_can_be_asked_for_again(portal: Portal) -> None:
    export_id = begun(portal, "finance")
    act(portal, "finance", export_id, "ask", reason="The yearly count")
    act(portal, "auditor", export_id, "agree")
    for time in range(MOST_LOST):
        assert (
            claim(portal.engine, ("export",), now=datetime.now(UTC) - LOST_AFTER * 2 * (MOST_LOST - time)) is not None
        )
    assert run_one(portal.engine, doers(folder(portal)), give_up=GIVE_UP)
    row = export(portal, export_id)
    assert row.status == "FAILED"
    assert row.note == f"{LOST} Ask for fewer rows or columns, or ask whoever runs the portal for more memory."
    act(portal, "finance", export_id, "ask-again")
    row = export(portal, export_id)
    assert (row.status, row.note, row.reason, row.decided_by) == ("ASKED", "", "The yearly count", None)
    assert not made(portal), "not before somebody else has agreed anew"
    act(portal, "auditor", export_id, "agree")
    assert made(portal)
    assert export(portal, export_id).status == "READY"


@pytest.mark.usefixtures("long_list")
def test_a_list_that_met_a_fault_says_that_it_could_not_be_made(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    from phbportal.admin import export as making

    def faulty(*_given: Any, **_more: Any) -> int:
        raise RuntimeError

    export_id = begun(portal, "finance")
    act(portal, "finance", export_id, "ask", reason="The yearly count")
    act(portal, "auditor", export_id, "agree")
    monkeypatch.setattr(making, "write_list", faulty)
    assert made(portal)
    row = export(portal, export_id)
    assert (row.status, row.note) == ("FAILED", "The portal has a problem. Ask for it again.")
    assert fetched(portal, "finance")[str(export_id)] == ("Equipment: the file could not be made", row.note)
    with portal.world.unit(portal.world.finance, writes=False) as uow:
        later = portal.clock().date() + timedelta(days=2)
        assert exports_to_fetch(uow.session, uow.actor, later).items == (), "nor for ever"


def test_who_decides_reads_what_a_list_was_searched_for_filtered_by_and_holds(portal: Portal) -> None:
    kept = to_text(
        Asked(search=" tew ", conditions=(Condition("status", Op.IS, ("IN_USE",)),), columns=("name", "price_pence"))
    )
    assert in_words(portal.world.approver, "equipment", kept) == (
        "Found by “tew”. Status is In use. Columns: Name, Price."
    )
    unseen = to_text(Asked(conditions=(Condition("nhs_number", Op.IS, ("9434765919",)),), columns=("nhs_number",)))
    assert in_words(portal.world.finance, "people", unseen) == (
        "A filter on something you cannot see. Columns: Name and others that you cannot see."
    )


@pytest.mark.usefixtures("long_list")
def test_a_file_is_kept_for_a_day(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    export_id = begun(portal)
    act(portal, "cm", export_id, "ask", reason="The yearly count")
    act(portal, "approver", export_id, "agree")
    assert made(portal)
    long_ago = portal.clock() - KEPT_FOR * 2
    portal.change(lambda uow: uow.change(uow.session.get_one(ExportRequest, export_id), made_at=long_ago))
    name = export(portal, export_id).stored_as
    sweep(portal.engine, folder(portal))
    assert not (folder(portal) / name).exists()
    assert export(portal, export_id).status == "GONE"
    assert portal.signed_in("cm").get(f"/api/export-file/{export_id}").status_code == 404


def test_the_figures_of_a_chart_are_taken_out_as_they_are_and_that_is_remembered(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    chart = next(one for one in dashboard_of(Role.FINANCE).charts if one.file)
    monkeypatch.setitem(chart.__dict__, "whole", lambda *_asked: FIGURES)
    address = f"/api/export-figures/{chart.file}?kind="
    answer = portal.signed_in("finance").get(address + "CSV")
    assert answer.status_code == 200
    assert read(answer) == [
        ["Quarter", "Health", "Social care", "All"], ["April to June 2026", "-123.45", "1", "-122.45"],
    ]  # fmt: skip
    assert re.search(r'filename="spent-by-funder-[0-9-]{10}\.csv"', answer.headers["content-disposition"])
    assert portal.rows(AccessEvent)[-1].page == "download of spent by quarter and funder"
    assert portal.rows(AuditEvent)[-1].kind == "list_taken_out"
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(portal.signed_in("finance").get(address + "XLSX").content))
    assert sheet.get_sheet_by_index(0).to_python()[1] == ["April to June 2026", -123.45, 1.0, -122.45]


@pytest.mark.parametrize(("who", "address"), [
    ("cm", "spent-by-funder?kind=CSV"), ("holder", "spent-by-funder?kind=CSV"), ("finance", "nothing?kind=CSV"),
    ("finance", "spent-by-funder"), ("finance", "?kind=CSV"),
])  # fmt: skip
def test_figures_that_are_not_one_s_own_or_not_there_are_not_found(portal: Portal, who: str, address: str) -> None:
    before = len(portal.rows(AuditEvent))
    assert portal.signed_in(who).get(f"/api/export-figures/{address}").status_code == 404
    assert len(portal.rows(AuditEvent)) == before
