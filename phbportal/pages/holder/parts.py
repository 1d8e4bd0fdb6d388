"""What the holder's pages share: a part with its heading and picture, whom to ask, what comes next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import reflex as rx

from phbportal.queries.looks import LookDay
from phbportal.ui.details import details
from phbportal.ui.easy_read import idea, said
from phbportal.ui.links import link
from phbportal.ui.pictures import Picture
from phbportal.ui.text import heading, paragraph
from phbportal.ui.values import Flag, Text, when

CONTACT = "Contact your personal health budget team. Their telephone number is on the letters they send you."


def part(shown: Picture | rx.Component, title: Text, *content: Any, easy: Flag, level: int = 3) -> rx.Component:
    """One part of a page: its heading, and what it says with a picture beside it when easy read is on."""
    return rx.fragment(heading(title, level=level), idea(shown, *content, pictured=easy))


def named(title: Text, only: str, *, several: Flag) -> rx.Component:
    """The heading of one budget among several; of an only one it is there for those who hear the page."""
    return rx.cond(several, heading(title, size="l"), rx.el.h2(only, class_name="nhsuk-u-visually-hidden"))


def listed(items: Any, words: Callable[[Any], Any]) -> rx.Component:
    """A bulleted list with ready words for each item."""
    return rx.el.ul(rx.foreach(items, lambda item: rx.el.li(words(item))), class_name="nhsuk-list nhsuk-list--bullet")


def day_of_looks(day: rx.Var[LookDay]) -> rx.Component:
    """A day on which the record was looked at, and by whom."""
    return rx.fragment(heading(day.day), listed(day.sentences, lambda sentence: sentence))


def people_to_ask(manager: Text, board: Text, reference: Text, phone: Text, email: Text, *, easy: Flag) -> rx.Component:
    """Who looks after the budget and how to reach them."""
    return part(
        "phone",
        "Who to contact",
        when(manager, paragraph("Your contact is ", rx.el.strong(manager), ".")),
        when(board, paragraph("They work for ", board, ".")),
        when(phone, paragraph("Telephone: ", rx.el.strong(phone))),
        when(email, paragraph("E-mail: ", link(email, _mailto(email), leaves=True))),
        rx.cond((phone == "") & (email == ""), paragraph(CONTACT), rx.fragment()),
        when(reference, paragraph("When you call, say the number of your budget: ", rx.el.strong(reference))),
        easy=easy,
    )


def what_it_is_for(lines: Any, *, easy: Flag) -> rx.Component:
    """What the money is for, line by line, each with how it was worked out."""
    shown = listed(
        lines, lambda one: rx.fragment(rx.el.strong(one.what), ": ", one.amount, ". ", when(one.how, one.how))
    )
    return when(lines, part("list", "What the money is for", details("Show each part of it", shown), easy=easy))


def who_is_paid(workers: Any, title: Text, *, easy: Flag) -> rx.Component:
    """The personal assistants of a budget: their pay, their checks, and what stands in the way of paying them."""
    shown = listed(
        workers,
        lambda one: rx.fragment(
            rx.el.strong(one.name), when(one.pay, ", " + one.pay), ". ", one.checks, ". ",
            when(one.waits, one.waits + "."),
        ),
    )  # fmt: skip
    return when(workers, part("person", title, shown, easy=easy))


def own_wheelchair(chair: Any, title: Text, *, easy: Flag) -> rx.Component:
    """A wheelchair: what is paid and by whom, whose it is, who sees to it, how long it lasts. Nothing without one."""
    adds = when(chair.adds, paragraph("Who adds to it:"), listed(chair.adds, lambda words: words))
    return when(chair.sentences, part("care", title, said(chair.sentences, apart=easy), adds, easy=easy))


def _mailto(email: Text) -> Text:
    return "mailto:" + email


def next_steps(easy: Flag) -> rx.Component:
    """For somebody who has no budget yet."""
    return rx.fragment(
        heading("You do not have a personal health budget yet"),
        idea(
            "arrow",
            paragraph("Your team is still talking with you, or is getting things ready."),
            paragraph("When there is a budget, you will see your money and your plan here."),
            paragraph("If you think there should be one already, ask your team."),
            pictured=easy,
        ),
    )
