"""Serve one peer: ``python -m benchmarks.peers.inside.serve NAME PORT``. One worker, on the loopback, no debugging.

The server is granian, the portal's own, so that what differs is what stands behind it.
"""

from __future__ import annotations

import sys

from granian.constants import Interfaces
from granian.server import Server

_APPS = {
    "django": ("benchmarks.peers.inside.django_site:app", Interfaces.WSGI),
    "sqladmin": ("benchmarks.peers.inside.sqladmin_site:app", Interfaces.ASGI),
    "starlette-admin": ("benchmarks.peers.inside.starlette_site:app", Interfaces.ASGI),
}


def main(name: str, port: int) -> None:
    target, interface = _APPS[name]
    Server(
        target, address="127.0.0.1", port=port, interface=interface, factory=True, workers=1, log_access=False
    ).serve()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
