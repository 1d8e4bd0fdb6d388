"""Which agreements a stream needs, who signs each, and what each says (ADR 0030)."""

from __future__ import annotations

from datetime import date

import pytest

from phbportal.domain.agreement_kinds import ABOUT_WORDS, KIND_WORDS, TEMPLATE_CODES, AgreementKind, kinds_needed
from phbportal.domain.agreement_texts import WheelchairTerms, managed_text, notional_text, wheelchair_text
from phbportal.domain.payee_agreement import AgreementStatus, Signer, Terms, missing, signers, unsigned_problem
from phbportal.domain.streams import Frequency, Method, PayeeKind
from phbportal.domain.templates import AGREEMENTS
from phbportal.domain.wheelchairs import Cover, WheelchairOffer, WheelchairWay

K, M, P, S = AgreementKind, Method, PayeeKind, Signer
TERMS = Terms(
    "Amina Okafor-Reyes", "Nell Ominee", P.NOMINEE, "NHS Test One ICB", "PHB-2026-000001", 2, 40_000, 0,
    Frequency.FOUR_WEEKLY, date(2026, 4, 6), 28, 8,
)  # fmt: skip


@pytest.mark.parametrize(
    ("method", "managed", "wheelchair", "needed"),
    [
        (M.NOTIONAL, False, False, (K.NOTIONAL,)),
        (M.NOTIONAL, False, True, (K.WHEELCHAIR,)),
        (M.DIRECT_PAYMENT, False, False, (K.DIRECT_PAYMENT,)),
        (M.DIRECT_PAYMENT, True, False, (K.DIRECT_PAYMENT, K.MANAGED)),
        (M.DIRECT_PAYMENT, False, True, (K.DIRECT_PAYMENT, K.WHEELCHAIR)),
        (M.THIRD_PARTY, False, False, ()),
        (M.THIRD_PARTY, False, True, (K.WHEELCHAIR,)),
    ],
)
def test_which_agreements_a_stream_needs(
    method: Method, managed: bool, wheelchair: bool, needed: tuple[AgreementKind, ...]
) -> None:
    assert kinds_needed(method, is_managed=managed, is_wheelchair=wheelchair) == needed


@pytest.mark.parametrize(
    ("kind", "payee", "who"),
    [
        (K.DIRECT_PAYMENT, P.HOLDER, (S.PERSON, S.BOARD)),
        (K.DIRECT_PAYMENT, P.NOMINEE, (S.PERSON, S.NOMINEE, S.BOARD)),
        (K.MANAGED, P.HOLDER, (S.PERSON, S.ORGANISATION, S.BOARD)),
        (K.MANAGED, P.NOMINEE, (S.PERSON, S.NOMINEE, S.ORGANISATION, S.BOARD)),
        (K.NOTIONAL, P.NONE, (S.PERSON, S.BOARD)),
        (K.WHEELCHAIR, P.NONE, (S.PERSON, S.BOARD)),
        (K.WHEELCHAIR, P.NOMINEE, (S.PERSON, S.BOARD)),
    ],
)
def test_who_signs_each(kind: AgreementKind, payee: PayeeKind, who: tuple[Signer, ...]) -> None:
    assert signers(payee, kind) == who
    assert missing(payee, who, kind) == ()


def test_what_is_unsigned_names_the_agreement_and_who_is_missing() -> None:
    problem = unsigned_problem(P.HOLDER, AgreementStatus.OPEN, {S.PERSON}, K.MANAGED)
    assert problem is not None
    assert problem.sentence == (
        "The agreement about the managed account still has to be signed by the organisation and the board. Nothing can "
        "be paid before that."
    )
    assert unsigned_problem(P.HOLDER, AgreementStatus.IN_FORCE, (), K.WHEELCHAIR) is None


def test_every_kind_has_words_and_a_template() -> None:
    assert set(KIND_WORDS) == set(ABOUT_WORDS) == set(TEMPLATE_CODES) == set(K)
    assert set(TEMPLATE_CODES.values()) <= set(AGREEMENTS)


def test_each_says_who_it_is_between_what_is_paid_and_the_law_it_follows() -> None:
    chair = WheelchairTerms(
        WheelchairOffer(WheelchairWay.NOTIONAL_CONTRIBUTION, 115_000, 78_000), "Powered chair",
        Cover.REPAIRS_AND_MAINTENANCE, "Wheels North", 5, (("Amina Okafor-Reyes", 33_600), ("Wheels for All", 60_000)),
    )  # fmt: skip
    managed, notional, wheelchair = (
        managed_text(TERMS, "Larch Payroll"), notional_text(TERMS), wheelchair_text(TERMS, chair),
    )  # fmt: skip
    for text in (managed, notional, wheelchair):
        assert all(said in text for said in ("Amina Okafor-Reyes", "NHS Test One ICB", "PHB-2026-000001"))
        assert "the law as it stood on 1 April 2026" in text
        assert text.startswith("# Who this agreement is between\n")
    assert "Larch Payroll pays only what Nell Ominee tells it to pay" in managed
    assert "£1,600.00 every 4 weeks (£400.00 a week)" in notional
    assert "The care of the plan does not wait for the signatures." in notional
    assert "Wheels for All pays £600.00 of it." in wheelchair
    assert "£936.00 is paid by the person, or by others for them." in wheelchair
    assert "The chair belongs to the NHS." in wheelchair
