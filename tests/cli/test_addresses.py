"""The one address of the portal: it follows the port in development, and never in production."""

from __future__ import annotations

import pytest

from phbportal.settings import listen_on, read


@pytest.mark.parametrize(
    ("environment", "given", "address"),
    [
        ("development", None, "http://localhost:8123"),
        ("test", None, "http://localhost:8123"),
        ("development", "http://localhost:9000", "http://localhost:9000"),
    ],
)
def test_another_port_is_another_address_unless_one_is_set(
    monkeypatch: pytest.MonkeyPatch, environment: str, given: str | None, address: str
) -> None:
    monkeypatch.setenv("PHB_ENVIRONMENT", environment)
    monkeypatch.setenv("PHB_PUBLIC_ORIGIN", given or "")
    if given is None:
        monkeypatch.delenv("PHB_PUBLIC_ORIGIN")
    listen_on(8123)
    assert read().public_origin == address


@pytest.mark.parametrize("environment", ["production", None])
def test_in_production_the_port_says_nothing(monkeypatch: pytest.MonkeyPatch, environment: str | None) -> None:
    monkeypatch.setenv("PHB_ENVIRONMENT", environment or "")
    if environment is None:
        monkeypatch.delenv("PHB_ENVIRONMENT")
    monkeypatch.setenv("PHB_PUBLIC_ORIGIN", "")
    monkeypatch.delenv("PHB_PUBLIC_ORIGIN")
    listen_on(8123)
    with pytest.raises(Exception, match="PHB_PUBLIC_ORIGIN is not set"):
        read()
