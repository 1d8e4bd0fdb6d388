"""What happens in a life: stays in hospital, and how budgets end."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Computed, Day, Link, LongText, Money, Tag, Text
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.domain.endings import CHOSEN, END_WORDS, Settling, left_to_do
from phbportal.domain.hospital import DECISION_WORDS, StayDecision
from phbportal.domain.money import pounds
from phbportal.domain.retention import KeptUntil
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.queries.endings import settlings_of
from phbportal.queries.retention import kept_of
from phbportal.resources.beside import OF_THE_BUDGET, OF_THE_PERSON
from phbportal.services.closing import WRITE_OFF, close_phb, record_liabilities, record_return
from phbportal.services.endings import begin_ending, take_back
from phbportal.services.hospital import PAY_LESS, come_home, keep_paying, record_stay
from phbportal.tables.endings import HospitalStay, PhbEnding

STAY_COLOURS = {StayDecision.NONE: "grey", StayDecision.KEEP_PAYING: "green", StayDecision.PAY_LESS: "orange"}
WHY = {reason: END_WORDS[reason] for reason in CHOSEN}

STAYS = Resource(
    code="hospital-stays",
    table=HospitalStay,
    one="stay in hospital",
    many="Stays in hospital",
    intro="Who is or was in hospital, and what was decided about their payments.",
    read=Permission.STAY_READ,
    fields=(
        Link("person_id", "Person", to="people", hint="Their name"),
        Day("admitted_on", "Went in on", needed="Enter the day they went into hospital."),
        Day("discharged_on", "Came home on", optional=True),
        Text("reported_by", "Who told us", needed="Say who told you, for example the ward or a son."),
        Text("note", "Note", optional=True, longest=500),
        Tag("decision", "Payments", choices=DECISION_WORDS, colours=STAY_COLOURS),
        Day("decided_on", "Decided on"),
        Text("decided_why", "Why"),
        Money("taken_off_pence", "Taken off"),
    ),
    title="admitted_on",
    columns=("admitted_on", "person_id", "discharged_on", "decision", "taken_off_pence"),
    order="-admitted_on",
    sorts=("admitted_on",),
    filters=("decision",),
    search_through=("person_id",),
    search_hint="By the person’s name",
    sections=(
        Section("About it", ("person_id", "admitted_on", "discharged_on", "reported_by", "note")),
        Section("The payments", ("decision", "decided_on", "decided_why", "taken_off_pence")),
        *OF_THE_PERSON,
    ),
    new=Form(
        title="Record a stay in hospital",
        steps=fields("person_id", "admitted_on", "discharged_on", "reported_by", "note"),
        permission=Permission.STAY_WRITE,
        save=record_stay,
        done="The stay is recorded, and a review of the change is set.",
    ),
    actions=(
        Action(
            code="home", label="They came home", permission=Permission.STAY_WRITE, act=come_home,
            asks=(Day("discharged_on", "When did they come home?", needed="Enter the day they came home."),),
            while_empty=("discharged_on",), done="It is recorded.",
        ),
        Action(
            code="keep-paying", label="Go on paying in full", permission=Permission.STAY_WRITE, act=keep_paying,
            asks=(Text("why", "Why?", longest=500, needed="Say why the payments go on in full."),),
            when=("decision", (StayDecision.NONE,)), done="The payments go on in full.",
        ),
        Action(
            code="pay-less", label="Take the later nights off", permission=Permission.STAY_WRITE, second=PAY_LESS,
            explains="The nights after the days your board pays in full are taken off the next payment.",
            when=("decision", (StayDecision.NONE,)),
        ),
    ),
)  # fmt: skip


def _with_payee(found: Settling) -> str:
    return pounds(found.held_pence)


def _to_ask_back(found: Settling) -> str:
    if found.liabilities_pence is None:
        return "Known when it is recorded what is still owed to others"
    return pounds(found.to_ask_back_pence)


def _left(found: Settling) -> str:
    return " ".join(left_to_do(found)) or "Nothing: somebody who did not begin it can close it."


def _care(found: KeptUntil) -> str:
    return long_date(found.care)


def _money(found: KeptUntil) -> str:
    return long_date(found.money)


_CLOSED_FIRST = "Known when the budget is closed"
_OPEN = ("closed_on", "taken_back_on")
_ON_ENDINGS = (
    Action(
        code="return", label="Record the final return", permission=Permission.ENDING_SETTLE, act=record_return,
        asks=(
            Day("return_on", "When did it come?", needed="Enter the day it came."),
            Money("balance", "What is in the account?", negative=True,
                  hint="As the statement says. A minus before it if the account is overdrawn.",
                  needed="Enter the balance of the account."),
        ),
        while_empty=_OPEN, done="The final return is recorded, and it agrees.",
    ),
    Action(
        code="owed", label="Record what is still owed", permission=Permission.ENDING_SETTLE, act=record_liabilities,
        asks=(
            Money("owed", "What does the payee still owe others?", hint="Enter 0 if nothing",
                  needed="Enter an amount, 0 if nothing."),
            Text("owed_for", "What for?", longest=500, needed="Say what for: wages, notice, holiday, tax.",
                 hint="For example, last wages and notice. Nothing, if nothing is owed"),
        ),
        while_empty=_OPEN, done="It is recorded.",
    ),
    Action(
        code="write-off", label="Write a small rest off", permission=Permission.ENDING_SETTLE, second=WRITE_OFF,
        explains="What is still with the payee is let go, because asking for it would cost more than it is.",
        while_empty=_OPEN,
    ),
    Action(
        code="close", label="Close the budget", permission=Permission.ENDING_CLOSE, act=close_phb, step_up=True,
        while_empty=_OPEN,
        explains="Nothing more can be paid or recorded once it is closed.", done="The budget is closed.",
    ),
    Action(
        code="take-back", label="Take it back as a mistake", permission=Permission.ENDING_CLOSE, act=take_back,
        when=("written_off_pence", (0,)), while_empty=_OPEN,
        explains="Everything goes back to how it stood. A death that was recorded by mistake is taken back whole.",
        done="It is taken back, and everything is as it was.",
    ),
)  # fmt: skip

ENDINGS = Resource(
    code="endings",
    table=PhbEnding,
    one="ending",
    many="Budgets that end",
    intro="Budgets that have ended, and what is left to settle before they are closed.",
    read=Permission.ENDING_READ,
    fields=(
        Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
        Choice("reason", "Why", choices=END_WORDS),
        Day("ends_on", "Ended on", needed="Enter the last day of the budget."),
        LongText("care", "Care from then on", longest=500,
                 hint="Who gives it and who arranges it. Leave it empty for a one-off budget.", optional=True),
        Computed("left", "Left to do", load=settlings_of, pick=_left, nothing="Nothing"),
        Computed("with_payee", "With the payee", load=settlings_of, pick=_with_payee),
        Computed("ask_back", "To ask back", load=settlings_of, pick=_to_ask_back),
        Day("return_on", "Final return on"),
        Money("return_balance_pence", "Balance of the account then"),
        Money("liabilities_pence", "Still owed to others"),
        Text("liabilities_note", "Owed for"),
        Money("written_off_pence", "Written off"),
        Money("given_back_pence", "Never paid, and the board’s again"),
        Day("closed_on", "Closed on"),
        Day("taken_back_on", "Taken back on"),
        Computed("care_kept", "Records of care are kept until", load=kept_of, pick=_care, nothing=_CLOSED_FIRST),
        Computed("money_kept", "Records of the money are kept until", load=kept_of, pick=_money,
                 nothing=_CLOSED_FIRST),
    ),
    title="reason",
    columns=("reason", "phb_id", "ends_on", "with_payee", "closed_on"),
    order="-ends_on",
    sorts=("ends_on",),
    filters=("reason",),
    sections=(
        Section("About it", ("phb_id", "reason", "ends_on", "care", "taken_back_on")),
        Section(
            "The accounts",
            ("left", "with_payee", "return_on", "return_balance_pence", "liabilities_pence", "liabilities_note",
             "ask_back", "written_off_pence", "given_back_pence", "closed_on"),
        ),
        Section("Its records", ("care_kept", "money_kept")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Say that a budget has ended",
        steps=fields("phb_id", "reason", "ends_on", "care"),
        permission=Permission.ENDING_BEGIN,
        save=begin_ending,
        done="The budget is being closed. Its payments for later days are on hold.",
    ),
    actions=_ON_ENDINGS,
)  # fmt: skip
