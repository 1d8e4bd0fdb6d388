"""The words of an agreement of each kind, as they will be signed: by the board's template in use, else our own."""

from __future__ import annotations

from datetime import date

from phbportal.domain.agreement_kinds import TEMPLATE_CODES, AgreementKind
from phbportal.domain.agreement_texts import (
    MANAGED_VERSION,
    NOTIONAL_VERSION,
    WHEELCHAIR_VERSION,
    WheelchairTerms,
    managed_text,
    notional_text,
    wheelchair_text,
)
from phbportal.domain.errors import Refusal
from phbportal.domain.isf_offer import amount_words
from phbportal.domain.money import pounds
from phbportal.domain.money_rules import NAMES, rules_from
from phbportal.domain.payee_agreement import LAW_AS_OF, TEMPLATE_VERSION, Terms, agreement_text, from_template
from phbportal.domain.periods import monthly_pay
from phbportal.domain.streams import Frequency, PayeeKind
from phbportal.domain.text import long_date
from phbportal.domain.wheelchairs import Cover, unpromised_words
from phbportal.services.policies import setting, whole_setting
from phbportal.services.templates import template_in_use, written_from
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.services.wheelchairs import contributions_of, offer_of, wheelchair_of
from phbportal.tables.acting import PersonRole
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.document_templates import DocumentTemplate
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Plan


def words_of(uow: UnitOfWork, stream: Stream, plan: Plan, kind: AgreementKind) -> tuple[str, str, date]:
    """The words of an agreement, the version of what they were made from, and the day its law was checked."""
    terms = _terms(uow, stream, plan)
    own, version = _own_words(uow, stream, kind, terms)
    code = TEMPLATE_CODES[kind]
    template = template_in_use(uow, stream.icb_id, code)
    if template is None:
        return own, version, LAW_AS_OF
    text = from_template(
        template.title, _filled(uow, stream, template, terms, kind), template.version, template.law_as_of
    )
    return text, f"{code} {template.version}", template.law_as_of


def keeper_of(uow: UnitOfWork, stream: Stream) -> Organisation:
    """The organisation that keeps a managed account; refuses a stream that is not paid into one."""
    account = uow.session.get(PayeeAccount, stream.account_id) if stream.account_id else None
    found = uow.session.get(Organisation, account.organisation_id) if account and account.organisation_id else None
    if found is None:
        raise Refusal("This is not paid into a managed account. Enter the bank details of one first.")
    return found


def _terms(uow: UnitOfWork, stream: Stream, plan: Plan) -> Terms:
    phb = uow.session.get_one(Phb, stream.phb_id)
    person = uow.session.get_one(Person, phb.person_id)
    board = uow.session.get_one(Organisation, stream.icb_id)
    part = uow.session.get(PersonRole, stream.payee_role_id) if stream.payee_role_id else None
    whose = f"{person.given_name} {person.family_name}"
    return Terms(
        whose, part.name if part else whose, PayeeKind(stream.payee_kind), board.name, phb.reference, plan.version,
        stream.weekly_pence, stream.one_off_pence, Frequency(stream.frequency), stream.starts_on,
        whole_setting(uow, stream.icb_id, "notice_days_stop"), whole_setting(uow, stream.icb_id, "surplus_weeks"),
        monthly_pay(stream.monthly_pay),
        rules_from({name: setting(uow, stream.icb_id, name) for name in NAMES}),
    )  # fmt: skip


def _own_words(uow: UnitOfWork, stream: Stream, kind: AgreementKind, terms: Terms) -> tuple[str, str]:
    """The portal's words, and their version. Refuses what cannot be agreed to yet, whoever's words are used."""
    match kind:
        case AgreementKind.DIRECT_PAYMENT:
            return agreement_text(terms), TEMPLATE_VERSION
        case AgreementKind.MANAGED:
            return managed_text(terms, keeper_of(uow, stream).name), MANAGED_VERSION
        case AgreementKind.NOTIONAL:
            return notional_text(terms), NOTIONAL_VERSION
        case AgreementKind.WHEELCHAIR:
            return wheelchair_text(terms, _wheelchair(uow, stream)), WHEELCHAIR_VERSION


def _wheelchair(uow: UnitOfWork, stream: Stream) -> WheelchairTerms:
    chair = wheelchair_of(uow, stream.phb_id)
    if chair is None:
        raise Refusal("This budget has no wheelchair. Work its wheelchair budget out first.")
    adds = contributions_of(uow, chair.id)
    if unsaid := unpromised_words(chair.person_pays_pence, sum(one.amount_pence for one in adds)):
        raise Refusal(f"{unsaid} Record who adds to the chair first: everybody signs for it.")
    return WheelchairTerms(
        offer_of(chair), chair.chair, Cover(chair.covers), chair.supplier, chair.term_years,
        tuple((one.name, one.amount_pence) for one in adds), chair.issued_on,
    )  # fmt: skip


def _filled(
    uow: UnitOfWork, stream: Stream, template: DocumentTemplate, terms: Terms, kind: AgreementKind
) -> str:  # fmt: skip
    values = {
        "person_name": terms.person, "board_name": terms.board, "budget_reference": terms.reference,
        "amount": amount_words(stream.weekly_pence, terms.frequency, stream.one_off_pence, terms.monthly),
        "weekly_amount": pounds(stream.weekly_pence), "starts_on": long_date(stream.starts_on),
        "today": long_date(uow.today),
    }  # fmt: skip
    if terms.payee_kind in (PayeeKind.NOMINEE, PayeeKind.REPRESENTATIVE):
        values["nominee_name" if terms.payee_kind is PayeeKind.NOMINEE else "representative_name"] = terms.payee
    if kind is AgreementKind.MANAGED:
        values["organisation_name"] = keeper_of(uow, stream).name
    return written_from(template, values)
