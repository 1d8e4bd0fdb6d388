"""A plan as the person it is about reads it, with what may be said about each part: for holders and who represents
them."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.domain.exclusions import EXCLUSIONS
from phbportal.domain.plan_parts import PLACE_WORDS, Place
from phbportal.pages.holder.parts import listed, named, part
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, checkbox, select
from phbportal.ui.easy_read import said
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import link
from phbportal.ui.pictures import Picture
from phbportal.ui.tables import Column, table
from phbportal.ui.tags import status_tag
from phbportal.ui.text import bullets, columns, heading, paragraph
from phbportal.ui.values import Flag, Text, when

_OUTCOME_COLOURS = {"Met": "green", "Partly met": "yellow", "Working towards it": "blue", "Not met": "orange"}
PLACES = [Choice(place.value, words) for place, words in PLACE_WORDS.items()]


def own_plan(
    plan: Any, *, easy: Flag, several: Flag, say: Text, sign: Text, ask: Text, review: Text, own: bool = True
) -> rx.Component:
    """One plan. ``say`` and ``sign`` are the addresses of those pages (the plan's id is added to them), ``ask`` that of
    asking before one buys, ``review`` that of the next review; ``own`` is whether the reader's own plan is read."""
    your, you_can = ("your", "You can spend the money") if own else ("the", "The money can be spent")
    whole = (
        _words("person", "About me", plan.about_me, easy),
        _words("star", "What matters to me", plan.what_matters, easy),
        part("target", "What I want to achieve", _outcomes(plan.outcomes), easy=easy),
        part("care", "My care and support", _services(plan.services, easy), easy=easy),
        rx.foreach(plan.parts.sections, lambda one: _words("list", one.own_title, one.words, easy)),
        when(plan.parts.risks, part("no", PLACE_WORDS[Place.RISKS], _risks(plan.parts.risks), easy=easy)),
        part(
            "basket", "What I can spend on",
            paragraph(f"{you_can} on what is in {your} plan:"),
            listed(plan.services, lambda service: rx.fragment(service.what, ". ", service.pays, ".")),
            paragraph("Do you want to buy something else? ", link("Ask before you buy it", ask), "."),
            easy=easy,
        ),
        _words("umbrella", "If something goes wrong", plan.contingency, easy),
        when(plan.parts.contingencies, _happens(plan, easy)),
        when(plan.parts.omissions, _omissions(plan, easy, your)),
        part("pen", "Who agreed this plan", said(plan.agreed, apart=easy), easy=easy),
        part(
            "calendar", "When we look at it again", said(plan.review, apart=easy),
            paragraph(link("See what we will ask, or ask for a review", review)), easy=easy,
        ),
        when(plan.parts.comments, part("talk", "What was said about this plan", _comments(plan, your), easy=easy)),
        when(
            plan.may_say,
            button_group(
                link_button("Say something about this plan", say + "?plan=" + plan.plan_id, kind="secondary"),
                when(plan.may_sign, link_button("Sign the plan", sign + "?plan=" + plan.plan_id)),
            ),
        ),
    )  # fmt: skip
    return rx.fragment(
        named(plan.heading, "Your plan", several=several),
        when(plan.standing, part("arrow", "What happens next", said(plan.standing, apart=easy), easy=easy)),
        when(plan.has_plan, *whole),
    )


def plans_to_write(plans: Any) -> rx.Component:
    """The plans somebody is asked to write; nothing while they are asked for none."""
    return when(
        plans,
        heading("A plan to write"),
        listed(plans, lambda one: rx.fragment(link("Write the plan of " + one.person, one.href), ". ", one.asked, ".")),
    )


def _words(name: Picture, title: Text, text: Any, easy: Flag) -> rx.Component:
    """What the person said in the plan, with the line breaks they wrote; nothing where they said nothing."""
    return when(text, part(name, title, rx.el.p(text, class_name="phb-own-words"), easy=easy))


def _outcomes(outcomes: Any) -> rx.Component:
    return listed(
        outcomes,
        lambda o: rx.fragment(
            rx.el.strong(o.statement), " ", status_tag(o.status, _OUTCOME_COLOURS),  # pyright: ignore
            when(o.measure, rx.el.br(), "How I will know: ", o.measure),
            when(o.by, rx.el.br(), o.by, "."),
        ),
    )  # fmt: skip


def _services(services: Any, easy: Flag) -> rx.Component:
    lines = listed(
        services,
        lambda s: rx.fragment(
            rx.el.strong(s.what), when(s.who, rx.el.br(), "Who: ", s.who), when(s.when, rx.el.br(), "When: ", s.when)
        ),
    )
    names = [Column("What", "what"), Column("Who helps", "who"), Column("When", "when")]
    return rx.cond(easy, lines, table("My care and support", names, services, caption_hidden=True))


def _risks(risks: Any) -> rx.Component:
    return listed(
        risks,
        lambda r: rx.fragment(
            rx.el.strong(r.risk), rx.el.br(), "What we do: ", r.mitigation, rx.el.br(), "Who sees to it: ", r.owner,
            when(r.accepted, rx.el.br(), "Accepted by: ", r.accepted),
        ),
    )  # fmt: skip


def _happens(plan: Any, easy: Flag) -> rx.Component:
    lines = listed(
        plan.parts.contingencies,
        lambda c: rx.fragment(rx.el.strong(c.happens), rx.el.br(), c.action, rx.el.br(), "Who: ", c.who),
    )
    return part("umbrella", "What we do if", lines, easy=easy)


def _omissions(plan: Any, easy: Flag, your: str) -> rx.Component:
    lines = listed(
        plan.parts.omissions, lambda o: rx.fragment(rx.el.strong(o.asked_for), rx.el.br(), "Why not: ", o.reason)
    )
    again = paragraph(f"You can ask for this to be looked at again. Tell {your} team, or say it here.")
    return part("no", PLACE_WORDS[Place.OMISSIONS], lines, again, easy=easy)


def _comments(plan: Any, your: str) -> rx.Component:
    return listed(
        plan.parts.comments,
        lambda c: rx.fragment(
            rx.el.strong(c.place), " (", c.said, ")", rx.el.br(), c.words,
            rx.cond(
                c.answer,
                rx.fragment(rx.el.br(), rx.el.strong("Answer: "), c.answer, " (", c.answered, ")"),
                rx.fragment(rx.el.br(), f"{your.capitalize()} team has not answered yet."),
            ),
        ),
    )  # fmt: skip


def cannot_buy(rules: Any, *, easy: Flag, own: bool = True) -> rx.Component:
    """The one list of ``domain/exclusions.py``, in plain words and in fewer, and what the board adds to it."""
    never = [one.words if own else one.for_others for one in EXCLUSIONS]
    board = "Your board" if own else "The board"
    return rx.el.section(
        heading("What the money cannot buy"),
        rx.cond(
            easy,
            part("no", "You cannot buy", bullets([x.easy for x in EXCLUSIONS]), easy=easy),
            rx.fragment(paragraph("You cannot spend it on:"), bullets(never)),
        ),
        rx.cond(
            rules,
            rx.fragment(paragraph(f"{board} has rules of its own as well. You cannot buy:"), bullets(rules)),
            rx.fragment(),
        ),
        paragraph("If you are not sure, ask before you buy."),
    )


def money_rules(rules: Any) -> rx.Component:
    """What the board asks of whoever is paid a direct payment; nothing where nobody is."""
    return when(rules, heading("Rules for the direct payment"), bullets(rules))


def comment_form(s: Any, *, back: Text, own: bool = True) -> rx.Component:
    """Which part, and the words; then what was said before."""
    team = "Your team" if own else "The team"
    return columns(
        paragraph(f"Say what is right, what is wrong, and what is missing. {team} reads it and answers here."),
        form(
            select("place", "Which part of the plan is it about?", PLACES, value=s.place, error=s.errors["place"]),
            textarea("words", "What do you want to say?", error=s.errors["words"], rows=6),
            button_group(button("Send"), link_button("Leave without sending", back, kind="secondary")),
            on_submit=s.say,
        ),
    )


def sign_form(s: Any, *, back: Text, whose: Text, said_of: Text) -> rx.Component:
    """The box to tick, and what a signature means: ``whose`` plan the signer says it is, ``said_of`` the same, said to
    them."""
    return columns(
        paragraph("Your signature says that this is ", said_of, ", and that you were part of making it."),
        paragraph("If the plan is changed after you sign, your signature is taken off and you can sign the new one."),
        form(
            checkbox("agreed", "I have read the plan, and it is " + whose, error=s.errors["agreed"]),
            button_group(button("Sign the plan"), link_button("Not now", back, kind="secondary")),
            on_submit=s.sign,
        ),
    )
