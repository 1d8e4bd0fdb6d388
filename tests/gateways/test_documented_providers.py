"""The tables in docs/sign-in load as they are written, once there are key files."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from phbportal.gateways.identity import Provider, load_providers
from tests.gateways.test_identity_config import KEY, write_key

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = {"nhs-login": "nhs_login", "cis2": "cis2", "entra": "entra", "generic": "generic"}


def tables(page: Path) -> list[str]:
    return re.findall(r"```toml\n(.*?)```", page.read_text(), re.DOTALL)


def load(folder: Path, text: str, **more: bool) -> dict[str, Provider]:
    for setting, name in re.findall(r'^(key_file|client_secret_file) = "([^"]+)"', text, re.MULTILINE):
        write_key(folder / name, KEY if setting == "key_file" else b"a long enough secret\n")
    (folder / "providers.toml").write_text(text)
    return load_providers(folder / "providers.toml", **more)


@pytest.mark.parametrize("page", PAGES)
def test_the_documented_table_of_each_shape_loads(tmp_path: Path, page: str) -> None:
    (text,) = tables(DOCS / "sign-in" / f"{page}.md")
    (provider,) = load(tmp_path, text).values()
    assert provider.shape == PAGES[page]
    for address in ("callback", "backchannel"):
        said = re.findall(rf"/auth/{address}/([a-z0-9-]+)", (DOCS / "sign-in" / f"{page}.md").read_text())
        assert set(said) <= {provider.name}


def test_the_documented_tables_of_a_developers_machine_load_there_and_nowhere_else(tmp_path: Path) -> None:
    (text,) = tables(DOCS / "sign-in.md")
    assert all(provider.is_played for provider in load(tmp_path, text, on_this_machine=True).values())
    with pytest.raises(Exception, match="must begin with https"):
        load(tmp_path, text)


def test_every_page_says_what_to_ask_for_what_to_send_how_to_test_and_what_is_not_confirmed() -> None:
    for page in PAGES:
        text = (DOCS / "sign-in" / f"{page}.md").read_text()
        for heading in ("What to ask for", "What to send them", "The table", "How to test", "What is not confirmed"):
            assert f"\n## {heading}\n" in text, page
        assert f"(sign-in/{page}.md)" in (DOCS / "sign-in.md").read_text()
