"""Every kind of audit event has a sentence that can be said with what is recorded, and every sentence is used."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

from phbportal.domain.budgets import LineType
from phbportal.domain.history import SENTENCES, details_of, sentence
from phbportal.domain.ledger import Verb
from phbportal.domain.streams import METHOD_WORDS, Method
from phbportal.services.spending import KINDS

ROOT = Path(__file__).resolve().parents[2]
NOT_DETAILS = {"icb_id", "phb_id", "person_id", "about"}


@cache
def recorded() -> dict[str, list[tuple[str, set[str] | None]]]:
    """Kind → where it is recorded and with which details; None where they are not written out."""
    found: dict[str, list[tuple[str, set[str] | None]]] = {}
    for path in sorted((ROOT / "phbportal").rglob("*.py")):
        for call in (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.Call)):
            if not (isinstance(call.func, ast.Attribute) and call.func.attr in ("record", "record_change")):
                continue
            where = f"{path.relative_to(ROOT)}:{call.lineno}"
            kind = call.args[0] if call.args else None
            if not (isinstance(kind, ast.Constant) and isinstance(kind.value, str)):
                assert ast.unparse(call.func.value) != "uow", f"{where}: write the kind out, so that it can be found"
                continue
            names = {k.arg for k in call.keywords} | ({"fields"} if call.func.attr == "record_change" else set())
            details = None if None in names else {n for n in names if n} - NOT_DETAILS
            found.setdefault(str(kind.value), []).append((where, details))
    return found


def test_every_kind_that_is_recorded_has_a_sentence() -> None:
    silent = {kind: places for kind, places in recorded().items() if kind not in SENTENCES}
    assert silent == {}, "add a sentence to phbportal/domain/history.py"


def test_every_sentence_is_of_a_kind_that_is_recorded() -> None:
    assert set(SENTENCES) - set(recorded()) == set(), "take the sentence out of phbportal/domain/history.py"


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_a_sentence_says_nothing_that_is_not_recorded(kind: str) -> None:
    for where, details in recorded()[kind]:
        if details is not None:
            assert details_of(kind) <= details, f"{where} does not record {details_of(kind) - details}"


@pytest.mark.parametrize("kind", sorted(SENTENCES))
def test_a_sentence_follows_a_name(kind: str) -> None:
    """ "Jo Bloggs sent the plan …": in the past, in small letters, to the end."""
    words = SENTENCES[kind]
    assert words[0].islower()
    assert words.endswith(".")
    assert words.count(". ") == 0


def test_two_kinds_never_read_the_same() -> None:
    assert len(set(SENTENCES.values())) == len(SENTENCES)


@pytest.mark.parametrize("verb", KINDS)
def test_every_way_money_is_entered_can_be_told(verb: Verb) -> None:
    told = sentence("money_recorded", {"verb": verb.value, "amount_pence": 6250, "on": "2026-04-20"})
    assert told.startswith("recorded £62.50 ")
    assert told.endswith(" on 20 April 2026.")


@pytest.mark.parametrize("line", list(LineType))
def test_every_kind_of_cost_can_be_told(line: LineType) -> None:
    told = sentence("line_added", {"line_type": line.value, "weekly_pence": 100, "one_off_pence": 0})
    assert told.startswith("added a budget line for ")
    assert "£1.00 a week" in told


@pytest.mark.parametrize("method", list(Method))
def test_a_stream_is_told_by_its_method(method: Method) -> None:
    told = sentence("stream_added", {"method": method.value, "starts_on": "2026-04-13"})
    assert METHOD_WORDS[method].lower() in told.lower()


def test_changed_fields_are_told_as_words() -> None:
    told = sentence("person_changed", {"fields": ["address", "nhs_number", "postcode"]})
    assert told == "changed the address, NHS number and postcode."


def test_a_kind_nobody_knows_is_a_fault() -> None:
    with pytest.raises(KeyError):
        sentence("gone_fishing", {})
