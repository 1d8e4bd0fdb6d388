"""A file's way into the portal: sent, its columns named, tried row by row, brought in once, taken back."""

from __future__ import annotations

import csv
import io
import json
import stat
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, update
from sqlmodel import col

from phbportal import routes
from phbportal.admin.imports import doing
from phbportal.admin.imports.reading import look_at
from phbportal.admin.imports.start_state import ImportStartState
from phbportal.admin.worker import GIVE_UP, doers, sweep
from phbportal.domain.errors import Refusal
from phbportal.domain.imports import KEPT_FOR, MOST_BYTES
from phbportal.resources.everything import EQUIPMENT
from phbportal.services.jobs import LOST, LOST_AFTER, MOST_LOST, Ending, claim, run_one
from phbportal.tables.audit import AuditEvent
from phbportal.tables.equipment import Equipment
from phbportal.tables.imports import ImportBatch, ImportMade, ImportRow, ImportWord
from phbportal.tables.notes import Note
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Job
from phbportal.tables.users import Assignment
from tests.admin import bringing
from tests.admin.bringing import as_csv, batch, brought_in, page_of, taken_back, tried, worked
from tests.pages.opening import opened
from tests.support.portal import Portal


@pytest.fixture(autouse=True)
def _no_equipment(portal: Portal) -> Any:
    """Each test begins with no equipment and no files."""
    yield
    for table in (ImportMade, ImportRow, ImportBatch, ImportWord, Equipment, Job):
        portal.change(lambda uow, t=table: uow.session.execute(delete(t)))


def file_for(portal: Portal, *more: tuple[str, ...]) -> bytes:
    mine = portal.budgets["own"]
    return as_csv((mine, "Hoist", "H-1", "1,234.50", "6/4/2026"), (mine, "Ramp", "", "£99", "2026-04-07"), *more)


def outcomes(portal: Portal, batch_id: Any) -> dict[int, tuple[str, str]]:
    rows = portal.rows(ImportRow, col(ImportRow.batch_id) == batch_id)
    return {row.number: (row.outcome, row.reason) for row in rows}


def things(portal: Portal) -> dict[str, Equipment]:
    return {one.name: one for one in portal.rows(Equipment)}


def test_a_file_is_tried_before_anything_is_written_then_brought_in_then_taken_back(portal: Portal) -> None:
    theirs = portal.budgets["other"]
    content = file_for(portal, (theirs, "Bed", "", "10", "6/4/2026"), (portal.budgets["own"], "", "", "x", "soon"))
    batch_id = tried(portal, content)
    assert things(portal) == {}
    found = outcomes(portal, batch_id)
    assert [found[n][0] for n in (2, 3, 4, 5)] == ["NEW", "NEW", "REFUSED", "REFUSED"]
    assert "your board has none with the reference" in found[4][1]
    assert "Name: " in found[5][1]
    assert "Price: " in found[5][1]
    assert "Bought on: " in found[5][1]
    page = page_of(portal, batch_id, outcome="REFUSED")
    assert [row["number"] for row in page.var("rows")] == ["Row 4", "Row 5"]
    assert page.var("may_go") is True

    page.send("go")
    worked(portal)
    assert set(things(portal)) == {"Hoist", "Ramp"}
    hoist = things(portal)["Hoist"]
    assert (hoist.price_pence, hoist.bought_on, hoist.created_by) == (
        123_450, date(2026, 4, 6), portal.world.cm.user_id,
    )  # fmt: skip
    row = batch(portal, batch_id)
    assert (row.status, row.new_count, row.refused_count) == ("DONE", 2, 2)
    assert len(row.sha256) == 64

    taken_back(portal, batch_id)
    assert things(portal) == {}
    assert batch(portal, batch_id).status == "UNDONE"
    kinds = [event.kind for event in portal.rows(AuditEvent)]
    assert kinds.count("equipment_added") >= 2
    assert {"import_begun", "import_done", "import_undone", "import_left"} <= set(kinds)
    assert brought_in(portal, content) != batch_id
    assert set(things(portal)) == {"Hoist", "Ramp"}


