"""A third-party arrangement as a page shows it: the offer, the answers line by line, the agreement, its signatures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal.domain.errors import NotFound
from phbportal.domain.isf import (
    AGREEMENT_STATUS_WORDS,
    ANSWER_WORDS,
    LINES,
    AgreementStatus,
    Answer,
    IsfStatus,
    OrganisationFact,
    Party,
    missing,
    organisation_warning,
    status_words,
)
from phbportal.domain.isf_offer import Part, line_words, parts_of
from phbportal.domain.moments import show_moment
from phbportal.domain.periods import monthly_pay
from phbportal.domain.text import listed, long_date
from phbportal.policy.actors import Actor
from phbportal.queries.names import names_of
from phbportal.queries.offers import offer_words
from phbportal.queries.scope import visible
from phbportal.tables.arrangements import Agreement, IsfAnswer, IsfConfirmation, Signature
from phbportal.tables.budgets import Stream
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb


@dataclass(frozen=True, slots=True)
class LineView:
    """A line of the offer and the last answer to it; ``answer`` is a code, ``said`` its words, ``who`` by whom."""

    number: str = ""
    title: str = ""
    words: str = ""
    answer: str = ""
    said: str = ""
    comment: str = ""
    who: str = ""


@dataclass(frozen=True, slots=True)
class SignatureView:
    """A party of an agreement and how it signed; ``when`` is empty until it has."""

    party: str
    name: str
    when: str


@dataclass(frozen=True, slots=True)
class AgreementView:
    """An agreement in plain words. ``waits`` names who has not signed yet; ``code`` tells one wording from another."""

    id: str = ""
    status: str = ""
    organisation: str = ""
    waits: str = ""
    code: str = ""
    parts: tuple[Part, ...] = ()
    signatures: tuple[SignatureView, ...] = ()


@dataclass(frozen=True, slots=True)
class ArrangementView:
    """A whole arrangement as text."""

    person: str = ""
    organisation: str = ""
    organisation_href: str = ""
    user_led: bool = False
    warning: str = ""
    board: str = ""
    reference: str = ""
    round: str = ""
    status: str = ""
    sent: str = ""
    answer_by: str = ""
    answered: str = ""
    lines: tuple[LineView, ...] = ()
    agreement: AgreementView = field(default_factory=AgreementView)


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An arrangement for the code: ids and where it stands, and its view. ``role`` is the last answerer's."""

    stream_id: UUID
    phb_id: UUID
    icb_id: UUID
    offer_id: UUID
    organisation_id: UUID
    status: IsfStatus
    sent_by: UUID | None
    agreement_id: UUID | None
    agreement_status: AgreementStatus | None
    signed: frozenset[Party]
    role: str
    view: ArrangementView
    person_id: UUID


def arrangement_of(session: Session, actor: Actor, today: date, stream_id: UUID) -> Arrangement | None:
    """The last offer of a stream the actor may see and what came of it, or None. Five statements at most.

    Answers that have not been sent are the organisation's own: nobody else is shown them.
    """
    board = aliased(Organisation)
    c = IsfConfirmation
    found = session.execute(
        select(
            c, Organisation, col(board.name), col(Phb.reference), col(Person.given_name), col(Person.family_name),
            col(Person.id), col(Stream.monthly_pay),
        )
        .join(Stream, col(Stream.id) == col(c.stream_id))
        .join(Organisation, col(Organisation.id) == col(c.organisation_id))
        .join(board, col(board.id) == col(c.icb_id))
        .join(Phb, col(Phb.id) == col(c.phb_id))
        .join(Person, col(Person.id) == col(Phb.person_id))
        .where(col(c.stream_id) == stream_id, visible(actor, c, today), visible(actor, Stream, today))
        .order_by(col(c.round).desc())
        .limit(1)
    ).one_or_none()  # fmt: skip
    if found is None:
        return None
    offer, organisation, board_name, reference, given, family, person_id, kept = found
    status = IsfStatus(offer.status)
    own = actor.organisation_id == offer.organisation_id
    answers = _answers(session, actor, today, offer.id) if own or status is not IsfStatus.SENT else {}
    agreement, signatures = agreement_of(session, actor, today, stream_id)
    names = names_of(session, (offer.sent_by, offer.answered_by))
    words = line_words(
        offer_words(offer, f"{given} {family}", organisation, board_name, reference, monthly_pay(kept))
    )  # fmt: skip
    fact = OrganisationFact(organisation.kind, organisation.valid_to, organisation.gone_from_directory_on)
    view = ArrangementView(
        person=f"{given} {family}", organisation=organisation.name, user_led=organisation.is_user_led,
        warning=organisation_warning(fact, today), board=board_name, reference=reference, round=str(offer.round),
        status=status_words(status, own=own),
        sent=f"{names.of(offer.sent_by)}, {long_date(offer.sent_on)}" if offer.sent_on else "",
        answer_by=long_date(offer.expires_on) if offer.expires_on and status is IsfStatus.SENT else "",
        answered=f"{names.of(offer.answered_by)}, {show_moment(offer.answered_at)}" if offer.answered_at else "",
        lines=tuple(_line(number, words[number], answers.get(number)) for number in LINES),
        agreement=agreement_view(agreement, signatures, organisation.name),
    )  # fmt: skip
    return Arrangement(
        stream_id=stream_id, phb_id=offer.phb_id, icb_id=offer.icb_id, offer_id=offer.id,
        organisation_id=offer.organisation_id, status=status, sent_by=offer.sent_by,
        agreement_id=agreement.id if agreement else None,
        agreement_status=AgreementStatus(agreement.status) if agreement else None,
        signed=frozenset(Party(one.party) for one in signatures), role=_last_role(answers), view=view,
        person_id=person_id,
    )  # fmt: skip


