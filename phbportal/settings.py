"""The only reader of the environment. ``settings()`` is read once; wrong settings are all named at once."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

DEVELOPMENT_ORIGIN = "http://localhost:8000"
# A host with its port, or an absolute path.
_CLAMD = re.compile(r"[^\s/:]+(:\d{1,5})?|\[[0-9a-fA-F:]+\]:\d{1,5}|/\S+")
DEVELOPMENT_DATABASE = "sqlite:///var/phbportal.sqlite3"


class Environment(StrEnum):
    DEVELOPMENT = "development"
    TEST = "test"
    PRODUCTION = "production"


class Where(StrEnum):
    """Where jobs are done: by a process that ``phbportal run`` starts, in the server, or by ``phbportal work``, which
    somebody else starts."""

    CHILD = "child"
    INSIDE = "inside"
    BESIDE = "beside"


class SettingsWrong(Exception):
    """One or more settings are wrong; ``problems`` holds a sentence for each."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("The portal cannot start:\n" + "\n".join(f"- {p}" for p in problems))


class Settings(BaseSettings):
    """Every ``PHB_…`` setting, documented in ``docs/settings.md``. Unset environment means production."""

    model_config = SettingsConfigDict(env_prefix="PHB_", extra="ignore")

    environment: Environment = Environment.PRODUCTION
    public_origin: str = ""
    database_url: str = ""
    redis_url: str = ""
    key_file: Path | None = None
    files_dir: Path | None = None
    providers_file: Path | None = None
    trusted_proxy_hops: int = 0
    brand: str = "Personal health budgets"
    anonymous_sockets_per_minute: int = 120
    contact_phone: str = ""
    contact_email: str = ""
    notify_key: SecretStr = SecretStr("")
    notify_email_template: UUID | None = None
    clamd: str = ""
    worker: Where = Where.CHILD

    @property
    def is_production(self) -> bool:
        return self.environment is Environment.PRODUCTION

    @property
    def host(self) -> str:
        """The host (and port) the browser must ask for."""
        return urlsplit(self.public_origin).netloc


def read(**overrides: object) -> Settings:
    """Read and check the settings. Raises SettingsWrong naming every wrong one."""
    try:
        found = Settings(**overrides)  # pyright: ignore[reportArgumentType] - pydantic checks the values itself
    except ValidationError as error:
        names = sorted({"PHB_" + str(e["loc"][0]).upper() for e in error.errors()})
        raise SettingsWrong([f"{name} has a value the portal does not understand." for name in names]) from None
    if not found.is_production:
        found.public_origin = found.public_origin or DEVELOPMENT_ORIGIN
        found.database_url = found.database_url or DEVELOPMENT_DATABASE
        found.key_file = found.key_file or Path("var/keys/portal.key")
        found.files_dir = found.files_dir or Path("var/files")
    if problems := _problems(found):
        raise SettingsWrong(problems)
    return found


def _problems(found: Settings) -> list[str]:
    problems: list[str] = []
    if found.is_production:
        for name in ("public_origin", "database_url", "key_file", "files_dir", "providers_file"):
            if not getattr(found, name):
                problems.append(f"PHB_{name.upper()} is not set. It is needed in production.")
    if found.public_origin:
        parts = urlsplit(found.public_origin)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.path not in ("",) or parts.query:
            problems.append("PHB_PUBLIC_ORIGIN must be a scheme and host only, such as https://phb.example.nhs.uk.")
        elif found.is_production and parts.scheme != "https":
            problems.append("PHB_PUBLIC_ORIGIN must begin with https:// in production.")
    if found.database_url and not found.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        problems.append("PHB_DATABASE_URL must begin with sqlite:/// or postgresql+psycopg://.")
    if found.is_production and found.key_file and not found.key_file.exists():
        problems.append("PHB_KEY_FILE names a file that does not exist. Make one with: openssl rand -hex 32.")
    if found.providers_file and not found.providers_file.exists():
        problems.append("PHB_PROVIDERS_FILE names a file that does not exist.")
    if found.notify_key.get_secret_value() and find_spec("notifications_python_client") is None:
        problems.append(
            "PHB_NOTIFY_KEY is set, but Notify’s client is not installed. Install requirements-notify.lock."
        )
    if found.notify_email_template and not found.notify_key.get_secret_value():
        problems.append("PHB_NOTIFY_EMAIL_TEMPLATE is set, but PHB_NOTIFY_KEY is not: letters cannot go by e-mail.")
    if found.clamd and not _CLAMD.fullmatch(found.clamd):
        problems.append("PHB_CLAMD must be a host and a port, such as 127.0.0.1:3310, or the path of a Unix socket.")
    if found.trusted_proxy_hops < 0:
        problems.append("PHB_TRUSTED_PROXY_HOPS must be 0 or more.")
    if found.redis_url and not found.redis_url.startswith(("redis://", "rediss://", "unix://")):
        problems.append("PHB_REDIS_URL must begin with redis://, rediss:// or unix://.")
    return problems


def listen_on(port: int) -> None:
    """In development the one address follows the port, unless it is set. For whoever starts a server, before
    ``settings()``: the processes it starts read the same."""
    if os.environ.get("PHB_ENVIRONMENT") in (Environment.DEVELOPMENT, Environment.TEST):
        os.environ.setdefault("PHB_PUBLIC_ORIGIN", f"http://localhost:{port}")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once."""
    return read()
