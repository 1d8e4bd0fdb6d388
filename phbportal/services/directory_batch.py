"""The CQC's directory as a file that is brought in on the screens."""

from __future__ import annotations

from datetime import date

from phbportal.gateways.provider_directory import Directory, read_directory
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Brought, Given, Whole
from phbportal.services.provider_import import bring_in_directory
from phbportal.services.unit_of_work import UnitOfWork


def read_directory_file(whole: Whole, _today: date) -> Directory:
    """A directory as its publisher writes it."""
    return read_directory(whole.content)


def bring_in_directory_file(uow: UnitOfWork, given: Given) -> Brought:
    """Bring in a directory, or say what would become of its rows."""
    uow.require(Permission.PROVIDER_IMPORT, Subject())
    assert isinstance(given.read, Directory)
    report = bring_in_directory(uow, given.read, dry_run=given.dry_run)
    notes = [note.reason for note in report.notes if not note.row]
    if report.gone:
        notes.append(f"{report.gone:,} locations are no longer in the directory.")
    return Brought(report.came, report.made, " ".join(notes))
