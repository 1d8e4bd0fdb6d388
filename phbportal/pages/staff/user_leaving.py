"""Leavers: disabling somebody everywhere, letting them sign in again, and giving their budgets to somebody else."""

from __future__ import annotations

import reflex as rx

from phbportal import routes
from phbportal.domain.text import plural
from phbportal.edge.markers import reads, writes
from phbportal.pages.staff.user_form import AboutUser, reason_field, user_form_page
from phbportal.policy.permissions import Permission
from phbportal.queries.user_record import budgets_words, case_managers
from phbportal.services.cases import read_case_manager, reassign_cases
from phbportal.services.leavers import disable_user
from phbportal.services.role_proposals import propose_enabling, read_reason
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group
from phbportal.ui.choices import Choice, select
from phbportal.ui.forms import form
from phbportal.ui.links import link
from phbportal.ui.notices import inset, warning
from phbportal.ui.text import bullets, paragraph
from phbportal.ui.values import pick


class DisableState(AboutUser, rx.State):
    """The question whether to disable somebody."""

    budgets: str = ""

    @reads(Permission.USER_END)
    def load(self, uow: UnitOfWork) -> None:
        self.budgets = budgets_words(uow.session, uow.actor, self._about(uow).id)
        self.ready = True

    @writes(Permission.USER_END)
    def disable(self, uow: UnitOfWork) -> object:
        disable_user(uow, self._id())
        return self._done("disabled")


class EnableState(AboutUser, rx.State):
    """The form that proposes that somebody may sign in again."""

    @reads(Permission.ROLE_GRANT_PROPOSE)
    def load(self, uow: UnitOfWork) -> None:
        self._about(uow)
        self.ready = True

    @writes(Permission.ROLE_GRANT_PROPOSE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        reason = read_reason(form)
        grant_id = uow.once("enabling", self.form_key, form, lambda: str(propose_enabling(uow, self._id(), reason)))
        return rx.redirect(f"{routes.staff_role_grant(grant_id)}?done=proposed")


class BudgetsState(AboutUser, rx.State):
    """The form that gives all of somebody's budgets to another case manager."""

    budgets: str = ""
    others: list[Choice] = []

    @reads(Permission.USER_END)
    def load(self, uow: UnitOfWork) -> None:
        brief = self._about(uow)
        self.budgets = budgets_words(uow.session, uow.actor, brief.id)
        found = case_managers(uow.session, uow.actor, uow.today)
        self.others = [Choice(str(user_id), name) for user_id, name in found if user_id != brief.id]
        self.ready = True

    @writes(Permission.CASES_REASSIGN)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> None:
        to_user, key = read_case_manager(form), self.form_key
        count = uow.once("budgets", key, form, lambda: str(reassign_cases(uow, self._id(), to_user)))
        self.budgets, self.notice = "", f"{plural(int(count), 'budget')} given to another case manager."


def disable() -> rx.Component:
    """What disabling does."""
    s = DisableState
    return user_form_page(
        "Disable this person",
        warning("They can do nothing here any more, at any board, from now on."),
        bullets(
            [
                "They are signed out everywhere within seconds.",
                "Their sign-ins and all their roles end.",
                "Invitations they made and nobody has used stop working; what they proposed is withdrawn.",
                "What they did stays in every record.",
            ]
        ),
        pick(
            s.budgets,
            inset(paragraph("They are the case manager of ", s.budgets, ". Give them to somebody else afterwards.")),
            rx.fragment(),
        ),
        paragraph("To let them sign in again, another person must grant it."),
        button_group(button("Disable this person", kind="warning", on_click=s.disable), link("Cancel", s.back)),
        state=s,
    )


def enable() -> rx.Component:
    """Why they should be let in again."""
    s = EnableState
    return user_form_page(
        "Let this person sign in again",
        inset(
            "Another person must grant this. Their roles stay ended: propose each one they need again, once they can "
            "sign in."
        ),
        form(
            reason_field(s),
            button_group(button("Propose it"), link("Cancel", s.back)),
            on_submit=s.save,
        ),
        state=s,
    )


def budgets() -> rx.Component:
    """How many, and to whom."""
    s = BudgetsState
    return user_form_page(
        "Give their budgets to another case manager",
        pick(
            s.budgets,
            rx.fragment(
                paragraph("They are the case manager of ", s.budgets, "."),
                form(
                    select(
                        "case_manager", "Give all of them to", s.others, blank="Choose a case manager",
                        error=s.errors["case_manager"],
                    ),
                    button_group(button("Give them"), link("Cancel", s.back)),
                    on_submit=s.save,
                ),
            ),
            rx.fragment(paragraph("They have no open budgets."), paragraph(link("Back to this person", s.back))),
        ),
        state=s,
    )  # fmt: skip
