"""The accessibility statement: what we aim at, what has been tested, what has not, and how to ask for help."""

from __future__ import annotations

import reflex as rx

from phbportal.admin.frame import public_page
from phbportal.pages.public.visitor import the_team
from phbportal.ui.text import bullets, heading, paragraph


def accessibility() -> rx.Component:
    return public_page(
        "Accessibility statement",
        paragraph("We want as many people as possible to be able to use this service. You should be able to:"),
        bullets(
            [
                "make the text up to 400% bigger without losing anything",
                "use every page on a phone",
                "use every page with a keyboard only",
                "listen to every page with a screen reader",
                "change colours and contrast with your own settings",
                "stop things from moving: nothing here moves by itself",
            ]
        ),
        paragraph("We write in plain English. Budget holders can turn on easy read on their own pages."),
        heading("How accessible this service is"),
        paragraph(
            "We aim at level AA of the Web Content Accessibility Guidelines (WCAG) version 2.2. "
            "We know of no part that fails it, but not everything has been tested."
        ),
        heading("What has been tested"),
        bullets(
            [
                "Every page is checked by the automatic tool axe, on a wide screen and at the width of a small phone, "
                "each time the service is changed.",
                "Every form is checked with a keyboard, and its messages when something is wrong.",
            ]
        ),
        heading("What has not been tested"),
        bullets(
            [
                "People with disabilities have not tried the service yet.",
                "No screen reader, magnifier or voice control has been tried by a person who relies on it.",
                "Only Chromium has been tried, not Safari or Firefox.",
                "Easy read has not been checked by people with a learning disability.",
                "An independent auditor has not looked at it.",
            ]
        ),
        paragraph("An automatic tool finds only some of the problems people meet. Tell us about those it missed."),
        heading("If something is hard to use, or you need it another way"),
        paragraph(
            "You can ask for any of this information in large print, in easy read, in braille, as audio, in British "
            "Sign Language or in another language. You can ask somebody to do for you what you cannot do here."
        ),
        the_team(),
        heading("If you are not happy with our answer"),
        paragraph(
            "The Equality and Human Rights Commission (EHRC) sees to it that public services follow the Public Sector "
            "Bodies (Websites and Mobile Applications) (No. 2) Accessibility Regulations 2018. If you are not happy "
            "with how we answer, contact the Equality Advisory and Support Service (EASS)."
        ),
        heading("About this statement"),
        paragraph("This statement was written on 22 November 2026."),
    )