def _answers(session: Session, actor: Actor, today: date, offer_id: UUID) -> dict[int, IsfAnswer]:
    rows = session.execute(
        select(IsfAnswer)
        .where(col(IsfAnswer.confirmation_id) == offer_id, visible(actor, IsfAnswer, today))
        .order_by(col(IsfAnswer.id))
    ).scalars()
    return {row.line: row for row in rows}


def _last_role(answers: dict[int, IsfAnswer]) -> str:
    last = max(answers.values(), key=lambda row: row.created_at, default=None)
    return last.answered_role if last else ""


def _line(number: int, words: str, answer: IsfAnswer | None) -> LineView:
    if answer is None:
        return LineView(str(number), LINES[number], words)
    who = f"{answer.answered_name}, {answer.answered_role}, {show_moment(answer.created_at)}"
    return LineView(
        str(number), LINES[number], words, answer.answer, ANSWER_WORDS[Answer(answer.answer)], answer.comment, who
    )


def agreement_of(
    session: Session, actor: Actor, today: date, stream_id: UUID
) -> tuple[Agreement | None, Sequence[Signature]]:
    """The agreement of a stream that waits for signatures, else the one in force; and its signatures."""
    a, s = Agreement, Signature
    agreement = session.execute(
        select(a)
        .where(
            col(a.stream_id) == stream_id, visible(actor, a, today),
            col(a.status) != AgreementStatus.REPLACED.value,
        )
        .order_by(col(a.id).desc())
        .limit(1)
    ).scalar_one_or_none()  # fmt: skip
    if agreement is None:
        return None, ()
    signatures = session.execute(
        select(s).where(col(s.agreement_id) == agreement.id, visible(actor, s, today)).order_by(col(s.id))
    ).scalars()
    return agreement, signatures.all()


_PARTY_NAMES = {Party.PERSON: "The person", Party.ORGANISATION: "The organisation", Party.BOARD: "The board"}


def agreement_view(agreement: Agreement | None, signatures: Sequence[Signature], organisation: str) -> AgreementView:
    """An agreement as text; an empty one where there is none."""
    if agreement is None:
        return AgreementView()
    signed = {Party(one.party): one for one in signatures}
    rows: list[SignatureView] = []
    for party in Party:
        one = signed.get(party)
        role = f", {one.signer_role}" if one and one.signer_role else ""
        paper = " on paper" if one and one.how == "PAPER" else ""
        rows.append(
            SignatureView(
                _PARTY_NAMES[party], f"{one.signer_name}{role}" if one else "Not signed yet",
                f"Signed{paper} on {long_date(one.signed_on)}" if one else "",
            )
        )  # fmt: skip
    still = [_PARTY_NAMES[party] for party in missing(signed)]
    return AgreementView(
        id=str(agreement.id), status=AGREEMENT_STATUS_WORDS[AgreementStatus(agreement.status)],
        organisation=organisation, code=agreement.content_hash[:12], parts=parts_of(agreement.content),
        waits=listed([still[0], *(name[0].lower() + name[1:] for name in still[1:])]) if still else "",
        signatures=tuple(rows),
    )  # fmt: skip


def offer_in_sight(session: Session, actor: Actor, today: date, stream_id: UUID) -> Arrangement:
    """The arrangement of a stream; NotFound where the actor may see none."""
    found = arrangement_of(session, actor, today, stream_id)
    if found is None:
        raise NotFound()
    return found


@dataclass(frozen=True, slots=True)
class OwnAgreement:
    """An agreement of a holder: its view, and whether they may sign it themselves now."""

    id: UUID
    status: AgreementStatus
    signed: bool
    view: AgreementView


def own_agreements(
    session: Session, actor: Actor, today: date, *, person_id: UUID | None = None
) -> list[OwnAgreement]:  # fmt: skip
    """A holder's agreements that wait or are in force, the latest first; of one of the people a representative acts
    for, where ``person_id`` is given. Two statements."""
    a, s = Agreement, Signature
    whose = [col(a.phb_id).in_(select(col(Phb.id)).where(col(Phb.person_id) == person_id))] if person_id else []
    rows: Sequence[Any] = session.execute(
        select(a, col(Organisation.name))
        .join(Organisation, col(Organisation.id) == col(a.organisation_id))
        .where(visible(actor, a, today), col(a.status) != AgreementStatus.REPLACED.value, *whose)
        .order_by(col(a.id).desc())
    ).all()
    signatures = session.execute(
        select(s)
        .where(visible(actor, s, today), col(s.agreement_id).in_([row[0].id for row in rows]))
        .order_by(col(s.id))
    ).scalars().all()  # fmt: skip
    found: list[OwnAgreement] = []
    for agreement, name in rows:
        own = [one for one in signatures if one.agreement_id == agreement.id]
        signed = any(one.party == Party.PERSON for one in own)
        found.append(
            OwnAgreement(agreement.id, AgreementStatus(agreement.status), signed, agreement_view(agreement, own, name))
        )
    return found


def to_sign_and_others(found: Sequence[OwnAgreement]) -> tuple[AgreementView, list[AgreementView]]:
    """The agreement that waits for the person's signature, empty for none, and the rest of them."""
    waiting = [one for one in found if one.status is AgreementStatus.OPEN and not one.signed]
    return waiting[0].view if waiting else AgreementView(), [one.view for one in found if one not in waiting[:1]]
