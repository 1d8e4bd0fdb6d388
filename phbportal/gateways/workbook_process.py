"""A large workbook is opened by a process of its own, which hands its rows over some at a time.

What the reader needs (several hundred MB for 100,000 rows) ends with that process and is never in the portal; nobody's
page waits while it works; and a workbook that ends the process ends nothing else. The process is given no settings, is
let at the processor after everybody else, and may have only so much memory and time. What it hands over is JSON: text
and numbers, whatever was in the file.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import zipfile
from collections.abc import Generator, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import IO, Any

from phbportal.gateways import workbooks
from phbportal.gateways.table_rows import Unreadable
from phbportal.gateways.workbook_guard import AGAIN
from phbportal.gateways.workbooks import SheetRead, SheetRow

LARGE = 1024 * 1024
"""Bytes a workbook unpacks to from which it is opened apart: of a smaller one the process itself would be the most."""
AT_A_TIME = 250
MOST_MEMORY = 2 * 1024**3
MOST_SECONDS = 300
_ENDED = f"This workbook could not be opened: it is damaged, or too large. {AGAIN}"


def read_sheets(content: bytes) -> Generator[SheetRead]:
    """The sheets of a workbook one after the other, as ``workbooks.read_sheets`` has them. Rows are read as they are
    asked for; those nobody asked for are passed over. Raises Unreadable."""
    if not _is_large(content):
        yield from workbooks.read_sheets(content)
        return
    # -P: nothing is run that lies in the folder of whoever brings a file in.
    with subprocess.Popen(
        [sys.executable, "-P", "-m", __name__],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
    ) as process:  # fmt: skip
        given, output = process.stdin, process.stdout
        assert given is not None
        assert output is not None
        try:
            for hand_over in (lambda: given.write(content), given.close):
                with suppress(BrokenPipeError):  # it ended before it had the whole: what it said tells why
                    hand_over()
            said = _said_by(output)
            head = next(said)
            while head is not None:
                rest = _Rest(said)
                yield SheetRead(head["name"], head["hidden"], frozenset(head["hidden_rows"]), iter(rest))
                head = rest.end()
        finally:
            process.kill()


def _is_large(content: bytes) -> bool:
    """Whether a workbook unpacks to much, as it says itself: no more than that is ever unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return sum(info.file_size for info in archive.infolist()) > LARGE
    except (zipfile.BadZipFile, OSError, ValueError, RuntimeError):
        return False  # which is told in words when it is read


def _said_by(output: IO[bytes]) -> Iterator[Any]:
    """What the process says, up to its last word, which is None."""
    for line in output:
        if not line.endswith(b"\n"):
            break
        said = json.loads(line)
        if isinstance(said, str):
            raise Unreadable(said)
        yield said
        if said is None:
            return
    raise Unreadable(_ENDED)


class _Rest:
    """What is still to come of a sheet."""

    def __init__(self, said: Iterator[Any]) -> None:
        self._said = said
        self._next: Any = []

    def __iter__(self) -> Iterator[SheetRow]:
        while isinstance(self._next, list):
            for number, cells, doubts in self._next:
                yield SheetRow(number, cells, {int(place): why for place, why in doubts.items()})
            self._next = next(self._said)

    def end(self) -> Any:
        """Pass over the rest. Returns the next sheet, or None."""
        while isinstance(self._next, list):
            self._next = next(self._said)
        return self._next


def main() -> None:
    """Read a workbook from the standard input, and say what is in it: a sheet, its rows some at a time, the next
    sheet; at the end nothing (null), or instead of all that is left a sentence that says why it cannot be read."""
    for what, most in (
        (resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_SECONDS), (resource.RLIMIT_CORE, 0),
    ):  # fmt: skip
        with suppress(ValueError, OSError):  # a machine that allows less already, or knows no such limit
            resource.setrlimit(what, (most, most))
    os.nice(10)
    try:
        for sheet in workbooks.read_sheets(sys.stdin.buffer.read()):
            _say({"name": sheet.name, "hidden": sheet.hidden, "hidden_rows": sorted(sheet.hidden_rows)})
            while part := [(row.number, row.cells, row.doubts) for row in islice(sheet.rows, AT_A_TIME)]:
                _say(part)
        _say(None)
    except Unreadable as error:
        _say(error.problems[0].sentence)


def _say(what: Any) -> None:
    sys.stdout.write(json.dumps(what, separators=(",", ":")) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
