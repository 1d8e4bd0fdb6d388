"""Budget versions and lines: what must add up (domain.md §4, §9.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from phbportal.domain.errors import Problem
from phbportal.domain.money import pounds
from phbportal.domain.periods import MonthlyPay, commitment


class BudgetKind(StrEnum):
    INDICATIVE = "INDICATIVE"
    FINAL = "FINAL"
    CHANGE = "CHANGE"
    OPENING = "OPENING"


BUDGET_KIND_WORDS: dict[BudgetKind, str] = {
    BudgetKind.INDICATIVE: "Indicative budget",
    BudgetKind.FINAL: "Final budget",
    BudgetKind.CHANGE: "Changed budget",
    BudgetKind.OPENING: "Opening budget, brought in",
}


class BudgetStatus(StrEnum):
    DRAFT = "DRAFT"
    SUBMITTED = "SUBMITTED"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"
    SUPERSEDED = "SUPERSEDED"


BUDGET_STATUS_WORDS: dict[BudgetStatus, str] = {
    BudgetStatus.DRAFT: "Draft",
    BudgetStatus.SUBMITTED: "Sent for sign-off",
    BudgetStatus.APPROVED: "Approved",
    BudgetStatus.REJECTED: "Rejected",
    BudgetStatus.SUPERSEDED: "Replaced",
}


class LineType(StrEnum):
    PA_WAGE = "PA_WAGE"
    PA_COVER = "PA_COVER"
    PA_SLEEP_NIGHT = "PA_SLEEP_NIGHT"
    PA_WAKING_NIGHT = "PA_WAKING_NIGHT"
    PA_BANK_HOLIDAY = "PA_BANK_HOLIDAY"
    EMPLOYER_NI = "EMPLOYER_NI"
    EMPLOYER_PENSION = "EMPLOYER_PENSION"
    STATUTORY_PAY = "STATUTORY_PAY"
    PAYROLL = "PAYROLL"
    INSURANCE = "INSURANCE"
    DBS = "DBS"
    RECRUITMENT = "RECRUITMENT"
    TRAINING = "TRAINING"
    AGENCY = "AGENCY"
    ISF_FEE = "ISF_FEE"
    THERAPY = "THERAPY"
    ACTIVITY = "ACTIVITY"
    SHORT_BREAK = "SHORT_BREAK"
    TRANSPORT = "TRANSPORT"
    EQUIPMENT = "EQUIPMENT"
    ASSISTIVE_TECH = "ASSISTIVE_TECH"
    CONSUMABLES = "CONSUMABLES"
    CONTINGENCY = "CONTINGENCY"
    REDUNDANCY_NOTICE = "REDUNDANCY_NOTICE"
    CHARGES = "CHARGES"
    OTHER = "OTHER"


LINE_WORDS: dict[LineType, str] = {
    LineType.PA_WAGE: "Personal assistant pay",
    LineType.PA_COVER: "Cover for personal assistant holidays",
    LineType.PA_SLEEP_NIGHT: "Sleeping nights",
    LineType.PA_WAKING_NIGHT: "Waking nights",
    LineType.PA_BANK_HOLIDAY: "Bank holidays",
    LineType.EMPLOYER_NI: "Employer’s National Insurance",
    LineType.EMPLOYER_PENSION: "Employer’s pension",
    LineType.STATUTORY_PAY: "Statutory sick or parental pay",
    LineType.PAYROLL: "Payroll",
    LineType.INSURANCE: "Insurance",
    LineType.DBS: "DBS checks",
    LineType.RECRUITMENT: "Finding personal assistants",
    LineType.TRAINING: "Training",
    LineType.AGENCY: "Agency care",
    LineType.ISF_FEE: "Fund management fee",
    LineType.THERAPY: "Therapy",
    LineType.ACTIVITY: "Activities",
    LineType.SHORT_BREAK: "Short breaks",
    LineType.TRANSPORT: "Transport",
    LineType.EQUIPMENT: "Equipment",
    LineType.ASSISTIVE_TECH: "Assistive technology",
    LineType.CONSUMABLES: "Everyday supplies",
    LineType.CONTINGENCY: "Set by for emergencies",
    LineType.REDUNDANCY_NOTICE: "Redundancy and notice pay",
    LineType.CHARGES: "Account charges",
    LineType.OTHER: "Other",
}


EMPLOYING = (
    LineType.PA_WAGE,
    LineType.PA_COVER,
    LineType.PA_SLEEP_NIGHT,
    LineType.PA_WAKING_NIGHT,
    LineType.PA_BANK_HOLIDAY,
)
"""Lines that pay somebody who is employed."""


@dataclass(frozen=True, slots=True)
class LineFact:
    """One budget line: recurring pence a week and one-off pence, on one stream."""

    stream: str
    weekly_pence: int
    one_off_pence: int
    pays_for_a_service: bool


@dataclass(frozen=True, slots=True)
class StreamAmount:
    """A stream's own amounts and dates."""

    stream: str
    weekly_pence: int
    one_off_pence: int
    starts_on: date
    ends_on: date | None
    monthly: MonthlyPay = MonthlyPay.BY_DAYS
    paid_to: date | None = None
    """The last day that was paid for before it was brought in, with its one-off: neither is committed again."""


