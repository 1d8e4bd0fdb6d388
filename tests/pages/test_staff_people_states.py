"""The pages of people, driven over the socket of the really served portal, on both databases."""

from __future__ import annotations

import re
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col

from phbportal import routes
from phbportal.admin.list_state import ListState
from phbportal.pages.staff.person import PersonState
from phbportal.pages.staff.person_budget import NewBudgetState
from phbportal.pages.staff.person_check import CheckState
from phbportal.pages.staff.person_consent import ConsentState, WithdrawalState
from phbportal.pages.staff.person_details import ChangePersonState, NewPersonState
from phbportal.pages.staff.person_eligibility import EligibilityState
from phbportal.pages.staff.person_sign_in import SignInState
from phbportal.services.people import PersonEntry, add_person
from phbportal.tables.audit import AccessEvent
from phbportal.tables.consents import Consent, ExclusionAttestation
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from tests.pages.opening import Opened, opened
from tests.support.portal import DOOR_TABLES, Portal

VIEW = re.compile(r"/staff/people\?view=[0-9a-f-]{36}")
NAMES = {"given_name": "Bertram", "family_name": "Quill"}
BORN = {"date_of_birth__day": "6", "date_of_birth__month": "4", "date_of_birth__year": "1980"}


def people_list(portal: Portal, subject: str, **query: str) -> Opened:
    return opened(portal, subject, ListState, routes.STAFF_PEOPLE, resource="people", **query)


def record(portal: Portal, subject: str, person_id: UUID | str, **query: str) -> Opened:
    return opened(portal, subject, PersonState, routes.STAFF_PERSON, person=str(person_id), **query)


def form_of(portal: Portal, subject: str, state: Any, person_id: UUID, **query: str) -> Opened:
    return opened(portal, subject, state, routes.STAFF_PERSON, person=str(person_id), **query)


def another_person(portal: Portal, family_name: str, **more: Any) -> UUID:
    entry = PersonEntry("Bertram", family_name, more.pop("born", date(1980, 4, 6)), **more)
    return portal.world.do(portal.world.cm, lambda uow: add_person(uow, entry))


def sentences(frames: Any, page: Opened) -> list[str]:
    return [problem["sentence"] for problem in page.after(frames, "problems")]


# The list -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["okafor", "Amina Oka", "999 000 0018", "9990000018", "PHB-2026-000001", "LAS/77 9"])
def test_what_was_typed_is_never_in_the_address(portal: Portal, typed: str) -> None:
    (address,) = people_list(portal, "cm").submit("find", search=typed).redirects
    assert VIEW.fullmatch(address)
    told = [part for part in re.split(r"\W+", typed) if len(part) > 4 or not part.isdigit()]
    assert [part for part in told if part.lower() in address.lower().replace("view", "")] == []


def test_a_kept_search_can_be_sent_to_a_colleague_of_the_same_board_and_to_nobody_else(portal: Portal) -> None:
    (address,) = people_list(portal, "cm").submit("find", search="okafor").redirects
    view = address.partition("=")[2]
    colleague = people_list(portal, "clinician", view=view)
    assert (colleague.var("search"), [row[1] for row in colleague.var("rows")]) == (
        "okafor", ["Okafor-Reyes, Amina"],
    )  # fmt: skip
    stranger = people_list(portal, "other_cm", view=view)
    assert not stranger.frames.says("kafor")


@pytest.mark.parametrize("view", ["", "not-an-id", "00000000-0000-0000-0000-000000000000", "' OR 1=1 --"])
def test_an_address_with_a_view_nobody_kept_shows_everybody(portal: Portal, view: str) -> None:
    page = people_list(portal, "other_cm", view=view)
    assert [row[1] for row in page.var("rows")] == ["Quillfeather, Walter"]


def test_a_search_that_finds_nobody_says_what_was_tried_on_the_page_alone(portal: Portal) -> None:
    (address,) = people_list(portal, "cm").submit("find", search="Zebedee").redirects
    page = people_list(portal, "cm", view=address.partition("=")[2])
    assert page.var("rows") == []
    assert "“Zebedee”" in page.var("nothing")
    assert "ebedee" not in address


def test_an_empty_search_goes_back_to_the_whole_list(portal: Portal) -> None:
    assert people_list(portal, "cm").submit("find", search="  ").redirects == [routes.STAFF_PEOPLE]


