"""``import-providers``, ``import-provider-list`` and ``import-caseload``: a file in, counts and refusals out.

Exit status: 0 every row accepted; 1 something refused; 2 the file cannot be read. With ``--json`` the answer is one
object on standard output, whatever happened; what is wrong with the file as a whole stands there as row 0.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from phbportal.db import make_engine
from phbportal.domain.errors import Refusal
from phbportal.domain.roles import Role
from phbportal.domain.text import plural
from phbportal.gateways import provider_directory, tabular
from phbportal.gateways.caseload_cells import SYNONYMS
from phbportal.gateways.caseload_file import Caseload, read_caseload
from phbportal.gateways.provider_directory import Directory
from phbportal.gateways.provider_list import ProviderList, read_provider_list
from phbportal.gateways.table_rows import RowProblem, Unreadable, whereabouts
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.users import staff_actor
from phbportal.services.caseload_import import bring_in_caseload
from phbportal.services.import_report import FileRefused, ImportReport
from phbportal.services.provider_import import bring_in_directory
from phbportal.services.provider_list_import import bring_in_provider_list
from phbportal.services.unit_of_work import london_date, open_unit
from phbportal.services.users import board_by_code
from phbportal.settings import settings

ACCEPTED, REFUSED, UNREADABLE = 0, 1, 2
FileRead = TypeVar("FileRead", Directory, ProviderList, Caseload)
MOST_NOTES = 20


def add_to(commands: Any) -> None:
    """Add the commands."""
    providers = commands.add_parser("import-providers", help="bring in the CQC’s care directory")
    providers.add_argument("file", metavar="FILE", help="the directory as the CQC publishes it, a CSV file")
    providers.add_argument("--as", dest="as_user", metavar="USER", help="the administrator who brings it in, by e-mail")
    providers.set_defaults(act=lambda arguments: _run(
        arguments, provider_directory.MAX_BYTES, _read_directory, _bring_in_directory
    ))  # fmt: skip
    own = commands.add_parser("import-provider-list", help="bring in a team’s own list of organisations")
    own.add_argument("file", metavar="FILE", help="CSV or XLSX, one row an organisation, as docs/imports.md says")
    own.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook, where not all are meant")
    own.add_argument("--as", dest="as_user", metavar="USER", help="the administrator who brings it in, by e-mail")
    own.set_defaults(act=lambda arguments: _run(arguments, tabular.MAX_BYTES, _read_list, _bring_in_list))
    caseload = commands.add_parser("import-caseload", help="bring in a board’s caseload, all of it or nothing")
    caseload.add_argument("file", metavar="FILE", help="CSV or XLSX, one row a stream, as docs/imports.md says")
    caseload.add_argument("--sheet", metavar="NAME", help="the sheet of a workbook, where not all are meant")
    caseload.add_argument("--icb", required=True, metavar="CODE", help="the board’s ODS code, such as QYG")
    caseload.add_argument("--as", dest="as_user", required=True, metavar="USER",
                          help="the case manager or administrator who prepared it, by e-mail")  # fmt: skip
    caseload.add_argument("--approve-as", dest="approver", metavar="USER",
                          help="the approver, by e-mail; needed unless it is a dry run")  # fmt: skip
    caseload.set_defaults(act=lambda arguments: _run(arguments, tabular.MAX_BYTES, _read_caseload, _bring_in_caseload))
    for command in (providers, own, caseload):
        command.add_argument("--dry-run", action="store_true", help="say what would happen, and write nothing")
        command.add_argument("--json", action="store_true", help="answer with one JSON object")


def _read_directory(content: bytes, _now: datetime, _arguments: argparse.Namespace) -> Directory:
    return provider_directory.read_directory(content)


def _bring_in_directory(
    engine: Engine, directory: Directory, arguments: argparse.Namespace, now: datetime
) -> ImportReport:
    who = _staff(arguments.as_user, None, Role.ADMIN) if arguments.as_user else SYSTEM
    with open_unit(engine, who, writes=not arguments.dry_run, now=now) as uow:
        return bring_in_directory(uow, directory, dry_run=arguments.dry_run)


def _read_list(content: bytes, _now: datetime, arguments: argparse.Namespace) -> ProviderList:
    return read_provider_list(content, sheet=arguments.sheet)


def _bring_in_list(engine: Engine, found: ProviderList, arguments: argparse.Namespace, now: datetime) -> ImportReport:
    who = _staff(arguments.as_user, None, Role.ADMIN) if arguments.as_user else SYSTEM
    with open_unit(engine, who, writes=not arguments.dry_run, now=now) as uow:
        return bring_in_provider_list(uow, found, dry_run=arguments.dry_run)


def _read_caseload(content: bytes, now: datetime, arguments: argparse.Namespace) -> Caseload:
    return read_caseload(content, today=london_date(now), sheet=arguments.sheet)


def _bring_in_caseload(
    engine: Engine, caseload: Caseload, arguments: argparse.Namespace, now: datetime
) -> ImportReport:
    preparer = _staff(arguments.as_user, arguments.icb, Role.CASE_MANAGER, Role.ADMIN)
    approver = _staff(arguments.approver, arguments.icb, Role.APPROVER) if arguments.approver else None
    with open_unit(engine, preparer, writes=not arguments.dry_run, now=now) as uow:
        board = board_by_code(uow, arguments.icb)
        second = approver(uow.session, now) if approver else None
        return bring_in_caseload(uow, caseload, board, second, dry_run=arguments.dry_run)


def _staff(email: str, icb: str | None, *roles: Role) -> Callable[[Session, datetime], Actor]:
    """Reads who somebody is as the unit of work begins."""
    return lambda session, now: staff_actor(session, email, icb, london_date(now), roles)


def _run(
    arguments: argparse.Namespace, largest: int, read: Callable[[bytes, datetime, argparse.Namespace], FileRead],
    bring_in: Callable[[Engine, FileRead, argparse.Namespace, datetime], ImportReport],
) -> int:  # fmt: skip
    """Read the file, bring it in, and say what came of it. Returns the exit status."""
    engine, now = make_engine(settings().database_url), datetime.now(UTC)
    whole, status = ImportReport(sha256="", dry_run=arguments.dry_run, rows=0), REFUSED
    content = b""
    try:
        content = _content(Path(arguments.file), largest)
        whole = replace(whole, sha256=hashlib.sha256(content).hexdigest())
        found = read(content, now, arguments)
        whole = replace(whole, rows=found.row_count)
        report = bring_in(engine, found, arguments, now)
        status = REFUSED if report.refused else ACCEPTED
    except FileRefused as refused:
        report = refused.report
    except Unreadable as why:
        report, status = _refused(whole, why), UNREADABLE
    except Refusal as why:
        report = _refused(whole, why)
    except DBAPIError as fault:
        # Not its text: that holds the values of the row it was about.
        report = _refused(whole, Refusal(
            f"The database could not do this ({type(fault.orig).__name__}), and nothing was written. Check "
            "PHB_DATABASE_URL, run “phbportal migrate”, and try again."
        ))  # fmt: skip
    finally:
        engine.dispose()
    report = _under_its_headings(report, content, getattr(arguments, "sheet", None))
    if arguments.json:
        print(_as_json(report))
    else:
        _show(report)
    return status


def _refused(whole: ImportReport, why: Refusal) -> ImportReport:
    """A report on a file of which no row was taken, for reasons that are no one row's."""
    return replace(whole, refused=tuple(RowProblem(0, "", problem.sentence) for problem in why.problems))


