"""``phbportal new-resource``: what it writes works as it stands, and a name that cannot be is refused in a sentence."""

from __future__ import annotations

import ast
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from phbportal.cli import inserting
from phbportal.cli.main import main
from phbportal.cli.new_resource import Noun, left_to_do, write_resource
from phbportal.domain.errors import Refusal

ROOT = Path(__file__).resolve().parents[2]
COPIED = ("phbportal", "tests", "alembic", "docs", "alembic.ini", "pyproject.toml")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The code as it is, in a folder of its own."""
    for name in COPIED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__", ".*"))
        else:
            shutil.copy(ROOT / name, tmp_path / name)
    return tmp_path


def run(checkout: Path, *command: str) -> str:
    """A command in the copy, with the code of the copy. Returns what it said; fails if the command did."""
    done = subprocess.run(
        [sys.executable, "-m", *command], cwd=checkout, capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": str(checkout), "PYTEST_ADDOPTS": ""},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    return done.stdout


def test_what_it_writes_is_complete_and_every_test_of_every_resource_passes(checkout: Path) -> None:
    number = max(int(one.name[:4]) for one in (ROOT / "alembic/versions").glob("0*.py"))
    written, by_hand = write_resource(checkout, Noun("visit", "visits"))
    assert by_hand == []
    assert f"alembic/versions/{number + 1:04d}_visits.py" in written
    assert f'down_revision = "{number:04d}"' in (checkout / f"alembic/versions/{number + 1:04d}_visits.py").read_text()
    assert run(checkout, "ruff", "check", *written)
    assert run(checkout, "ruff", "format", "--check", *written)
    said = run(
        checkout, "pytest", "-q", "-p", "no:cacheprovider", "-n", "0", "tests/resources/test_every_resource.py",
        "tests/services/test_visits.py", "-k", "sqlite and visit",
    )  # fmt: skip
    assert " passed" in said
    assert "no tests ran" not in said


def test_a_noun_of_two_words_becomes_all_its_forms(checkout: Path) -> None:
    written, by_hand = write_resource(checkout, Noun("risk-story", "risk-stories"))
    assert by_hand == []
    assert "phbportal/tables/risk_stories.py" in written
    declared = (checkout / "phbportal/resources/risk_stories.py").read_text()
    assert "RISK_STORIES = Resource(" in declared
    assert 'code="risk-stories"' in declared
    assert "class RiskStory(Record, table=True)" in (checkout / "phbportal/tables/risk_stories.py").read_text()
    for path in written:
        ast.parse((checkout / path).read_text())
    scope = (checkout / "phbportal/queries/scope.py").read_text()
    assert (
        "    RiskStory: Permission.RISK_STORY_READ,\n"
        in (checkout / "phbportal/queries/read_permissions.py").read_text()
    )
    assert "    RiskStory: _board(RiskStory),\n" in scope


@pytest.mark.parametrize(
    ("one", "many", "sentence"),
    [
        ("Visit", "Visits", "“Visit” cannot be a name. Use small letters"),
        ("visit2", "visits2", "cannot be a name"),
        ("../visit", "visits", "cannot be a name"),
        ("-visit", "visits", "cannot be a name"),
        ("", "s", "cannot be a name"),
        ("visit", "visit", "need two names"),
        ("class", "classes", "means something else"),
        ("new", "news", "means something else"),
        ("v" * 31, "visits", "is too long"),
        ("equipment", "equipments", "there is a table equipment"),
        ("piece", "equipment", "there is phbportal/domain/equipment.py"),
        ("person", "people", "there is a table person"),
        ("rate", "rates", "there is a table rate"),
        ("change", "changes", "a page has the address /staff/changes"),
        ("note", "notes", "there is a permission NOTE_READ"),
    ],
)
def test_a_bad_or_taken_name_is_refused_in_a_sentence(one: str, many: str, sentence: str) -> None:
    before = sorted(path for path in (ROOT / "phbportal").rglob("*.py"))
    with pytest.raises(Refusal) as refusal:
        write_resource(ROOT, Noun(one, many))
    (problem,) = refusal.value.problems
    assert sentence in problem.sentence
    assert sorted(path for path in (ROOT / "phbportal").rglob("*.py")) == before


def test_elsewhere_than_in_a_checkout_it_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new-resource", "visit", "--checkout", str(tmp_path)]) == 1
    assert capsys.readouterr().err.startswith("This is not a checkout of the portal.")
    assert list(tmp_path.iterdir()) == []


def test_where_no_place_is_found_the_line_is_told(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    grants = checkout / "phbportal/policy/grants.py"
    grants.write_text(grants.read_text().replace("LET_IN_TO", "LET_IN"))
    assert main(["new-resource", "visit", "--checkout", str(checkout)]) == 0
    said = capsys.readouterr().out
    assert "Write them by hand:\n  phbportal/policy/grants.py: P.VISIT_READ," in said
    assert "Left to do:" in said


def test_what_is_left_to_do_names_the_noun() -> None:
    assert "tests/services/test_site_visits.py" in left_to_do(Noun("site-visit", "site-visits"))


def test_lines_go_to_sure_places_only() -> None:
    source = "from a.b import c\n\nX = {\n    1: 2,\n}\n\n\nclass K:\n    one = 1\n\n\nY = {1: 2}\n"
    assert inserting.into_list(source, "X", "    3: 4,") == source.replace("    1: 2,\n", "    1: 2,\n    3: 4,\n")
    assert inserting.into_class(source, "K", "    two = 2") == source.replace("one = 1\n", "one = 1\n    two = 2\n")
    assert inserting.into_list(source, "Y", "    3: 4,") is None
    assert inserting.into_list(source, "Z", "    3: 4,") is None
    assert inserting.into_class(source, "L", "    two = 2") is None
    names = '__all__ = [\n    "ALL",\n    "a",\n    "c",\n]\n'
    assert inserting.into_names(names, "__all__", '    "b",') == names.replace('"a",\n', '"a",\n    "b",\n')
    assert inserting.into_names(names, "__all__", '    "d",') == names.replace('"c",\n', '"c",\n    "d",\n')
    assert inserting.into_names(names, "Y", '    "d",') is None
    assert inserting.into_imports(source, "from a.d import e") == source.replace("c\n", "c\nfrom a.d import e\n", 1)
    assert inserting.into_imports(source, "from z.d import e") is None
