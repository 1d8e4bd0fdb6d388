"""Letters: written from the template in use when a decision is issued, kept as they were sent, put in the outbox in
the same transaction (domain.md §10.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from phbportal.domain.acting import Acting, ActingStatus
from phbportal.domain.clock import working_days_after
from phbportal.domain.decision_words import (
    Decided,
    care_sentences,
    decision_sentence,
    disagree_paragraphs,
    outcome_sentence,
)
from phbportal.domain.decisions import GROUND_WORDS, OF_MONEY, DecisionKind, Ground
from phbportal.domain.errors import Refusal
from phbportal.domain.letters import (
    CODES,
    OUTCOME_CODE,
    OWN_LAW_AS_OF,
    OWN_WORDS,
    TITLES,
    By,
    LetterStatus,
    OutboxStatus,
    body_problem,
    by_of,
    written,
)
from phbportal.domain.money import pounds
from phbportal.domain.people import birthday
from phbportal.domain.reconsiderations import Outcome
from phbportal.domain.streams import Method
from phbportal.domain.templates import TemplateStatus
from phbportal.domain.text import long_date
from phbportal.policy.permissions import Permission
from phbportal.queries.letters import LetterText, letter_of
from phbportal.services.acting_sign_ins import somebody_signs_in
from phbportal.services.policies import whole_setting
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import Stream
from phbportal.tables.decisions import Decision, Reconsideration
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.settings import Job
from phbportal.tables.users import User

JOB, HEARD = "letter", "letter-heard"
_TO_THEMSELVES_FROM = 16
"""From this age on a letter goes to the person, unless somebody must decide for them (SI 2013/1617 regs 3 to 5)."""


@dataclass(frozen=True, slots=True)
class Addressee:
    """Who a letter goes to. ``key`` tells them apart; ``own`` is whether the letter is about themselves; ``by`` how
    they have chosen to get letters, and ``email`` where to."""

    key: str
    name: str
    address: str
    own: bool
    part_id: UUID | None = None
    by: By = By.POST
    email: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A letter before it is sent, as it would be."""

    to: Addressee
    code: str
    title: str
    body: str
    template_id: UUID | None
    version: int
    law_as_of: date


def drafts_of_decision(uow: UnitOfWork, decision: Decision) -> list[Draft]:
    """The letters of a decision, one for each who must be told. Refuses where the board's template cannot say what the
    law wants said."""
    code = CODES[DecisionKind(decision.kind)]
    return [_draft(uow, decision, code, to, decision.reasons, {}) for to in addressees(uow, decision)]


def drafts_of_outcome(uow: UnitOfWork, decision: Decision, found: Reconsideration) -> list[Draft]:
    """The letters that tell what came of a reconsideration."""
    said = outcome_sentence(
        DecisionKind(decision.kind), Outcome(found.outcome), day=found.effective_on, weekly_pence=found.weekly_pence
    )
    return [
        _draft(uow, decision, OUTCOME_CODE, to, found.reasons, {"outcome": said}) for to in addressees(uow, decision)
    ]


def addressees(uow: UnitOfWork, decision: Decision) -> list[Addressee]:
    """The person, or whoever represents them where they are a child or lack capacity; and whoever is paid the money
    that is decided about (SI 2013/2354: notice goes to the person and the payee). Nobody who has died."""
    payees = _payees(uow, decision) if DecisionKind(decision.kind) in OF_MONEY else []
    return whom_to_tell(uow, decision.person_id, payees)


def whom_to_tell(uow: UnitOfWork, person_id: UUID, payees: Iterable[PersonRole]) -> list[Addressee]:
    """The person, or whoever represents them, and these payees; refuses where there is nobody."""
    person = uow.session.get_one(Person, person_id)
    parts = _parts(uow, person.id, Acting.REPRESENTATIVE)
    for_them = uow.today < birthday(person.date_of_birth, _TO_THEMSELVES_FROM) or person.lacks_capacity
    found: list[Addressee] = []
    if person.died_on is None and not (for_them and parts):
        address = "\n".join(line for line in (person.address, person.postcode) if line)
        by = by_of(person.letters_by)
        if by is By.EMAIL_NOTE and not person.sign_in_on:  # nobody waits in front of a door they cannot open
            by = By.POST
        found.append(
            Addressee(
                "PERSON", f"{person.given_name} {person.family_name}", address, own=True, by=by,
                email=(person.email or "") if by is not By.POST else "",
            )
        )  # fmt: skip
    if for_them:
        found += [_of_part(uow, part) for part in parts]
    there = {one.part_id for one in found}
    found += [_of_part(uow, part) for part in payees if part.id not in there]
    if not found:
        raise Refusal("There is nobody to write to: the person has died and nobody acts for them.")
    return found


