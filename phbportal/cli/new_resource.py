"""``new-resource``: a noun of the office as a table, permissions, a scope, a service, a declaration and tests, written
into a checkout. What it writes is complete and small; a developer goes on from there (docs/adding-a-resource.md)."""

from __future__ import annotations

import argparse
import keyword
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Any

from phbportal.cli import inserting
from phbportal.cli.resource_texts import FILES, LINES
from phbportal.domain.errors import Refusal
from phbportal.domain.text import listed

_NAME = re.compile(r"[a-z]+(-[a-z]+)*")
_REVISION = re.compile(r"([0-9]{4})_\w+\.py")
LONGEST = 30

PLACES: dict[str, Callable[[str, str, str], inserting.Found]] = {
    "import": inserting.into_import,
    "imports": lambda source, _name, line: inserting.into_imports(source, line),
    "list": inserting.into_list,
    "names": inserting.into_names,
    "class": inserting.into_class,
    "with": inserting.into_with,
}


@dataclass(frozen=True)
class Noun:
    """A noun in its forms, out of "site-visit" and "site-visits"."""

    one: str
    many: str

    def forms(self, number: int) -> dict[str, str]:
        """What the texts put in the place of each name; ``number`` is the migration's."""
        snake, words, many_words = self.one.replace("-", "_"), self.one.replace("-", " "), self.many.replace("-", " ")
        article = "an" if snake[0] in "aeiou" else "a"
        return {
            "snake": snake, "module": self.many.replace("-", "_"), "code": self.many, "one": words,
            "a_one": f"{article} {words}", "a_snake": f"{article}_{snake}", "many_words": many_words,
            "Many_words": many_words.capitalize(), "Class": words.title().replace(" ", ""), "UPPER": snake.upper(),
            "MANY": self.many.replace("-", "_").upper(), "number": f"{number:04d}", "down": f"{number - 1:04d}",
        }  # fmt: skip


def add_to(commands: Any) -> None:
    new = commands.add_parser("new-resource", help="write the files of a new kind of record into this checkout")
    new.add_argument("name", metavar="NAME", help="the noun, in small letters, one of it: visit, site-visit")
    new.add_argument("--plural", metavar="NAMES", default="", help="more than one of it, where it is not NAMEs")
    new.add_argument("--checkout", metavar="FOLDER", type=Path, default=Path(), help="where the code is, if not here")
    new.set_defaults(act=_act)


def _act(arguments: argparse.Namespace) -> int:
    noun = Noun(arguments.name, arguments.plural or f"{arguments.name}s")
    written, by_hand = write_resource(arguments.checkout, noun)
    print("\n".join(["Written:", *(f"  {path}" for path in written)]))
    if by_hand:
        print("\n".join(["", "No place was found for these lines. Write them by hand:", *by_hand]))
    print(left_to_do(noun))
    return 0


def write_resource(checkout: Path, noun: Noun) -> tuple[list[str], list[str]]:
    """Write a resource into a checkout. Returns the files that were written or changed, and, as "file: line", what
    could not be put in its place. Refuses, in words, a name that cannot be or is taken, before anything is written."""
    _check_checkout(checkout)
    _check_name(noun)
    _check_free(checkout, noun)
    forms = noun.forms(_last_revision(checkout) + 1)
    files = {
        Template(path).substitute(forms): _in_order(Template(text).substitute(forms)) for path, text in FILES.items()
    }
    changed: dict[str, str] = {}
    by_hand: list[str] = []
    for path, kind, name, line in LINES:
        filled = Template(line).substitute(forms)
        source = changed.get(path) or (checkout / path).read_text(encoding="utf-8")
        found = PLACES[kind](source, name, filled)
        if found is None:
            by_hand.append(f"  {path}: {filled.strip()}")
        else:
            changed[path] = found
    for path, text in (files | changed).items():
        (checkout / path).write_text(text, encoding="utf-8")
    return [*files, *changed], by_hand


