"""What reaches the browser: no script of anybody else's, no secret, nothing of other people, nothing left behind."""

from __future__ import annotations

import pytest

from phbportal.domain.identifiers import show_nhs_number
from tests.browser.stops import AUDITOR, CASE_MANAGER, FINANCE, HOLDER, SEVERAL
from tests.browser.visitor import LOADED, Given, Visitor, as_json, eventually

INJECT = """() => {
  const script = document.createElement("script");
  script.textContent = "window.ran = 1";
  document.body.append(script);
  const picture = document.createElement("img");
  picture.setAttribute("onerror", "window.ran = 2");
  picture.src = "/no-such-picture.png";
  document.body.append(picture);
  const elsewhere = document.createElement("script");
  elsewhere.src = "https://evil.example/x.js";
  document.body.append(elsewhere);
}"""


def numbers_of_others(visitor: Visitor, own: str) -> list[str]:
    """Everybody else's NHS number, as it is kept and as it is shown."""
    numbers = visitor.portal.nhs_numbers()
    assert own in numbers
    others = [number for family, number in numbers.items() if family != own]
    return [*others, *(show_nhs_number(number) for number in others)]


def test_n58_the_policy_stops_nothing_of_ours_on_the_way_through(given: Given) -> None:
    gareth = given.somebody().opens("/", shows="Sign in")
    gareth.signs_in(HOLDER).settles("left to spend")
    gareth.follows("See what you can spend it on").settles("What I can spend on").is_at("/my-plan")
    gareth.presses("Turn easy read on").sees("Easy read is on.")
    gareth.presses("Turn easy read off").sees("Easy read has bigger words")
    gareth.follows("Accessibility statement").settles("Accessibility statement")
    gareth.signs_in(CASE_MANAGER, to="/staff/people").settles("Pritchard-Evans, Gareth")
    gareth.types("Find a person", "pritch").presses("Search").settles("Pritchard-Evans, Gareth").signs_out()
    assert gareth.complaints == []


@pytest.mark.parametrize(("name", "path"), [("", "/"), (HOLDER, "/my-budget"), (CASE_MANAGER, "/staff/people")])
def test_n58_an_injected_script_does_not_run(given: Given, name: str, path: str) -> None:
    visitor = (given.signed_in(name) if name else given.somebody()).opens(path)
    visitor.page.evaluate(INJECT)
    eventually(
        lambda: sum("CSP stopped script-src" in c for c in visitor.complaints) >= 3, visitor.page,
        "the policy should have stopped three scripts",
    )  # fmt: skip
    assert visitor.page.evaluate("window.ran") is None


@pytest.mark.parametrize("path", ["/", "/my-budget", "/auth/login"])
def test_n75_no_other_page_can_put_ours_in_a_frame(given: Given, path: str) -> None:
    gareth = given.signed_in(HOLDER)
    elsewhere = gareth.context.new_page()
    elsewhere.goto("about:blank")
    elsewhere.set_content(f"<iframe src='{gareth.portal.origin}{path}'></iframe>")
    eventually(lambda: elsewhere.frames[-1].url.startswith("chrome-error:"), elsewhere, "the frame was not stopped")


def test_n59_no_script_reads_the_session_and_no_frame_carries_it(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    gareth.opens("/my-plan", shows="What I can spend on")
    assert gareth.page.evaluate("document.cookie") == ""
    stored = gareth.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    html = gareth.page.content()
    for place in (gareth.received(), stored, html):
        assert gareth.secret not in place
    assert gareth.received()


def test_n59_a_holder_s_frames_hold_nothing_of_other_people(given: Given) -> None:
    gareth = given.freshly_signed_in(HOLDER).opens("/my-budget", shows="left to spend")
    gareth.opens("/my-plan", shows="What I can spend on").follows("Accessibility statement").settles("Accessibility")
    received = gareth.received()
    assert "Waking night care" in received
    for number in numbers_of_others(gareth, "Pritchard-Evans"):
        assert number not in received
    for name in ("Achebe", "Ellis", "Wilfred", "I like boats"):
        assert name not in received
    assert gareth.portal.facts["rosalind"] not in received


def test_n59_somebody_who_may_not_see_nhs_numbers_is_sent_none(given: Given) -> None:
    denise = given.signed_in(FINANCE).opens("/staff", shows="Work").opens("/staff/people", shows="Gareth")
    denise.opens("/staff/people/{gareth}", shows="Pritchard-Evans")
    denise.opens("/staff/phbs/{gareth_phb}", shows="Pritchard-Evans").opens("/staff/phbs/{gareth_phb}/money")
    received = denise.received()
    assert "Pritchard" in received
    for number in denise.portal.nhs_numbers().values():
        assert number not in received
        assert show_nhs_number(number) not in received


LEAVING = (
    (HOLDER, "/my-plan", "What I can spend on", "My budget", ("Waking night care", "I was a signalman")),
    (HOLDER, "/my-budget", "left to spend", "My plan", ("You have £2,868.64 left", "Paid by the NHS for")),
    (HOLDER, "/my-budget", "left to spend", "Accessibility statement", ("2,868.64", "PHB-2026")),
    (CASE_MANAGER, "/staff/people", "Pritchard-Evans, Gareth", "Accessibility statement", ("Pritchard", "Achebe")),
    (CASE_MANAGER, "/staff/people", "Pritchard-Evans, Gareth", "Providers", ("Pritchard", "999 310 0439")),
    (CASE_MANAGER, "/staff/people/{gareth}", "999 310 0439", "Providers", ("Pritchard", "999 310 0439", "CH1 2HJ")),
    (FINANCE, "/staff/phbs/{gareth_phb}", "Pritchard-Evans", "Providers", ("Pritchard", "PHB-2026")),
    (FINANCE, "/staff/phbs/{gareth_phb}/money", "£400.00", "Providers", ("Pritchard", "PHB-2026")),
    (AUDITOR, "/staff/phbs/{gareth_phb}/plan", "Waking night care", "Providers", ("Waking night", "signalman")),
)
"""Who, the record's page, what shows it is there, the link by which it is left, and words only it has."""


@pytest.mark.parametrize(("name", "path", "shows", "link", "words"), LEAVING)
def test_after_leaving_a_record_no_frame_holds_any_of_it(
    given: Given, name: str, path: str, shows: str, link: str, words: tuple[str, ...]
) -> None:
    visitor = given.signed_in(name).opens(path, shows=shows)
    for one in words:
        assert as_json(one) in visitor.received()
    eventually(lambda: LOADED in visitor.received(), visitor.page, "the page was never loaded to its end")
    mark = len(visitor.frames)
    visitor.follows(link).page.wait_for_url(lambda url: visitor.portal.path(path) not in url)
    eventually(lambda: len(visitor.frames) > mark, visitor.page, "the next page never asked the server")
    visitor.settles()
    visitor.page.reload()
    visitor.settles().page.wait_for_timeout(300)
    for one in words:
        assert as_json(one) not in visitor.received(mark), f"{one!r} came along to {visitor.page.url}"


def test_what_one_person_wrote_is_in_nobody_else_s_frames(given: Given) -> None:
    toby = given.signed_in(SEVERAL).opens("/my-plan", shows="I like boats")
    gareth = given.signed_in(HOLDER).opens("/my-plan", shows="Waking night care")
    assert "I like boats" in toby.received()
    assert "I like boats" not in gareth.received()
    assert "Waking night care" not in toby.received()
