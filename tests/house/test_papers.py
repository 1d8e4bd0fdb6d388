"""The papers say what the code does: settings, permissions, rooms, commands, contracts, decisions."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

from phbportal.cli.main import parser
from phbportal.policy.grants import GRANTS
from phbportal.policy.permissions import SENTENCES, Permission
from phbportal.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_every_setting_is_in_the_table() -> None:
    table = (ROOT / "docs/settings.md").read_text()
    missing = [f"PHB_{n.upper()}" for n in Settings.model_fields if f"`PHB_{n.upper()}`" not in table]
    assert missing == [], "add a row to docs/settings.md"


def test_every_permission_has_a_sentence_and_a_grant() -> None:
    assert set(SENTENCES) == set(Permission) == set(GRANTS)
    assert len(set(SENTENCES.values())) == len(SENTENCES), "two permissions share a sentence"
    assert all(sentence.endswith(".") for sentence in SENTENCES.values())


def test_every_permission_is_asked_for_somewhere() -> None:
    code = "\n".join(
        p.read_text() for p in (ROOT / "phbportal").rglob("*.py") if p.name not in ("permissions.py", "grants.py")
    )
    assert [p for p in Permission if f"Permission.{p.name}" not in code] == []


def test_the_readme_names_every_room() -> None:
    readme = (ROOT / "README.md").read_text()
    rooms = [p.name for p in (ROOT / "phbportal").iterdir() if p.is_dir() and (p / "__init__.py").exists()]
    assert [room for room in rooms if f"`phbportal/{room}`" not in readme] == []


def test_the_readme_shows_both_commands_and_names_every_other() -> None:
    readme = (ROOT / "README.md").read_text()
    assert "make run" in readme
    assert "make test" in readme
    commands = next(a.choices for a in parser()._actions if a.dest == "command")
    assert commands is not None
    assert [c for c in commands if c not in readme] == []


def test_every_room_has_a_floor_and_the_contracts_hold() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    layers = next(c for c in contracts if c["type"] == "layers")
    assert layers["exhaustive"], "a new folder must be given a floor"
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_every_decision_is_in_the_list() -> None:
    folder = ROOT / "docs/decisions"
    listed = (folder / "README.md").read_text()
    assert [p.name for p in folder.glob("0*.md") if p.name not in listed] == []


def test_the_changelog_has_no_empty_promise() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert not re.search(r"\b(TODO|TBD|coming soon)\b", changelog)
