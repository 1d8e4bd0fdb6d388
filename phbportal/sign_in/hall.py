"""The hall: everything sign-in needs to hand, made once at start-up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from sqlalchemy import Engine

from phbportal.gateways.identity import OidcClient
from phbportal.settings import Settings
from phbportal.sign_in.door import Door
from phbportal.sign_in.limits import AtOnce, PerMinute

SIGN_INS_A_MINUTE = 60
CODES_A_MINUTE = 10
LOGOUT_TOKENS_A_MINUTE = 300
SOCKETS_OF_A_SESSION = 50
MESSAGES_A_SECOND = 50


class Live(Protocol):
    """Open pages of a session, wherever they are kept: ``edge`` implements this, sign-in knows no Reflex."""

    async def send_away(self, handle: str, path: str) -> None:
        """Push a redirect to every open page of a session, disconnect them and forget their state."""
        ...


class NobodyLive:
    """No open pages: for the command line and for tests of plain HTTP."""

    async def send_away(self, handle: str, path: str) -> None:
        return


def utc_now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Hall:
    """Engine, settings, key, providers by name, clock, the door's record, the limits, and the open pages."""

    engine: Engine
    settings: Settings
    key: bytes
    clients: Mapping[str, OidcClient]
    clock: Callable[[], datetime] = utc_now
    live: Live = field(default_factory=NobodyLive)
    script_hashes: Callable[[], tuple[str, ...]] = tuple

    def __post_init__(self) -> None:
        self.door = Door(self.engine)
        anonymous = self.settings.anonymous_sockets_per_minute
        self.handshakes = PerMinute(anonymous)
        self.anonymous_sockets = AtOnce(5 * anonymous)
        self.session_sockets = AtOnce(SOCKETS_OF_A_SESSION)
        self.sign_ins = PerMinute(SIGN_INS_A_MINUTE)
        self.codes = PerMinute(CODES_A_MINUTE)
        self.logout_tokens = PerMinute(LOGOUT_TOKENS_A_MINUTE)
        self.messages_per_second = MESSAGES_A_SECOND

    def now(self) -> datetime:
        """The moment by this hall's clock, whichever it has now."""
        return self.clock()
