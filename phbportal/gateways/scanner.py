"""The virus scanner: ClamAV's daemon, spoken to by its own INSTREAM command over TCP or a Unix socket (ADR 0032).

The file itself is sent, never its name: the scanner may stand on another machine and needs no right to our folder.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

CHUNK = 64 * 1024
LONGEST_ANSWER = 4096
DEFAULT_PORT = 3310


class ScannerAway(Exception):
    """Nothing is known of a file: the scanner is down, slow, or would not look at it. Never a reason to let it in."""


class NoVerdict(ScannerAway):
    """The scanner answered, and not about the file: it is too large for it, say. Of another file it may know more."""


class Scanner(Protocol):
    """Whatever looks for viruses."""

    def scan(self, path: Path) -> str:
        """The name of the virus in a file, "" for none. Raises ScannerAway where nobody can tell."""
        ...


@dataclass(frozen=True, slots=True)
class Clamd:
    """A ClamAV daemon at ``host:port``, or at the path of a Unix socket. ``seconds`` is how long each step may take."""

    address: str
    seconds: float = 20.0

    def scan(self, path: Path) -> str:
        try:
            with self._connected() as line, path.open("rb") as file:
                try:
                    line.sendall(b"zINSTREAM\0")
                    while chunk := file.read(CHUNK):
                        line.sendall(struct.pack("!L", len(chunk)) + chunk)
                    line.sendall(struct.pack("!L", 0))
                except (BrokenPipeError, ConnectionResetError):
                    pass  # it has stopped listening, and may have said why
                answer = _answer(line)
        except FileNotFoundError as error:
            if error.filename == str(path):  # the file, not the socket
                raise
            raise ScannerAway(type(error).__name__) from None
        except OSError as error:
            raise ScannerAway(type(error).__name__) from None
        return _found(answer)

    @contextmanager
    def _connected(self) -> Iterator[socket.socket]:
        if self.address.startswith("/"):
            line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            line.settimeout(self.seconds)
            with line:
                line.connect(self.address)
                yield line
            return
        host, _, port = self.address.rpartition(":") if ":" in self.address else (self.address, "", "")
        with socket.create_connection((host.strip("[]"), int(port or DEFAULT_PORT)), self.seconds) as line:
            yield line


def _answer(line: socket.socket) -> str:
    """What it says, up to its closing NUL."""
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER:
        more = line.recv(LONGEST_ANSWER)
        if not more:
            break
        said += more
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def _found(answer: str) -> str:
    """The name in "stream: Eicar-Test-Signature FOUND", "" for "stream: OK". Anything else is no answer."""
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return answer.removeprefix("stream: ").removesuffix(" FOUND")
    raise NoVerdict(answer[:100]) if answer else ScannerAway("no answer")
