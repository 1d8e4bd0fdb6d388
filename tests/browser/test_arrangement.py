"""A third-party arrangement walked through by everybody it takes: the organisation, the board, the person on paper."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from phbportal.domain.clock import london_date
from phbportal.domain.isf import LINES
from tests.browser.stops import APPROVER, CASE_MANAGER, PROVIDER
from tests.browser.visitor import NARROW, Given, Visitor

PICTURES = os.environ.get("PHB_TEST_PICTURES", "")


def pictured(visitor: Visitor, name: str) -> Visitor:
    """A picture of the page for whoever asks for pictures."""
    if PICTURES:
        visitor.page.screenshot(path=Path(PICTURES) / f"{name}.png", full_page=True)
    return visitor


def test_an_offer_is_answered_on_a_phone_signed_by_three_and_then_nothing_stands_in_the_way(given: Given) -> None:
    imani = given.signed_in(PROVIDER)
    imani.page.set_viewport_size(NARROW)
    imani.opens("/provider", shows="Wanda Reed")
    pictured(imani, "provider-home")
    imani.page.get_by_role("link", name="Wanda Reed", exact=True).click()
    imani.settles("£3,600.00 every 4 weeks")
    pictured(imani, "provider-offer")
    imani.types("What do you do at your organisation?", "Director")
    for line in LINES:
        imani.page.get_by_role("group", name=f"Your answer to line {line}", exact=True).get_by_label("Accept").check()
    imani.page.get_by_label("Send my answers to the board").check()
    imani.presses("Continue")
    imani.settles("What waits for you").sees("You have accepted every line.")
    imani.page.get_by_role("link", name="Sign the agreement: Wanda Reed").click()
    imani.settles("Who this agreement is between")
    imani.types("What do you do at your organisation?", "Director")
    imani.page.get_by_label("I have read the agreement and sign it for my organisation").check()
    imani.presses("Sign the agreement")
    imani.sees("You have signed the agreement for your organisation.")
    pictured(imani, "provider-signed")

    marta = given.signed_in(CASE_MANAGER).opens("/staff/phbs/{wanda_phb}/isf?stream={wanda_notional}")
    marta.sees("still has to be signed by the person and the board")
    pictured(marta, "staff-arrangement")
    marta.follows("Record a signature on paper").settles("Who signed?")
    marta.page.get_by_label("The person", exact=True).check()
    marta.types("Their name", "Wanda Reed")
    today = london_date(datetime.now(UTC))
    for part, value in (("Day", today.day), ("Month", today.month), ("Year", today.year)):
        marta.types(part, str(value))
    marta.types("Where can the signed paper be seen?", "Scanned to the case file")
    marta.presses("Record the signature").sees("The signature is recorded.")

    ruth = given.signed_in(APPROVER).opens("/staff", shows="Sign the agreement with Mersey Lives CIC for Wanda Reed")
    ruth.follows("Sign the agreement with Mersey Lives CIC for Wanda Reed").settles("Signatures")
    ruth.page.get_by_label("I have read the agreement and sign it for the board").check()
    ruth.presses("Sign for the board").sees("You have signed the agreement for the board.")
    ruth.sees("Signed by all three")
    pictured(ruth, "staff-signed")
    assert imani.complaints == marta.complaints == ruth.complaints == []
