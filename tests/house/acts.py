"""What each service function does, read from its source: which others it calls, what it writes, whether it asks leave.

Calls are followed between the modules of ``phbportal/services`` by their names; a function writes or asks leave when
it does so itself or by another that does.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SERVICES = ROOT / "phbportal" / "services"
# The unit of work's own verbs, and the session's.
WRITES = {"add", "add_all", "change", "record", "once", "delete", "flush", "merge"}
STATEMENTS = {"insert", "insert_or", "update", "delete"}
ASKS = {"require"}


@dataclass(eq=False)
class Act:
    """A function of the services."""

    module: str
    node: ast.FunctionDef
    calls: list[tuple[str, int]] = field(default_factory=list)
    written_at: list[int] = field(default_factory=list)
    asked_at: list[int] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.module}.{self.node.name}"

    @property
    def is_public(self) -> bool:
        return not self.node.name.startswith("_")

    @property
    def first_argument(self) -> str:
        arguments = [*self.node.args.posonlyargs, *self.node.args.args]
        return arguments[0].arg if arguments else ""

    @property
    def where(self) -> str:
        return f"phbportal/services/{self.module}.py:{self.node.lineno}"


def imported(tree: ast.Module) -> dict[str, str]:
    """Names of this module that stand for a service module or a function of one: ``post`` → ``ledger.post``."""
    names: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            if node.module == "phbportal.services":
                names |= {a.asname or a.name: a.name for a in node.names}
            elif node.module.startswith("phbportal.services."):
                module = node.module.removeprefix("phbportal.services.")
                names |= {a.asname or a.name: f"{module}.{a.name}" for a in node.names}
    return names


def _read(module: str, node: ast.FunctionDef, imported: dict[str, str], own: set[str]) -> Act:
    act = Act(module, node)
    for call in (n for n in ast.walk(node) if isinstance(n, ast.Call)):
        function = call.func
        if isinstance(function, ast.Name):
            if function.id in own:
                act.calls.append((f"{module}.{function.id}", call.lineno))
            elif function.id in imported:
                act.calls.append((imported[function.id], call.lineno))
            elif function.id in STATEMENTS:
                act.written_at.append(call.lineno)
        elif isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name | ast.Attribute):
            owner = ast.unparse(function.value)
            if owner in imported:
                act.calls.append((f"{imported[owner]}.{function.attr}", call.lineno))
            elif owner in ("uow", "uow.session", "session", "db"):
                if function.attr in WRITES:
                    act.written_at.append(call.lineno)
                elif function.attr in ASKS:
                    act.asked_at.append(call.lineno)
    return act


@cache
def acts() -> dict[str, Act]:
    """Every function of the services by ``module.name``."""
    found: dict[str, Act] = {}
    for path in sorted(SERVICES.glob("*.py")):
        tree = ast.parse(path.read_text())
        functions = [n for n in tree.body if isinstance(n, ast.FunctionDef)]
        own = {f.name for f in functions}
        for function in functions:
            act = _read(path.stem, function, imported(tree), own)
            found[act.name] = act
    return found


def _reach(act: Act, seen: frozenset[str] = frozenset()) -> Iterator[tuple[Act, int]]:
    """The act and all it calls, each with the line of the act itself at which it is reached."""
    yield act, 0
    for name, line in act.calls:
        called = acts().get(name)
        if called is not None and name not in seen:
            for further, _line in _reach(called, seen | {act.name}):
                yield further, line


@cache
def first_write(act: Act) -> int | None:
    """The line at which an act first writes, by itself or by another; None when it never does."""
    lines = act.written_at + [line for further, line in _reach(act) if line and further.written_at]
    return min(lines, default=None)


@cache
def first_asking(act: Act) -> int | None:
    """The line at which an act first asks leave, by itself or by another; None when it never does."""
    lines = act.asked_at + [line for further, line in _reach(act) if line and further.asked_at]
    return min(lines, default=None)
