"""What a page keeps when its connection is lost, when a file is fetched from it, and when it waits to be signed out."""

from __future__ import annotations

from playwright.sync_api import Route, WebSocketRoute, expect

from tests.browser.stops import CASE_MANAGER, HOLDER
from tests.browser.visitor import LOADED, Given, eventually


def test_what_was_typed_is_still_there_when_the_connection_comes_back(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER)
    connections: list[WebSocketRoute] = []
    heard: list[str] = []

    def connects(socket: WebSocketRoute) -> None:
        def hears(message: str | bytes) -> None:
            heard.append(str(message))
            socket.send(message)

        socket.connect_to_server().on_message(hears)
        connections.append(socket)

    marta.page.route_web_socket("**/_event**", connects)
    marta.opens("/staff/equipment/new", shows="Budget")
    marta.types("Name", "Typed before").types("Price", "12.50")
    heard.clear()
    connections[-1].close()
    eventually(lambda: any(LOADED in one for one in heard), marta.page, "the page was not loaded anew")
    marta.presses("Save").sees("Enter the day it was bought.")
    expect(marta.page.get_by_label("Name", exact=True)).to_have_value("Typed before")
    expect(marta.page.get_by_label("Price", exact=True)).to_have_value("12.50")


def test_a_file_is_fetched_and_what_was_chosen_stays_chosen(given: Given) -> None:
    marta = given.signed_in(CASE_MANAGER).opens("/staff/equipment?saved=all", shows="Hoist")
    marta.page.get_by_label("Choose Hoist").click()
    marta.sees("1 piece of equipment chosen")
    with marta.page.expect_download():
        marta.follows("CSV")
    marta.page.get_by_label("Choose Bath seat").click()
    marta.sees("2 pieces of equipment chosen")


def test_a_page_that_signs_out_is_taken_nowhere_else_before_it_has_its_answer(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    failed: list[str] = []

    def answers_late(route: Route) -> None:
        answer = route.fetch(max_redirects=0)
        gareth.page.wait_for_timeout(500)
        route.fulfill(response=answer)

    gareth.page.on("requestfailed", lambda request: failed.append(request.url))
    gareth.page.route("**/auth/logout", answers_late)
    gareth.signs_out()
    assert not [url for url in failed if url.endswith("/auth/logout")]
