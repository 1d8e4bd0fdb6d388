"""Who pays which part of a budget: weights or sums of money, shared to the penny (domain.md §2.5, §4.4, §4.7, I08)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from phbportal.domain.errors import Problem, Refusal
from phbportal.domain.money import instalments, pounds, split


class Funder(StrEnum):
    HEALTH = "HEALTH"
    SOCIAL_CARE = "SOCIAL_CARE"
    EDUCATION = "EDUCATION"


FUNDER_WORDS: dict[Funder, str] = {
    Funder.HEALTH: "Health",
    Funder.SOCIAL_CARE: "Social care",
    Funder.EDUCATION: "Education",
}


@dataclass(frozen=True, slots=True)
class Share:
    """A funder's part: a weight (60 beside 40, or 1 beside 1 beside 1), or a sum in pence; never both."""

    funder: Funder
    weight: int | None = None
    pence: int | None = None


def share_problems(shares: Sequence[Share], whole_pence: int) -> list[Problem]:
    """What is wrong with shares of a sum: none, a funder twice, weights beside sums, or sums that do not come to it."""
    if not shares:
        return [Problem("Say who pays: enter at least one share.", "shares")]
    problems: list[Problem] = []
    if len({share.funder for share in shares}) < len(shares):
        problems.append(Problem("Each funder can have one share only. Put the two together.", "shares"))
    weighted = [share for share in shares if share.weight is not None]
    if 0 < len(weighted) < len(shares):
        problems.append(Problem("Enter every share as a part, or every share as an amount of money.", "shares"))
    elif weighted and not any(share.weight for share in weighted):
        problems.append(Problem("Enter at least one share above 0.", "shares"))
    elif not weighted and (got := sum(share.pence or 0 for share in shares)) != whole_pence:
        away = pounds(abs(whole_pence - got)) + (" short of" if got < whole_pence else " more than")
        problems.append(
            Problem(f"The shares come to {pounds(got)}, {away} the {pounds(whole_pence)} to pay.", "shares")
        )
    return problems


def share_out(total_pence: int, shares: Sequence[Share]) -> dict[Funder, int]:
    """A sum by its shares: largest remainder on pence, ties to the first listed, always exact (I08, T10).

    Shares that are sums of money weigh as much as they are. Refuses shares that weigh nothing together.
    """
    weights = [share.weight if share.weight is not None else share.pence or 0 for share in shares]
    return dict(zip((share.funder for share in shares), split(total_pence, weights), strict=True))


def shared_on(before_pence: int, part_pence: int, shares: Sequence[Share]) -> dict[Funder, int]:
    """Each funder's part of what follows ``before_pence`` of the same year: what all of it comes to for them, less what
    they have paid. So every part, each funder's year and the year are exact (T11, ADR 0036)."""
    before, after = share_out(before_pence, shares), share_out(before_pence + part_pence, shares)
    return {funder: after[funder] - before[funder] for funder in after}


def shared_instalments(shares: Sequence[Share], n: int) -> list[dict[Funder, int]]:
    """A year's sums paid in ``n`` parts: each part, each funder's year and the whole year are exact (T11).

    Refuses shares that are not all sums of money.
    """
    if any(share.pence is None for share in shares):
        raise Refusal("Enter every share as an amount of money a year.", field="shares")
    parts = instalments(sum(share.pence or 0 for share in shares), n)
    return [shared_on(sum(parts[:number]), part, shares) for number, part in enumerate(parts)]
