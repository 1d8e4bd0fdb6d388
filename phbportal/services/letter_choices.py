"""How somebody wants to get letters, chosen by themselves on their own page: a holder, and whoever acts for a person.

Letters that are written from then on follow it; what is on its way keeps the choice of the day it was written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from phbportal.domain import identifiers
from phbportal.domain.acting import ActingStatus
from phbportal.domain.errors import NotAllowed, Refusal
from phbportal.domain.letters import By, email_problem
from phbportal.domain.reading import Reading, given
from phbportal.policy.permissions import Permission
from phbportal.services.subjects import boards_of
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.people import Person


@dataclass(frozen=True, slots=True)
class LetterChoice:
    """By post, or by e-mail to an address that was typed twice. ``email`` is None for the post."""

    by: By
    email: str | None = None


def read_letter_choice(form: Mapping[str, object]) -> LetterChoice:
    """Read the choice. The address is typed twice: what goes to a wrong one is read by a stranger."""
    r = Reading(form)
    by = r.choice("letters_by", By, needed="Choose how you want to get letters.")
    if by is None or by is By.POST:
        r.finish()
        return LetterChoice(given(by))
    email, again = r.take("email", identifiers.email), r.raw("email_again").strip()
    if problem := email_problem(by, r.raw("email").strip()):
        r.problem(problem.sentence, problem.field or "")
    elif email and again.casefold() not in (email.casefold(), r.raw("email").strip().casefold()):
        r.problem("The two addresses are not the same. Type your e-mail address again.", "email_again")
    r.finish()
    return LetterChoice(by, given(email))


def choose_own_letters(uow: UnitOfWork, choice: LetterChoice) -> None:
    """A holder chooses how they get letters. Their telephone and the rest of their record stay with the team."""
    if uow.actor.person_id is None:
        raise NotAllowed("Only the person themselves can choose this.")
    person = uow.find(Person, uow.actor.person_id, lock=True)
    uow.require(Permission.OWN_SETTINGS_WRITE, person)
    (board, *_others) = boards_of(uow.session, person.id, uow.today) or {None}
    _choose(uow, person, choice, person.id, board)


def choose_letters_of_part(uow: UnitOfWork, part_id: UUID, choice: LetterChoice) -> None:
    """A representative or a nominee chooses how they get letters about the person they act for."""
    part = uow.find(PersonRole, part_id, lock=True)
    uow.require(Permission.ACTED_FOR_ANSWER, part)
    if part.status == ActingStatus.ENDED:
        raise Refusal("You do not act for this person any more, so you get no letters about them.")
    _choose(uow, part, choice, part.person_id, part.icb_id)


def _choose(
    uow: UnitOfWork, row: Person | PersonRole, choice: LetterChoice, person_id: UUID, icb_id: UUID | None
) -> None:  # fmt: skip
    kept = {"letters_by": None if choice.by is By.POST else choice.by.value}
    # An address that is there for other reasons stays when somebody goes back to the post.
    changed = uow.change(row, **kept, **({"email": choice.email} if choice.email else {}))
    if changed:
        uow.record_change(
            "letters_chosen", row, changed, icb_id=icb_id, person_id=person_id, letters_by=choice.by.value
        )
