"""The CQC's directory as a file that is brought in on the screens."""

from __future__ import annotations

from phbportal.gateways.provider_directory import read_directory
from phbportal.policy.actors import Subject
from phbportal.policy.permissions import Permission
from phbportal.services.bringing_in import Brought, Given
from phbportal.services.provider_import import bring_in_directory
from phbportal.services.unit_of_work import UnitOfWork


def bring_in_directory_file(uow: UnitOfWork, given: Given) -> Brought:
    """Bring in a directory, or say what would become of its rows."""
    uow.require(Permission.PROVIDER_IMPORT, Subject())
    report = bring_in_directory(uow, read_directory(given.content), dry_run=given.dry_run)
    notes = [note.reason for note in report.notes if not note.row]
    if report.gone:
        notes.append(f"{report.gone:,} locations are no longer in the directory.")
    return Brought(report.came, report.made, " ".join(notes))
