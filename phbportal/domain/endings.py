"""How a budget ends: from active to closing to closed, a death, and what must be settled first (domain.md §3.1, §9.4).

Whoever decides against somebody (misuse, no longer eligible) stops the budget first, with notice and reasons; what is a
fact of somebody's life (a move, a birthday, their own wish) needs no such decision.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from phbportal.domain.eligibility import Cohort
from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.money import pounds
from phbportal.domain.people import ADULT_AGE, birthday
from phbportal.domain.phbs import STATUS_WORDS, PhbKind, PhbStatus
from phbportal.domain.text import long_date


class EndReason(StrEnum):
    DIED = "DIED"
    NO_LONGER_ELIGIBLE = "NO_LONGER_ELIGIBLE"
    MOVED_AREA = "MOVED_AREA"
    MOVED_TO_CARE_HOME = "MOVED_TO_CARE_HOME"
    DECLINED = "DECLINED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    MISUSE = "MISUSE"
    TRANSFERRED_ICB = "TRANSFERRED_ICB"
    ONE_OFF_COMPLETE = "ONE_OFF_COMPLETE"
    AGED_OUT = "AGED_OUT"
    OTHER = "OTHER"


END_WORDS: dict[EndReason, str] = {
    EndReason.DIED: "The person died",
    EndReason.NO_LONGER_ELIGIBLE: "They are no longer eligible",
    EndReason.MOVED_AREA: "They moved out of the area",
    EndReason.MOVED_TO_CARE_HOME: "They moved into a care home",
    EndReason.DECLINED: "They do not want it any more",
    EndReason.CONSENT_WITHDRAWN: "Consent was withdrawn",
    EndReason.MISUSE: "The money was misused",
    EndReason.TRANSFERRED_ICB: "Another board took it over",
    EndReason.ONE_OFF_COMPLETE: "A one-off budget is complete",
    EndReason.AGED_OUT: "They are 18 now",
    EndReason.OTHER: "Something else",
}

AFTER_A_DECISION = frozenset(
    {EndReason.NO_LONGER_ELIGIBLE, EndReason.CONSENT_WITHDRAWN, EndReason.MISUSE, EndReason.OTHER}
)
"""What a board decides against somebody: only a budget that is being stopped, with notice, ends for these."""
NEEDS_NO_CARE = frozenset({EndReason.DIED, EndReason.ONE_OFF_COMPLETE})
CHOSEN = tuple(reason for reason in EndReason if reason is not EndReason.DIED)
"""What is chosen when a budget is closed; a death is recorded on the person."""

LIVE = frozenset({PhbStatus.SETUP, PhbStatus.ACTIVE, PhbStatus.CHANGE_PENDING, PhbStatus.SUSPENDED, PhbStatus.STOPPING})
"""Budgets with money agreed that go on."""
QUIET_DAYS = 28
"""Nobody is asked for money in the first weeks after a death (domain.md §10.2)."""
SHORTEST_WORDS = 10


def after_start(status: PhbStatus, reason: EndReason) -> PhbStatus:
    """The status once an ending begins: closing. Refuses a status that an ending cannot begin from."""
    if status is PhbStatus.CLOSING:
        raise Refusal("This budget is being closed already. Open its list of what is left to settle.")
    if status not in LIVE:
        raise Refusal(f"This budget is “{STATUS_WORDS[status]}”, so there is nothing to close.")
    if reason in AFTER_A_DECISION and status is not PhbStatus.STOPPING:
        raise Refusal(
            "For this reason the budget must be stopped first, with notice and reasons in writing. It can be closed "
            "when it is being stopped.",
            field="reason",
        )
    return PhbStatus.CLOSING


def start_problems(
    reason: EndReason, *, on: date, today: date, opened_on: date, born_on: date, cohort: Cohort, kind: PhbKind,
    care: str,
) -> list[Problem]:  # fmt: skip
    """What is wrong with an ending as it was told. ``care`` says what care follows (invariant I25)."""
    problems: list[Problem] = []
    if on > today:
        problems.append(Problem("A budget is closed when it has ended. The day cannot be in the future.", "ends_on"))
    elif on < opened_on:
        problems.append(Problem(f"The budget was opened on {long_date(opened_on)}. Check the day.", "ends_on"))
    if reason is EndReason.ONE_OFF_COMPLETE and kind is not PhbKind.ONE_OFF:
        problems.append(Problem("This is an ongoing budget. Choose another reason.", "reason"))
    if reason is EndReason.AGED_OUT:
        adult_on = birthday(born_on, ADULT_AGE)
        if cohort is not Cohort.CYPCC:
            problems.append(Problem("Only a child’s continuing care ends at 18. Choose another reason.", "reason"))
        elif on < adult_on:
            problems.append(Problem(f"This person is 18 on {long_date(adult_on)}. Check the day.", "ends_on"))
    if reason not in NEEDS_NO_CARE and len(care.strip()) < SHORTEST_WORDS:
        problems.append(Problem("Say what care they have from now on, and who arranges it.", "care"))
    return problems


def death_problems(died_on: date, *, born_on: date, today: date) -> list[Problem]:
    """What is wrong with a date of death."""
    if died_on > today:
        return [Problem("The date of death cannot be in the future.", "died_on")]
    if died_on < born_on:
        return [Problem(f"This person was born on {long_date(born_on)}. Check the date.", "died_on")]
    return []


def asked_from(died_on: date) -> date:
    """The first day on which a family may be asked for money that is left."""
    return died_on + timedelta(days=QUIET_DAYS)


def whom_to_write_to(name: str, died_on: date | None) -> str:
    """To whom a letter goes: nobody writes to a person who has died (domain.md §1.13)."""
    return name if died_on is None else f"The personal representatives of {name}"


@dataclass(frozen=True, slots=True)
class Settling:
    """Where the closing of a budget stands, in pence. ``liabilities_pence`` is None until somebody has said."""

    return_on: date | None
    held_pence: int
    reserved_pence: int
    waiting_payments: int
    liabilities_pence: int | None

    @property
    def to_ask_back_pence(self) -> int:
        """What the payee holds beyond what they still owe others: to be paid back (domain.md §4.6, T06)."""
        return max(0, self.held_pence - (self.liabilities_pence or 0))


def left_to_do(closing: Settling) -> list[str]:
    """What stands between a budget and its close, each a sentence somebody can act on."""
    said: list[str] = []
    if closing.waiting_payments:
        said.append("A payment still waits or is on hold. Confirm it or cancel it.")
    if closing.return_on is None:
        said.append("The final return is not here yet. Record it with the balance of the account.")
    if closing.liabilities_pence is None:
        said.append(
            "Nobody has said what is still owed to others: last wages, tax, notice. Record it, even if nothing."
        )
    if closing.held_pence > 0:
        said.append(
            f"There is still {pounds(closing.held_pence)} with the payee. Record what it was spent on or paid back, or "
            "have a small rest written off."
        )
    if closing.held_pence < 0:
        said.append(
            f"The payee’s account is {pounds(-closing.held_pence)} overdrawn. Record who makes it good: their own "
            "money or a last payment."
        )
    if closing.reserved_pence:
        said.append(f"There is still {pounds(closing.reserved_pence)} set aside for payments.")
    return said


def check_closable(status: PhbStatus, closing: Settling) -> PhbStatus:
    """The status after the close. Refuses, with everything that is left to do."""
    if status is PhbStatus.CLOSED:
        raise Refusal("This budget is closed already.")
    if status is not PhbStatus.CLOSING:
        raise Refusal("This budget is not being closed. Say first when and why it ended.")
    if problems := left_to_do(closing):
        raise Refusal(*problems)
    return PhbStatus.CLOSED


def balance_problem(typed_pence: int, held_pence: int) -> Problem | None:
    """Why a final balance does not agree with what the portal knows of the money (invariant I14)."""
    difference = typed_pence - held_pence
    if difference == 0:
        return None
    more = "more" if difference > 0 else "less"
    return Problem(
        f"The portal has {pounds(held_pence)} for this money, which the account says is {pounds(abs(difference))} "
        f"{more}. Record what is missing, or check the figure.",
        "balance",
    )


def write_off_problem(held_pence: int, most_pence: int) -> Problem | None:
    """Why what is left cannot be written off: only a small rest may be (setting of the board, domain.md §4.9)."""
    if held_pence <= 0:
        return Problem("Nothing is left with the payee, so there is nothing to write off.")
    if held_pence > most_pence:
        return Problem(
            f"There is {pounds(held_pence)} left, and your board writes off {pounds(most_pence)} at most. "
            "Ask for it back."
        )
    return None
