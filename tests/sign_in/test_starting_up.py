"""The hall is made from the settings: the providers of a file, played by this machine where the file says so."""

from __future__ import annotations

from pathlib import Path

import pytest

from phbportal.domain.errors import Refusal
from phbportal.settings import Settings, read
from phbportal.sign_in.start import build_hall
from tests.support.ways_in import FILE, NAMES

ORIGIN = "http://localhost:8000"


def settings(folder: Path, providers: str = "", **more: str) -> Settings:
    (folder / "portal.key").write_text("k" * 64)
    (folder / "portal.key").chmod(0o600)
    (folder / "providers.toml").write_text(providers)
    chosen = {
        "environment": "test", "public_origin": ORIGIN, "database_url": f"sqlite:///{folder / 'none.sqlite3'}",
        "key_file": folder / "portal.key", "files_dir": folder,
    }  # fmt: skip
    file = {"providers_file": folder / "providers.toml"} if providers else {"providers_file": None}
    return read(**{**chosen, **file, **more})


def mounted(built: object) -> set[str]:
    return {r.path for r in built.app.routes if r.path.startswith("/dev-idp")}  # pyright: ignore


def test_without_a_file_there_is_one_development_sign_in(tmp_path: Path) -> None:
    built = build_hall(settings(tmp_path))
    assert list(built.hall.clients) == ["development"]
    assert mounted(built) == {"/dev-idp"}
    built.hall.engine.dispose()


def test_a_file_that_names_providers_of_this_machine_has_them_played_in_their_shapes(tmp_path: Path) -> None:
    built = build_hall(settings(tmp_path, FILE.replace("ORIGIN", ORIGIN)))
    assert tuple(built.hall.clients) == NAMES
    assert mounted(built) == {f"/dev-idp/{name}" for name in NAMES}
    assert set(built.controls) == set(NAMES)
    built.hall.engine.dispose()


def test_n77_production_has_no_provider_of_its_own(tmp_path: Path) -> None:
    origin = "https://phb.example.nhs.uk"
    for issuers in (ORIGIN, origin):
        chosen = settings(
            tmp_path, FILE.replace("ORIGIN", issuers), environment="production", public_origin=origin,
            database_url=f"sqlite:///{tmp_path / 'none.sqlite3'}",
        )  # fmt: skip
        with pytest.raises(Refusal):
            build_hall(chosen)
