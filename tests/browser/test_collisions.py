"""Two browsers on one form: nobody's change is lost, and what is kept is chosen field by field."""

from __future__ import annotations

from playwright.sync_api import expect
from sqlalchemy import select
from sqlmodel import col

from phbportal.policy.actors import SYSTEM
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.equipment import Equipment
from tests.browser.stops import CASE_MANAGER, FINANCE
from tests.browser.visitor import NARROW, SUMMARY, Given


def saved(given: Given, row_id: str) -> Equipment:
    with open_unit(given.portal.engine, SYSTEM, writes=False) as uow:
        return next(row for row in uow.session.execute(select(Equipment)).scalars() if str(row.id) == row_id)


def test_two_change_one_record_and_the_second_chooses_field_by_field(given: Given) -> None:
    with open_unit(given.portal.engine, SYSTEM, writes=False) as uow:
        found = select(col(Equipment.id)).where(col(Equipment.name) == "Walking frame")
        row_id = str(uow.session.execute(found).scalar_one())
    form = f"/staff/equipment/{row_id}/change"
    marta = given.signed_in(CASE_MANAGER, viewport=NARROW).opens(form, shows="Serial number")
    denise = given.signed_in(FINANCE).opens(form, shows="Serial number")
    denise.types("Name", "Walking frame, tall").types("Price", "35.00").presses("Save")
    denise.sees("The changes were saved.", "Walking frame, tall", "£35.00")

    marta.types("Name", "Walking frame with wheels").types("Price", "32.00")
    marta.types("Serial number (optional)", "WF-7").presses("Save")
    marta.sees("Somebody else saved this record after you opened the form")
    expect(marta.page.locator(SUMMARY)).to_be_focused()
    marta.is_content()
    name = marta.page.get_by_role("group", name="Name", exact=True)
    price = marta.page.get_by_role("group", name="Price", exact=True)
    serial = marta.page.get_by_role("group", name="Serial number", exact=False)
    for group in (name, price, serial):
        expect(group).to_be_visible()
    assert name.get_by_role("radio", checked=True).count() == 0, "both changed the name: neither is taken unasked"
    expect(price.get_by_label("£35.00")).to_be_checked()
    expect(serial.get_by_label("WF-7")).to_be_checked()
    marta.presses("Save what you chose").sees("Choose which to keep: name.").is_content()
    name.get_by_label("Walking frame with wheels").check()
    marta.presses("Save what you chose").sees("The changes were saved.")
    marta.sees("Walking frame with wheels", "£35.00", "WF-7")
    row = saved(given, row_id)
    assert (row.name, row.price_pence, row.serial_number) == ("Walking frame with wheels", 3_500, "WF-7")
    assert marta.complaints == denise.complaints == []


def test_the_one_who_was_quicker_is_kept_when_the_other_says_so(given: Given) -> None:
    with open_unit(given.portal.engine, SYSTEM, writes=False) as uow:
        row_id = str(uow.session.execute(select(col(Equipment.id)).where(col(Equipment.name) == "Hoist")).scalar_one())
    form = f"/staff/equipment/{row_id}/change"
    marta = given.signed_in(CASE_MANAGER).opens(form, shows="Serial number")
    denise = given.signed_in(FINANCE).opens(form, shows="Serial number")
    denise.types("Serial number (optional)", "H-1").presses("Save").sees("The changes were saved.")
    marta.types("Serial number (optional)", "H-2").presses("Save").sees("Somebody else saved this record")
    marta.follows("Leave it as it is saved now").page.wait_for_url(f"**/staff/equipment/{row_id}")
    marta.settles("H-1")
    assert saved(given, row_id).serial_number == "H-1"
