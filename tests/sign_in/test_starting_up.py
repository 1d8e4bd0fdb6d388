"""The hall is made from the settings: the providers of a file, played by this machine where the file says so."""

from __future__ import annotations

from pathlib import Path

import pytest
from joserfc.jwk import ECKey

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


@pytest.mark.parametrize("issuer", ["http://localhost:9000/dev-idp", "https://localhost/dev-idp", ORIGIN + "/dev-idp"])
def test_n77_nor_does_it_go_to_one_that_is_served_beside_it(tmp_path: Path, issuer: str) -> None:
    """Whoever may open a port of the machine could otherwise be anybody."""
    key = ECKey.generate_key("P-256").as_pem(private=True)
    (tmp_path / "own.pem").write_bytes(key)
    (tmp_path / "own.pem").chmod(0o600)
    text = f"""
[providers.desk]
shape = "development"
title = "Sign in"
audience = ["staff"]
issuer = "{issuer}"
client_id = "phbportal"
key_file = "own.pem"
signing_alg = "ES256"
id_token_algs = ["RS256"]
"""
    built = build_hall(settings(tmp_path, text))
    assert list(built.hall.clients) == ["desk"]
    built.hall.engine.dispose()
    with pytest.raises(Refusal, match="cannot run in production"):
        build_hall(settings(tmp_path, text, environment="production", public_origin="https://phb.example.nhs.uk"))
