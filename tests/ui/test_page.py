"""The frame of a page, its links and its tables."""

from __future__ import annotations

import pytest
import reflex as rx

from phbportal.ui.links import anchor, back_link, breadcrumb, is_served, link
from phbportal.ui.notices import warning
from phbportal.ui.page import Account, NavItem, page, page_title
from phbportal.ui.tables import Column, Line, Sort, summary_list, table
from phbportal.ui.tabs import Tab, tabs
from tests.ui.painting import one, painted, words


def drawn(**more):
    return painted(page("Holders", nav=[NavItem("Work", "/"), NavItem("Holders", "/holders", True)], **more))


def test_a_page_has_one_heading_of_the_first_level_and_its_landmarks():
    frame = drawn()
    assert words(one(frame, ".//h1")) == "Holders"
    assert [len(frame.findall(f".//{name}")) for name in ("header", "main", "footer")] == [1, 1, 1]


def test_the_first_link_skips_to_the_content():
    frame = drawn()
    first = next(frame.iter("a"))
    assert first.get("href") == "#" + one(frame, ".//main").get("id", "")


def test_the_menu_says_where_you_are_without_relying_on_colour():
    here = one(drawn(), ".//a[@aria-current='page']")
    assert words(here) == "Holders"
    assert here.find(".//strong") is not None


def test_signing_out_is_a_post_of_the_browser_itself_with_its_token():
    frame = drawn(account=Account("Sam Lee", "Case manager", "token"))
    form = one(frame, ".//form")
    assert (form.get("method"), form.get("action")) == ("post", "/auth/logout")
    assert "onSubmit" not in form.attrib
    assert '"token"' in one(form, "./input").get("value", "")
    assert one(form, "./input").get("name") == "csrf"


def test_a_change_of_role_and_ones_own_sign_ins_are_pages_of_the_server_and_only_where_they_are_given():
    def ways(account: Account):
        links = one(drawn(account=account), ".//nav[@aria-label='Account']").iter("a")
        return [(words(a), a.get("href")) for a in links]  # the page router's links have no href

    assert ways(Account("Sam Lee", "Case manager", "token")) == []
    assert ways(Account("Sam Lee", "Case manager", "token", "/auth/choose-role", "/auth/sessions")) == [
        ("Change role", "/auth/choose-role"), ("Where I am signed in", "/auth/sessions"),
    ]  # fmt: skip


def test_nobody_signed_in_means_no_account_line():
    assert drawn().findall(".//nav[@aria-label='Account']") == []


def test_the_accessibility_statement_is_on_every_page():
    assert [words(a) for a in one(drawn(), ".//footer").iter("a")] == ["Accessibility statement"]


def test_the_title_states_a_problem_first():
    assert page_title("Holders", brand="PHB", problems=True) == "Error: Holders – PHB"
    assert page_title("Holders", brand="PHB") == "Holders – PHB"


@pytest.mark.parametrize("href", ["/auth/login", "/api/evidence/1", "https://www.nhs.uk", "//elsewhere", "#field"])
def test_what_is_not_a_page_of_ours_is_an_ordinary_link(href):
    assert anchor("x", href=href).render()["name"] == '"a"'


def test_a_page_of_ours_opens_without_reloading():
    assert anchor("x", href="/holders").render()["name"] == "ReactRouterLink"


def test_an_address_known_only_in_the_browser_is_fetched_where_the_server_answers_it_itself():
    drawn_link = link("x", rx.Var("row").to(str), leaves=is_served(rx.Var("row"))).render()
    assert drawn_link["name"] == "ReactRouterLink"
    (fetched,) = (one for one in drawn_link["props"] if one.startswith("reloadDocument:"))
    assert 'row.startsWith("/api/")' in fetched


def test_a_link_says_more_to_those_who_hear_it():
    assert words(painted(link("Change", "/x", hidden="date of birth"))) == "Change date of birth"


def test_the_way_back_is_a_landmark():
    assert one(painted(back_link("/")), "./nav").get("aria-label") == "Back"
    assert words(one(painted(breadcrumb(("Work", "/"), ("Holders", "/holders"))), ".//nav/a")) == "Back to Holders"


def test_the_first_cell_of_a_row_is_its_heading_and_figures_stand_to_the_right():
    drawn_table = painted(table("Holders", [Column("Name", 0), Column("Balance", 1, numeric=True)], [("Dai", "£1.00")]))
    body = one(drawn_table, ".//tbody")
    assert one(body, ".//th").get("scope") == "row"
    assert "nhsuk-table__cell--numeric" in one(body, ".//td").get("class", "")
    assert words(one(drawn_table, ".//caption")) == "Holders"


def test_on_a_phone_each_line_of_a_card_repeats_its_heading_to_the_eye_only():
    cell = one(painted(table("Holders", [Column("Name", 0), Column("Balance", 1)], [("Dai", "£1.00")])), ".//td")
    assert words(cell) == "Balance £1.00"
    assert cell[0].get("aria-hidden") == "True"


def test_a_sorted_column_says_which_way():
    head = painted(table("Holders", [Column("Name", 0, sort=Sort("/?sort=-name", "ascending"))], [("Dai",)]))
    assert one(head, ".//thead//th").get("aria-sort") == "ascending"
    assert one(head, ".//thead//a").get("href") == "/?sort=-name"


def test_an_empty_table_says_what_to_do():
    assert (
        words(painted(table("Holders", [Column("Name", 0)], [], empty="Change the filters."))) == "Change the filters."
    )


def test_a_line_of_a_summary_names_what_can_be_changed():
    facts = painted(
        summary_list([Line("Date of birth", "14 March 1961", "/change"), Line("NHS number", "999 000 0018")])
    )
    assert [words(a) for a in facts.iter("a")] == ["Change date of birth"]


def test_tabs_are_navigation():
    parts = painted(tabs([Tab("About", "/p", True), Tab("Plan", "/p?tab=plan")], label="Parts of the record"))
    assert words(one(parts, ".//a[@aria-current='page']")) == "About"


def test_a_warning_says_that_it_is_one():
    assert words(one(painted(warning("Send it.", heading="Payments stop")), ".//h2")) == "Important: Payments stop"
    assert words(one(painted(warning("Send it.")), ".//h2")) == "Important"
