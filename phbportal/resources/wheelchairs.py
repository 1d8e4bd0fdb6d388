"""Wheelchair budgets, how they were worked out, and what others add to them."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Computed, Day, Integer, Link, LongText, Money, Text, YesNo
from phbportal.admin.resource import Action, Form, Related, Resource, Section, Step, fields
from phbportal.domain.wheelchairs import CONTRIBUTOR_WORDS, COVER_WORDS, WAY_WORDS, WheelchairWay
from phbportal.policy.permissions import Permission
from phbportal.queries.wheelchairs import unpromised_of, workings_of
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.wheelchairs import (
    add_contribution,
    add_wheelchair,
    change_wheelchair,
    drop_contribution,
    end_wheelchair,
    hand_over,
    receive_contribution,
)
from phbportal.tables.wheelchairs import Wheelchair, WheelchairContribution

_CHAIR = ("chair", "prescribed_on", "supplier", "term_years")
_SUMS = ("way", "value_pence", "extras_pence", "relieved_of_vat", "repairs_pence", "chair_pence", "covers")
_BOUGHT = (WheelchairWay.THIRD_PARTY.value, WheelchairWay.DIRECT_PAYMENT.value)
_ADDED = (WheelchairWay.NOTIONAL_CONTRIBUTION.value,)

_FIELDS = (
    Text("chair", "Chair", longest=300, needed="Say which chair was chosen.",
         hint="For example, powered chair with a kerb climber"),
    Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference"),
    Day("prescribed_on", "Prescribed on", needed="Enter the day it was prescribed."),
    Choice("way", "How is it provided?", choices=WAY_WORDS),
    Text("supplier", "Who supplies it?", optional=True, hint="The wheelchair service or an approved supplier"),
    Integer("term_years", "How many years is it meant to last?", optional=True,
            hint="Leave it empty for what is usual at your board for somebody of their age"),
    Money("value_pence", "What does a chair for the assessed need cost the NHS?",
          needed="Enter what it costs the NHS."),
    Money(
        "extras_pence", "What do the extras cost, before VAT?", needed="Enter what the extras cost.",
        only_if=("way", _ADDED),
    ),
    YesNo("relieved_of_vat", "Is VAT relief for disabled people declared?", only_if=("way", _ADDED)),
    Money("repairs_pence", "How much is there for upkeep?", optional=True, only_if=("way", _BOUGHT)),
    Money("chair_pence", "What does the chosen chair cost?", optional=True, only_if=("way", _BOUGHT)),
    Choice("covers", "What upkeep is paid for?", choices=COVER_WORDS, only_if=("way", _BOUGHT)),
    Money("budget_pence", "Paid by the NHS"),
    Money("person_pays_pence", "Paid by others"),
    Computed("working", "How it was worked out", load=workings_of),
    Computed("unpromised", "Not promised yet", load=unpromised_of, nothing="Nothing"),
    Day("issued_on", "Handed over on"),
    Day("expires_on", "Runs to"),
    Day("review_on", "Looked at again on"),
    Day("ended_on", "In use until"),
    LongText("end_note", "Why it is not in use any more"),
)  # fmt: skip
_ACTIONS = (
    Action(
        code="hand-over", label="Record the handover", permission=Permission.WHEELCHAIR_WRITE, act=hand_over,
        while_empty=("issued_on", "ended_on"),
        explains="The years it is meant to last begin on the day the person has the chair.",
        asks=(
            Day("issued_on", "When was it handed over?", needed="Enter the day it was handed over."),
            Day("review_on", "When is it looked at again?", needed="Enter a day to look at it again."),
        ),
        done="The handover is recorded.",
    ),
    Action(
        code="end", label="It is not in use any more", permission=Permission.WHEELCHAIR_WRITE, act=end_wheelchair,
        while_empty=("ended_on",),
        asks=(
            Day("ended_on", "Since when?", needed="Enter the day it stopped being used."),
            LongText("end_note", "Why?", longest=500, hint="Replaced, handed back, lost or broken"),
        ),
        done="It is recorded.",
    ),
)  # fmt: skip

WHEELCHAIRS = Resource(
    code="wheelchairs",
    table=Wheelchair,
    one="wheelchair budget",
    many="Wheelchair budgets",
    intro="What each chair costs, who pays for it, whose it is, and how long it is meant to last.",
    read=Permission.WHEELCHAIR_READ,
    fields=_FIELDS,
    title="chair",
    columns=("chair", "phb_id", "way", "budget_pence", "person_pays_pence", "issued_on", "expires_on"),
    sorts=("budget_pence", "person_pays_pence"),
    filters=("way", "covers"),
    search=("search_chair",),
    search_hint="By the chair",
    export=Permission.BUDGET_EXPORT,
    sections=(
        Section("The chair", ("phb_id", *_CHAIR)),
        Section("The money", ("working", "budget_pence", "person_pays_pence", "unpromised", *_SUMS)),
        Section("In use", ("issued_on", "expires_on", "review_on", "ended_on", "end_note")),
        Related("wheelchair-contributions", by="wheelchair_id", title="What others add",
                columns=("name", "source", "amount_pence", "promised_on", "received_on", "dropped_on")),
        Related("payee-agreements", by="phb_id", of="phb_id", title="Agreements", columns=("kind", "status")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Work out a wheelchair budget",
        steps=(Step("The chair", ("phb_id", *_CHAIR)), Step("The money", _SUMS)),
        permission=Permission.WHEELCHAIR_WRITE,
        save=add_wheelchair,
        step_up=True,
        done="The wheelchair budget was worked out.",
    ),
    change=Form(
        title="Change a wheelchair budget",
        steps=(Step("The chair", _CHAIR), Step("The money", _SUMS)),
        permission=Permission.WHEELCHAIR_WRITE,
        save=change_wheelchair,
        step_up=True,
        done="The changes were saved.",
    ),
    actions=_ACTIONS,
)  # fmt: skip

CONTRIBUTIONS = Resource(
    code="wheelchair-contributions",
    table=WheelchairContribution,
    one="contribution to a wheelchair",
    many="Contributions to wheelchairs",
    intro="What people, charities and others add to a wheelchair. Only to a wheelchair may anybody add.",
    read=Permission.WHEELCHAIR_READ,
    fields=(
        Text("name", "Name", needed="Enter the name of whoever adds to it."),
        Link("wheelchair_id", "Wheelchair", to="wheelchairs", hint="The chair"),
        Link("phb_id", "Budget", to="phbs"),
        Choice("source", "Who is it?", choices=CONTRIBUTOR_WORDS),
        Money("amount_pence", "How much, VAT included?", needed="Enter how much they add."),
        Day("promised_on", "Promised on", needed="Enter the day it was promised."),
        Day("received_on", "Paid on"),
        Day("dropped_on", "Taken back on"),
    ),
    title="name",
    columns=("name", "wheelchair_id", "source", "amount_pence", "promised_on", "received_on"),
    sorts=("amount_pence", "promised_on"),
    filters=("source",),
    export=Permission.BUDGET_EXPORT,
    sections=(
        Section("About it", ("wheelchair_id", "phb_id", "name", "source", "amount_pence", "promised_on", "received_on",
                             "dropped_on")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Record who adds to a wheelchair",
        steps=fields("wheelchair_id", "name", "source", "amount_pence", "promised_on"),
        permission=Permission.WHEELCHAIR_WRITE,
        save=add_contribution,
        done="It is recorded.",
    ),
    actions=(
        Action(
            code="received", label="It was paid", permission=Permission.WHEELCHAIR_WRITE, act=receive_contribution,
            asks=(Day("received_on", "When was it paid?", needed="Enter the day it was paid."),),
            done="It is recorded.",
        ),
        Action(
            code="drop", label="Take it back", permission=Permission.WHEELCHAIR_WRITE, act=drop_contribution,
            explains="For a promise that was not kept, or was written down by mistake.", done="It is taken back.",
        ),
    ),
)  # fmt: skip