def _in_order(text: str) -> str:
    """A file's text with the portal's imports in the order of their modules, whatever the noun is called."""
    lines = text.splitlines(keepends=True)
    at = [n for n, line in enumerate(lines) if line.startswith("from phbportal.")]
    for n, line in zip(at, sorted((lines[n] for n in at), key=lambda line: line.split()[1]), strict=True):
        lines[n] = line
    return "".join(lines)


def left_to_do(noun: Noun) -> str:
    """What the developer does next, in order."""
    forms = noun.forms(1)
    return Template(
        "\nLeft to do:\n"
        "  1. ruff check --fix . && ruff format .\n"
        "  2. python -m tests.policy.matrix   (writes docs/permissions.md and the grid of grants anew)\n"
        "  3. make migrate                    (the new table)\n"
        "  4. pytest tests/services/test_$module.py tests/resources tests/queries tests/house"
        ' -k "$code or $Class or migration"\n'
        "  5. make run, and open Records: $Many_words is there.\n"
        "Then make it yours: the columns in tables/$module.py and the migration, the rules in domain/$module.py, who\n"
        "may in policy/grants.py, what is shown in resources/$module.py. See docs/adding-a-resource.md."
    ).substitute(forms)


def _check_checkout(checkout: Path) -> None:
    missing = [path for path in sorted({one[0] for one in LINES}) if not (checkout / path).is_file()]
    if missing or not (checkout / "alembic/versions").is_dir():
        raise Refusal("This is not a checkout of the portal. Go to the folder that holds pyproject.toml and alembic.")


def _check_name(noun: Noun) -> None:
    for name in (noun.one, noun.many):
        if not _NAME.fullmatch(name):
            raise Refusal(f"“{name}” cannot be a name. Use small letters, with a hyphen between words: site-visit.")
        if len(name) > LONGEST:
            raise Refusal(f"“{name}” is too long. Use {LONGEST} letters or fewer.")
        if keyword.iskeyword(name) or name in ("new", "act", "records"):
            raise Refusal(f"“{name}” means something else to the portal or to Python. Choose another name.")
    if noun.one == noun.many:
        raise Refusal("One of it and more than one need two names. Say the other with --plural.")


def _check_free(checkout: Path, noun: Noun) -> None:
    """Refuse a name whose files, table, class, permissions, history or address are there already."""
    forms = noun.forms(1)
    taken = [what for what, is_taken in _taken(checkout, forms) if is_taken]
    if taken:
        raise Refusal(f"“{noun.one}” is taken: {listed(taken)}. Choose another name.")


def _taken(checkout: Path, forms: dict[str, str]) -> Iterator[tuple[str, bool]]:
    def read(folder: str) -> str:
        return "\n".join(path.read_text(encoding="utf-8") for path in sorted((checkout / folder).rglob("*.py")))

    for path in FILES:
        if "number" not in path:
            name = Template(path).substitute(forms)
            yield f"there is {name}", (checkout / name).exists()
    tables, resources = read("phbportal/tables"), read("phbportal/resources")
    permissions, history, addresses = (
        (checkout / path).read_text(encoding="utf-8")
        for path in ("phbportal/policy/permissions.py", "phbportal/domain/history.py", "phbportal/routes.py")
    )
    yield f"there is a table {forms['snake']}", f'__tablename__ = "{forms["snake"]}"' in tables
    yield f"there is a class {forms['Class']}", f"class {forms['Class']}(" in tables
    yield f"another resource has the code {forms['code']}", f'code="{forms["code"]}"' in resources
    yield f"a declaration is called {forms['MANY']}", re.search(rf"\b{forms['MANY']}\b", resources) is not None
    yield f"there is a permission {forms['UPPER']}_READ", f'"{forms["UPPER"]}_READ"' in permissions
    yield f"history knows {forms['snake']}_added", f'"{forms["snake"]}_added"' in history
    yield f"a page has the address /staff/{forms['code']}", f'/{forms["code"]}"' in addresses


def _last_revision(checkout: Path) -> int:
    numbers = [
        int(found[1]) for one in (checkout / "alembic/versions").iterdir() if (found := _REVISION.match(one.name))
    ]
    return max(numbers, default=0)