def test_pages_are_turned_without_a_cursor_in_the_address_or_in_the_browser(portal: Portal) -> None:
    for n in range(51):
        another_person(portal, f"Zzpage{n:02}")
    first = people_list(portal, "cm")
    assert (first.var("has_after"), len(first.var("rows"))) == (True, 50)
    with pytest.raises(KeyError):  # it stays what it begins as: there is none before
        first.var("has_before")
    (address,) = first.send("turn", direction="after").redirects
    assert VIEW.fullmatch(address)
    assert not first.frames.says("zzpage")  # a cursor holds the name in its search form
    second = people_list(portal, "cm", view=address.partition("=")[2])
    assert second.var("has_before")
    with pytest.raises(KeyError):
        second.var("has_after")
    assert not {r[0] for r in first.var("rows")} & {r[0] for r in second.var("rows")}
    counted = second.send("count")
    assert re.fullmatch(r"Showing \d+ of \d+ people", second.after(counted, "summary"))


def test_a_finance_officers_list_has_no_nhs_number_in_any_frame(portal: Portal) -> None:
    page = people_list(portal, "finance")
    assert page.frames.says("Okafor-Reyes, Amina")
    assert not page.frames.says("999 000")
    assert not page.frames.says("9990000018")


@pytest.mark.parametrize("subject", ["admin", "holder"])
def test_those_who_may_see_nobody_are_sent_away(portal: Portal, subject: str) -> None:
    page = people_list(portal, subject)
    assert not page.frames.says("Varga")
    if subject == "admin":
        assert page.frames.redirects == [routes.NOT_ALLOWED]


# A person -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("person", ["other", "not-an-id", "00000000-0000-0000-0000-000000000000", ""])
def test_a_person_out_of_sight_reads_like_one_who_is_not_there(portal: Portal, person: str) -> None:
    page = record(portal, "cm", portal.people.get(person, person))
    assert page.var("missing") is True
    assert not page.frames.says("Quillfeather")


def test_opening_a_record_is_kept_and_only_an_auditor_reads_who_did(portal: Portal) -> None:
    person_id = portal.people["own"]
    record(portal, "clinician", person_id)
    looks = portal.rows(AccessEvent, col(AccessEvent.person_id) == person_id)
    assert portal.world.clinician.user_id in {look.user_id for look in looks}
    assert [record(portal, who, person_id).var("looks") for who in ("cm", "clinician", "finance", "approver")] == [
        [], [], [], [],
    ]  # fmt: skip
    assert "Clinician" in {look["who"] for look in record(portal, "auditor", person_id).var("looks")}


def test_a_finance_officers_record_says_neither_the_nhs_number_nor_why_there_is_a_budget(portal: Portal) -> None:
    page = record(portal, "finance", portal.people["own"])
    assert page.var("name") == "Amina Okafor-Reyes"
    for secret in ("999 000 0018", "9990000018", "continuing healthcare", "CHC"):
        assert not page.frames.says(secret)


def test_everybody_else_reads_both(portal: Portal) -> None:
    for who in ("cm", "clinician", "approver", "auditor"):
        page = record(portal, who, portal.people["own"])
        assert page.frames.says("999 000 0018")
        assert page.frames.says("NHS continuing healthcare")


def test_what_a_direct_payment_still_needs_is_said_until_it_is_there(portal: Portal) -> None:
    person_id = another_person(portal, "Needs")
    assert record(portal, "cm", person_id).var("missing_for_payment") == [
        "There is no consent to a direct payment in force. Record it first.",
        "Nobody has checked whether this person is excluded from direct payments. Record the check first.",
    ]
    given = {"given_by": "SELF", "given_on": "6 April 2024"}
    form_of(portal, "cm", ConsentState, person_id).submit("save", **given)
    form_of(portal, "cm", CheckState, person_id).submit("save", excluded="no")
    page = record(portal, "cm", person_id, done="check")
    assert (page.var("missing_for_payment"), page.var("notice")) == ([], "The check was recorded.")


@pytest.mark.parametrize("done", ["nonsense", "<b>hello</b>", ""])
def test_a_code_nobody_gave_says_nothing(portal: Portal, done: str) -> None:
    assert record(portal, "cm", portal.people["own"], done=done).var("notice") == ""


# Their forms ----------------------------------------------------------------------------------------------------------