def digest(drafts: Iterable[Draft]) -> str:
    """What somebody read before they approved, to be told apart from what would be sent now."""
    whole = "\0".join(f"{draft.to.name}\0{draft.title}\0{draft.body}" for draft in drafts)
    return hashlib.sha256(whole.encode()).hexdigest()


def send_letters(uow: UnitOfWork, decision: Decision, about_id: UUID, drafts: Iterable[Draft]) -> None:
    """Keep the letters and put each in the outbox, in the transaction of the act they tell of."""
    about = About(decision.icb_id, decision.phb_id, decision.person_id, about_id, decision.id)
    send_about(uow, about, drafts)


@dataclass(frozen=True, slots=True)
class About:
    """What letters tell of: whose board, budget and person; the row; and the decision, if it is one."""

    icb_id: UUID
    phb_id: UUID
    person_id: UUID
    about_id: UUID
    decision_id: UUID | None = None


def send_about(uow: UnitOfWork, about: About, drafts: Iterable[Draft]) -> None:
    """Keep letters about anything and put each in the outbox, in the transaction of the act they tell of."""
    days = whole_setting(uow, about.icb_id, "decision_letter_days")
    for draft in drafts:
        letter = uow.add(
            Letter, icb_id=about.icb_id, phb_id=about.phb_id, person_id=about.person_id,
            decision_id=about.decision_id, about_id=about.about_id, recipient=draft.to.key, part_id=draft.to.part_id,
            code=draft.code, template_id=draft.template_id, template_version=draft.version, law_as_of=draft.law_as_of,
            title=draft.title, addressee=draft.to.name, address=draft.to.address, body=draft.body,
            written_on=uow.today, post_by=working_days_after(uow.today, days), status=LetterStatus.WAITING.value,
            sent_by=draft.to.by.value if draft.to.email else None, email=draft.to.email or None,
        )  # fmt: skip
        item = uow.add(
            OutboxItem, letter_id=letter.id, reference=f"phb-letter-{letter.id}", status=OutboxStatus.WAITING.value
        )
        uow.add(Job, kind=JOB, icb_id=about.icb_id, status="WAITING", payload=str(item.id), outcome="")
        uow.record("letter_written", about=letter, icb_id=letter.icb_id, phb_id=letter.phb_id,
                   person_id=letter.person_id, title=letter.title)  # fmt: skip


def open_letter(uow: UnitOfWork, letter_id: UUID) -> LetterText:
    """A letter, to be read; that a member of staff did is noted."""
    row = uow.find(Letter, letter_id)
    uow.require(Permission.LETTER_READ, row)
    uow.saw("letter", person_id=row.person_id, phb_id=row.phb_id)
    return letter_of(uow.session, uow.actor, uow.today, letter_id)


def post_letter(uow: UnitOfWork, letter_id: UUID, _values: Mapping[str, object]) -> None:
    """Say that a letter was printed and posted."""
    letter = uow.find(Letter, letter_id, lock=True)
    uow.require(Permission.LETTER_POST, letter)
    if letter.status != LetterStatus.TO_POST:
        raise Refusal("Only a letter that waits to be printed can be marked as posted.")
    uow.change(letter, status=LetterStatus.POSTED.value, left_on=uow.today)
    uow.record("letter_posted", about=letter, icb_id=letter.icb_id, phb_id=letter.phb_id, person_id=letter.person_id,
               title=letter.title)  # fmt: skip


def decided(uow: UnitOfWork, decision: Decision) -> Decided:
    """A decision for its words."""

    def method(stream_id: UUID | None) -> Method | None:
        return Method(uow.session.get_one(Stream, stream_id).method) if stream_id else None

    return Decided(
        DecisionKind(decision.kind), decision.effective_on, method(decision.stream_id), decision.subject,
        decision.weekly_before_pence, decision.weekly_after_pence, method(decision.replacement_id),
        decision.no_replacement,
    )  # fmt: skip


