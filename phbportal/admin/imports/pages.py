"""How bringing in a file looks: choosing it, saying what its columns are, seeing what becomes of its rows."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin import addresses
from phbportal.admin.confirming import confirm_hint
from phbportal.admin.frame import engine_page
from phbportal.admin.imports.batch_state import ImportState
from phbportal.admin.imports.columns_state import ImportColumnsState
from phbportal.admin.imports.sheets_state import ImportSheetsState
from phbportal.admin.imports.start_state import ImportStartState
from phbportal.domain.imports import MOST_BYTES
from phbportal.edge.frame import Frame
from phbportal.ui.buttons import button, button_group, link_button, text_button
from phbportal.ui.choices import checkboxes_by_name, radios, select
from phbportal.ui.details import details
from phbportal.ui.files import file_form, file_input
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import anchor, back_link, link
from phbportal.ui.notices import inset, progress
from phbportal.ui.pagination import pagination
from phbportal.ui.sections import section
from phbportal.ui.tables import Column, summary_list, table
from phbportal.ui.tags import tag
from phbportal.ui.text import bullets, columns, paragraph
from phbportal.ui.values import NOTHING, pick, when

TAKING_BACK = "What it made is removed and what it changed is put back, all of it, if nothing has built upon it."
ACCEPT = ".csv,.xlsx,text/csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def import_start() -> rx.Component:
    """Where a file is chosen."""
    s: Any = ImportStartState
    return engine_page(
        s.title,
        columns(
            when(s.explains, paragraph(s.explains)),
            bullets(s.rules),
            file_form(
                file_input(
                    "file", "File", accept=ACCEPT, error=s.errors["file"],
                    hint=f"CSV or Excel (XLSX), at most {MOST_BYTES // 1024**2} MB. Your own headings are understood.",
                ),
                button("Look at this file"),
                action=s.action,
                csrf=Frame.csrf,
            ),
            paragraph(
                "Or begin from an empty file: ",
                rx.foreach(s.templates, lambda one: rx.fragment(link(one.text, one.value, leaves=True), " ")),
            ),
            details("The columns of the file", summary_list(s.lines)),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )  # fmt: skip


def import_columns() -> rx.Component:
    """What each heading stands for."""
    s: Any = ImportColumnsState

    def ask(one: Any) -> rx.Component:
        return select(
            one.name, one.heading, s.choices, value=one.value, error=s.errors[one.name],
            hint=pick(one.samples, "Such as " + one.samples, "Nothing stands in the first rows"),
        )  # fmt: skip

    return engine_page(
        "What are the columns?",
        columns(
            paragraph("We have proposed what each heading of your file stands for. Put right what is not so."),
            when(s.sheets, paragraph("Sheets: ", s.sheets, ".")),
            when(s.sheets_href, paragraph(link("Choose other sheets", s.sheets_href))),
            form(
                rx.foreach(s.asked, ask),
                button_group(button("Try the file"), link("Cancel", s.back_href)),
                on_submit=s.save,
            ),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )


def import_sheets() -> rx.Component:
    """Which sheets of a workbook are meant."""
    s: Any = ImportSheetsState
    return engine_page(
        "Which sheets do you mean?",
        columns(
            paragraph("The rows of all the sheets you choose are brought in together, as one list."),
            form(
                checkboxes_by_name("s0", "Sheets of the workbook", s.sheets, s.ticked, error=s.errors["s0"]),
                button_group(button("Use these sheets"), link("Cancel", s.back_href)),
                on_submit=s.save,
            ),
        ),
        state=s,
        caption=s.caption,
        before=back_link(s.back_href),
    )


def import_batch() -> rx.Component:
    """A file, its rows and what can be done with it."""
    s: Any = ImportState
    return engine_page(
        s.title,
        when(s.trouble, inset(paragraph(s.trouble))),
        when(
            s.at_work,
            progress(s.done, s.total, s.progress, label="How far it is"),
            rx.el.div(
                text_button("See how far it is now", on_click=s.look_again), custom_attrs={"data-look-again": "true"}
            ),
        ),
        summary_list(s.lines),
        _acts(s),
        _deciding(s),
        when(s.may_name, _naming(s)),
        when(s.may_say, _saying(s)),
        when(s.narrows.length() > 0, _rows(s)),
        state=s,
        before=back_link(routes.STAFF_IMPORTS, "All files brought in"),
    )


def _acts(s: Any) -> rx.Component:
    return rx.fragment(
        when(s.not_go, paragraph(s.not_go)),
        button_group(
            when(s.may_go, button(s.go_words, on_click=s.go)),
            when(s.columns_href, link_button("Say what the columns are", s.columns_href, kind="secondary")),
            when(s.may_give_up, button("Give this file up", kind="secondary", on_click=s.give_up)),
        ),
        when(
            s.may_take_back,
            details(
                "Take the file back",
                paragraph(
                    "What it made is removed and what it changed is put back, all of it, if nothing has built on it."
                ),
                button("Take it back", kind="warning", on_click=s.take_back),
            ),
        ),
    )


def _deciding(s: Any) -> rx.Component:
    """The second person's part."""
    return rx.fragment(
        when(
            s.may_decide,
            section(
                "decide", "Your decision",
                confirm_hint(s),
                button_group(button("Agree: bring it in", on_click=s.agree)),
                columns(
                    form(
                        textarea("note", "Or say why not", error=s.errors["note"], rows=3),
                        button("Refuse", kind="secondary"),
                        on_submit=s.refuse,
                    )
                ),
            ),
        ),
        when(
            s.may_take_back_second,
            details(
                "Take the file back",
                paragraph(TAKING_BACK),
                confirm_hint(s),
                button("Take it back", kind="warning", on_click=s.take_back_second),
            ),
        ),
    )  # fmt: skip