def test_the_same_rows_again_change_nothing_and_one_cell_changed_changes_one(portal: Portal) -> None:
    brought_in(portal, file_for(portal))
    again = tried(portal, file_for(portal))
    assert {outcome for outcome, _reason in outcomes(portal, again).values()} == {"SAME"}
    page = page_of(portal, again)
    assert page.var("may_go") is False
    assert "The same file was brought in on" in page.var("trouble")
    refused = page.send("go")
    assert "nothing in the file that the portal does not have" in page.after(refused, "problems")[0]["sentence"]

    mine = portal.budgets["own"]
    rows = [(mine, "Ramp", "", "99", "7 Apr 2026"), (mine, "Hoist", "H-1", "1300", "6 April 2026")]
    changed = brought_in(portal, as_csv(*rows))
    assert [one[0] for one in outcomes(portal, changed).values()] == ["SAME", "CHANGED"]
    assert things(portal)["Hoist"].price_pence == 130_000
    taken_back(portal, changed)
    assert things(portal)["Hoist"].price_pence == 123_450
    assert len(things(portal)) == 2


def test_files_that_changed_one_row_of_a_file_are_taken_back_one_after_the_other(portal: Portal) -> None:
    """The last first; and what the first made together with that row is taken back with it."""
    mine, price = portal.budgets["own"], {"Hoist": 123_450, "Ramp": 9_900}
    files = [brought_in(portal, file_for(portal))]
    for pence in (130_000, 140_000):
        row = (mine, "Hoist", "H-1", str(pence // 100), "6 April 2026")
        files.append(brought_in(portal, as_csv(row)))
    for n in (0, 1):
        taken_back(portal, files[n])
        assert "1 piece of equipment changed since" in batch(portal, files[n]).problem
    for n in (2, 1):
        taken_back(portal, files[n])
        assert batch(portal, files[n]).status == "UNDONE"
    assert {name: one.price_pence for name, one in things(portal).items()} == price
    taken_back(portal, files[0])
    assert batch(portal, files[0]).status == "UNDONE"
    assert things(portal) == {}


def test_a_file_is_written_once_however_often_its_job_is_begun_again(portal: Portal) -> None:
    """A worker that died is followed by another, from the first row that is not written."""
    mine = portal.budgets["own"]
    many = [(mine, f"Thing {n:04}", "", "10", "6/4/2026") for n in range(2_300)]
    batch_id = tried(portal, as_csv(*many))
    page_of(portal, batch_id).send("go")
    (job,) = portal.rows(Job, col(Job.kind) == "import-do")
    before = batch(portal, batch_id)
    worked(portal)
    assert len(things(portal)) == 2_300
    assert batch(portal, batch_id).rows_done == 2_300
    # As if the last transaction, which marked it done, had been lost with its worker.
    portal.change(lambda uow: uow.change(uow.session.get_one(ImportBatch, batch_id), status=before.status))
    portal.change(lambda uow: uow.change(uow.session.get_one(Job, job.id), status="WAITING"))
    worked(portal)
    assert len(portal.rows(Equipment)) == 2_300
    made = [one.ids.split(",") for one in portal.rows(ImportMade, col(ImportMade.batch_id) == batch_id)]
    assert sorted(UUID(one) for ids in made for one in ids) == sorted(one.id for one in portal.rows(Equipment))
    assert batch(portal, batch_id).status == "DONE"


def test_a_worker_that_is_to_end_leaves_the_rest_of_a_file_to_the_next(portal: Portal) -> None:
    mine = portal.budgets["own"]
    batch_id = tried(portal, as_csv(*[(mine, f"Thing {n:04}", "", "10", "6/4/2026") for n in range(1_200)]))
    page_of(portal, batch_id).send("go")
    ending = Ending()
    ending.ask()
    does = doers(bringing.folder(portal).parent / "exports")
    assert run_one(portal.engine, does, ending)
    assert len(things(portal)) == 1_000, "the stretch it was at"
    row = batch(portal, batch_id)
    assert (row.status, row.problem) == ("DOING", ""), "nothing has gone wrong"
    worked(portal)
    assert len(portal.rows(Equipment)) == 1_200
    assert (batch(portal, batch_id).status, batch(portal, batch_id).rows_done) == ("DONE", 1_200)


def worker_killed_over(portal: Portal, kind: str) -> None:
    """As often as a job is begun, and then the next worker, which gives it up."""
    for time in range(MOST_LOST):
        moment = datetime.now(UTC) - LOST_AFTER * 2 * (MOST_LOST - time)
        assert claim(portal.engine, (kind,), now=moment) is not None
    does = doers(bringing.folder(portal).parent / "exports")
    assert run_one(portal.engine, does, give_up=GIVE_UP)


def test_a_file_that_ends_the_worker_three_times_says_so_and_can_be_begun_again(portal: Portal) -> None:
    """Tried, brought in, taken back: each stands where it stood before, with what to do."""
    batch_id = bringing.sent(portal, file_for(portal))
    bringing.columns(portal, batch_id)
    worker_killed_over(portal, "import-try")
    row = batch(portal, batch_id)
    assert row.status == "READ"
    assert row.problem.startswith(f"{LOST} Divide the file into smaller ones")
    assert page_of(portal, batch_id).var("trouble") == row.problem
    bringing.columns(portal, batch_id)
    worked(portal)
    assert (batch(portal, batch_id).status, batch(portal, batch_id).problem) == ("TRIED", "")

    page_of(portal, batch_id).send("go")
    worker_killed_over(portal, "import-do")
    row = batch(portal, batch_id)
    assert row.status == "TRIED"
    assert row.problem.startswith(f"{LOST} Nothing was brought in.")
    assert things(portal) == {}
    page_of(portal, batch_id).send("go")
    worked(portal)
    assert set(things(portal)) == {"Hoist", "Ramp"}

    page_of(portal, batch_id).send("take_back")
    worker_killed_over(portal, "import-undo")
    row = batch(portal, batch_id)
    assert row.status == "DONE"
    assert row.problem.startswith(f"{LOST} Nothing was taken back.")
    taken_back(portal, batch_id)
    assert batch(portal, batch_id).status == "UNDONE"


def test_a_file_half_of_which_is_in_goes_on_from_there(portal: Portal) -> None:
    mine = portal.budgets["own"]
    batch_id = tried(portal, as_csv(*[(mine, f"Thing {n:04}", "", "10", "6/4/2026") for n in range(1_200)]))
    page_of(portal, batch_id).send("go")
    ending = Ending()
    ending.ask()
    assert run_one(portal.engine, doers(bringing.folder(portal).parent / "exports"), ending)
    worker_killed_over(portal, "import-do")
    row = batch(portal, batch_id)
    assert (row.status, row.problem) == (
        "TRIED", f"{LOST} Some rows are in already and stay in. Bring it in again: it goes on with the others.",
    )  # fmt: skip
    page_of(portal, batch_id).send("go")
    worked(portal)
    assert len(portal.rows(Equipment)) == 1_200
    assert batch(portal, batch_id).status == "DONE"


def test_a_file_that_was_done_meanwhile_is_not_said_to_have_failed(portal: Portal) -> None:
    batch_id = tried(portal, file_for(portal))
    page_of(portal, batch_id).send("go")
    portal.change(lambda uow: uow.change(uow.session.get_one(ImportBatch, batch_id), status="DONE"))
    worker_killed_over(portal, "import-do")
    assert (batch(portal, batch_id).status, batch(portal, batch_id).problem) == ("DONE", "")


def test_a_file_that_moved_on_while_it_was_refused_says_nothing_of_that(
    portal: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    batch_id = tried(portal, file_for(portal))
    page_of(portal, batch_id).send("go")

    def slow(*_given: Any) -> Any:
        portal.change(lambda uow: uow.change(uow.session.get_one(ImportBatch, batch_id), status="DONE"))
        raise Refusal("The row is locked.")

    monkeypatch.setattr(doing, "read_lines", slow)
    worked(portal)
    (job,) = portal.rows(Job, col(Job.kind) == "import-do")
    assert (job.status, job.outcome) == ("FAILED", "The row is locked.")
    assert (batch(portal, batch_id).status, batch(portal, batch_id).problem) == ("DONE", "")


def test_a_file_another_worker_is_at_is_left_to_that_one(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker nobody has heard of comes back to a file that a second one has brought in: it says nothing of it."""
    batch_id = tried(portal, file_for(portal))
    page_of(portal, batch_id).send("go")
    whole = doing.read_lines

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(doing, "read_lines", whole)
        moment = datetime.now(UTC) - 2 * LOST_AFTER
        portal.change(lambda uow: uow.session.execute(update(Job).values(updated_at=moment)))
        worked(portal)
        raise Refusal("The row is locked.")

    monkeypatch.setattr(doing, "read_lines", slow)
    worked(portal)
    (job,) = portal.rows(Job, col(Job.kind) == "import-do")
    assert (job.status, job.outcome) == ("DONE", "brought in")
    assert (batch(portal, batch_id).status, batch(portal, batch_id).problem) == ("DONE", "")


def test_other_peoples_headings_are_proposed_put_right_and_known_the_next_time(portal: Portal) -> None:
    mine = portal.budgets["own"]
    headings = ("PHB No.", "Kit", "Asset tag", "Cost (£)", "Date bought", "Remarks")
    content = as_csv((mine, "Hoist", "H-1", "10", "6/4/2026", "old"), headings=headings)
    batch_id = bringing.sent(portal, content)
    path = routes.of_import(routes.STAFF_IMPORT_COLUMNS, batch_id)
    page = bringing.columns(portal, batch_id)
    asked = {one["heading"]: one["value"] for one in page.var("asked")}
    assert asked["Asset tag"] == "serial_number"
    assert asked["Date bought"] == "bought_on"
    assert asked["Cost (£)"] == "price_pence"
    assert asked["Remarks"] == ""
    assert batch(portal, batch_id).status == "READ"
    told = page.after(page.frames, "problems")[0]["sentence"]
    assert "No column was chosen for" in told
    assert "“Name”" in told
    twice = page.submit("save", c0="phb", c1="name", c2="name", c3="price_pence", c4="bought_on", c5="")
    assert "cannot both be “Name”" in page.after(twice, "errors")["c2"]
    page.submit("save", c0="phb", c1="name", c2="serial_number", c3="price_pence", c4="bought_on", c5="")
    worked(portal)
    assert outcomes(portal, batch_id)[2] == ("NEW", "")
    assert path.endswith("/columns")

    again = bringing.sent(portal, content, name="next.csv")
    page = bringing.columns(portal, again)
    asked = {one["heading"]: one["value"] for one in page.var("asked")}
    assert asked == {
        "PHB No.": "phb", "Kit": "name", "Asset tag": "serial_number", "Cost (£)": "price_pence",
        "Date bought": "bought_on", "Remarks": "",
    }  # fmt: skip
    elsewhere = portal.rows(ImportWord, col(ImportWord.icb_id) != portal.world.icb)
    assert elsewhere == []


def test_what_has_built_upon_a_file_stands_in_the_way_of_taking_it_back(portal: Portal) -> None:
    batch_id = brought_in(portal, file_for(portal))
    hoist = things(portal)["Hoist"]
    phb = portal.rows(Phb, col(Phb.id) == hoist.phb_id)[0]
    portal.change(lambda uow: uow.change(uow.session.get_one(Equipment, hoist.id), status="RETURNED"))
    ramp = things(portal)["Ramp"]
    portal.change(
        lambda uow: uow.add(
            Note, icb_id=phb.icb_id, resource="equipment", about_id=ramp.id, phb_id=phb.id, person_id=phb.person_id,
            role="FINANCE", words="Rang back.",
        )
    )  # fmt: skip
    taken_back(portal, batch_id)
    row = batch(portal, batch_id)
    assert row.status == "DONE"
    assert "1 piece of equipment changed since" in row.problem
    assert "1 note" in row.problem
    assert set(things(portal)) == {"Hoist", "Ramp"}


def test_the_refused_rows_are_handed_over_with_reasons_to_mend_and_bring_back(portal: Portal) -> None:
    mine = portal.budgets["own"]
    content = file_for(portal, (mine, "=cmd", "", "ten", "6/4/2026"))
    batch_id = tried(portal, content)
    answer = portal.signed_in("cm").get(f"{routes.IMPORT_REFUSED}/{batch_id}?kind=CSV")
    heading, *rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert heading == [*bringing.HEADINGS, "What to put right"]
    assert rows[0][:4] == [mine, "'=cmd", "", "ten"]
    assert "Price: " in rows[0][5]
    for other in ("approver", "auditor", "finance", "other_cm", "clinician"):
        assert portal.signed_in(other).get(f"{routes.IMPORT_REFUSED}/{batch_id}").status_code in (403, 404)

    rows[0][3] = "10"
    mended = brought_in(portal, as_csv(tuple(rows[0]), headings=tuple(heading)))
    assert outcomes(portal, mended)[2][0] == "NEW"
    assert "=cmd" in things(portal)


def test_an_empty_file_to_fill_in_has_the_headings_and_can_be_brought_back(portal: Portal) -> None:
    browser = portal.signed_in("cm")
    answer = browser.get(f"{routes.IMPORT}/equipment/list?kind=XLSX")
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert book.sheet_names == ["List", "How to fill it in"]
    assert tuple(book.get_sheet_by_index(0).to_python()[0]) == bringing.HEADINGS
    plain = browser.get(f"{routes.IMPORT}/equipment/list?kind=CSV").content.decode("utf-8-sig")
    assert tuple(next(csv.reader(io.StringIO(plain)))) == bringing.HEADINGS
    assert portal.signed_in("clinician").get(f"{routes.IMPORT}/equipment/list").status_code == 403


def test_a_workbook_is_read_as_a_list_is(portal: Portal, tmp_path: Any) -> None:
    import xlsxwriter

    mine, path = portal.budgets["own"], tmp_path / "list.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Equipment of the team"])
        sheet.write_row(2, 0, list(bringing.HEADINGS))
        sheet.write_row(3, 0, [mine, "Hoist", 4711, 1234.5])
        sheet.write_datetime(3, 4, datetime(2026, 4, 6), book.add_format({"num_format": "dd/mm/yyyy"}))  # noqa: DTZ001
        sheet.write_row(4, 0, [mine, "Bed", "", 10, 46118])
    batch_id = brought_in(portal, path.read_bytes(), name="list.xlsx")
    assert [one[0] for one in outcomes(portal, batch_id).values()] == ["NEW", "NEW"]
    hoist, bed = things(portal)["Hoist"], things(portal)["Bed"]
    assert (hoist.serial_number, hoist.price_pence, hoist.bought_on) == ("4711", 123_450, date(2026, 4, 6))
    assert bed.bought_on == date(2026, 4, 6)


@pytest.mark.parametrize(
    ("content", "sentence", "status"),
    [
        (b"", "The file is empty", 415),
        (b"%PDF-1.7 x", "This is a PDF", 415),
        (b"\xd0\xcf\x11\xe0" + bytes(100), "old Excel workbook", 415),
        (b"PK\x03\x04" + bytes(100), "This file is damaged", 415),
        (b"<html><table>", "web page", 415),
    ],
    ids=["empty", "pdf", "xls", "broken", "html"],
)
def test_what_is_no_list_is_not_kept(portal: Portal, content: bytes, sentence: str, status: int) -> None:
    before = len(list(bringing.folder(portal).glob("*")))
    answer = bringing.post(portal, content, name="list.csv")
    assert answer.status_code == status
    assert sentence in answer.text
    assert portal.rows(ImportBatch) == []
    assert len(list(bringing.folder(portal).glob("*"))) == before


def test_who_may_send_a_file_and_how_large(portal: Portal) -> None:
    content = file_for(portal)
    assert bringing.post(portal, content, subject="clinician").status_code == 403
    assert bringing.post(portal, content, subject="holder").status_code == 403
    assert bringing.post(portal, content, origin="https://evil.example").status_code == 403
    assert bringing.post(portal, content, csrf="wrong").status_code == 403
    assert bringing.post(portal, content, way="equipment/none").status_code == 404
    assert bringing.post(portal, b"a,b\n" * (MOST_BYTES // 4 + 5_000)).status_code == 413
    assert portal.rows(ImportBatch) == []


def test_a_file_is_its_preparers_and_in_sight_of_those_who_watch(portal: Portal) -> None:
    batch_id = tried(portal, file_for(portal))
    for subject in ("cm2", "finance", "other_cm", "other_approver"):
        page = page_of(portal, batch_id, subject=subject)
        assert page.var("missing") is True
        page.send("go")
        page.send("give_up")
    watching = page_of(portal, batch_id, subject="auditor")
    assert len(watching.var("rows")) == 2
    assert watching.var("may_go") is False
    for handler in ("go", "give_up", "take_back", "agree", "take_back_second"):
        watching.send(handler)
        page_of(portal, batch_id, subject="approver").send(handler)
    assert batch(portal, batch_id).status == "TRIED"


def test_a_file_has_a_random_name_and_is_forgotten_after_its_day_with_what_its_rows_say(portal: Portal) -> None:
    batch_id = brought_in(portal, file_for(portal))
    row = batch(portal, batch_id)
    file = bringing.folder(portal) / row.stored_as
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    given_up = tried(portal, file_for(portal, (portal.budgets["own"], "Bed", "", "10", "6/4/2026")))
    page_of(portal, given_up).send("give_up")
    with portal.later(seconds=KEPT_FOR.total_seconds() + 60):
        portal.change(
            lambda uow: uow.session.execute(
                ImportBatch.__table__.update().values(updated_at=uow.now - 2 * KEPT_FOR)  # pyright: ignore
            )
        )
        sweep(portal.engine, bringing.folder(portal).parent / "exports")
    assert not file.exists()
    row = batch(portal, batch_id)
    assert (row.status, row.stored_as, row.file_name, json.loads(row.look)) == ("DONE", "", "", {})
    assert (row.new_count, len(row.sha256)) == (2, 64)
    assert portal.rows(ImportRow) == []
    assert batch(portal, given_up).status == "GONE"
    taken_back(portal, batch_id)
    assert things(portal) == {}


def test_whoever_lost_the_role_brings_nothing_in(portal: Portal) -> None:
    batch_id = tried(portal, file_for(portal))
    page_of(portal, batch_id).send("go")
    held = col(Assignment.user_id) == portal.world.cm.user_id
    portal.change(lambda uow: uow.session.execute(update(Assignment).where(held).values(revoked_at=uow.now)))
    worked(portal)
    assert things(portal) == {}
    assert batch(portal, batch_id).status == "TRIED"
    assert "does not have the role any more" in batch(portal, batch_id).problem


def test_the_page_where_a_file_is_chosen_says_how_it_is_brought_in(portal: Portal) -> None:
    path = routes.staff_new_import("equipment", "list")
    page = opened(portal, "finance", ImportStartState, path, resource="equipment", incoming="list")
    assert page.var("action") == f"{routes.IMPORT}/equipment/list"
    assert any("before anything is written" in one for one in page.var("rules"))
    assert [line["key"] for line in page.var("lines")] == list(bringing.HEADINGS)


def test_of_a_long_number_only_the_last_figures_are_shown_to_know_its_column_by() -> None:
    content = b"Name,NHS number,Sort code,Account,Born,Weekly\nAda,999 000 0018,08-99-99,66374958,1961-02-03,1234.50\n"
    (declared,) = EQUIPMENT.imports
    (sheet,) = look_at(content, declared, {})
    told = {one.text: one.samples for one in sheet.headings}
    assert told == {
        "Name": ["Ada"], "NHS number": ["ending 018"], "Sort code": ["ending 999"], "Account": ["ending 958"],
        "Born": ["1961-02-03"], "Weekly": ["1234.50"],
    }  # fmt: skip


def test_a_file_not_chosen_is_said_beside_the_field(portal: Portal) -> None:
    answer = bringing.post(portal, b"", subject="finance", name="")
    path = routes.staff_new_import("equipment", "list")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{path}?missing=file")
    page = opened(
        portal, "finance", ImportStartState, path, resource="equipment", incoming="list", missing="file"
    )  # fmt: skip
    assert page.var("errors") == {"file": "Choose a file."}