def test_adding_a_person_twice_by_a_shaking_hand_adds_one(portal: Portal) -> None:
    page = opened(portal, "cm", NewPersonState, routes.STAFF_NEW_PERSON)
    answers = NAMES | BORN | {"family_name": "Twice"}
    addresses = [page.submit("save", **answers).redirects for _press in range(2)]
    assert addresses[0] == addresses[1]
    assert addresses[0][0].endswith("?done=added")
    assert len(portal.rows(Person, col(Person.family_name) == "Twice")) == 1
    other = page.submit("save", **answers | {"family_name": "Twice Other"})
    assert "already sent with other answers" in sentences(other, page)[0]


def test_everything_wrong_with_a_new_person_is_said_beside_its_field(portal: Portal) -> None:
    page = opened(portal, "cm", NewPersonState, routes.STAFF_NEW_PERSON)
    frames = page.submit("save", family_name="Quill", nhs_number="999 000 0019")
    assert set(page.after(frames, "errors")) == {"given_name", "date_of_birth", "nhs_number"}
    assert frames.redirects == []


def test_two_who_change_one_person_are_shown_both_versions_and_choose(portal: Portal) -> None:
    person_id = another_person(portal, "Stale", address="1 High Street", postcode="L8 7SS")
    answers = NAMES | BORN | {"family_name": "Stale", "address": "1 High Street", "postcode": "L8 7SS"}
    mine = form_of(portal, "cm", ChangePersonState, person_id)
    theirs = form_of(portal, "cm2", ChangePersonState, person_id)
    theirs.submit("save", **answers | {"address": "22 New Road", "postcode": "L1 1AA"})

    frames = mine.submit("save", **answers | {"address": "9 Other Lane", "known_as": "Bert"})
    assert frames.redirects == []
    found = {d["field"]: d for d in mine.after(frames, "differing")}
    assert {field: [c["text"] for c in d["choices"]] for field, d in found.items()} == {
        "known_as": ["Nothing", "Bert"],
        "address": ["22 New Road", "9 Other Lane"],
        "postcode": ["L1 1AA", "L8 7SS"],
    }
    # Only one of the two changed these, so that change is taken unless somebody says otherwise.
    assert {field: d["choice"] for field, d in found.items()} == {
        "known_as": "mine", "address": "", "postcode": "theirs",
    }  # fmt: skip

    left_open = mine.submit("settle", known_as="mine", postcode="theirs")
    assert list(mine.after(left_open, "errors")) == ["address"]
    chosen = mine.submit("settle", known_as="mine", address="mine", postcode="theirs")
    assert chosen.redirects == [f"/staff/people/{person_id}?done=changed"]
    (row,) = portal.rows(Person, col(Person.id) == person_id)
    assert (row.known_as, row.address, row.postcode) == ("Bert", "9 Other Lane", "L1 1AA")


def test_two_who_make_the_same_change_are_not_troubled(portal: Portal) -> None:
    person_id = another_person(portal, "Same")
    mine = form_of(portal, "cm", ChangePersonState, person_id)
    answers = NAMES | BORN | {"family_name": "Same", "known_as": "Bert"}
    form_of(portal, "cm2", ChangePersonState, person_id).submit("save", **answers)
    assert mine.submit("save", **answers).redirects == [f"/staff/people/{person_id}?done=changed"]


def test_a_person_of_another_board_cannot_be_changed_through_an_open_form(portal: Portal) -> None:
    page = form_of(portal, "cm", ChangePersonState, portal.people["own"])
    page.query["person"] = str(portal.people["other"])
    before = portal.snapshot()
    frames = page.submit("save", **NAMES | BORN)
    assert sentences(frames, page) == ["We could not find that."]
    assert portal.snapshot() == before


def test_eligibility_opens_the_way_to_one_budget_however_often_it_is_pressed(portal: Portal) -> None:
    person_id = another_person(portal, "Budget")
    form = form_of(portal, "cm", EligibilityState, person_id)
    addresses = [form.submit("save", cohort="CHC", decided_on="6 April 2026").redirects for _press in range(2)]
    assert addresses == [[f"/staff/people/{person_id}?done=eligibility"]] * 2
    (eligible,) = portal.rows(Eligibility, col(Eligibility.person_id) == person_id)
    page = form_of(portal, "cm", NewBudgetState, person_id)
    assert page.var("only") == str(eligible.id)
    answers = {"eligibility": str(eligible.id), "kind": "ONGOING"}
    (address,) = {page.submit("save", **answers).redirects[0] for _press in range(2)}
    (phb,) = portal.rows(Phb, col(Phb.person_id) == person_id)
    assert address == f"{routes.staff_phb(phb.reference)}?done=opened"


