"""Yearly uplifts: the proposal of a board, and each stream it raises or does not."""

from __future__ import annotations

from operator import attrgetter

from phbportal.admin.fields import Choice, Computed, Day, Link, LongText, Money, Percentage, Tag, Text
from phbportal.admin.resource import Action, Form, Related, Resource, Section, fields
from phbportal.domain.text import plural
from phbportal.domain.uplifts import (
    ITEM_STATUS_WORDS,
    UPLIFT_STATUS_WORDS,
    WHY_WORDS,
    ItemStatus,
    UpliftStatus,
)
from phbportal.policy.permissions import Permission
from phbportal.queries.uplifts import Figures, figures_of, more_words, people_of
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.uplifts import (
    approve_uplift,
    leave_out,
    prepare_uplift,
    propose_uplift,
    put_back,
    return_uplift,
    withdraw_uplift,
    write_the_rest,
)
from phbportal.tables.uplifts import Uplift, UpliftItem

COLOURS = {
    UpliftStatus.DRAFT: "grey", UpliftStatus.PROPOSED: "yellow", UpliftStatus.RETURNED: "orange",
    UpliftStatus.WITHDRAWN: "grey", UpliftStatus.APPROVED: "blue", UpliftStatus.DONE: "green",
}  # fmt: skip
ITEM_COLOURS = {
    ItemStatus.CHOSEN: "blue", ItemStatus.LEFT_OUT: "grey", ItemStatus.EXCEPTION: "orange",
    ItemStatus.WRITTEN: "yellow", ItemStatus.IN_EFFECT: "green", ItemStatus.OVERTAKEN: "red",
}  # fmt: skip
_STREAMS = "stream", "streams"


def _not_raised(found: Figures) -> str:
    parts = (
        (found.exceptions, plural(found.exceptions, "exception", "exceptions")),
        (found.left_out, f"{plural(found.left_out, *_STREAMS)} left out"),
        (found.overtaken, f"{plural(found.overtaken, *_STREAMS)} overtaken by something else"),
    )
    return ", ".join(words for many, words in parts if many) or "Nothing"


def _left(found: Figures) -> str:
    return plural(found.waiting, *_STREAMS) if found.waiting else "Nothing"


_ON_UPLIFTS = (
    Action(
        code="propose", label="Propose it", permission=Permission.UPLIFT_PROPOSE, act=propose_uplift,
        when=("status", (UpliftStatus.DRAFT, UpliftStatus.RETURNED)),
        explains="An approver who did not propose it decides. It is on their work list.",
        done="It is proposed.",
    ),
    Action(
        code="approve", label="Approve it", permission=Permission.UPLIFT_APPROVE, act=approve_uplift, step_up=True,
        when=("status", (UpliftStatus.PROPOSED,)),
        explains="Each budget gets a new version from the day, and the person a notice. Above your board’s limit a "
        "second approver must approve it too, before anything is written.",
        done="You have approved it. If a second approver must approve it too, it waits for them; otherwise the budgets "
        "are written one after the other.",
    ),
    Action(
        code="return", label="Return it", permission=Permission.UPLIFT_APPROVE, act=return_uplift,
        when=("status", (UpliftStatus.PROPOSED,)),
        asks=(Text("why", "What must be different?", longest=500, needed="Say what must be different."),),
        done="It is returned.",
    ),
    Action(
        code="write-the-rest", label="Write the rest", permission=Permission.UPLIFT_PROPOSE, act=write_the_rest,
        when=("status", (UpliftStatus.APPROVED,)), while_filled=("problem",),
        explains="What is written already stays as it is. The portal goes on with the other budgets.",
        done="The portal goes on with it.",
    ),
    Action(
        code="withdraw", label="Withdraw it", permission=Permission.UPLIFT_PROPOSE, act=withdraw_uplift,
        when=("status", (UpliftStatus.DRAFT, UpliftStatus.RETURNED, UpliftStatus.PROPOSED)),
        done="It is withdrawn.",
    ),
)  # fmt: skip

