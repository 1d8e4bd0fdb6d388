"""A task: what to look at, and what came of it; most end by themselves, some when somebody says they are done."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import reflex as rx

from phbportal import routes
from phbportal.admin.frame import staff_page
from phbportal.edge.here import params_of
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import PageState, new_form
from phbportal.policy.permissions import Permission
from phbportal.queries.ids import given_id
from phbportal.queries.tasks import task_view
from phbportal.services.tasks import finish_task, give_back_task, read_note, take_task
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.forms import form, textarea
from phbportal.ui.links import back_link, link
from phbportal.ui.tables import line, summary_list
from phbportal.ui.text import columns, heading, paragraph
from phbportal.ui.values import when

PAGE = "task"


class TaskState(PageState, rx.State):
    """One task, as text."""

    sentence: str = ""
    due: str = ""
    reference: str = ""
    budget_href: str = ""
    person_href: str = ""
    part_href: str = ""
    about_href: str = ""
    done: str = ""
    note: str = ""
    may_finish: bool = False
    ends_itself: bool = False
    taken: str = ""
    may_take: bool = False
    may_give_back: bool = False

    @reads(Permission.TASK_READ)
    def load(self, uow: UnitOfWork) -> None:
        self._show(uow)
        new_form(self)
        self.ready = True

    @writes(Permission.TASK_DONE)
    def finish(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        note = read_note(form)
        uow.once("task", self.form_key, form, lambda: str(finish_task(uow, self._id(), note)))
        self._show(uow)
        self.notice = "The task is done. It is off the work list, and the record keeps what you said."

    @writes(Permission.TASK_TAKE)
    def take(self, uow: UnitOfWork) -> None:
        take_task(uow, self._id(), {})
        self._show(uow)
        self.notice = "The task is yours now. It is off the others’ work lists."

    @writes(Permission.TASK_TAKE)
    def give_back(self, uow: UnitOfWork) -> None:
        give_back_task(uow, self._id(), {})
        self._show(uow)
        self.notice = "The task is the team’s again."

    def _show(self, uow: UnitOfWork) -> None:
        found = task_view(uow.session, uow.actor, uow.today, self._id())
        self.sentence, self.due, self.reference, self.done = found.sentence, found.due, found.reference, found.done
        self.budget_href, self.person_href, self.part_href = found.budget_href, found.person_href, found.part_href
        self.about_href = found.about_href
        self.note, self.may_finish, self.ends_itself = found.note, found.may_finish, found.ends_itself
        self.taken, self.may_take, self.may_give_back = found.taken, found.may_take, found.may_give_back
        uow.saw(PAGE, person_id=found.person_id, phb_id=found.phb_id)

    def _id(self) -> UUID:
        return given_id(params_of(self).get("task", ""))


def task() -> rx.Component:
    """What is asked, where to look, and the form."""
    s: Any = TaskState
    return staff_page(
        "Task",
        columns(
            paragraph(s.sentence),
            summary_list(
                [
                    line("Due", s.due),
                    line("Budget", link(s.reference, s.budget_href), shown=s.budget_href),
                    line("What it asks for", link("Open it", s.about_href), shown=s.about_href),
                    line("About", link("Somebody who acts for the person", s.part_href), shown=s.part_href),
                    line("Record", link("The person’s record", s.person_href), shown=s.person_href),
                    line("Taken by", s.taken, shown=s.taken),
                    line("Done by", s.done, shown=s.done),
                    line("What came of it", s.note, shown=s.note),
                ]
            ),
            button_group(
                when(s.may_take, button("Take this task", kind="secondary", on_click=s.take)),
                when(s.may_give_back, button("Give it back to the team", kind="secondary", on_click=s.give_back)),
            ),
            when(s.may_finish, _form(s)),
            when(s.ends_itself, paragraph("This task ends by itself when what it asks for is done.")),
        ),
        state=s,
        before=back_link(routes.STAFF, "Work"),
    )


def _form(s: Any) -> rx.Component:
    return rx.fragment(
        heading("Say that it is done"),
        paragraph("Your name and the time are kept with what you write. A stream that is on hold stays on hold until "
                  "an approver agrees whoever is paid."),
        form(
            textarea(
                "note", "What did you find, and what happens now?", error=s.errors["note"], rows=4,
                hint="For example, who makes sure that care goes on, and who is to be paid from now on",
            ),
            button_group(button("The task is done")),
            on_submit=s.finish,
        ),
    )  # fmt: skip