def test_a_child_cannot_consent_alone(portal: Portal) -> None:
    person_id = another_person(portal, "Child", born=date(2015, 1, 2))
    page = form_of(portal, "cm", ConsentState, person_id)
    assert page.var("representative") is True
    frames = page.submit("save", given_by="SELF", given_on="6 April 2026")
    assert "under 16" in page.after(frames, "errors")["given_by"]
    assert portal.rows(Consent, col(Consent.person_id) == person_id) == []


def test_a_consent_is_withdrawn_once_and_only_where_it_belongs(portal: Portal) -> None:
    person_id, somebody = another_person(portal, "Withdraws"), another_person(portal, "Somebody")
    form_of(portal, "cm", ConsentState, person_id).submit("save", given_by="SELF", given_on="6 April 2026")
    (given,) = portal.rows(Consent, col(Consent.person_id) == person_id)
    assert form_of(portal, "cm", WithdrawalState, somebody, consent=str(given.id)).var("missing") is True
    page = form_of(portal, "cm", WithdrawalState, person_id, consent=str(given.id))
    assert page.var("consent_words") == "Consent to a direct payment, given by the budget holder on 6 April 2026."
    early = page.submit("save", withdrawn_on="5 April 2026")
    assert "before it was given" in page.after(early, "errors")["withdrawn_on"]
    page.submit("save", withdrawn_on="8 April 2026")
    again = page.submit("save", withdrawn_on="9 April 2026")
    assert sentences(again, page) == ["This consent has already been withdrawn."]


def test_the_check_takes_yes_or_no_and_keeps_nothing_else(portal: Portal) -> None:
    person_id = another_person(portal, "Checked")
    page = form_of(portal, "cm", CheckState, person_id)
    assert page.after(page.submit("save", excluded="perhaps"), "errors") == {"excluded": "Choose yes or no."}
    page.submit("save", excluded="yes", why="a court order of last year")
    (kept,) = portal.rows(ExclusionAttestation, col(ExclusionAttestation.person_id) == person_id)
    assert (kept.excluded, kept.attested_by) == (True, portal.world.cm.user_id)
    assert "court order" not in str(portal.snapshot(without=frozenset()))
    shown = record(portal, "cm", person_id)
    assert shown.var("check").startswith("Excluded from direct payments. Checked by Cm on ")


def test_sign_in_is_switched_only_for_somebody_nhs_login_can_recognise(portal: Portal) -> None:
    nobody = form_of(portal, "cm", SignInState, another_person(portal, "Numberless"))
    assert "Add the NHS number" in nobody.after(nobody.submit("save", on="yes"), "errors")["on"]
    page = form_of(portal, "cm", SignInState, portal.people["second"])
    assert page.var("now") == "yes"
    page.submit("save", on="no")
    (row,) = portal.rows(Person, col(Person.id) == portal.people["second"])
    assert row.sign_in_on is False
    history = record(portal, "cm", portal.people["second"]).var("history")
    assert history[0]["sentence"] == "Switched this person’s own sign-in off."


FORMS = [
    (ChangePersonState, NAMES | BORN),
    (EligibilityState, {"cohort": "CHC", "decided_on": "6 April 2026"}),
    (ConsentState, {"given_by": "SELF", "given_on": "6 April 2026"}),
    (CheckState, {"excluded": "no"}),
    (NewBudgetState, {"eligibility": "00000000-0000-0000-0000-000000000000", "kind": "ONGOING"}),
    (SignInState, {"on": "no"}),
]


@pytest.mark.parametrize("subject", ["clinician", "finance", "approver", "auditor", "admin", "holder", "other_cm"])
def test_nobody_else_opens_or_sends_the_case_managers_forms(portal: Portal, subject: str) -> None:
    before = portal.snapshot(without=DOOR_TABLES | {"identity"})
    for state, answers in FORMS:
        page = form_of(portal, subject, state, portal.people["own"])
        assert not page.frames.says("kafor-Reyes") or subject == "holder", state
        page.submit("save", **answers)
    assert portal.snapshot(without=DOOR_TABLES | {"identity"}) == before
