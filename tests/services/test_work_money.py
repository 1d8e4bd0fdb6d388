"""Finance's work list: a payment that cannot be made says why and what to do, as the service would refuse it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from phbportal import routes
from phbportal.domain.streams import AccountStatus
from phbportal.queries.work import Work, total_words
from phbportal.queries.work_items import CANNOT, OVERDUE, SOON, WorkGroup, WorkItem
from phbportal.queries.work_money import payments_due, payments_to_confirm
from phbportal.services.decisions import carry_out_decisions
from phbportal.services.unit_of_work import UnitOfWork
from phbportal.tables.budgets import PayeeAccount, Stream
from phbportal.tables.consents import Consent
from phbportal.tables.phbs import Phb
from tests.services.asking import END, NEXT_END, NEXT_START, START, Paying, payment, refused, row, rows
from tests.services.deciding import issued, suspend
from tests.support.statements import statements
from tests.support.world import at

LATE = START + timedelta(days=7)
Group = Callable[..., WorkGroup]


def listed(paying: Paying, group: Group, on: date = LATE, by: Any = None) -> list[WorkItem]:
    actor = by or paying.world.finance2
    with paying.world.unit(actor, writes=False, on=on) as uow:
        return list(group(uow.session, actor, on).items)


def changed(paying: Paying, table: Any, row_id: Any, **values: Any) -> None:
    with paying.world.unit(paying.world.cm) as uow:
        uow.change(uow.session.get_one(table, row_id), **values)


def reference(paying: Paying) -> str:
    return row(paying.world, Phb, paying.case.phb_id).reference


def test_what_can_be_paid_is_overdue_and_leads_to_its_form(direct: Paying) -> None:
    (item,) = listed(direct, payments_due)
    assert item.status == OVERDUE
    assert item.detail == f"{reference(direct)}. Started 7 days ago."
    assert item.href.startswith(routes.of_phb(routes.STAFF_MONEY_PAYMENT, reference(direct)))
    (soon,) = listed(direct, payments_due, START - timedelta(days=3))
    assert soon.status == SOON


def no_account(paying: Paying) -> None:
    changed(paying, Stream, paying.stream, account_id=None)


def not_approved(paying: Paying) -> None:
    (account,) = rows(paying.world, PayeeAccount)
    changed(paying, PayeeAccount, account.id, status=AccountStatus.PROPOSED.value)


def cooling(paying: Paying) -> None:
    (account,) = rows(paying.world, PayeeAccount)
    changed(paying, PayeeAccount, account.id, cooling_until=datetime.combine(LATE, datetime.min.time(), UTC)
            + timedelta(days=3))  # fmt: skip


def consent_withdrawn(paying: Paying) -> None:
    for consent in rows(paying.world, Consent):
        changed(paying, Consent, consent.id, withdrawn_on=START)


HINDERED = [
    (no_account, "There is no bank account for this stream. Add one first."),
    (not_approved, "A second finance officer must approve them first."),
    (cooling, "nothing can be paid to them until"),
    (consent_withdrawn, "There is no consent to a direct payment in force. Record it first. Ask the case manager to "
     "see to it."),
]  # fmt: skip


@pytest.mark.parametrize(("hinder", "says"), HINDERED)
def test_what_cannot_be_recorded_says_why_and_what_to_do_and_is_not_called_overdue(
    direct: Paying, hinder: Callable[[Paying], None], says: str
) -> None:
    hinder(direct)
    (item,) = listed(direct, payments_due)
    assert item.status == CANNOT
    assert says in item.detail
    assert item.href == routes.staff_phb_money(reference(direct))
    said = direct.refused(on=LATE)
    assert said.split(". ")[0] in item.detail, "the same as whoever tries is told"
    (soon,) = listed(direct, payments_due, START - timedelta(days=3))
    assert soon.status == SOON, "there is time yet"


def test_of_two_hindrances_both_are_said_what_finance_does_itself_first(direct: Paying) -> None:
    no_account(direct)
    consent_withdrawn(direct)
    (item,) = listed(direct, payments_due)
    assert item.detail.endswith(
        "There is no bank account for this stream. Add one first. There is no consent to a direct payment in force. "
        "Record it first. Ask the case manager to see to it."
    )


def test_a_recorded_payment_that_can_be_confirmed_is_as_before(direct: Paying) -> None:
    said = direct.record()
    (item,) = listed(direct, payments_to_confirm)
    assert item.status == OVERDUE
    assert item.detail.endswith("Waiting for 7 days.")
    assert item.href == routes.of_phb(routes.STAFF_MONEY_CONFIRM, reference(direct), payment=said)
    (today,) = listed(direct, payments_to_confirm, START)
    assert today.status == ""


def test_a_recorded_payment_of_a_stream_on_hold_says_so(direct: Paying) -> None:
    direct.confirm(direct.record())
    said = direct.record(NEXT_START, NEXT_END, key="next")
    held, after = NEXT_START + timedelta(days=14), NEXT_START + timedelta(days=15)
    issued(direct.world, direct.case, suspend(held), on=START)
    carry_out_decisions(direct.world.engine, now=at(held))
    (item,) = listed(direct, payments_to_confirm, after)
    assert (item.status, item.href) == (CANNOT, routes.staff_phb_money(reference(direct)))
    assert item.detail.endswith(
        "The stream is on hold. If the money left before, confirm it with that day. If not, cancel the payment, or "
        "have the hold lifted first."
    )
    assert "on hold" in refused(direct.world, direct.world.finance2, direct.confirming(said, after), on=after)
    assert listed(direct, payments_due, after) == [], "of what is on hold nothing is asked for"
    left = direct.confirming(said, NEXT_START)
    direct.world.do(direct.world.finance2, left, on=after)  # as it says: the money had left before


def test_a_recorded_payment_of_a_stream_that_was_stopped_says_so(direct: Paying) -> None:
    said = direct.record()
    changed(direct, Stream, direct.stream, ends_on=START - timedelta(days=1), starts_on=START - timedelta(days=3))
    (item,) = listed(direct, payments_to_confirm)
    assert item.status == CANNOT
    assert item.detail.endswith("The stream ended on 12 April 2026, before the days this pays for. Cancel the payment.")
    assert "ended before" in refused(direct.world, direct.world.finance2, direct.confirming(said, LATE), on=LATE)
    direct.cancel(said, on=LATE)
    assert listed(direct, payments_to_confirm) == []


def test_a_recorded_payment_whose_bank_details_changed_or_whose_consent_is_gone_says_so(direct: Paying) -> None:
    said = direct.record()
    consent_withdrawn(direct)
    (item,) = listed(direct, payments_to_confirm)
    assert item.status == CANNOT
    assert item.detail.endswith(
        "There is no consent to a direct payment in force. Record it first. If the money left before, confirm it with "
        "that day. If not, cancel the payment."
    )
    no_account(direct)
    (item,) = listed(direct, payments_to_confirm)
    assert item.detail.endswith(
        "The bank details changed after this payment was recorded. Cancel it and record it again."
    )
    assert refused(direct.world, direct.world.finance2, direct.confirming(said, LATE), on=LATE)


def test_an_invoice_is_confirmed_without_bank_details(notional: Paying) -> None:
    world, start = notional.world, date(2026, 4, 6)
    invoice = notional.recording(start, END, invoice_pence=40_000, invoice_reference="N-1")
    said = world.do(world.finance, invoice, on=start)
    assert payment(world, said).account_id is None
    (item,) = listed(notional, payments_to_confirm)
    assert item.status == OVERDUE


def test_the_list_says_how_many_cannot_be_made(direct: Paying) -> None:
    no_account(direct)
    found = Work((WorkGroup.of("Payments to record", listed(direct, payments_due)),))
    assert total_words(found) == "1 thing waits for you. 1 payment cannot be made."


def test_however_many_are_due_they_take_as_many_statements(direct: Paying) -> None:
    def asked() -> int:
        with statements(direct.world.engine) as seen, direct.world.unit(direct.world.finance, writes=False) as uow:
            payments_due(uow.session, direct.world.finance, LATE)
        return len(seen)

    one = asked()

    def again(uow: UnitOfWork) -> None:
        stream = uow.session.get_one(Stream, direct.stream)
        values = {name: getattr(stream, name) for name in Stream.model_fields}
        for stamped in ("id", "created_at", "created_by", "updated_at", "updated_by", "row_version"):
            del values[stamped]
        uow.add(Stream, **values)

    direct.world.do(direct.world.cm, again)
    assert len(listed(direct, payments_due)) == 2
    assert asked() == one <= 12


def test_who_recorded_it_is_not_asked(direct: Paying) -> None:
    direct.record()
    assert listed(direct, payments_to_confirm, by=direct.world.finance) == []
