"""A ClamAV daemon as the portal's scanner meets it: clamd's own protocol on a socket, one signature (EICAR's)."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# EICAR's test file, in two parts so that no scanner takes this page for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


class FakeClamd:
    """Answers INSTREAM as clamd does, terminated as it was asked; ``most`` is its StreamMaxLength in bytes.

    ``instead`` is said in place of a verdict: what a broken or restarting daemon says, or nothing at all.
    """

    def __init__(self, at: Path | None = None, *, most: int = 25 * 1024**2, instead: bytes | None = None) -> None:
        self.most, self.instead = most, instead
        self.seen: list[bytes] = []
        if at is None:
            self.door = socket.create_server(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{self.door.getsockname()[1]}"
        else:
            self.door = socket.socket(socket.AF_UNIX)
            self.door.bind(str(at))
            self.door.listen()
            self.address = str(at)
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                line, _ = self.door.accept()
            except OSError:
                return
            with line, line.makefile("rwb") as wire:
                try:
                    self._answer(wire)
                except (OSError, ValueError, struct.error):  # whoever called has hung up
                    continue

    def _answer(self, wire: object) -> None:
        read, write = wire.read, wire.write  # pyright: ignore
        if read(len(b"zINSTREAM\0")) != b"zINSTREAM\0":
            write(b"UNKNOWN COMMAND\0")
            return
        content = b""
        while size := struct.unpack("!L", read(4))[0]:
            content += read(size)
            if len(content) > self.most:
                write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.seen.append(content)
        if self.instead is not None:
            write(self.instead)
            return
        write(b"stream: Eicar-Test-Signature FOUND\0" if EICAR in content else b"stream: OK\0")


@contextmanager
def fake_clamd(
    at: Path | None = None, *, most: int = 25 * 1024**2, instead: bytes | None = None
) -> Iterator[FakeClamd]:
    """One that listens, by TCP or at a path, and is gone afterwards."""
    made = FakeClamd(at, most=most, instead=instead)
    try:
        yield made
    finally:
        # Closing alone leaves the thread in accept() on Linux.
        made.door.shutdown(socket.SHUT_RDWR)
        made.door.close()
