"""Boards as a night finds them: people of every age, money of a year behind them, and a share of everything that the
night sees to. Set-based SQL of PostgreSQL; the same size gives the same world.

The first of its days is 31 March 2026, when nothing has ever been seen to: what would have been asked over the last
months is due at once. An uplift of every board is agreed, written, and takes effect the day after.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic_core import PydanticUndefined
from sqlalchemy import Boolean, Connection, Engine, text
from sqlmodel import SQLModel

from phbportal import tables
from phbportal.tables.arrangements import IsfConfirmation
from phbportal.tables.base import Record, Row
from phbportal.tables.budgets import BudgetLine, BudgetVersion, Stream
from phbportal.tables.consents import Consent
from phbportal.tables.decisions import Decision
from phbportal.tables.eligibility import Eligibility
from phbportal.tables.endings import HospitalStay, PhbEnding
from phbportal.tables.form_drafts import FormDraft
from phbportal.tables.ledger import LedgerAccount, LedgerJournal, LedgerPosting
from phbportal.tables.letters import Letter, OutboxItem
from phbportal.tables.needs import NeedsAssessment
from phbportal.tables.organisations import Organisation
from phbportal.tables.people import Person, PersonResponsibility
from phbportal.tables.phbs import Phb, Review, Task
from phbportal.tables.registrations import Registration
from phbportal.tables.settings import Job
from phbportal.tables.uplifts import Uplift, UpliftItem
from phbportal.tables.users import Assignment, User
from phbportal.tables.wheelchairs import Wheelchair
from phbportal.tables.workers import Worker

BOARDS, CLINICIANS, PAYMENTS = 42, 420, 13
BEGAN = "timestamptz '2025-04-01 09:00+00'"
LAST = "timestamptz '2026-03-30 17:00+00'"

_BOARD = "n % 42"
_CHILD = "n % 5 = 0"
_PROVIDER, _USER = 60, 2
_STATUS = """CASE WHEN n % 50 = 9 THEN 'CLOSING' WHEN n % 50 = 19 THEN 'PLANNING' WHEN n % 100 = 29 THEN 'SETUP'
    WHEN n % 100 = 39 THEN 'SUSPENDED' ELSE 'ACTIVE' END"""
_RUNS = "n % 50 NOT IN (9, 19)"
_WEEKLY = "40000 + n % 900 * 100"
_RAISED = f"({_WEEKLY}) + 1000 + n % 7"
_YEAR = f"(({_WEEKLY}) * 359 + 3) / 7"
_PAID = f"({_WEEKLY}) * 4"
_IN_STEP = "(n::bigint * 7919)"  # neighbours differ, and every day of a range has its share


def build(engine: Engine, budgets: int) -> None:
    """Make the tables and fill them."""
    tables.metadata.create_all(engine)
    for fill in (_offices, _people, _lives, _budgets, _money, _plans_and_letters, _acts):
        with engine.begin() as connection:
            connection.execute(text("SET session_replication_role = replica"))
            fill(connection, budgets)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def _id(kind: int, number: str) -> str:
    """``benchmarks.world.uid`` in SQL."""
    return f"('019a{kind:04x}000070008000' || lpad(to_hex(({number})::bigint), 12, '0'))::uuid"


def _write(
    connection: Connection, table: type[Row], series: int, rows: int, where: str = "true", /, **columns: str
) -> None:  # fmt: skip
    """One row for each number below ``rows`` that ``where`` keeps; columns are SQL over ``n``, others as the model has
    them."""
    stamp = {"id": _id(series, "n"), "created_at": BEGAN}
    if issubclass(table, Record):
        stamp |= {"updated_at": LAST, "row_version": "1"}
    found = stamp | _blank(table) | columns
    connection.execution_options(no_parameters=True).exec_driver_sql(
        f"INSERT INTO {table.__tablename__} ({', '.join(found)}) SELECT {', '.join(found.values())} "
        f"FROM generate_series(0, {rows - 1}) n WHERE {where}"
    )


def _blank(table: type[SQLModel]) -> dict[str, str]:
    """The columns that have a default, with it."""
    of_any: Any = table
    found: dict[str, str] = {}
    for name, field in table.model_fields.items():
        value = field.default
        if value is PydanticUndefined or value is None or name == "row_version":
            continue
        if isinstance(of_any.__table__.c[name].type, Boolean):
            found[name] = str(value).lower()
        else:
            found[name] = str(value) if isinstance(value, int) else "'" + str(value) + "'"
    return found


def _offices(c: Connection, _budgets: int) -> None:
    _write(c, Organisation, 1, BOARDS, kind="'ICB'", name="'Board ' || n", search_name="'board ' || n",
           ods_code="'Q' || lpad(n::text, 2, '0')")  # fmt: skip
    _write(
        c, Organisation, _PROVIDER, 200, kind="'CARE_PROVIDER'", name="'Provider ' || n", search_name="'provider ' || n"
    )
    _write(c, User, _USER, CLINICIANS, display_name="'Nurse ' || n", search_name="'nurse ' || n")
    _write(c, Assignment, 3, CLINICIANS, user_id=_id(_USER, "n"), role="'CLINICIAN'", icb_id=_id(1, _BOARD),
           valid_from="date '2025-01-01'")  # fmt: skip
    _write(c, Registration, 4, CLINICIANS, user_id=_id(_USER, "n"), profession="'Nurse'", body="'NMC'",
           number="lpad(n::text, 8, '0')", checked_on="date '2025-04-01'",
           ends_on="date '2026-04-01' + (n * 7) % 1095")  # fmt: skip
    _write(c, FormDraft, 5, 2000, user_id=_id(_USER, f"n % {CLINICIANS}"), resource="'people'",
           updated_at="timestamptz '2026-03-31 00:00+00' - n % 60 * interval '1 day'")  # fmt: skip


def _people(c: Connection, n: int) -> None:
    """A fifth are children; a few have died, and whoever knew was another board."""
    age = f"CASE WHEN {_CHILD} THEN {_IN_STEP} % 6700 ELSE 6600 + {_IN_STEP} % 27000 END"
    _write(c, Person, 6, n, given_name="'Ada'", family_name="'Number' || n", search_name="'number' || n || ' ada'",
           search_given="'ada number' || n", date_of_birth=f"date '2026-04-01' - ({age})::int",
           died_on="CASE WHEN n % 2000 = 7 THEN date '2026-03-20' END")  # fmt: skip
    _write(c, PersonResponsibility, 7, n, person_id=_id(6, "n"), icb_id=_id(1, _BOARD), starts_on="date '2025-04-01'")
    _write(
        c,
        Consent,
        8,
        n,
        person_id=_id(6, "n"),
        icb_id=_id(1, _BOARD),
        kind="'DIRECT_PAYMENT'",
        given_by=f"CASE WHEN {_CHILD} THEN 'REPRESENTATIVE' ELSE 'SELF' END",
        given_on="date '2025-04-01'",
    )
    cohort = "CASE n % 5 WHEN 0 THEN 'CYPCC' WHEN 1 THEN 'WHEELCHAIR' WHEN 2 THEN 'S117' ELSE 'CHC' END"
    _write(c, Eligibility, 9, n, person_id=_id(6, "n"), icb_id=_id(1, _BOARD), cohort=cohort, entitlement="'HAVE'",
           decided_on="date '2025-04-01'", starts_on="date '2025-04-01'")  # fmt: skip
    _write(c, Phb, 10, n, reference="'PHB-2025-' || lpad(n::text, 6, '0')", icb_id=_id(1, _BOARD),
           person_id=_id(6, "n"), cohort=cohort, kind="'ONGOING'", status=_STATUS, opened_on="date '2025-04-01'",
           live_on="date '2025-04-07'", ended_on="CASE WHEN n % 50 = 9 THEN date '2026-02-01' END")  # fmt: skip


def _lives(c: Connection, n: int) -> None:
    """Reviews and assessments round the year, stays in hospital, assistants, chairs, budgets that end."""
    due = f"date '2026-04-01' + ({_IN_STEP} % 365)::int"
    of = {"phb_id": _id(10, "n"), "icb_id": _id(1, _BOARD)}
    _write(c, Review, 11, n, f"{_RUNS} AND n % 50 <> 3", kind="'ANNUAL'", due_on=due, **of)
    _write(
        c, Review, 12, n, "n % 3 <> 0", kind="'FIRST'", due_on="date '2025-07-07'", held_on="date '2025-07-01'", **of
    )
    held = {"person_id": _id(6, "n"), "icb_id": _id(1, _BOARD), "assessor": "'Nurse'", "profession": "'Nurse'",
            "outcome": "'NEEDS'"}  # fmt: skip
    _write(c, NeedsAssessment, 13, n, assessed_on="date '2024-03-01'", next_due_on="date '2025-03-01'", **held)
    _write(c, NeedsAssessment, 14, n, assessed_on="date '2025-03-01'", next_due_on=due, **held)
    _write(
        c,
        HospitalStay,
        15,
        n,
        "n % 50 = 4",
        person_id=_id(6, "n"),
        icb_id=_id(1, _BOARD),
        admitted_on=f"date '2026-03-31' - ({_IN_STEP} % 60)::int",
        reported_by="'A daughter'",
        decision="'NONE'",
    )
    _write(c, Worker, 16, n, "n % 5 IN (2, 3)", name="'Bo'", search_name="'bo'", relation="'OTHER'",
           starts_on="date '2025-05-01'", insured_until=due, **of)  # fmt: skip
    _write(c, Wheelchair, 17, n, "n % 5 = 1", way="'PWB_NOTIONAL'", chair="'A chair'", search_chair="'a chair'",
           prescribed_on="date '2025-04-01'", value_pence="100000", extras_pence="0", repairs_pence="0",
           chair_pence="100000", covers="'NOTHING'", budget_pence="100000", person_pays_pence="0", term_years="5",
           issued_on="date '2025-05-01'", expires_on=f"date '2026-04-01' + ({_IN_STEP} % 1825)::int", **of)  # fmt: skip
    _write(c, PhbEnding, 18, n, "n % 50 = 9", reason="CASE WHEN n % 100 = 9 THEN 'DIED' ELSE 'MOVED_AREA' END",
           ends_on="date '2026-02-01'", before="'{}'", **of)  # fmt: skip
    _write(c, Review, 19, n, "n % 100 = 9 AND n % 1000 <> 9", kind="'DEATH'", due_on="date '2026-03-01'", **of)
    _write(c, Task, 20, 2 * n, phb_id=_id(10, "n / 2"), person_id=_id(6, "n / 2"), icb_id=_id(1, "n / 2 % 42"),
           kind="'review_found'", role="'CASE_MANAGER'", sentence="'See to it.'", due_on="date '2025-09-01'",
           done_at=LAST)  # fmt: skip


def _budgets(c: Connection, n: int) -> None:
    """A stream and two versions of each budget, of two lines; of the second the uplift is the reason. One in a hundred
    has changed since the uplift was worked out."""
    of = {"phb_id": _id(10, "n"), "icb_id": _id(1, _BOARD)}
    _write(c, Stream, 21, n, method="'DIRECT_PAYMENT'", payee_kind="'HOLDER'",
           status="CASE WHEN n % 50 = 9 THEN 'WINDING_DOWN' WHEN n % 50 = 19 THEN 'PROPOSED' ELSE 'ACTIVE' END",
           weekly_pence=_WEEKLY, one_off_pence="0", starts_on="date '2025-04-07'", frequency="'FOUR_WEEKLY'",
           first_payment_on="date '2025-04-07'", **of)  # fmt: skip
    version = {"one_off_pence": "0", "status": "'APPROVED'", "approved_at": BEGAN, **of}
    _write(c, BudgetVersion, 22, n, "n % 50 <> 19", version="1", kind="'FINAL'", weekly_pence=_WEEKLY,
           starts_on="date '2025-04-07'", **version)  # fmt: skip
    _write(c, BudgetVersion, 23, n, _RUNS, version="2", kind="'CHANGE'", weekly_pence=_RAISED,
           starts_on="date '2026-04-01'", **version)  # fmt: skip
    for kind, budget, pence in ((24, 22, _WEEKLY), (25, 23, _RAISED)):
        for line in (0, 1):
            share = f"({pence}) / 2" if line == 0 else f"({pence}) - ({pence}) / 2"
            _write(c, BudgetLine, kind + 10 * line, n, _RUNS, budget_id=_id(budget, "n"), stream_id=_id(21, "n"),
                   position=str(line + 1), line_type="'AGENCY'", weekly_pence=share, one_off_pence="0")  # fmt: skip
    _write(c, Uplift, 26, BOARDS, icb_id=_id(1, "n"), effective_on="date '2026-04-01'", basis_points="410",
           policy="'The board’s uplift'", status="'DONE'", proposed_by=_id(_USER, "0"), approved_by=_id(_USER, "1"),
           approved_on="date '2026-03-01'")  # fmt: skip
    _write(c, UpliftItem, 27, n, _RUNS, uplift_id=_id(26, _BOARD), stream_id=_id(21, "n"),
           effective_on="date '2026-04-01'", before_pence=f"({_WEEKLY}) - CASE WHEN n % 100 = 11 THEN 100 ELSE 0 END",
           after_pence=_RAISED, more_yearly_pence="52000", status="'WRITTEN'",
           version_id=_id(23, "n"), **of)  # fmt: skip


def _money(c: Connection, n: int) -> None:
    """A year's money set aside, reserved and paid every four weeks."""
    available, reserved = f"'phb:' || {_id(10, 'n')} || ':available'", f"'phb:' || {_id(10, 'n')} || ':reserved'"
    held = f"'stream:' || {_id(21, 'n')} || ':held'"
    own = {"phb_id": _id(10, "n")}
    paid = f"({_PAID}) * {PAYMENTS - 1}"
    some = "n % 50 <> 19"
    _write(c, LedgerAccount, 40, BOARDS, path=f"'outside:icb:' || {_id(1, 'n')}", balance_pence="0")
    _write(c, LedgerAccount, 41, n, some, path=available, balance_pence=f"({_YEAR}) - {paid}", **own)
    _write(c, LedgerAccount, 42, n, some, path=reserved, balance_pence="0", **own)
    _write(c, LedgerAccount, 43, n, some, path=held, stream_id=_id(21, "n"), balance_pence=paid, **own)
    journal = {"icb_id": _id(1, _BOARD), "phb_id": _id(10, "n"), "content_hash": "repeat('0', 64)"}
    entries = (
        ("ALLOCATE", 44, 40, 41, _BOARD, _YEAR, f"'allocate:' || {_id(22, 'n')} || ':2025-04-01'"),
        ("RESERVE", 46, 41, 42, "n", paid, "'bench:reserve:' || n"),
    )
    for verb, kind, source, target, number, pence, key in entries:
        _write(c, LedgerJournal, kind, n, some, verb=f"'{verb}'", effective_on="date '2025-04-07'",
               reference="'Budget 1'", idempotency_key=key, **journal)  # fmt: skip
        _write(c, LedgerPosting, kind + 1, n, some, journal_id=_id(kind, "n"), position="0",
               from_id=_id(source, number), to_id=_id(target, "n"), amount_pence=pence)  # fmt: skip
    for number in range(PAYMENTS - 1):
        kind = 100 + 2 * number
        _write(c, LedgerJournal, kind, n, some, verb="'PAY'", stream_id=_id(21, "n"),
               effective_on=f"date '2025-04-07' + {28 * number}", reference=f"'PAY-{number}-' || n",
               idempotency_key=f"'bench:pay:{number}:' || n", **journal)  # fmt: skip
        _write(c, LedgerPosting, kind + 1, n, some, journal_id=_id(kind, "n"), position="0", from_id=_id(42, "n"),
               to_id=_id(43, "n"), amount_pence=_PAID)  # fmt: skip
    c.execute(text(
        "UPDATE ledger_account a SET balance_pence = -s.pence FROM (SELECT from_id, sum(amount_pence) AS pence "
        f"FROM ledger_posting WHERE from_id >= {_id(40, '0')} AND from_id < {_id(41, '0')} GROUP BY 1) s "
        "WHERE a.id = s.from_id"
    ))  # fmt: skip


