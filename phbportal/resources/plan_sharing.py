"""Plans between people: who is asked to write one, what was said about one, what was asked before buying."""

from __future__ import annotations

from phbportal.admin.fields import Choice, Computed, Day, Link, LongText, Moment, Money, Tag, Text
from phbportal.admin.resource import Action, Form, Resource, Section, fields
from phbportal.domain.plan_parts import PLACE_WORDS
from phbportal.domain.planners import INVITATION_WORDS, PLANNER_WORDS, InvitationStatus
from phbportal.domain.purchases import ANSWERED_WORDS, ANSWERS, Answered
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.permissions import Permission
from phbportal.queries.purchases import compared_of
from phbportal.resources.beside import OF_THE_BUDGET
from phbportal.services.plan_sharing import answer_comment
from phbportal.services.planners import invite_planner, take_back_invitation
from phbportal.services.purchases import answer_question
from phbportal.tables.plan_sharing import PlanComment, PlanInvitation
from phbportal.tables.purchases import PurchaseQuestion

PHB = Link("phb_id", "Budget", to="phbs", hint="The person’s name or the budget’s reference")
ASKS = {role: ROLE_WORDS[role].capitalize() for role in (Role.HOLDER, Role.REPRESENTATIVE, Role.NOMINEE)}
WRITERS = {
    InvitationStatus.ASKED: "blue", InvitationStatus.HANDED_IN: "green", InvitationStatus.WITHDRAWN: "grey",
    InvitationStatus.DECLINED: "orange",
}  # fmt: skip
QUESTIONS_COLOURS = {Answered.OPEN: "yellow", Answered.YES: "green", Answered.NO: "red", Answered.TALK: "blue"}


def _words(found: str) -> str:
    return found


PLANNERS = Resource(
    code="planners",
    table=PlanInvitation,
    one="planner",
    many="Planners",
    intro="Who besides staff is, or was, asked to write the draft of a plan.",
    read=Permission.PLANNER_READ,
    fields=(
        Text("name"),
        Choice("planner", "Who writes it", choices=PLANNER_WORDS),
        Link("organisation_id", "Organisation", to="providers", optional=True,
             only_if=("planner", ("ORGANISATION",)), hint="Its name or its code"),
        LongText("note", "What they are asked", longest=500, optional=True, hint="They read this."),
        Tag("status", choices=INVITATION_WORDS, colours=WRITERS),
        Day("asked_on", "Asked on"),
        Day("ended_on", "Ended on"),
        Text("end_note", "What was said at the end"),
        PHB,
        Link("plan_id", "Plan", to="plans"),
    ),
    title="name",
    columns=("name", "phb_id", "planner", "status", "asked_on"),
    filters=("status", "planner"),
    sections=(
        Section("About it", ("name", "planner", "organisation_id", "note", "status", "asked_on", "ended_on",
                             "end_note", "phb_id", "plan_id")),
        *OF_THE_BUDGET,
    ),
    new=Form(
        title="Ask somebody to write the plan", steps=fields("phb_id", "planner", "organisation_id", "note"),
        permission=Permission.PLANNER_INVITE, save=invite_planner, button="Ask them",
        done="They are asked. They see this one plan, until they hand it in.",
    ),
    actions=(
        Action(
            code="take-back", label="Take it back", permission=Permission.PLANNER_INVITE, act=take_back_invitation,
            asks=(Text("end_note", "Why?", optional=True, longest=500),), when=("status", (InvitationStatus.ASKED,)),
            done="They see the plan no more. What they wrote stays in it.",
            explains="Whoever was asked stops seeing the plan at once.",
        ),
    ),
)  # fmt: skip

COMMENTS = Resource(
    code="plan-comments",
    table=PlanComment,
    one="comment on a plan",
    many="Comments on plans",
    intro="What people said about their plans, and the answers they got.",
    read=Permission.PLAN_COMMENT_READ,
    fields=(
        Choice("place", "About", choices=PLACE_WORDS),
        LongText("words", "What was said"),
        Text("said_name", "By"),
        Choice("said_as", "As", choices=ASKS),
        LongText("answer", "Answer", longest=2000, needed="Write the answer.", hint="Whoever said it reads this."),
        Moment("answered_at", "Answered"),
        PHB,
        Link("plan_id", "Plan", to="plans"),
    ),
    title="place",
    columns=("place", "phb_id", "words", "said_name", "answered_at"),
    filters=("place",),
    sections=(
        Section("About it", ("place", "words", "said_name", "said_as", "answer", "answered_at", "phb_id", "plan_id")),
        *OF_THE_BUDGET,
    ),
    actions=(
        Action(
            code="answer", label="Answer it", permission=Permission.PLAN_COMMENT_ANSWER, act=answer_comment,
            asks=(LongText("answer", "Answer", longest=2000, needed="Write the answer.",
                           hint="Whoever said it reads this."),),
            when=("answer", ("",)), done="The answer is sent. Whoever said it sees it beside their words.",
        ),
    ),
)  # fmt: skip

PURCHASES = Resource(
    code="purchase-questions",
    table=PurchaseQuestion,
    one="question before buying",
    many="Questions before buying",
    intro="What people asked before they bought it, and the answers. An answer is kept.",
    read=Permission.PURCHASE_READ,
    fields=(
        LongText("question", "What they want to buy"),
        Money("cost_pence", "About how much"),
        Link("outcome_id", "For the outcome", to="outcomes"),
        Text("asked_name", "Asked by"),
        Choice("asked_as", "As", choices=ASKS),
        Day("asked_on", "Asked on"),
        Day("due_on", "Answer by"),
        Text("rules", "Seems to touch", hint="Codes of what the money cannot buy"),
        Tag("status", choices=ANSWERED_WORDS, colours=QUESTIONS_COLOURS),
        LongText("answer"),
        Day("answered_on", "Answered on"),
        Money("bought_pence", "Bought for, its buyer says"),
        Day("bought_on", "Bought on"),
        Text("bought_from", "Bought at"),
        Text("bought_name", "Told by"),
        Money("spent_pence", "Accounted for"),
        Computed("compared", "Against what was agreed", load=compared_of, pick=_words),
        PHB,
    ),
    title="question",
    columns=("question", "phb_id", "cost_pence", "status", "due_on"),
    sorts=("due_on", "cost_pence"),
    filters=("status", "asked_as"),
    sections=(
        Section("The question", ("question", "cost_pence", "outcome_id", "asked_name", "asked_as", "asked_on", "rules",
                                 "phb_id")),
        Section("The answer", ("status", "due_on", "answer", "answered_on")),
        Section("What was bought", ("bought_pence", "bought_on", "bought_from", "bought_name", "spent_pence",
                                    "compared")),
        *OF_THE_BUDGET,
    ),
    actions=(
        Action(
            code="answer", label="Answer it", permission=Permission.PURCHASE_ANSWER, act=answer_question,
            asks=(
                Choice("status", "Your answer", choices=ANSWERS, needed="Choose your answer."),
                LongText("answer", "Why", longest=2000, hint="Whoever asked reads this.", needed="Say why."),
            ),
            when=("status", (Answered.OPEN, Answered.TALK)), done="The answer is sent, and kept.",
        ),
    ),
    export=Permission.BUDGET_EXPORT,
)  # fmt: skip
