"""``phbportal tick`` says whether something is left, by its words and by how it ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from phbportal import tables
from phbportal.cli.main import main
from phbportal.db import make_engine
from phbportal.services import tick
from phbportal.services.walks import Left, One
from phbportal.settings import settings


@pytest.fixture
def _database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    url = f"sqlite:///{tmp_path / 'portal.sqlite3'}"
    monkeypatch.setenv("PHB_DATABASE_URL", url)
    settings.cache_clear()
    engine = make_engine(url)
    tables.metadata.create_all(engine)
    engine.dispose()
    yield
    settings.cache_clear()


@pytest.mark.usefixtures("_database")
def test_a_night_that_leaves_something_ends_with_1_and_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["tick"]) == 0
    assert capsys.readouterr().out == "No budget’s money was due.\n"

    def leaves(_engine: Engine, *, left: Left) -> int:
        left.things.append(One(lambda _uow: 1, "decision", UUID(int=1)))
        return 3

    monkeypatch.setattr(tick, "tick", leaves)
    assert main(["tick"]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "Set aside this year’s money for 3 budgets.",
        "Something is left, because somebody was working on it: the log says what. Run this again in an hour.",
    ]
