"""Every row of the rooms table (architecture.md §3) is a contract the linter holds, or a test beside it."""

from __future__ import annotations

import ast
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
IMPORTLINTER: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
CONTRACTS: list[dict[str, Any]] = IMPORTLINTER["contracts"]
FLOORS = [
    {room.strip(" ()") for room in layer.replace(":", "|").split("|")}
    for layer in next(c for c in CONTRACTS if c["type"] == "layers")["layers"]
]
# Room → what it must never import. A row is kept by the floors (nothing imports from above) or by a contract.
NEVER = {
    "domain": ("reflex", "sqlmodel", "sqlalchemy", "tables", "policy", "queries", "services", "settings"),
    "policy": ("reflex", "sqlmodel", "sqlalchemy", "starlette", "tables", "queries", "services"),
    "tables": ("reflex", "queries", "services", "policy"),
    "queries": ("reflex", "services", "gateways"),
    "gateways": ("reflex", "tables", "services", "queries"),
    "services": ("reflex", "ui", "edge", "pages", "sign_in"),
    "sign_in": ("reflex", "ui", "edge", "pages"),
    "ui": ("tables", "queries", "policy", "services", "edge", "pages"),
    "edge": ("pages", "tables"),
    "endpoints": ("reflex", "tables", "sqlmodel", "db", "pages"),
    "pages": ("tables", "sqlmodel", "sqlalchemy", "db"),
    "demo": ("reflex", "ui", "pages"),
    "cli": ("reflex", "ui"),
}
# The identifier libraries of the field, and the calendar.
CLOCKS = {"date.today", "datetime.now", "datetime.utcnow", "datetime.today"}
LIBRARIES_OF_THE_RULES = {"stdnum", "phonenumbers", "email_validator", "dateutil"}


def rooms() -> Iterator[str]:
    for path in sorted((ROOT / "phbportal").iterdir()):
        if path.suffix == ".py" and path.stem != "__init__":
            yield path.stem
        elif (path / "__init__.py").exists():
            yield path.name


def floor(room: str) -> int | None:
    return next((n for n, layer in enumerate(FLOORS) if room in layer), None)


def is_kept(room: str, other: str) -> bool:
    """Whether the floors or a contract forbid ``room`` to import ``other``."""
    own, theirs = floor(room), floor(other)
    if own is not None and theirs is not None and theirs <= own:
        return True
    outside = other if theirs is None else f"phbportal.{other}"
    return any(
        contract["type"] == "forbidden"
        and f"phbportal.{room}" in contract["source_modules"]
        and outside in contract["forbidden_modules"]
        for contract in CONTRACTS
    )


def test_every_room_stands_on_a_floor() -> None:
    assert [room for room in rooms() if floor(room) is None] == [], "add it to the layers in pyproject.toml"


@pytest.mark.parametrize("room", sorted(NEVER))
def test_what_a_room_must_never_import_is_a_contract(room: str) -> None:
    missing = [other for other in NEVER[room] if not is_kept(room, other)]
    assert missing == [], f"add phbportal.{room} to a forbidden contract for these in pyproject.toml"


def test_a_contract_forbids_what_is_imported_and_not_what_that_imports_in_turn() -> None:
    """Else "pages touch no tables" is broken by every service a page calls (decisions.md §7)."""
    assert IMPORTLINTER["include_external_packages"]
    forbidden = [c for c in CONTRACTS if c["type"] == "forbidden"]
    assert forbidden
    assert [c["name"] for c in forbidden if not c.get("allow_indirect_imports")] == []


def test_no_contract_makes_an_exception() -> None:
    assert [c["name"] for c in CONTRACTS if c.get("ignore_imports")] == []


def test_the_rules_import_the_standard_library_and_the_libraries_of_the_field() -> None:
    found: set[str] = set()
    for path in sorted((ROOT / "phbportal" / "domain").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            modules = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            found |= {m.split(".")[0] for m in modules}
    strange = {m for m in found if m not in sys.stdlib_module_names} - LIBRARIES_OF_THE_RULES - {"phbportal"}
    assert strange == set(), "the rules know no framework: give them values"


def test_the_rules_read_no_clock_no_environment_and_no_file() -> None:
    banned = {"os", "time", "random", "secrets", "uuid_utils", "socket", "pathlib", "logging"}
    found: list[str] = []
    for room in ("domain", "policy"):
        for path in sorted((ROOT / "phbportal" / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    modules = {a.name for a in node.names} if isinstance(node, ast.Import) else {node.module or ""}
                    found += [f"{path.relative_to(ROOT)}:{node.lineno} {m}" for m in modules & banned]
                elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "open":
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} open")
                elif isinstance(node, ast.Attribute) and ast.unparse(node) in CLOCKS:
                    found.append(f"{path.relative_to(ROOT)}:{node.lineno} {ast.unparse(node)}")
    assert found == [], "pass today, now or the value in"
