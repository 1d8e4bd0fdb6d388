"""The page on which other boards take over from one's own, over the socket, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlmodel import col

from phbportal import routes
from phbportal.pages.staff.board_settings import SettingsState
from phbportal.pages.staff.change import ChangeState
from phbportal.pages.staff.succession import ENDS, SuccessionState
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.people import PassedOn, PersonResponsibility
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

TODAY = datetime.now(UTC).date()


def shown(portal: Portal, subject: str) -> Opened:
    return opened(portal, subject, SuccessionState, routes.STAFF_SUCCESSION)


def tries(page: Opened, codes: str = "QT2", *, ahead: int = 0, **more: str) -> Any:
    on = TODAY + timedelta(days=ahead)
    return page.submit("try_it", successors=codes, on__day=str(on.day), on__month=str(on.month), on__year=str(on.year),
                       lines=more.get("lines", ""), staff=more.get("staff", ""))  # fmt: skip


def sentences(page: Opened, frames: Any) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


def test_only_an_administrator_is_led_there_and_let_in(portal: Portal) -> None:
    settings = opened(portal, "admin", SettingsState, routes.STAFF_SETTINGS)
    assert settings.var("succession_href") == routes.STAFF_SUCCESSION
    for subject in ("cm", "finance", "approver", "auditor", "clinician"):
        other = opened(portal, subject, SettingsState, routes.STAFF_SETTINGS)
        assert not other.var("succession_href")
        page = shown(portal, subject)
        assert page.frames.redirects == [routes.NOT_ALLOWED], subject
        assert tries(page).redirects == [routes.NOT_ALLOWED]


def test_what_is_wrong_stands_beside_its_field(portal: Portal) -> None:
    page = shown(portal, "admin")
    assert set(page.after(page.submit("try_it"), "errors")) == {"successors", "on"}
    assert set(page.after(tries(page, "QT2 QYG"), "errors")) == {"lines"}
    assert "There is no board with the code QZZ" in " ".join(sentences(page, tries(page, "QZZ")))
    wrong = tries(page, staff="nobody@example.org, QT2")
    assert set(page.after(wrong, "errors")) == {"staff"}


def test_it_is_tried_proposed_once_and_waits_for_its_day(portal: Portal) -> None:
    page = shown(portal, "admin")
    frames = tries(page, ahead=30)
    (takes,) = page.after(frames, "takes")
    assert (takes["code"], takes["name"]) == ("QT2", "NHS Test Two ICB")
    assert takes["people"] >= 1
    assert "Okafor" not in str(frames)
    assert portal.rows(ChangeRequest) == []
    first, second = (page.submit("propose", reason="By order of Parliament.") for _ in range(2))
    assert first.redirects == second.redirects
    change = first.redirects[0].split("/")[-1].split("?")[0]
    lines = {one["label"]: one["after"] for one in opened(
        portal, "approver", ChangeState, routes.STAFF_CHANGE, change=change).var("lines")}  # fmt: skip
    assert lines["Board"] == "NHS Test Two ICB (QT2)"
    for subject in ("approver", "other_approver"):
        other = opened(portal, subject, ChangeState, routes.STAFF_CHANGE, change=change)
        assert other.var("view")["may_decide"], subject
        said = sentences(other, other.submit("approve", note=""))
        assert len(said) == 1
        assert said[0].startswith("This can be approved from ")
    assert opened(portal, "other_finance", ChangeState, routes.STAFF_CHANGE, change=change).var("missing")
    page = opened(portal, "admin", ChangeState, routes.STAFF_CHANGE, change=change)
    assert page.send("withdraw").redirects
    assert portal.rows(PassedOn) == []


def test_who_does_not_come_along_is_told_before(portal: Portal) -> None:
    page = shown(portal, "admin")
    frames = tries(page, staff="cm@example.org, QT2")
    goes = {one["name"]: one["goes"] for one in page.after(frames, "staff")}
    assert goes["Cm"] == "NHS Test Two ICB (QT2)"
    assert goes["Finance"] == ENDS


def test_a_reason_is_needed_and_what_was_tried_is_what_is_proposed(portal: Portal) -> None:
    page = shown(portal, "admin")
    tries(page)
    assert set(page.after(page.submit("propose", reason=" "), "errors")) == {"reason"}
    assert portal.rows(ChangeRequest, col(ChangeRequest.status) == "PROPOSED") == []


def test_a_returned_one_begins_anew_as_it_was_typed(portal: Portal) -> None:
    page = shown(portal, "admin")
    tries(page, staff="cm@example.org, QT2")
    (to,) = page.submit("propose", reason="The boards merge.").redirects
    change = to.split("/")[-1].split("?")[0]
    opened(portal, "approver", ChangeState, routes.STAFF_CHANGE, change=change).submit("send_back", why="All staff.")
    href = opened(portal, "admin", ChangeState, routes.STAFF_CHANGE, change=change).var("again_href")
    assert href == f"{routes.STAFF_SUCCESSION}?again={change}"
    again = opened(portal, "admin", SuccessionState, routes.STAFF_SUCCESSION, again=change)
    assert (again.var("successors"), again.var("day")) == ("QT2", str(TODAY.day))
    assert (again.var("staff_lines"), again.var("reason")) == ("CM@EXAMPLE.ORG, QT2", "The boards merge.")
    tries(again)
    (to,) = again.submit("propose", reason="The boards merge.").redirects
    new = portal.rows(ChangeRequest, col(ChangeRequest.id) == UUID(to.split("/")[-1].split("?")[0]))[0]
    assert new.again_of == UUID(change)
    opened(portal, "admin", ChangeState, routes.STAFF_CHANGE, change=str(new.id)).send("withdraw")
    other = opened(portal, "admin", SuccessionState, routes.STAFF_SUCCESSION, again=str(UUID(int=3)))
    assert other.var("missing")


def test_on_the_day_it_is_approved_and_whoever_is_at_work_goes_on_at_the_other_board(portal: Portal) -> None:
    page = shown(portal, "admin")
    tries(page)
    (to,) = page.submit("propose", reason="By order of Parliament.").redirects
    change = to.split("/")[-1].split("?")[0]
    other = opened(portal, "approver", ChangeState, routes.STAFF_CHANGE, change=change)
    (to,) = other.submit("approve", note="").redirects
    assert to.endswith("?done=approved")
    found = portal.rows(ChangeRequest, col(ChangeRequest.id) == UUID(change))[0]
    assert found.status == "APPROVED"
    # Their pages are still open, and what they show now is the other board's.
    again = other.send("load")
    assert other.after(again, "view")["status"] == "Approved"
    open_rows = portal.rows(PersonResponsibility, col(PersonResponsibility.ends_on).is_(None))
    assert {row.icb_id for row in open_rows} == {portal.world.other_icb}