def _plans_and_letters(c: Connection, n: int) -> None:
    """Offers to organisations round the end of their fourteen days, the notices of the uplift with their jobs: some
    lost on their way, some e-mails nobody has heard of."""
    of = {"phb_id": _id(10, "n"), "icb_id": _id(1, _BOARD)}
    _write(c, IsfConfirmation, 50, n, "n % 100 = 12", stream_id=_id(21, "n"),
           organisation_id=_id(_PROVIDER, "n % 200"), plan_id=_id(51, "n"), round="1", status="'SENT'",
           plan_version="1", plan_hash="repeat('0', 64)", weekly_pence="40000", one_off_pence="0",
           frequency="'FOUR_WEEKLY'", starts_on="date '2026-05-01'", hourly_pence="2000", fee_kind="'NONE'",
           timing="'FIRST_DAY'", bank_cap_weeks="4", bank_period_weeks="12", reporting="'MONTHLY'", exit_days="28",
           sent_on="date '2026-03-20'", expires_on=f"date '2026-03-26' + ({_IN_STEP} % 14)::int", **of)  # fmt: skip
    _write(c, Letter, 52, n, _RUNS, person_id=_id(6, "n"), about_id=_id(23, "n"), recipient="'PERSON'",
           code="'AMOUNT_RAISED'", law_as_of="date '2026-03-01'", title="'Your budget goes up'", addressee="'Ada'",
           body="repeat('Your budget goes up. ', 20)", written_on="date '2026-03-10'", post_by="date '2026-03-17'",
           status="'POSTED'", email="CASE WHEN n % 20 = 5 THEN 'ada@example.org' END", **of)  # fmt: skip
    _write(c, OutboxItem, 53, n, _RUNS, letter_id=_id(52, "n"), reference="'phb-letter-' || n",
           status="CASE WHEN n % 500 = 3 THEN 'WAITING' ELSE 'DONE' END",
           way="CASE WHEN n % 20 = 5 THEN 'NOTIFY' ELSE 'PRINT' END",
           done_at="CASE WHEN n % 500 <> 3 THEN timestamptz '2026-03-28 09:00+00' - n % 7 * interval '1 day' END",
           updated_at="timestamptz '2026-03-28 09:00+00'")  # fmt: skip
    _write(c, Job, 54, n, _RUNS, kind="'letter'", icb_id=_id(1, _BOARD),
           status="CASE WHEN n % 500 = 3 THEN 'FAILED' ELSE 'DONE' END", payload=f"({_id(53, 'n')})::text")  # fmt: skip


