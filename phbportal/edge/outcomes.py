"""What a page shows when something is refused or breaks: an error summary, never a traceback."""

from __future__ import annotations

import logging
import secrets
from typing import Any

import reflex as rx
from reflex_base.event import EventSpec

from phbportal.domain.documents import left_out
from phbportal.domain.errors import Conflict, NotFound, Problem, Refusal
from phbportal.edge.here import params_of
from phbportal.ui.problems import ProblemView, errors_by_field, problem_views

log = logging.getLogger("phbportal.edge")


class PageState(rx.State, mixin=True):
    """What every page's state has: problems in words, the sentence beside each field, a notice, what is missing.

    ``draft`` is what had been typed before a step-up, by field; ``must_confirm`` says that one is still to come.
    """

    problems: list[ProblemView] = []
    errors: dict[str, str] = {}
    notice: str = ""
    missing: bool = False
    ready: bool = False
    theirs: dict[str, str] = {}
    form_key: str = ""
    draft: dict[str, str] = {}
    must_confirm: bool = False
    _touched: bool = False


def begin(state: Any, *, aside: bool = False) -> None:
    """Before a handler's work: forget the last problem, and remember that this page now holds somebody's data.

    After an ``aside`` (something looked up while a form is filled in) what is wrong with the form is still said.
    """
    if not aside:
        state.problems, state.errors, state.notice, state.theirs = [], {}, "", {}
    state._touched = True


def new_form(state: Any) -> None:
    """A fresh key for the forms of a page: each form sent under it happens once."""
    state.form_key = secrets.token_urlsafe(16)


def show_refusal(state: Any, refusal: Refusal) -> None:
    """Put a refusal on the page, which moves to it; a page whose record is out of sight says only "not found"."""
    if isinstance(refusal, NotFound) and not state.ready:
        state.missing = True
        return
    state.problems = problem_views(refusal.problems)
    state.errors = errors_by_field(refusal.problems)
    state.notice = ""
    if isinstance(refusal, Conflict):
        state.theirs = refusal.theirs


def show_left_out(state: Any) -> None:
    """After a form for a file came back unfinished: say beside its fields what was left out."""
    if problems := left_out(str(params_of(state).get("missing", ""))):
        show_refusal(state, Refusal(*problems))


def problem_with_the_portal(state: Any, error: BaseException, handler: str) -> None:
    """Say that it is our fault, with a reference; the log has the kind of error and the handler, no values."""
    reference = secrets.token_hex(4)
    log.error("problem %s in %s: %s", reference, handler, type(error).__name__)
    state.problems = problem_views(
        [
            Problem(
                "The portal has a problem and nothing was changed. Try again in a few minutes. "
                f"If it keeps happening, tell your administrator and quote {reference}."
            )
        ]
    )


def unexpected(exception: Exception) -> EventSpec:
    """A fault of ours outside a handler's own transaction: a reference in the log, and the problem page."""
    reference = secrets.token_hex(4)
    log.error("problem %s: %s", reference, type(exception).__name__)
    return rx.redirect(f"/problem?reference={reference}")
