"""A port for a server that comes up only later."""

from __future__ import annotations

import socket
from contextlib import suppress
from random import SystemRandom


def free_port() -> int:
    """None of those the system gives to connections (from 32768 on): one of them could take it meanwhile."""
    while True:
        port = SystemRandom().randrange(20_000, 32_000)  # whatever somebody has set the seed to
        with suppress(OSError), socket.socket() as taken:
            taken.bind(("127.0.0.1", port))
            return port