def _under_its_headings(report: ImportReport, content: bytes, sheet: str | None) -> ImportReport:
    """Refusals of a caseload under the headings its office gave the columns, as the file's own reader has them."""
    if not any(problem.column in SYNONYMS for problem in report.refused):
        return report
    headings = tabular.read_table(content, wanted=SYNONYMS, sheet=sheet).columns
    refused = tuple(replace(problem, column=headings.get(problem.column, problem.column)) for problem in report.refused)
    return replace(report, refused=refused)


def _content(path: Path, largest: int) -> bytes:
    try:
        size = path.stat().st_size
        if size > largest:
            raise Unreadable(
                f"The file has {size / 1024 / 1024:.1f} MB, and {largest // 1024 // 1024} MB is the most we read."
            )
        return path.read_bytes()
    except OSError as wrong:
        raise Unreadable(f"We could not open {path}: {wrong.strerror or 'it is not a file'}.") from None


def _as_json(report: ImportReport) -> str:
    refused = [_where(p) | {"column": p.column, "reason": p.reason} for p in report.refused]
    return json.dumps(
        {
            "sha256": report.sha256, "dry_run": report.dry_run, "rows": report.rows, "created": report.created,
            "changed": report.changed, "unchanged": report.unchanged, "refused": refused,
        }
    )  # fmt: skip


def _where(problem: RowProblem) -> dict[str, Any]:
    sheet, row = whereabouts(problem.row)
    return {"row": row, "sheet": sheet} if sheet else {"row": row}


def _show(report: ImportReport) -> None:
    for problem in report.refused:
        print(_line(problem), file=sys.stderr)
    for note in report.notes[:MOST_NOTES]:
        print(f"To look at: {_line(note)}")
    if len(report.notes) > MOST_NOTES:
        print(f"To look at: {len(report.notes) - MOST_NOTES:,} more of these.")
    if report.rows:
        refused = len({problem.row for problem in report.refused})
        print(
            f"{plural(report.rows, 'row')}: {report.created:,} new, {report.changed:,} changed, "
            f"{report.unchanged:,} as they were, {refused:,} refused."
        )
    if report.gone:
        print(f"{plural(report.gone, 'location is', 'locations are')} no longer in the directory.")
    if report.dry_run:
        print("This was a dry run: nothing was written.")
    elif report.refused and not report.created + report.changed:
        print("Nothing was written.")


def _line(problem: RowProblem) -> str:
    where = ", ".join(filter(None, (f"row {problem.row}" if problem.row else "", problem.column)))
    return f"{where[0].upper()}{where[1:]}: {problem.reason}" if where else problem.reason
