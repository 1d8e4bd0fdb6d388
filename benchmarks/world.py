"""A large, deterministic world: people, budgets and postings, written set by set.

Names come from common given and family names of the United Kingdom; NHS numbers from the 999 test range up to its end
and then from made-up valid numbers. The same size gives the same world.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert, text
from sqlmodel import SQLModel

from phbportal import tables
from phbportal.domain.text import search_key
from phbportal.policy.actors import SYSTEM
from phbportal.queries.board_money import added_up
from phbportal.services.unit_of_work import open_unit
from phbportal.tables.board_money import BoardMoney
from phbportal.tables.budgets import BudgetVersion, Stream
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb
from phbportal.tables.plans import Outcome, Plan, PlanService
from phbportal.tables.users import Assignment, Identity, User

GIVEN = [
    "Amina",
    "Ben",
    "Chloe",
    "Daniel",
    "Ewa",
    "Fatima",
    "George",
    "Hannah",
    "Ivan",
    "Jasmine",
    "Kwame",
    "Leah",
    "Mohammed",
    "Niamh",
    "Oliver",
    "Priya",
    "Quentin",
    "Rosa",
    "Samuel",
    "Tess",
    "Uzma",
    "Victor",
    "Winston",
    "Xanthe",
    "Yusuf",
    "Zofia",
    "Alan",
    "Beatrice",
    "Callum",
    "Deborah",
    "Eleanor",
    "Francis",
    "Grace",
    "Harpreet",
]
FAMILY = [
    "Smith",
    "Jones",
    "Taylor",
    "Brown",
    "Williams",
    "Wilson",
    "Johnson",
    "Davies",
    "Patel",
    "Robinson",
    "Wright",
    "Thompson",
    "Evans",
    "Walker",
    "White",
    "Roberts",
    "Green",
    "Hall",
    "Wood",
    "Jackson",
    "Clarke",
    "Khan",
    "Ahmed",
    "Hughes",
    "Edwards",
    "Hill",
    "Moore",
    "Cooper",
    "Ward",
    "Morris",
    "Turner",
    "Begum",
    "Okafor",
    "Nowak",
    "Kowalska",
    "O’Brien",
    "Singh",
    "Kaur",
    "Mensah",
    "Adeyemi",
    "Ng",
    "Lee",
    "Martin",
    "Scott",
    "Watson",
    "Harris",
    "King",
    "Baker",
    "Allen",
    "Mitchell",
]
NOW = datetime(2026, 11, 1, 9, 0, tzinfo=UTC)
BATCH = 20_000


@dataclass(frozen=True, slots=True)
class Size:
    people: int
    budgets: int
    postings: int


def spread(number: int, over: int, salt: int) -> int:
    """A fixed, well-scattered choice."""
    return (number * 2_654_435_761 + salt * 40_503) % 4_294_967_296 % over


def uid(kind: int, number: int) -> UUID:
    """A fixed id, in the order of its number (as UUIDv7 would be)."""
    return UUID(int=(0x019A << 112) | (kind << 96) | (7 << 76) | (0b10 << 62) | number)


def nhs_numbers() -> Iterator[str]:
    """Valid NHS numbers, ten digits, without end."""
    stem = 400_000_000
    while True:
        stem += 7
        digits = [int(c) for c in str(stem)]
        check = 11 - sum(d * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check != 10:
            yield f"{stem}{0 if check == 11 else check}"


def build(engine: Engine, size: Size, *, say: Any = print) -> None:
    """Make the schema and fill it."""
    started = time.monotonic()
    tables.metadata.create_all(engine)
    _staff(engine)
    _people(engine, size)
    say(f"  {size.people:,} people ({time.monotonic() - started:.0f} s)")
    _budgets(engine, size)
    say(f"  {size.budgets:,} budgets ({time.monotonic() - started:.0f} s)")
    _ledger(engine, size)
    _board_money(engine)
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
    else:
        with engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    say(f"  {size.postings:,} postings, analysed ({time.monotonic() - started:.0f} s)")


BOARD, OTHER = uid(1, 1), uid(1, 2)
MANAGER = uid(2, 1)


def _made() -> dict[str, Any]:
    return {"created_at": NOW, "created_by": MANAGER}


def _kept() -> dict[str, Any]:
    return _made() | {"updated_at": NOW, "updated_by": MANAGER, "row_version": 1}


def _write(engine: Engine, table: type[SQLModel], rows: Iterator[dict[str, Any]]) -> None:
    batch: list[dict[str, Any]] = []
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SET session_replication_role = replica"))
        for row in rows:
            batch.append(row)
            if len(batch) == BATCH:
                connection.execute(insert(table), batch)
                batch.clear()
        if batch:
            connection.execute(insert(table), batch)


def _staff(engine: Engine) -> None:
    boards = (("NHS Benchmark ICB", "QZ1", BOARD), ("NHS Other ICB", "QZ2", OTHER))
    _write(
        engine,
        Organisation,
        iter(
            [
                {
                    "id": i,
                    "kind": "ICB",
                    "name": n,
                    "search_name": search_key(n),
                    "ods_code": c,
                    "cqc_provider_name": "",
                    "is_user_led": False,
                    "address": "",
                    "postcode": "",
                    "telephone": "",
                    "website": "",
                    "region": "",
                    "services": "",
                    "specialisms": "",
                    "rating": "",
                    **_kept(),
                }
                for n, c, i in boards
            ]
        ),
    )
    roles = ("CASE_MANAGER", "CLINICIAN", "FINANCE", "APPROVER", "AUDITOR", "ADMIN")
    _write(
        engine,
        User,
        iter(
            [
                {"id": uid(2, n + 1), "display_name": f"Bench {r}", "email": f"{r.lower()}@example.org", **_kept()}
                for n, r in enumerate(roles)
            ]
        ),
    )
    _write(
        engine,
        Assignment,
        iter(
            [
                {
                    "id": uid(3, n + 1),
                    "user_id": uid(2, n + 1),
                    "role": r,
                    "icb_id": BOARD,
                    "valid_from": date(2025, 1, 1),
                    **_kept(),
                }
                for n, r in enumerate(roles)
            ]
        ),
    )
    _write(
        engine,
        Identity,
        iter(
            [
                {
                    "id": uid(4, n + 1),
                    "user_id": uid(2, n + 1),
                    "provider": "bench",
                    "issuer": "bench",
                    "subject": r,
                    **_kept(),
                }
                for n, r in enumerate(roles)
            ]
        ),
    )


def _people(engine: Engine, size: Size) -> None:
    numbers = nhs_numbers()

    def people() -> Iterator[dict[str, Any]]:
        for n in range(size.people):
            given, family = GIVEN[spread(n, len(GIVEN), 1)], FAMILY[spread(n, len(FAMILY), 2)]
            yield {
                "id": uid(5, n),
                "nhs_number": next(numbers),
                "nhs_number_status": "01",
                "local_reference": f"CM-{n:06d}",
                "given_name": given,
                "family_name": family,
                "known_as": "",
                "search_name": search_key(f"{family} {given}"),
                "search_given": search_key(f"{given} {family}"),
                "date_of_birth": date(1930, 1, 1) + timedelta(days=spread(n, 33_000, 3)),
                "address": "",
                "postcode": "L8 7SS",
                "telephone": "",
                "communication_needs": "",
                "easy_read": False,
                "lacks_capacity": False,
                "sign_in_on": False,
                **_kept(),
            }

    _write(engine, Person, people())
    _write(
        engine,
        PersonResponsibility,
        (
            {
                "id": uid(6, n),
                "person_id": uid(5, n),
                "icb_id": OTHER if n % 50 == 0 else BOARD,
                "starts_on": date(2025, 4, 1),
                **_kept(),
            }
            for n in range(size.people)
        ),
    )


def _budgets(engine: Engine, size: Size) -> None:
    statuses = ("ACTIVE",) * 16 + ("PLANNING", "CLINICAL_REVIEW", "PANEL", "SETUP")
    _write(
        engine,
        Eligibility,
        (
            {
                "id": uid(7, n),
                "person_id": uid(5, n),
                "icb_id": _board(n),
                "cohort": "CHC",
                "entitlement": "HAVE",
                "decided_on": date(2025, 4, 1),
                "starts_on": date(2025, 4, 1),
                "end_reason": "",
                **_kept(),
            }
            for n in range(size.people)
        ),
    )
    _write(
        engine,
        Phb,
        (
            {
                "id": uid(8, n),
                "reference": f"PHB-2025-{n + 1:06d}",
                "icb_id": _board(n % size.people),
                "person_id": uid(5, n % size.people),
                "eligibility_id": uid(7, n % size.people),
                "cohort": "CHC",
                "kind": "ONGOING" if n < size.people else "ONE_OFF",
                "status": statuses[spread(n, len(statuses), 5)],
                "case_manager_id": MANAGER,
                "opened_on": date(2025, 4, 1),
                "live_on": date(2025, 5, 1),
                "end_reason": "",
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )
    words = {
        "about_me": "I want to stay at home.",
        "what_matters": "",
        "contingency": "",
        "signed_name": "",
        "signed_body": "",
        "signed_pin": "",
        "sign_off_note": "",
        "approval_note": "",
        "return_reason": "",
    }
    _write(
        engine,
        Plan,
        (
            {
                "id": uid(9, n),
                "phb_id": uid(8, n),
                "icb_id": _board(n % size.people),
                "version": 1,
                "status": "ACTIVE",
                **words,
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )
    _write(
        engine,
        Outcome,
        (
            {
                "id": uid(10, n),
                "plan_id": uid(9, n),
                "position": 1,
                "statement": "I get up when I choose.",
                "measure": "",
                "status": "WORKING",
                "share": "NOBODY",
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )
    _write(
        engine,
        PlanService,
        (
            {
                "id": uid(11, n),
                "plan_id": uid(9, n),
                "outcome_id": uid(10, n),
                "position": 1,
                "description": "Help at home",
                "who": "",
                "when": "",
                "share": "NOBODY",
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )
    _write(
        engine,
        Stream,
        (
            {
                "id": uid(12, n),
                "phb_id": uid(8, n),
                "icb_id": _board(n % size.people),
                "method": "DIRECT_PAYMENT",
                "payee_kind": "HOLDER",
                "payee_name": "",
                "status": "ACTIVE",
                "weekly_pence": 50_000 + spread(n, 900, 6) * 100,
                "one_off_pence": 0,
                "starts_on": date(2025, 5, 5),
                "frequency": "FOUR_WEEKLY",
                "first_payment_on": date(2025, 5, 5),
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )
    _write(
        engine,
        BudgetVersion,
        (
            {
                "id": uid(13, n),
                "phb_id": uid(8, n),
                "icb_id": _board(n % size.people),
                "plan_id": uid(9, n),
                "version": 1,
                "kind": "FINAL",
                "status": "APPROVED",
                "weekly_pence": 50_000 + spread(n, 900, 6) * 100,
                "one_off_pence": 0,
                "starts_on": date(2025, 5, 5),
                **_kept(),
            }
            for n in range(size.budgets)
        ),
    )


def _board(n: int) -> UUID:
    return OTHER if n % 50 == 0 else BOARD


def _ledger(engine: Engine, size: Size) -> None:
    """Journals of five postings from the board to what a payee holds; balances that agree with them."""
    each = max(1, size.postings // size.budgets // 5)
    per_journal = 5
    _write(
        engine,
        LedgerAccount,
        iter(
            [
                {
                    "id": uid(14, 0),
                    "path": f"outside:icb:{BOARD}",
                    "balance_pence": -size.budgets * each * per_journal * 1000,
                    **_made(),
                }
            ]
        ),
    )
    _write(
        engine,
        LedgerAccount,
        (
            {
                "id": uid(15, n),
                "path": f"stream:{uid(12, n)}:held",
                "phb_id": uid(8, n),
                "stream_id": uid(12, n),
                "balance_pence": each * per_journal * 1000,
                **_made(),
            }
            for n in range(size.budgets)
        ),
    )
    if engine.dialect.name == "postgresql":
        with engine.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            for statement in _POSTGRESQL:
                connection.execute(
                    text(statement),
                    {
                        "now": NOW,
                        "manager": MANAGER,
                        "board": BOARD,
                        "other": OTHER,
                        "people": size.people,
                        "journals": size.budgets * each,
                        "each": each,
                    },
                )
        return
    journal = {"verb": "PAY", "content_hash": "0" * 64, **_made()}
    _write(
        engine,
        LedgerJournal,
        (
            {
                "id": uid(16, n * each + k),
                "icb_id": _board(n % size.people),
                "phb_id": uid(8, n),
                "stream_id": uid(12, n),
                "effective_on": date(2025, 5, 5) + timedelta(days=28 * k),
                "reference": f"PAY-{n}-{k}",
                "idempotency_key": f"bench:{n}:{k}",
                **journal,
            }
            for n in range(size.budgets)
            for k in range(each)
        ),
    )
    _write(
        engine,
        LedgerPosting,
        (
            {
                "id": uid(17, (n * each + k) * 8 + p),
                "journal_id": uid(16, n * each + k),
                "position": p,
                "from_id": uid(14, 0),
                "to_id": uid(15, n),
                "amount_pence": 1000,
                **_made(),
            }
            for n in range(size.budgets)
            for k in range(each)
            for p in range(per_journal)
        ),
    )


def _board_money(engine: Engine) -> None:
    """What each board's money comes to, from the postings: they were written around the ledger."""
    with open_unit(engine, SYSTEM, writes=False, now=NOW) as uow:
        sums = added_up(uow.session)
    names = ("icb_id", "from_place", "to_place", "month", "cohort", "method")
    _write(
        engine,
        BoardMoney,
        (
            {"id": uid(18, n), **dict(zip(names, key, strict=True)), "amount_pence": pence, **_made()}
            for n, (key, pence) in enumerate(sums.items())
        ),
    )


def _id(kind: int, number: str) -> str:
    """``uid`` in SQL."""
    return f"('019a{kind:04x}000070008000' || lpad(to_hex({number}), 12, '0'))::uuid"


_POSTGRESQL = (
    f"""INSERT INTO ledger_journal (id, created_at, created_by, icb_id, phb_id, stream_id, verb, effective_on,
        reference, idempotency_key, content_hash)
    SELECT {_id(16, "n")}, :now, :manager, CASE WHEN n / :each % :people % 50 = 0 THEN :other ELSE :board END,
        {_id(8, "n / :each")}, {_id(12, "n / :each")}, 'PAY', date '2025-05-05' + 28 * (n % :each)::int,
        'PAY-' || n, 'bench:' || n, repeat('0', 64)
    FROM generate_series(0::bigint, :journals - 1) n""",
    f"""INSERT INTO ledger_posting (id, created_at, created_by, journal_id, position, from_id, to_id, amount_pence)
    SELECT {_id(17, "n * 8 + p")}, :now, :manager, {_id(16, "n")}, p, {_id(14, "0")}, {_id(15, "n / :each")}, 1000
    FROM generate_series(0::bigint, :journals - 1) n, generate_series(0::bigint, 4) p""",
)
