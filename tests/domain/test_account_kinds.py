"""Which kinds of account a stream may be paid into (regulation 10, T16)."""

from __future__ import annotations

import pytest

from phbportal.domain.account_kinds import ACCOUNT_KIND_WORDS, AccountKind, AccountStream, account_kind_problem
from phbportal.domain.streams import Frequency, Method

K = AccountKind
ONCE = AccountStream(Method.DIRECT_PAYMENT, Frequency.ONCE, 0, 0)


@pytest.mark.parametrize(
    ("kind", "stream", "organisation", "field"),
    [
        (K.ORDINARY_ONE_OFF, ONCE, False, None),
        (K.ORDINARY_ONE_OFF, AccountStream(Method.DIRECT_PAYMENT, Frequency.ONCE, 0, 1), False, "kind"),
        (K.ORDINARY_ONE_OFF, AccountStream(Method.DIRECT_PAYMENT, Frequency.ONCE, 100, 0), False, "kind"),
        (K.ORDINARY_ONE_OFF, AccountStream(Method.DIRECT_PAYMENT, Frequency.FOUR_WEEKLY, 0, 0), False, "kind"),
        (K.MANAGED, ONCE, False, "organisation"),
        (K.MANAGED, ONCE, True, None),
        (K.OWN_SEPARATE, AccountStream(Method.DIRECT_PAYMENT, Frequency.WEEKLY, 100, 3), False, None),
        (K.ISF_LEDGER, AccountStream(Method.THIRD_PARTY, Frequency.WEEKLY, 100, 0), False, None),
    ],
)
def test_an_ordinary_account_is_for_the_one_payment_of_a_year_and_a_managed_one_has_a_keeper(
    kind: AccountKind, stream: AccountStream, organisation: bool, field: str | None
) -> None:
    problem = account_kind_problem(kind, stream, has_organisation=organisation)
    assert (problem.field if problem else None) == field


def test_every_kind_has_words() -> None:
    assert set(ACCOUNT_KIND_WORDS) == set(K)
