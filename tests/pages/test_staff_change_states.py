"""The pages of changes that need a second person, of rates and of settings, over the socket, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlmodel import col

from phbportal import routes
from phbportal.pages.staff.board_settings import SettingsState, SettingState
from phbportal.pages.staff.change import ChangeState
from phbportal.pages.staff.changes import ChangesState
from phbportal.pages.staff.rates import RatesState, RateState
from phbportal.pages.staff.work import WorkState
from phbportal.tables.change_requests import ChangeRequest
from phbportal.tables.settings import PolicySetting, Rate
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal

PATHS = {
    ChangesState: routes.STAFF_CHANGES, ChangeState: routes.STAFF_CHANGE, RatesState: routes.STAFF_RATES,
    RateState: routes.STAFF_RATE, SettingsState: routes.STAFF_SETTINGS, SettingState: routes.STAFF_SETTING,
    WorkState: routes.STAFF,
}  # fmt: skip
YEAR = datetime.now(UTC).year + 1
SURPLUS = "Payments left over that count as a surplus"


def show(portal: Portal, subject: str, state: Any, **query: str) -> Opened:
    return opened(portal, subject, state, PATHS[state], **query)


def sent(page: Opened, *, day: int, value: str, **more: str) -> Any:
    """The form of a rate or a setting, from a day of next May on."""
    return page.submit("save", value=value, starts_on__day=str(day), starts_on__month="5", starts_on__year=str(YEAR),
                       reason="Agreed by the board.", **more)  # fmt: skip


def proposed(portal: Portal, day: int, *, subject: str = "admin", value: str = "6", name: str = "surplus_weeks") -> str:
    page = show(portal, subject, SettingState, setting=name)
    (to,) = sent(page, day=day, value=value).redirects
    assert to.endswith("?done=proposed"), to
    return to.split("/")[-1].split("?")[0]


def sentences(page: Opened, frames: Any) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


def found(portal: Portal, change_id: str) -> ChangeRequest:
    return portal.rows(ChangeRequest, col(ChangeRequest.id) == UUID(change_id))[0]


def test_a_setting_that_is_chosen_offers_its_own_choices(portal: Portal) -> None:
    ways = show(portal, "admin", SettingState, setting="monthly_payment")
    assert [one["value"] for one in ways.var("choices")] == ["BY_DAYS", "TWELFTHS"]
    assert ways.var("hint").startswith("As twelfths, every whole month is 52 weeks divided by 12")
    how_often = show(portal, "admin", SettingState, setting="payment_frequency")
    assert [one["text"] for one in how_often.var("choices")][:2] == ["Every week", "Every 4 weeks"]


def test_a_setting_is_proposed_seen_field_by_field_and_approved(portal: Portal) -> None:
    change_id = proposed(portal, 1)
    own = show(portal, "admin", ChangeState, change=change_id)
    assert own.var("view")["because"] == "You proposed this, so someone else must decide it."
    assert not own.var("view")["may_decide"]
    other = show(portal, "approver", ChangeState, change=change_id)
    assert other.var("lines") == [
        {"label": "Setting", "before": "8 weeks", "after": "6 weeks", "status": "Changed"},
        {"label": "From", "before": "Nothing", "after": f"1 May {YEAR}", "status": "Changed"},
    ]
    (to,) = other.submit("approve", note="Agreed.").redirects
    assert to.endswith("?done=approved")
    assert found(portal, change_id).status == "APPROVED"
    (setting,) = portal.rows(PolicySetting, col(PolicySetting.id) == found(portal, change_id).row_id)
    assert (setting.value, setting.icb_id) == ("6", portal.world.icb)
    listed = show(portal, "cm", SettingsState).var("rows")
    assert f"6 weeks from 1 May {YEAR}" in next(row["coming"] for row in listed if row["name"] == SURPLUS)
    assert f"1 May {YEAR}" in [
        row["starts"] for row in show(portal, "cm", SettingState, setting="surplus_weeks").var("rows")
    ]


def test_a_second_press_of_approve_does_nothing_more(portal: Portal) -> None:
    change_id = proposed(portal, 2, name="contingency_weeks", value="2")
    page = show(portal, "approver", ChangeState, change=change_id)
    first, second = (page.submit("approve", note="") for _ in range(2))
    assert first.redirects == second.redirects
    assert len(portal.rows(PolicySetting, col(PolicySetting.id) == found(portal, change_id).row_id)) == 1


def test_a_second_press_of_propose_proposes_once(portal: Portal) -> None:
    page = show(portal, "admin", SettingState, setting="surplus_weeks")
    first, second = (sent(page, day=3, value="7") for _ in range(2))
    assert first.redirects == second.redirects
    (to,) = first.redirects
    other = show(portal, "admin", SettingState, setting="surplus_weeks")
    said = sentences(other, sent(other, day=3, value="9"))
    assert said == ["A change to this is proposed already and waits for a second person."]
    assert found(portal, to.split("/")[-1].split("?")[0]).status == "PROPOSED"


def test_whoever_proposed_it_cannot_press_what_is_not_on_their_page(portal: Portal) -> None:
    change_id = proposed(portal, 4, name="return_due_days", value="21")
    page = show(portal, "admin", ChangeState, change=change_id)
    for handler, form in (("approve", {"note": ""}), ("send_back", {"why": "No."})):
        assert sentences(page, page.submit(handler, **form)) == [
            "You proposed this, so someone else must decide it."
        ]  # fmt: skip
    assert found(portal, change_id).status == "PROPOSED"
    (to,) = page.send("withdraw").redirects
    assert to.endswith("?done=withdrawn")
    assert found(portal, change_id).status == "WITHDRAWN"


def test_a_change_is_returned_with_a_note_and_not_without(portal: Portal) -> None:
    change_id = proposed(portal, 5, name="nominee_review_days", value="21")
    page = show(portal, "auditor", ChangeState, change=change_id)
    frames = page.submit("send_back", why=" ")
    assert list(page.after(frames, "errors")) == ["why"]
    (to,) = page.submit("send_back", why="From 1 June, please.").redirects
    assert to.endswith("?done=returned")
    own = show(portal, "admin", ChangeState, change=change_id, done="returned")
    assert own.var("view")["note"] == "From 1 June, please."
    assert own.var("view")["status"] == "Returned"


def test_problems_stand_beside_their_fields(portal: Portal) -> None:
    page = show(portal, "finance", RateState, rate="national_living_wage")
    frames = page.submit("save", value="much")
    assert set(page.after(frames, "errors")) == {"value", "starts_on", "source", "reason"}
    page = show(portal, "finance", SettingState, setting="surplus_weeks")
    assert "From 4 to 26 weeks" in " ".join(sentences(page, sent(page, day=6, value="99")))


def test_a_rate_is_proposed_and_put_right(portal: Portal) -> None:
    page = show(portal, "finance", RateState, rate="mileage")
    (to,) = sent(page, day=7, value="0.45", source="GOV.UK").redirects
    first = to.split("/")[-1].split("?")[0]
    show(portal, "finance2", ChangeState, change=first).submit("approve", note="")
    (rate,) = portal.rows(Rate, col(Rate.id) == found(portal, first).row_id)
    again = show(portal, "admin", RateState, rate="mileage", row=str(rate.id))
    assert (again.var("value"), again.var("day"), again.var("source")) == ("0.45", "7", "GOV.UK")
    (to,) = sent(again, day=7, value="0.55", source="GOV.UK").redirects
    second = show(portal, "approver", ChangeState, change=to.split("/")[-1].split("?")[0])
    assert [(one["label"], one["status"]) for one in second.var("lines")] == [
        ("Rate", "Changed"), ("From", "The same"), ("Source", "The same"),
    ]  # fmt: skip
    second.submit("approve", note="")
    assert portal.rows(Rate, col(Rate.id) == rate.id)[0].amount == 55
    assert "£0.55" in str(show(portal, "cm", RatesState).var("rows"))


def test_only_those_who_may_propose_see_the_form(portal: Portal) -> None:
    for subject in ("cm", "clinician", "approver", "auditor"):
        for state, query in ((RateState, {"rate": "mileage"}), (SettingState, {"setting": "surplus_weeks"})):
            page = show(portal, subject, state, **query)
            assert page.var("ready")
            assert not page.var("may_propose")
            assert sent(page, day=8, value="5", source="x").redirects == []
    assert portal.rows(ChangeRequest, col(ChangeRequest.slot).like(f"%{YEAR}-05-08")) == []


def test_what_is_not_there_is_not_found(portal: Portal) -> None:
    change_id = proposed(portal, 9, name="review_first_months", value="2")
    for subject in ("cm", "other_admin", "other_auditor"):
        assert show(portal, subject, ChangeState, change=change_id).var("missing")
    assert show(portal, "admin", RateState, rate="no_such_rate").var("missing")
    assert show(portal, "admin", SettingState, setting="no_such_setting").var("missing")
    assert show(portal, "admin", SettingState, setting="surplus_weeks", row=str(UUID(int=1))).var("missing")
    assert show(portal, "admin", ChangeState, change="nonsense").var("missing")


def test_it_stands_in_the_queue_and_on_the_work_list_of_whoever_may_decide_it(portal: Portal) -> None:
    change_id = proposed(portal, 10, name="isf_bank_cap_weeks")
    href = routes.staff_change(change_id)
    assert href in [row["href"] for row in show(portal, "approver", ChangesState).var("to_decide")]
    assert href in [row["href"] for row in show(portal, "admin", ChangesState).var("mine")]
    assert href not in [row["href"] for row in show(portal, "finance", ChangesState).var("to_decide")]
    for subject, waits in (("approver", True), ("auditor", True), ("finance", False), ("cm", False), ("admin", False)):
        groups = show(portal, subject, WorkState).var("groups")
        assert (href in [item["href"] for group in groups for item in group["work"]]) == waits, subject


def test_holders_and_organisations_see_none_of_it(portal: Portal) -> None:
    change_id = proposed(portal, 11, name="isf_max_hold_weeks", value="10")
    for state, query in ((ChangesState, {}), (ChangeState, {"change": change_id}), (RatesState, {}),
                         (SettingsState, {}), (SettingState, {"setting": "surplus_weeks"})):  # fmt: skip
        for subject in ("holder", "provider"):
            page = show(portal, subject, state, **query)
            assert page.frames.redirects == [routes.NOT_ALLOWED], (subject, state)


def test_a_returned_rate_and_a_returned_setting_begin_anew_as_they_were_typed(portal: Portal) -> None:
    page = show(portal, "finance", RateState, rate="mileage")
    frames = sent(page, day=3, value="0.55", source="GOV.UK")
    rate = frames.redirects[0].split("/")[3].partition("?")[0]
    setting = proposed(portal, 17, value="7", name="contingency_weeks")
    for change_id, subject in ((rate, "approver"), (setting, "auditor")):
        show(portal, subject, ChangeState, change=change_id).submit("send_back", why="It is 45p still.")
    address = show(portal, "finance", ChangeState, change=rate).var("again_href")
    assert address == f"/staff/rates/mileage?again={rate}"
    again = show(portal, "finance", RateState, rate="mileage", again=rate)
    assert (again.var("value"), again.var("source"), again.var("day")) == ("0.55", "GOV.UK", "3")
    assert again.var("reason") == "Agreed by the board."
    anew = sent(again, day=3, value="0.56", source="GOV.UK").redirects[0].split("/")[3].partition("?")[0]
    assert str(found(portal, anew).again_of) == rate
    assert found(portal, rate).settled_at is not None
    assert show(portal, "admin", SettingState, setting="contingency_weeks", again=setting).var("value") == "7"
    for subject, state, query in (
        ("finance2", RateState, {"rate": "mileage", "again": rate}),
        ("finance", RateState, {"rate": "national_living_wage", "again": setting}),
        ("admin", SettingState, {"setting": "surplus_weeks", "again": setting}),
    ):
        assert show(portal, subject, state, **query).var("missing") is True
