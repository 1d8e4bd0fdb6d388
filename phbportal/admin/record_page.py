"""How a record looks: what may be done with it, its sections, the rows that point to it, notes, history, looks."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal.admin.beside_page import beside, beside_keys
from phbportal.admin.frame import engine_page
from phbportal.admin.record_state import RecordState
from phbportal.ui.buttons import button, button_group, link_button, print_button, text_button
from phbportal.ui.data_table import data_table
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import breadcrumb, is_served, link
from phbportal.ui.notices import inset
from phbportal.ui.pagination import pager
from phbportal.ui.tables import Column, line, nothing_here, table
from phbportal.ui.tags import tag
from phbportal.ui.text import heading, paragraph
from phbportal.ui.timeline import timeline
from phbportal.ui.values import pick, when


def record() -> rx.Component:
    """A record of any resource."""
    s: Any = RecordState
    return engine_page(
        s.title,
        beside(),
        button_group(
            rx.foreach(s.acts, lambda act: link_button(act.label, act.href, kind="secondary")),
            print_button(),
        ),
        when(s.waits, _waits(s)),
        rx.foreach(s.sections, _section),
        rx.foreach(s.related, lambda related, n: _related(related, n, s)),
        when(s.sees_notes, _notes(s)),
        when(s.sees_history, _history(s)),
        when(s.sees_looks, _looks(s)),
        beside_keys(),
        state=s,
        caption=s.caption,
        before=breadcrumb((s.back_label, s.back_href)),
    )


def _waits(s: Any) -> rx.Component:
    return inset(
        paragraph("A change to this waits for a second person:"),
        rx.foreach(s.waits, lambda one: paragraph(link(one.text, one.href))),
    )


def _section(section: Any) -> rx.Component:
    return rx.el.section(
        heading(section.title),
        rx.el.dl(rx.foreach(section.facts, _fact), class_name="nhsuk-summary-list"),
    )


def _fact(fact: Any) -> rx.Component:
    value = rx.match(
        fact.kind,
        ("link", link(fact.text, fact.href, leaves=is_served(fact.href))),
        ("tag", tag(fact.text, fact.colour)),
        ("long", rx.el.span(fact.text, class_name="phb-long")),
        ("none", nothing_here()),
        rx.fragment(fact.text),
    )
    return line(fact.label, value)


def _related(related: Any, n: Any, s: Any) -> rx.Component:
    return rx.el.section(
        heading(related.title),
        data_table(related.title, related.heads, related.rows, record_base=related.record_base, empty=related.empty),
        when(
            related.has_before | related.has_after,
            pager(
                on_previous=s.turn_related(n, "before"), on_next=s.turn_related(n, "after"),
                has_previous=related.has_before, has_next=related.has_after, label=related.title,
            ),
        ),
    )  # fmt: skip


def _notes(s: Any) -> rx.Component:
    def note(one: Any) -> rx.Component:
        more = when(one.mine, text_button("Put it right", on_click=s.put_right(one.id), more=one.by))
        return rx.el.li(
            rx.el.p(one.words, class_name="phb-timeline__sentence phb-long"),
            rx.el.p(one.by, class_name="phb-timeline__by"),
            when(one.corrects, rx.el.p(one.corrects, class_name="phb-timeline__by")),
            pick(one.put_right, rx.el.p(one.put_right, class_name="phb-timeline__by"), more),
            class_name="phb-timeline__item",
        )

    box = textarea(
        "note", pick(s.correcting, "Write what is right", "Write a note"), error=s.errors["note"], rows=3,
        hint="Everybody at your board who may open this record can read it. It cannot be changed afterwards.",
        value=s.form_key[:0],
    )  # fmt: skip
    return rx.el.section(
        heading("Notes"),
        pick(s.notes, rx.el.ol(rx.foreach(s.notes, note), class_name="phb-timeline"), paragraph("No notes yet.")),
        pager(
            on_previous=s.turn_notes("newer"), on_next=s.turn_notes("older"), has_previous=s.has_newer_notes,
            has_next=s.has_older_notes, label="Pages of notes",
        ),
        when(
            s.writes_notes,
            rx.el.div(form(box, button("Save the note", kind="secondary"), on_submit=s.add_note, guarded=True),
                      key=s.form_key, class_name="phb-no-print"),
        ),
    )  # fmt: skip


def _history(s: Any) -> rx.Component:
    return rx.el.section(
        heading("What has happened"),
        timeline(s.history),
        pager(
            on_previous=s.turn_history("newer"), on_next=s.turn_history("older"), has_previous=s.has_newer,
            has_next=s.has_older, label="Pages of history",
        ),
    )  # fmt: skip


def _looks(s: Any) -> rx.Component:
    columns = [Column("Who", "who"), Column("Role", "role"), Column("What", "page"), Column("When", "when")]
    return rx.el.section(
        heading("Who has looked at this person’s record"),
        table("Who has looked", columns, s.looks, empty="Nobody has looked yet.", caption_hidden=True),
    )