def _acts(c: Connection, n: int) -> None:
    """Decisions that have been issued: half reduce, half suspend, their days within the month round the first night."""
    _write(c, Decision, 55, n, "n % 500 = 14", icb_id=_id(1, _BOARD), phb_id=_id(10, "n"), person_id=_id(6, "n"),
           stream_id=_id(21, "n"), kind="CASE WHEN n % 1000 = 14 THEN 'REDUCE' ELSE 'SUSPEND' END",
           reasons="'Two hours fewer are needed.'", weekly_before_pence=_WEEKLY, weekly_after_pence="30000",
           effective_on="date '2026-03-21' + (n / 500 % 30)::int", status="'ISSUED'", prepared_by=_id(_USER, "0"),
           approved_by=_id(_USER, "1"), issued_on="date '2026-03-01'")  # fmt: skip


FIRST = datetime.fromisoformat("2026-03-31T02:00:00+00:00")
NIGHTS: tuple[tuple[str, datetime], ...] = (
    ("31 March: the first night there ever was", FIRST),
    ("1 April: every budget raised, every year's money", datetime.fromisoformat("2026-04-01T02:00:00+00:00")),
    ("1 April, begun again an hour later", datetime.fromisoformat("2026-04-01T03:00:00+00:00")),
    ("5 April, after three days off", datetime.fromisoformat("2026-04-05T02:00:00+00:00")),
    ("6 April, an ordinary night", datetime.fromisoformat("2026-04-06T02:00:00+00:00")),
)
