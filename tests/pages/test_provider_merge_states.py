"""Merging two rows of one organisation, as an administrator meets it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlmodel import col

from phbportal import routes
from phbportal.domain.text import search_key
from phbportal.pages.staff.provider import ProviderState
from phbportal.pages.staff.provider_merge import ProviderMergeState
from phbportal.services.unit_of_work import london_date
from phbportal.tables.organisations import Organisation, OrganisationSuccession
from tests.pages.opening import Opened, opened
from tests.support.portal import Portal


def added(portal: Portal, name: str, **more: Any) -> UUID:
    usual = {"kind": "OTHER", "name": name, "search_name": search_key(name), "is_user_led": False}
    portal.change(lambda uow: uow.add(Organisation, **usual | more))
    return portal.rows(Organisation, col(Organisation.name) == name)[0].id


def merging(portal: Portal, goes: UUID, into: object = "", *, subject: str = "admin") -> Opened:
    query = {"into": str(into)} if into else {}
    return opened(portal, subject, ProviderMergeState, routes.STAFF_PROVIDER_MERGE, organisation=str(goes), **query)


def mergers(portal: Portal, goes: UUID) -> list[UUID]:
    found = portal.rows(OrganisationSuccession, col(OrganisationSuccession.predecessor_id) == goes)
    return [one.successor_id for one in found]


def test_the_other_one_is_offered_as_one_types_chosen_shown_and_merged(portal: Portal) -> None:
    goes, stays = added(portal, "Wye Help"), added(portal, "Wye Help CIC", ods_code="WYE01", postcode="TR1 2AB")
    added(portal, "Wye Help Trust", ods_code="WYE02")
    page = merging(portal, goes)
    assert page.var("other") == ""
    offered = page.after(page.send("suggest", link="into", typed="wye"), "offers")["into"]
    assert [one.partition(" – ")[0] for one in offered] == ["Wye Help CIC", "Wye Help Trust"]
    several = page.submit("find", into="wye")
    assert page.after(several, "errors")["which"] == "More than one goes by that. Choose one."
    assert [one["text"] for one in page.after(several, "found")] == ["Wye Help CIC", "Wye Help Trust"]
    nobody = page.submit("find", into="nobody at all")
    assert "We found no organisation" in page.after(nobody, "errors")["into"]
    for form in ({"into": "wye", "which": str(stays)}, {"into": offered[0]}, {"into": "wye01"}):
        assert f"/merge?into={stays}" in str(page.submit("find", **form).events)

    page = merging(portal, goes, stays)
    assert page.var("other") == "Wye Help CIC"
    assert {"key": "ODS code", "goes": "Nothing", "stays": "WYE01", "same": "Different"} in page.var("facts")
    assert (page.var("trouble"), page.var("second"), page.var("words")) == ("", "", "Merge them")
    refused = page.submit("merge")
    assert {"on", "reason"} <= page.after(refused, "errors").keys()
    on = london_date(portal.clock())
    page.submit(
        "merge", reason="The same office", **{"on-day": str(on.day), "on-month": str(on.month), "on-year": str(on.year)}
    )
    assert mergers(portal, goes) == [stays]
    record = opened(portal, "admin", ProviderState, routes.STAFF_PROVIDER, organisation=str(goes))
    assert record.var("merge_href") == "", "it was merged"
    kept = opened(portal, "admin", ProviderState, routes.STAFF_PROVIDER, organisation=str(stays), done="merged")
    assert "They are one organisation now" in kept.var("notice")
    assert kept.var("merge_href").endswith("/merge")


def test_what_stands_in_the_way_is_said_before_anything_is_asked(portal: Portal) -> None:
    goes, stays = added(portal, "Tay Help", ods_code="TAY01"), added(portal, "Tay Help CIC", ods_code="TAY02")
    page = merging(portal, goes, stays)
    assert "two places" in page.var("trouble")
    assert merging(portal, goes, goes).var("missing") is True


def test_nobody_but_an_administrator_merges(portal: Portal) -> None:
    goes, stays = added(portal, "Exe Help"), added(portal, "Exe Help CIC")
    for subject in ("cm", "finance", "approver", "auditor"):
        page = merging(portal, goes, stays, subject=subject)
        page.submit("merge", reason="x", **{"on-day": "1", "on-month": "4", "on-year": "2026"})
        record = opened(portal, subject, ProviderState, routes.STAFF_PROVIDER, organisation=str(goes))
        assert record.var("merge_href") == ""
    assert mergers(portal, goes) == []