UPLIFTS = Resource(
    code="uplifts",
    table=Uplift,
    one="uplift",
    many="Yearly uplifts",
    intro="What budgets are raised to from a day: proposed for many at once, approved by somebody else.",
    read=Permission.UPLIFT_READ,
    fields=(
        Day("effective_on", "From", hint="Usually 1 April. If the day is past, the difference is paid as arrears",
            needed="Enter the day it holds from."),
        Percentage("basis_points", "On prices and amounts"),
        Text("policy", "Rests on"),
        Tag("status", choices=UPLIFT_STATUS_WORDS, colours=COLOURS),
        Computed("raises", "Raises", load=figures_of, pick=more_words, nothing="Nothing"),
        Computed("not_raised", "Does not raise", load=figures_of, pick=_not_raised, nothing="Nothing"),
        Computed("left", "Chosen and not written yet", load=figures_of, pick=_left, nothing="Nothing"),
        Money("largest_pence", "Largest budget a week"),
        Computed("proposer", "Proposed by", load=people_of, pick=attrgetter("proposed"), nothing=""),
        Computed("first", "Approved first by", load=people_of, pick=attrgetter("first"), nothing=""),
        Computed("approver", "Approved by", load=people_of, pick=attrgetter("approved"), nothing=""),
        Day("approved_on", "Approved on"),
        Text("return_reason", "Why it was returned"),
        Text("problem", "What stopped the writing"),
    ),
    title="effective_on",
    columns=("effective_on", "basis_points", "raises", "not_raised", "status"),
    order="-effective_on",
    sorts=("effective_on",),
    filters=("status",),
    sections=(
        Section(
            "About it",
            ("effective_on", "basis_points", "policy", "status", "raises", "not_raised", "left", "largest_pence",
             "proposer", "first", "approver", "approved_on", "return_reason", "problem"),
        ),
        Related("uplift-streams", by="uplift_id", title="Streams in this uplift"),
    ),
    new=Form(
        title="Prepare an uplift",
        steps=fields("effective_on"),
        permission=Permission.UPLIFT_PROPOSE,
        save=prepare_uplift,
        done="It is worked out for every live budget. Leave out what should not be raised, then propose it.",
    ),
    actions=_ON_UPLIFTS,
)  # fmt: skip

_ON_STREAMS = (
    Action(
        code="leave-out", label="Leave out", permission=Permission.UPLIFT_PROPOSE, act=leave_out,
        on=("one", "selected", "all"), when=("status", (ItemStatus.CHOSEN,)), done="It is left out.",
    ),
    Action(
        code="put-back", label="Put back in", permission=Permission.UPLIFT_PROPOSE, act=put_back,
        on=("one", "selected", "all"), when=("status", (ItemStatus.LEFT_OUT,)),
        done="It is raised with the others.",
    ),
)  # fmt: skip

UPLIFT_STREAMS = Resource(
    code="uplift-streams",
    table=UpliftItem,
    one="stream in an uplift",
    many="Streams in uplifts",
    intro="Each stream: today’s amount a week, the new one, the difference a year, and how it was worked out.",
    read=Permission.UPLIFT_STREAM_READ,
    fields=(
        Link("phb_id", "Budget", to="phbs"),
        Link("uplift_id", "Uplift from", to="uplifts"),
        Link("stream_id", "Stream", to="streams"),
        Day("effective_on", "From"),
        Money("before_pence", "A week today"),
        Money("after_pence", "A week from then"),
        Money("more_yearly_pence", "More a year"),
        LongText("working", "How it was worked out"),
        Tag("status", choices=ITEM_STATUS_WORDS, colours=ITEM_COLOURS),
        Choice("why", "Why it is an exception", choices=WHY_WORDS),
        Link("version_id", "Version of the budget", to="budget-versions"),
    ),
    title="effective_on",
    columns=("effective_on", "phb_id", "before_pence", "after_pence", "more_yearly_pence", "status", "why"),
    order="id",
    sorts=("more_yearly_pence", "after_pence"),
    filters=("status", "why"),
    sections=(
        Section(
            "About it",
            ("phb_id", "stream_id", "uplift_id", "effective_on", "before_pence", "after_pence", "more_yearly_pence",
             "working", "status", "why", "version_id"),
        ),
        *OF_THE_BUDGET,
    ),
    actions=_ON_STREAMS,
    export=Permission.BUDGET_EXPORT,
)  # fmt: skip