def adding_up_problems(
    *, weekly_pence: int, one_off_pence: int, lines: list[LineFact], streams: list[StreamAmount]
) -> list[Problem]:
    """Invariants I07 (streams sum to the budget, on every day), I09 (lines sum to it) and I18 (full cost)."""
    problems: list[Problem] = []
    lines_weekly = sum(line.weekly_pence for line in lines)
    lines_one_off = sum(line.one_off_pence for line in lines)
    if lines_weekly != weekly_pence or lines_one_off != one_off_pence:
        problems.append(
            Problem(
                f"The budget lines come to {pounds(lines_weekly)} a week and {pounds(lines_one_off)} one-off, "
                f"but the budget says {pounds(weekly_pence)} a week and {pounds(one_off_pence)} one-off. "
                "Make them the same.",
                "lines",
            )
        )
    services_weekly = sum(line.weekly_pence for line in lines if line.pays_for_a_service)
    services_one_off = sum(line.one_off_pence for line in lines if line.pays_for_a_service)
    if weekly_pence < services_weekly or one_off_pence < services_one_off:
        problems.append(
            Problem(
                f"The plan’s services cost {pounds(services_weekly)} a week and {pounds(services_one_off)} one-off. "
                "A final budget must cover the full cost of each service (regulation 13).",
                "lines",
            )
        )
    for stream in streams:
        own = [line for line in lines if line.stream == stream.stream]
        if (
            sum(line.weekly_pence for line in own) != stream.weekly_pence
            or sum(line.one_off_pence for line in own) != stream.one_off_pence
        ):
            problems.append(
                Problem(
                    "The lines of one stream do not come to the amount of that stream. Check each line’s stream.",
                    "lines",
                )
            )
    streams_weekly = sum(s.weekly_pence for s in streams)
    streams_one_off = sum(s.one_off_pence for s in streams)
    if streams and (streams_weekly != weekly_pence or streams_one_off != one_off_pence):
        problems.append(
            Problem(
                f"The streams come to {pounds(streams_weekly)} a week and {pounds(streams_one_off)} one-off, "
                f"but the budget is {pounds(weekly_pence)} a week and {pounds(one_off_pence)} one-off.",
                "streams",
            )
        )
    if len({(s.starts_on, s.ends_on) for s in streams if s.weekly_pence > 0}) > 1:
        problems.append(
            Problem(
                "The streams do not run over the same days, so on some days the money would not come to "
                f"{pounds(weekly_pence)} a week. Give them the same start and end dates.",
                "streams",
            )
        )
    return problems


def year_commitment(streams: list[StreamAmount], on_year_of: date, *, from_day: date | None = None) -> int:
    """Pence committed to 31 March of the year of the given day, one-offs included (decisions.md §3), and no weekly
    money of days before ``from_day``, or that were paid before the stream was brought in."""
    return sum(
        commitment(
            s.weekly_pence, s.starts_on, s.ends_on, 0 if s.paid_to else s.one_off_pence, on_year_of, monthly=s.monthly,
            from_day=_unpaid_from(s.paid_to, from_day),
        )
        for s in streams
    )  # fmt: skip


def _unpaid_from(paid_to: date | None, from_day: date | None) -> date | None:
    if paid_to is None:
        return from_day
    return max(paid_to + timedelta(days=1), from_day or date.min)
