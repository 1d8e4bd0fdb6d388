"""Adding a line at a sure place of a Python file: after a class’s last member, at the end of a list, among imports.

Places are found by reading the file as Python, not by counting lines. A place that is not there is None: whoever asked
then says what to write by hand.
"""

from __future__ import annotations

import ast

Found = str | None


def _insert(source: str, after_line: int, line: str) -> str:
    """The source with a line after the one of this number, counted from 1."""
    lines = source.splitlines(keepends=True)
    return "".join([*lines[:after_line], f"{line}\n", *lines[after_line:]])


def _assigned(source: str, name: str) -> ast.expr | None:
    for node in ast.parse(source).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(
            node, ast.AnnAssign
        ) else []  # fmt: skip
        if any(isinstance(one, ast.Name) and one.id == name for one in targets):
            return node.value if isinstance(node, ast.Assign | ast.AnnAssign) else None
    return None


def into_list(source: str, name: str, line: str) -> Found:
    """At the end of the dict, set, tuple or list that a module assigns to a name; inside a call, of its argument."""
    value = _assigned(source, name)
    if isinstance(value, ast.Call) and value.args:
        value = value.args[0]
    if value is None or value.end_lineno is None or value.end_lineno == value.lineno:
        return None
    return _insert(source, value.end_lineno - 1, line)


def into_names(source: str, name: str, line: str) -> Found:
    """Among the names a module lists, one a line, small ones in their order after those in capitals."""
    value, new = _assigned(source, name), ast.literal_eval(line.strip().rstrip(","))
    if not isinstance(value, ast.List):
        return None
    named = [(one.value, one.end_lineno) for one in value.elts if isinstance(one, ast.Constant)]
    earlier = [at for held, at in named if not str(held).islower() or str(held) < new]
    return _insert(source, (earlier[-1] if earlier else value.lineno) or value.lineno, line)


def into_class(source: str, name: str, line: str) -> Found:
    """After the last member of a class."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ClassDef) and node.name == name and node.body[-1].end_lineno:
            return _insert(source, node.body[-1].end_lineno, line)
    return None


def into_imports(source: str, line: str) -> Found:
    """Among the imports of the same package, in the order of their modules."""
    module = line.split()[1]
    package = module.partition(".")[0]
    own = [
        node
        for node in ast.parse(source).body
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == package
    ]
    before = [node for node in own if (node.module or "") < module]
    if not before or before[-1].end_lineno is None:
        return None
    return _insert(source, before[-1].end_lineno, line)


def into_import(source: str, module: str, name: str) -> Found:
    """A name among those that ``from module import (…)`` names, a line each, in their order."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.ImportFrom) and node.module == module and node.end_lineno != node.lineno:
            earlier = [one for one in node.names if one.name < name]
            at = earlier[-1].end_lineno if earlier else node.lineno
            return _insert(source, at or node.lineno, f"    {name},")
    return None


def into_with(source: str, function: str, line: str) -> Found:
    """At the end of the last ``with`` of a function."""
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef) and node.name == function:
            blocks = [one for one in node.body if isinstance(one, ast.With)]
            if blocks and blocks[-1].end_lineno:
                return _insert(source, blocks[-1].end_lineno, line)
    return None
