"""What every file must hold: no float near money, one commit, small modules, plain names, a clock only at the door."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from phbportal.domain.policies import SETTINGS

ROOT = Path(__file__).resolve().parents[2]
HOUSE = ROOT / "phbportal"
MOST_LINES = 400
VAGUE = {"utils", "helpers", "misc", "common", "util", "helper", "base_utils"}
NEAR_MONEY = ("domain", "services", "queries", "tables", "policy")
PURE = ("domain", "policy", "services", "queries")


def modules(*rooms: str) -> Iterator[Path]:
    for room in rooms or ("",):
        yield from sorted((HOUSE / room).rglob("*.py"))


def name(path: Path, node: ast.AST | None = None) -> str:
    where = path.relative_to(ROOT).as_posix()
    return f"{where}:{getattr(node, 'lineno', '')}" if node else where


def test_no_module_is_over_400_lines() -> None:
    long = {name(p): n for p in modules() if (n := len(p.read_text().splitlines())) > MOST_LINES}
    assert long == {}, "split these by noun"


def test_no_module_has_a_name_that_says_nothing() -> None:
    assert [name(p) for p in modules() if p.stem in VAGUE] == [], "name the file for its noun"


def test_there_is_one_commit_and_it_is_in_the_unit_of_work() -> None:
    found = [
        name(path)
        for path in modules()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]
    assert found == ["phbportal/services/unit_of_work.py"]


def test_no_float_comes_near_money() -> None:
    found = []
    for path in modules(*NEAR_MONEY):
        for node in ast.walk(ast.parse(path.read_text())):
            literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
            made = isinstance(node, ast.Name) and node.id == "float"
            divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
            if literal or made or divided:
                found.append(name(path, node))
    assert found == [], "use whole pence and domain.money.round_half_up"


def test_rules_services_and_queries_are_given_the_time() -> None:
    """Only the unit of work asks the clock, and only when it is not given one."""
    found = []
    for path in modules(*PURE):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("today", "now", "utcnow", "time")
                and isinstance(node.func.value, ast.Name)
                and node.func.value.id in ("date", "datetime", "time")
            ):
                found.append(name(path).split(":")[0])
    assert set(found) <= {"phbportal/services/unit_of_work.py"}, "take today or now as an argument"


def test_every_choice_of_a_board_is_read_by_something() -> None:
    """A setting that nothing reads is untrue to whoever sets it (decision 0037)."""
    declared, made_up = HOUSE / "domain" / "policies.py", HOUSE / "demo"
    texts = [p.read_text() for p in modules() if p != declared and made_up not in p.parents]
    assert [one for one in SETTINGS if not any(f'"{one}"' in text for text in texts)] == []


def test_only_settings_reads_the_environment() -> None:
    """The builder and the server hand variables on to a child process; nothing else looks."""
    allowed = {"phbportal/settings.py", "phbportal/frontend.py", "phbportal/cli/server.py"}
    found = {name(p) for p in modules() if re.search(r"os\.environ|os\.getenv", p.read_text())}
    assert found <= allowed, "add a setting to settings.py"


def test_handlers_use_nothing_the_content_security_policy_blocks() -> None:
    banned = re.compile(
        r"rx\.(toast|call_script|call_function|html|markdown|upload|Cookie|LocalStorage|SessionStorage)\b"
    )
    found = [name(p) for p in modules("pages", "ui", "edge") if banned.search(p.read_text())]
    assert found == [], "show messages with the page's notice or error summary"


def test_no_page_takes_a_name_its_frame_uses() -> None:
    """A page whose state says ``missing`` of its own shows "Page not found" as soon as it is filled."""
    taken = {
        n.target.id
        for c in ast.parse((HOUSE / "edge" / "outcomes.py").read_text()).body
        if isinstance(c, ast.ClassDef) and c.name == "PageState"
        for n in c.body
        if isinstance(n, ast.AnnAssign) and isinstance(n.target, ast.Name)
    }
    assert "missing" in taken
    found = [
        f"{name(path, node)} {node.target.id}"
        for path in modules("pages")
        for state in ast.walk(ast.parse(path.read_text()))
        if isinstance(state, ast.ClassDef) and any(ast.unparse(base) == "rx.State" for base in state.bases)
        for node in state.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in taken
    ]
    assert found == [], "the frame of every page reads this name: choose another"


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [name(p) for p in modules() if not ast.get_docstring(ast.parse(p.read_text()))]
    assert silent == []


def test_no_file_names_a_package_registry_or_this_machine() -> None:
    registries = re.compile("|".join(["pypi" + r"\.org", "pythonhosted" + r"\.org", "registry" + r"\.npmjs"]))
    tracked = [p for p in ROOT.rglob("*") if p.is_file() and not _left_out(p)]
    found = [p.relative_to(ROOT).as_posix() for p in tracked if registries.search(_text(p))]
    assert found == []


def _left_out(path: Path) -> bool:
    parts = set(path.relative_to(ROOT).parts)
    return bool(parts & {".git", ".venv", ".web", "var", "__pycache__", "node_modules", ".hypothesis", ".ruff_cache"})


def _text(path: Path) -> str:
    return path.read_text(errors="ignore") if path.stat().st_size < 2_000_000 else ""


def test_a_page_reads_its_address_in_one_way() -> None:
    """``router.page`` is deprecated and looks through the stack each time it is asked."""
    here = ROOT / "phbportal" / "edge" / "here.py"
    found = [path for path in (ROOT / "phbportal").rglob("*.py") if path != here and "router.page" in path.read_text()]
    assert found == [], "read it with phbportal.edge.here.params_of"


def test_every_apostrophe_in_a_text_is_the_curly_one() -> None:
    """A reader of the screen hears both kinds alike, an eye does not. Only what others publish keeps its own."""
    published = {"Service's website (if available)"}
    found = []
    for path in modules():
        tree = ast.parse(path.read_text())
        notes = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        found += [
            name(path, node)
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in notes
            and re.search(r"[^\W\d_]'[^\W\d_]|[^\W\d_]s' [a-z]", node.value) and node.value not in published
        ]  # fmt: skip
    assert found == [], "write ’ for the apostrophe"
