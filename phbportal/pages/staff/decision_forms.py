"""The forms of a decision: preparing one, recording that somebody does not agree, and the answer."""

from __future__ import annotations

from typing import Any

import reflex as rx

from phbportal import routes
from phbportal.admin.confirming import confirm_hint
from phbportal.domain.decisions import (
    CARE_MUST_GO_ON,
    EARLY_WORDS,
    GROUND_WORDS,
    GROUNDS,
    KIND_WORDS,
    OF_A_PART,
    OF_MONEY,
    REFUSALS,
    SAYS_WHAT,
    DecisionKind,
    DecisionStatus,
)
from phbportal.domain.errors import Refusal
from phbportal.domain.money import pounds
from phbportal.domain.reconsiderations import ASKER_WORDS, HOW_WORDS, OUTCOME_WORDS, How
from phbportal.domain.text import plural
from phbportal.edge.markers import reads, writes
from phbportal.edge.outcomes import new_form
from phbportal.pages.staff.decision import DecisionPage, about_decision
from phbportal.pages.staff.phb_frame import PhbPage, narrow_form, phb_page
from phbportal.policy.permissions import Permission
from phbportal.queries.decisions import decision_of, part_choices, stream_choices
from phbportal.queries.ids import given_id
from phbportal.queries.phbs import Case
from phbportal.services.decisions import prepare_again, prepare_decision, read_decision
from phbportal.services.policies import whole_setting
from phbportal.services.reconsiderations import answer_asked, read_answer, read_asked, record_asked
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.ui.buttons import button, button_group, link_button
from phbportal.ui.choices import Choice, radios, select
from phbportal.ui.forms import date_input, form, money_input, text_input, textarea
from phbportal.ui.notices import inset
from phbportal.ui.text import columns, paragraph
from phbportal.ui.values import when

KINDS = [Choice(kind.value, words) for kind, words in KIND_WORDS.items()]
EARLY = [Choice("", "No, notice is given"), *(Choice(one.value, words) for one, words in EARLY_WORDS.items())]
OUTCOMES = [Choice(one.value, words) for one, words in OUTCOME_WORDS.items()]
ASKERS = [Choice(one.value, words) for one, words in ASKER_WORDS.items()]
HOWS = [Choice(one.value, words) for one, words in HOW_WORDS.items() if one is not How.PORTAL]
FIELDS = ("ground", "stream", "part", "subject", "weekly", "reasons", "early", "early_words", "replacement",
          "no_replacement", "effective_on-day", "effective_on-month", "effective_on-year")  # fmt: skip


class DecideForm(PhbPage, mixin=True):
    """The form of one kind of decision: its fields, and what can be chosen in them."""

    kind: str = ""
    kind_words: str = ""
    grounds: list[Choice] = []
    streams: list[Choice] = []
    replacements: list[Choice] = []
    parts: list[Choice] = []
    of_money: bool = False
    reduces: bool = False
    needs_care: bool = False
    says_what: bool = False
    of_a_part: bool = False
    whole_too: bool = False
    notice_words: str = ""
    typed: dict[str, str] = dict.fromkeys(FIELDS, "")

    def _show_form(self, uow: UnitOfWork, case: Case, code: str) -> None:
        kind = DecisionKind(code) if code in set(DecisionKind) else None
        self.kind, self.kind_words = (kind.value, KIND_WORDS[kind]) if kind else ("", "")
        new_form(self)
        if kind is None:
            return
        self.grounds = [Choice(one.value, GROUND_WORDS[one]) for one in GROUNDS.get(kind, ())]
        self.of_money, self.reduces = kind in OF_MONEY, kind is DecisionKind.REDUCE
        self.needs_care, self.says_what = kind in CARE_MUST_GO_ON, kind in SAYS_WHAT
        self.of_a_part = kind in OF_A_PART
        about = (uow.session, uow.actor, uow.today)
        named = self.of_money or kind is DecisionKind.REFUSE_DP
        found = [Choice(*one) for one in stream_choices(*about, case.id)] if named else []
        first = "A direct payment that is not planned yet" if kind is DecisionKind.REFUSE_DP else "The whole budget"
        self.streams = found if self.reduces else [Choice("", first), *found] if found else []
        self.replacements = [Choice("", "None: I say below how care is given"), *found] if self.needs_care else []
        agreed = kind is DecisionKind.APPOINT
        parts = part_choices(*about, case.person_id, agreed=agreed) if self.of_a_part else []
        self.parts = [Choice(*one) for one in parts]
        name = "notice_days_reduce" if self.reduces else "notice_days_stop"
        days = plural(whole_setting(uow, case.icb_id, name), "day")
        self.notice_words = f"Your board gives {days} of notice, counted from the day it is approved"


