"""What came of bringing a file in: counts of its rows, and a sentence for every one that was refused."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from phbportal.domain.errors import Refusal
from phbportal.domain.text import plural
from phbportal.gateways.tabular import RowProblem
from phbportal.services.bringing_in import Came, Made
from phbportal.services.new_rows import Ids


@dataclass(frozen=True, slots=True)
class ImportReport:
    """``created``, ``changed`` and ``unchanged`` count rows of the file; of a dry run they are what would have been.

    ``refused`` and ``notes`` may quote what the file says of a person: they are for whoever brought it, never a log.
    ``gone`` counts organisations that the file no longer holds (care directories only). ``came`` says of every row what
    became of it; ``new`` is what was made and ``made`` what else was or was changed, to be taken back by, read once.
    """

    sha256: str
    dry_run: bool
    rows: int
    created: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: tuple[RowProblem, ...] = ()
    notes: tuple[RowProblem, ...] = ()
    gone: int = 0
    came: tuple[Came, ...] = ()
    made: Iterable[Made] = field(default=(), compare=False)
    new: Ids = field(default_factory=Ids, compare=False)

    def counts(self) -> dict[str, Any]:
        """The numbers that are kept of a run: nothing about anybody."""
        return {
            "rows": self.rows,
            "created": self.created,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": len({problem.row for problem in self.refused}),
        }


class FileRefused(Refusal):
    """A file that is taken whole or not at all, and was not: the report says why, row by row."""

    def __init__(self, report: ImportReport) -> None:
        self.report = report
        wrong = plural(len({problem.row for problem in report.refused}), "row")
        super().__init__(f"Nothing was brought in: {wrong} of the file must be put right first.")