def _naming(s: Any) -> rx.Component:
    """Words of other people's for what we have a list of."""
    return section(
        "values", "What do these mean?",
        columns(
            paragraph("These are not among the choices. Say once what they mean: your board’s next files know it."),
            form(
                rx.foreach(s.strange, lambda one: select(one.name, one.label, one.choices)),
                button("Try the file again", kind="secondary"),
                on_submit=s.name_values,
            ),
        ),
    )  # fmt: skip


def _saying(s: Any) -> rx.Component:
    """Rows that may mean what the portal has already."""
    return section(
        "doubts", "The same or another?",
        columns(
            paragraph("These rows may mean what the portal has already. Nothing is guessed: say of each which it is."),
            form(
                rx.foreach(
                    s.doubtful,
                    lambda one: radios(
                        one.name, one.label, one.choices, value=one.value, hint=one.reason, error=s.errors[one.name],
                        small=True,
                    ),
                ),
                button("Try the file again with this", kind="secondary"),
                on_submit=s.decide,
            ),
        ),
    )  # fmt: skip


def _rows(s: Any) -> rx.Component:
    def item(one: Any) -> rx.Component:
        return rx.el.li(
            anchor(one.label, href=one.href, class_name="nhsuk-link", aria_current=pick(one.current, "page", NOTHING))
        )

    return section(
        "rows", "Row by row",
        rx.el.nav(
            rx.el.ul(rx.foreach(s.narrows, item), class_name="nhsuk-list phb-views__list"),
            aria_label="Rows by what becomes of them", class_name="phb-views",
        ),
        table(
            "Rows",
            [
                Column("Row", "number"),
                Column("What becomes of it", lambda row: tag(row.outcome, row.colour)),
                Column("About", "words"),
                Column("Why", "reason"),
            ],
            s.rows, empty="No rows.", caption_hidden=True,
        ),
        pagination(previous_href=s.first_href, next_href=s.next_href, label="Pages of the rows"),
        when(
            s.downloads,
            rx.el.p(
                "Download the refused rows: ",
                rx.foreach(s.downloads, lambda one: rx.fragment(link(one.text, one.value, leaves=True), " ")),
                class_name="nhsuk-body phb-no-print",
            ),
        ),
    )  # fmt: skip


PAGES: tuple[tuple[Any, str, Any, Any], ...] = (
    (
        import_start,
        addresses.IMPORT,
        rx.cond(ImportStartState.title, ImportStartState.title, "Bring in a file"),
        ImportStartState.load,
    ),
    (import_sheets, routes.STAFF_IMPORT_SHEETS, "Which sheets do you mean?", ImportSheetsState.load),
    (import_columns, routes.STAFF_IMPORT_COLUMNS, "What are the columns?", ImportColumnsState.load),
    (import_batch, routes.STAFF_IMPORT, "A file brought in", ImportState.load),
)