class NewDecisionState(DecideForm, rx.State):
    """First what is decided, then the form for it."""

    @reads(Permission.DECISION_PREPARE)
    def load(self, uow: UnitOfWork) -> None:
        self._show_form(uow, self._open(uow, "decision form"), self._param("kind"))
        self.ready = True

    @writes(Permission.DECISION_PREPARE)
    def choose(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        case = self._case(uow)
        if form.get("kind") not in set(DecisionKind):
            raise Refusal("Choose what is decided.", field="kind")
        return rx.redirect(routes.of_phb(routes.STAFF_PHB_DECIDE, case.head.reference, kind=form["kind"]))

    @writes(Permission.DECISION_PREPARE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        phb_id, entry = self._case(uow).id, read_decision(form | {"kind": self.kind})
        made = uow.once("decision", self.form_key, form, lambda: str(prepare_decision(uow, phb_id, entry)))
        return rx.redirect(f"{routes.staff_decision(made)}?done=prepared")


class ChangeDecisionState(DecideForm, DecisionPage, rx.State):
    """A decision that was returned: what was written stands in the form."""

    _version: int = 0

    @reads(Permission.DECISION_PREPARE)
    def load(self, uow: UnitOfWork) -> None:
        case, found = self._open_decision(uow, "decision form")
        self._show_form(uow, case, found.kind.value)
        self._version, row = found.version, found.row
        day = row.effective_on
        self.typed = dict.fromkeys(FIELDS, "") | {
            "ground": row.ground, "stream": str(row.stream_id or ""), "part": str(row.part_id or ""),
            "subject": row.subject, "reasons": row.reasons, "early": row.early, "early_words": row.early_words,
            "weekly": pounds(row.weekly_after_pence).lstrip("£") if row.weekly_after_pence else "",
            "replacement": str(row.replacement_id or ""), "no_replacement": row.no_replacement,
            "effective_on-day": str(day.day), "effective_on-month": str(day.month), "effective_on-year": str(day.year),
        }  # fmt: skip
        self.ready = True

    @writes(Permission.DECISION_PREPARE)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        prepare_again(uow, self._id(), read_decision(form | {"kind": self.kind}), seen_version=self._version)
        return self._again("prepared")


class AskedState(DecisionPage, rx.State):
    """The form that records that somebody does not agree."""

    @reads(Permission.RECONSIDERATION_RECORD)
    def load(self, uow: UnitOfWork) -> None:
        self._open_decision(uow, "decision form")
        new_form(self)
        self.ready = True

    @writes(Permission.RECONSIDERATION_RECORD)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        decision_id, entry = self._id(), read_asked(form, uow.today)
        uow.once("asked again", self.form_key, form, lambda: str(record_asked(uow, decision_id, entry)))
        return self._again("asked")


class AnswerState(DecisionPage, rx.State):
    """The answer of somebody who had no part in the decision."""

    words: str = ""
    asker: str = ""
    may_move: bool = False
    may_pay_more: bool = False

    @reads(Permission.RECONSIDERATION_DECIDE)
    def load(self, uow: UnitOfWork) -> None:
        _case, found = self._open_decision(uow, "decision form")
        self.words, self.asker = (found.asked[0].words, found.asked[0].asked) if found.asked_id else ("", "")
        goes_on = found.kind not in REFUSALS
        self.may_move = goes_on and found.status is DecisionStatus.ISSUED
        self.may_pay_more = found.kind is DecisionKind.REDUCE
        self.ready = True

    @writes(Permission.RECONSIDERATION_DECIDE, step_up=True)
    def save(self, uow: UnitOfWork, form: dict[str, str]) -> object:
        answer, found = read_answer(form), decision_of(uow.session, uow.actor, uow.today, self._id())
        answer_asked(uow, given_id(str(found.asked_id)), answer)
        return self._again("answered")


def new_decision() -> rx.Component:
    """What is decided, then the form for it."""
    s = NewDecisionState
    return phb_page(
        "Prepare a decision",
        rx.cond(
            s.kind,
            _fields(s, "Send it to a second person"),
            narrow_form(
                radios("kind", "What do you want to decide?", KINDS, error=s.errors["kind"]),
                button_group(button("Continue"), link_button("Leave", s.head.href, kind="secondary")),
                on_submit=s.choose,
            ),
        ),
        state=s,
    )


def change_decision() -> rx.Component:
    """What was returned, and why."""
    s = ChangeDecisionState
    return phb_page(
        "Change a decision",
        when(s.view.returned, inset(s.view.returned)),
        _fields(s, "Send it to a second person again"),
        state=s,
        up=("Decision", s.decision_href),
    )


def asked() -> rx.Component:
    """Who asked, when and how, in their words."""
    s = AskedState
    return phb_page(
        "Record that somebody does not agree",
        narrow_form(
            radios("asker", "Who asked for it to be looked at again?", ASKERS, error=s.errors["asker"]),
            text_input("name", "Their name", error=s.errors["name"], width="20", auto_complete="off"),
            radios("how", "How did they ask?", HOWS, error=s.errors["how"]),
            date_input("asked_on", "When did they ask?", error=s.errors["asked_on"],
                       hint="The time to answer runs from this day"),
            textarea("words", "What did they say, and what is new?", error=s.errors["words"], rows=5),
            button_group(button("Record it"), link_button("Leave without saving", s.decision_href, kind="secondary")),
            on_submit=s.save,
        ),
        state=s,
        up=("Decision", s.decision_href),
    )  # fmt: skip


def answer() -> rx.Component:
    """The decision, what somebody says against it, and the answer."""
    s = AnswerState
    return phb_page(
        "Answer when somebody does not agree",
        about_decision(s.view),
        rx.cond(
            s.words,
            rx.fragment(
                inset(paragraph(rx.el.strong(s.asker)), rx.el.p(s.words, class_name="phb-own-words")),
                narrow_form(
                    radios("outcome", "What comes of it?", OUTCOMES, error=s.errors["outcome"]),
                    when(
                        s.may_move,
                        date_input("effective_on", "If it is changed: from which later day?",
                                   error=s.errors["effective_on"]),
                    ),
                    when(
                        s.may_pay_more,
                        money_input("weekly", "If it is changed: how much a week instead?", error=s.errors["weekly"]),
                    ),
                    textarea("reasons", "The reasons, written to the person", error=s.errors["reasons"],
                             value=s.draft["reasons"], rows=6),
                    paragraph("The answer goes out as a letter. What the decision did is put back if it is reversed."),
                    confirm_hint(s),
                    button_group(
                        button("Send the answer"),
                        link_button("Leave without saving", s.decision_href, kind="secondary"),
                    ),
                    on_submit=s.save,
                ),
            ),
            inset("There is nothing to answer: nobody waits for it."),
        ),
        state=s,
        up=("Decision", s.decision_href),
    )  # fmt: skip


def _fields(s: Any, words: str) -> rx.Component:
    """The fields of a decision; those that belong to other kinds are left out."""
    kept = s.typed
    money = rx.fragment(
        date_input(
            "effective_on", "From which day?", hint=s.notice_words, error=s.errors["effective_on"],
            day=kept["effective_on-day"], month=kept["effective_on-month"], year=kept["effective_on-year"],
        ),
        radios("early", "Is there a reason not to wait for notice?", EARLY, value=kept["early"],
               error=s.errors["early"]),
        textarea("early_words", "If so: what has happened?", value=kept["early_words"],
                 error=s.errors["early_words"], rows=2),
    )  # fmt: skip
    care = rx.fragment(
        radios("replacement", "Which stream takes its place?", s.replacements, value=kept["replacement"],
               error=s.errors["replacement"]),
        textarea("no_replacement", "If none does: how is care given, or why is none needed?",
                 value=kept["no_replacement"], error=s.errors["no_replacement"], rows=2,
                 hint="The person reads this in the letter"),
    )  # fmt: skip
    return columns(
        paragraph(rx.el.strong(s.kind_words)),
        form(
            when(s.of_a_part, select("part", "Who?", s.parts, value=kept["part"], error=s.errors["part"],
                                     blank="Choose who it is")),
            when(s.streams, radios("stream", "What is it about?", s.streams, value=kept["stream"],
                                   error=s.errors["stream"])),
            when(s.says_what, text_input("subject", "What, or who, is it about?", value=kept["subject"],
                                         error=s.errors["subject"], auto_complete="off",
                                         hint="As the person would say it: it stands in the letter")),
            when(s.grounds, radios("ground", "Which ground in the law?", s.grounds, value=kept["ground"],
                                   error=s.errors["ground"])),
            when(s.reduces, money_input("weekly", "The new amount a week", value=kept["weekly"],
                                        error=s.errors["weekly"])),
            textarea("reasons", "The reasons, written to the person", value=kept["reasons"],
                     error=s.errors["reasons"], rows=6,
                     hint="What you looked at, and why it led to this. Plain words: it stands in the letter"),
            when(s.of_money, money),
            when(s.needs_care, care),
            button_group(button(words), link_button("Leave without saving", s.head.href, kind="secondary")),
            on_submit=s.save,
        ),
    )  # fmt: skip
