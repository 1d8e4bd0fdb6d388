"""The two import commands as they are typed: what they print, and how they exit. Both databases."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from phbportal.cli.main import main
from phbportal.settings import settings
from tests.cli.import_files import SECOND, row, world_of_today, write
from tests.services.import_world import counts
from tests.support.world import World

SAMPLE = Path(__file__).parents[1] / "data" / "cqc_sample.csv"
WHO = ["--icb", "QT1", "--as", "cm@example.org"]
BOTH = [*WHO, "--approve-as", "approver@example.org"]
Answer = tuple[int, dict[str, object]]


@pytest.fixture(autouse=True)
def database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The commands look where the environment says."""
    monkeypatch.setenv("PHB_DATABASE_URL", database_url)
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture
def world(engine: Engine) -> World:
    return world_of_today(engine)


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Type a command with --json: the exit status and the answer."""

    def typed(*words: object) -> Answer:
        status = main([*map(str, words), "--json"])
        told = capsys.readouterr()
        assert told.err == ""
        return status, json.loads(told.out)

    return typed


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return write(tmp_path / "caseload.csv", row(), row(**SECOND))


def reasons(answer: dict[str, object]) -> list[dict[str, object]]:
    refused = answer["refused"]
    assert isinstance(refused, list)
    return refused


@pytest.mark.usefixtures("world")
def test_a_caseload_is_brought_in_once(ask: Callable[..., Answer], file: Path) -> None:
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    whole = {"sha256": digest, "dry_run": False, "rows": 2, "created": 2, "changed": 0, "unchanged": 0, "refused": []}
    assert ask("import-caseload", file, *BOTH) == (0, whole)
    assert ask("import-caseload", file, *BOTH) == (0, whole | {"created": 0, "unchanged": 2})


@pytest.mark.usefixtures("world")
def test_a_refused_row_is_named_as_the_spreadsheet_shows_it(
    ask: Callable[..., Answer], engine: Engine, tmp_path: Path
) -> None:
    before = counts(engine)
    path = write(
        tmp_path / "office.csv", row(), row(**SECOND, cohort="NONE", case_manager_email="nobody@example.org"),
        row(given_name="Zoe", nhs_number="9990000034", local_reference="CM-3", case_manager_email="nobody@example.org"),
        headings={"cohort": "Category", "case_manager_email": "Case manager"},
    )  # fmt: skip
    status, answer = ask("import-caseload", path, *BOTH)
    assert (status, answer["created"], answer["rows"]) == (1, 0, 3)
    assert [(r["row"], r["column"]) for r in reasons(answer)] == [(3, "Category"), (4, "Case manager")]
    assert all(set(r) == {"row", "column", "reason"} for r in reasons(answer))
    assert counts(engine) == before


@pytest.mark.usefixtures("world")
def test_a_dry_run_writes_nothing(ask: Callable[..., Answer], engine: Engine, file: Path) -> None:
    before = counts(engine)
    status, answer = ask("import-caseload", file, *WHO, "--dry-run")
    assert (status, answer["dry_run"], answer["created"]) == (0, True, 2)
    status, answer = ask("import-providers", SAMPLE, "--dry-run")
    assert (status, answer["dry_run"], answer["created"]) == (0, True, 389)
    assert counts(engine) == before


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("words", "said"),
    [
        (WHO, "approved by a second person"),
        ([*WHO, "--approve-as", "cm@example.org"], "Nobody with the e-mail cm@example.org"),
        ([*WHO, "--approve-as", "other_approver@example.org"], "Nobody with the e-mail other_approver@example.org"),
        (["--icb", "QT1", "--as", "finance@example.org"], "Nobody with the e-mail finance@example.org"),
        (["--icb", "QZZ", "--as", "cm@example.org"], "Nobody with the e-mail cm@example.org"),
    ],
)
def test_who_may_not_is_told_so(
    ask: Callable[..., Answer], engine: Engine, file: Path, words: list[str], said: str
) -> None:
    before = counts(engine)
    status, answer = ask("import-caseload", file, *words)
    assert (status, answer["rows"], answer["created"]) == (1, 2, 0)
    assert [(r["row"], r["column"]) for r in reasons(answer)] == [(0, "")]
    assert said in str(reasons(answer)[0]["reason"])
    assert counts(engine) == before


@pytest.mark.usefixtures("world")
def test_an_administrator_prepares_a_caseload(ask: Callable[..., Answer], file: Path) -> None:
    words = ["--icb", "QT1", "--as", "admin@example.org", "--approve-as", "approver@example.org"]
    status, answer = ask("import-caseload", file, *words)
    assert (status, answer["created"]) == (0, 2)


@pytest.mark.parametrize("content", [None, b"", b"%PDF-1.7", b"PK\x03\x04", b"a,b\n1,2\n", b"\xff\xfe\x00"])
@pytest.mark.usefixtures("world")
def test_what_cannot_be_read_exits_2(ask: Callable[..., Answer], tmp_path: Path, content: bytes | None) -> None:
    path = tmp_path / "file.csv"
    if content is not None:
        path.write_bytes(content)
    for words in (["import-caseload", path, *BOTH], ["import-providers", path]):
        status, answer = ask(*words)
        assert (status, answer["rows"]) == (2, 0)
        assert [r["row"] for r in reasons(answer)] == [0]
        assert len(str(reasons(answer)[0]["reason"])) > 20


@pytest.mark.parametrize(
    "words",
    [
        ["import-providers"], ["import-caseload"], ["import-caseload", "x.csv", "--as", "a@example.org"],
        ["import-caseload", "x.csv", "--icb", "QT1"], ["import-providers", "x.csv", "--icb", "QT1"],
    ],
)  # fmt: skip
def test_a_command_typed_wrongly_exits_64(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(words)
    assert stopped.value.code == 64
    assert "usage:" in capsys.readouterr().err


@pytest.mark.usefixtures("world")
def test_the_directory_is_brought_in_by_the_portal_or_an_administrator(ask: Callable[..., Answer]) -> None:
    status, answer = ask("import-providers", SAMPLE)
    assert (status, answer["created"], answer["unchanged"]) == (0, 389, 0)
    status, answer = ask("import-providers", SAMPLE, "--as", "admin@example.org")
    assert (status, answer["created"], answer["unchanged"]) == (0, 0, 389)
    status, answer = ask("import-providers", SAMPLE, "--as", "cm@example.org")
    assert (status, answer["rows"], answer["unchanged"]) == (1, 389, 0)


@pytest.mark.usefixtures("world")
def test_an_older_directory_is_refused_as_a_whole(ask: Callable[..., Answer], tmp_path: Path) -> None:
    ask("import-providers", SAMPLE)
    older = tmp_path / "older.csv"
    older.write_bytes(SAMPLE.read_bytes().replace(b"22 February 2016", b"21 February 2016"))
    status, answer = ask("import-providers", older)
    assert (status, answer["created"], answer["changed"], answer["unchanged"]) == (1, 0, 0, 0)
    assert [(r["row"], r["column"]) for r in reasons(answer)] == [(0, "")]


@pytest.mark.usefixtures("world")
def test_a_person_reads_counts_and_a_line_for_every_refusal(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    path = write(tmp_path / "c.csv", row(balance="-5.00"), row(**SECOND, weekly_amount="about 500"))
    assert main(["import-caseload", str(path), *BOTH]) == 1
    told = capsys.readouterr()
    assert told.err.startswith("Row 3, weekly_amount: We could not read that as an amount of money.")
    assert "To look at: Row 2, balance: The balance is below nought" in told.out
    assert told.out.endswith("2 rows: 0 new, 0 changed, 0 as they were, 1 refused.\nNothing was written.\n")
    assert main(["import-providers", str(SAMPLE)]) == 0
    told = capsys.readouterr()
    assert told.out.endswith("389 rows: 389 new, 0 changed, 0 as they were, 0 refused.\n")
    shorter = tmp_path / "shorter.csv"
    shorter.write_bytes(b"\n".join(SAMPLE.read_bytes().split(b"\n")[:200]) + b"\n")
    assert main(["import-providers", str(shorter), "--dry-run"]) == 0
    told = capsys.readouterr()
    assert "locations are no longer in the directory.\nThis was a dry run: nothing was written.\n" in told.out


def test_a_database_that_is_not_there_is_said_without_what_was_to_be_written(
    ask: Callable[..., Answer], file: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PHB_DATABASE_URL", f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    settings.cache_clear()
    status, answer = ask("import-caseload", file, *BOTH)
    assert status == 1
    assert "phbportal migrate" in str(reasons(answer)[0]["reason"])
    assert "Byron" not in json.dumps(answer)


@pytest.mark.usefixtures("world")
def test_the_command_works_as_a_process_of_its_own(database_url: str, file: Path) -> None:
    environment = os.environ | {"PHB_DATABASE_URL": database_url}
    command = [sys.executable, "-m", "phbportal.cli", "import-caseload", str(file), *BOTH, "--json"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["created"] == 2