def _draft(
    uow: UnitOfWork, decision: Decision, code: str, to: Addressee, reasons: str, more: Mapping[str, str]
) -> Draft:
    return written_to(uow, decision.icb_id, code, to, {**_values(uow, decision, to, reasons), **more})


def written_to(uow: UnitOfWork, icb_id: UUID, code: str, to: Addressee, values: Mapping[str, str]) -> Draft:
    """A letter from the board's template in use, or else in the portal's own words. Refuses words that do not say what
    such a letter must."""
    template = uow.session.execute(
        select(DocumentTemplate).where(
            col(DocumentTemplate.icb_id) == icb_id, col(DocumentTemplate.code) == code,
            col(DocumentTemplate.status) == TemplateStatus.IN_USE.value,
        )
    ).scalar_one_or_none()  # fmt: skip
    body = template.body if template else OWN_WORDS[code]
    if problem := body_problem(code, body):
        raise Refusal(problem)
    words = written(code, body, values)
    if template is None:
        return Draft(to, code, TITLES[code], words, None, 0, OWN_LAW_AS_OF)
    return Draft(to, code, template.title, words, template.id, template.version, template.law_as_of)


def _values(uow: UnitOfWork, decision: Decision, to: Addressee, reasons: str) -> dict[str, str]:
    """What a template of a letter about a decision may fill in."""
    phb = uow.session.get_one(Phb, decision.phb_id)
    person = uow.session.get_one(Person, decision.person_id)
    manager = uow.session.get(User, phb.case_manager_id) if phb.case_manager_id else None
    name, found = f"{person.given_name} {person.family_name}", decided(uow, decision)
    days = whole_setting(uow, decision.icb_id, "reconsideration_days")
    return {
        "addressee_name": to.name, "person_name": name, "budget_reference": phb.reference,
        "board_name": uow.session.get_one(Organisation, decision.icb_id).name, "today": long_date(uow.today),
        "case_manager_name": manager.display_name if manager else "your contact",
        "decision": decision_sentence(found, name, own=to.own), "reasons": reasons.strip(),
        "ground": f"The reason in the law: “{GROUND_WORDS[Ground(decision.ground)]}”." if decision.ground else "",
        "effective_on": long_date(decision.effective_on), "starts_on": long_date(decision.effective_on),
        "care": " ".join(care_sentences(found, name, own=to.own, today=uow.today)),
        "how_to_disagree": "\n\n".join(disagree_paragraphs(found.kind, days, own=to.own)),
        "weekly_amount": pounds(decision.weekly_after_pence) if decision.weekly_after_pence is not None else "",
        "nominee_name": decision.subject, "representative_name": decision.subject,
    }  # fmt: skip


def _of_part(uow: UnitOfWork, part: PersonRole) -> Addressee:
    """Whoever acts for the person, or is paid: letters go as they chose, a note only while they can read it here."""
    by = by_of(part.letters_by)
    if by is By.EMAIL_NOTE and not (part.status == ActingStatus.ACTIVE and somebody_signs_in(uow, part)):
        by = By.POST
    email = (part.email or "") if by is not By.POST else ""
    return Addressee(str(part.id), part.name, part.contact, own=False, part_id=part.id, by=by, email=email)


def _parts(uow: UnitOfWork, person_id: UUID, role: Acting) -> list[PersonRole]:
    return list(
        uow.session.execute(
            select(PersonRole)
            .where(
                col(PersonRole.person_id) == person_id, col(PersonRole.role) == role.value,
                col(PersonRole.status) == ActingStatus.ACTIVE.value,
            )
            .order_by(col(PersonRole.id))
        ).scalars()
    )  # fmt: skip


def _payees(uow: UnitOfWork, decision: Decision) -> list[PersonRole]:
    """Whoever is paid in the person's place by what is decided about, on hold or not."""
    which = col(Stream.id) == decision.stream_id if decision.stream_id else col(Stream.phb_id) == decision.phb_id
    paid = select(col(Stream.payee_role_id)).where(which, col(Stream.payee_role_id).is_not(None))
    return list(
        uow.session.execute(
            select(PersonRole)
            .where(col(PersonRole.id).in_(paid), col(PersonRole.status) != ActingStatus.ENDED.value)
            .order_by(col(PersonRole.id))
        ).scalars()
    )
