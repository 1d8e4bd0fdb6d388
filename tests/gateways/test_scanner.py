"""The virus scanner, against a daemon that speaks clamd's protocol: what is clean, what is not, what is unknown."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path

import pytest

from phbportal.gateways.scanner import CHUNK, Clamd, ScannerAway
from tests.support.clamd import EICAR, fake_clamd


def test_a_clean_file_is_sent_whole_in_pieces_and_without_its_name(tmp_path: Path) -> None:
    content = os.urandom(2 * CHUNK + 17)
    file = tmp_path / "okafor-reyes.pdf"
    file.write_bytes(content)
    with fake_clamd() as clamd:
        assert Clamd(clamd.address).scan(file) == ""
        assert clamd.seen == [content]


def test_a_virus_is_named_over_a_unix_socket_too(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"%PDF-1.7\n" + EICAR)
    with tempfile.TemporaryDirectory() as short, fake_clamd(Path(short) / "clamd.ctl") as clamd:
        assert Clamd(clamd.address).scan(file) == "Eicar-Test-Signature"


@pytest.mark.parametrize("answer", [
    b"", b"stream: Can't allocate memory ERROR\0", b"OK\0", b"stream: OK FOUND ERROR\0", b"stream: OKAY\0",
])  # fmt: skip
def test_whatever_is_no_verdict_is_never_a_clean_file(tmp_path: Path, answer: bytes) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with fake_clamd(instead=answer) as clamd, pytest.raises(ScannerAway):
        Clamd(clamd.address).scan(tmp_path / "file")


def test_a_file_larger_than_the_daemon_takes_is_not_clean_but_unknown(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(bytes(4 * 1024**2))
    with fake_clamd(most=1000) as clamd, pytest.raises(ScannerAway):
        Clamd(clamd.address).scan(tmp_path / "file")


def test_a_daemon_that_is_down_or_says_nothing_is_away(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"x")
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        with pytest.raises(ScannerAway):
            Clamd(f"127.0.0.1:{port}", seconds=0.2).scan(tmp_path / "file")
    for address in (f"127.0.0.1:{port}", "/nowhere/clamd.ctl"):
        with pytest.raises(ScannerAway):
            Clamd(address, seconds=0.2).scan(tmp_path / "file")


def test_a_file_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with fake_clamd() as clamd, pytest.raises(FileNotFoundError):
        Clamd(clamd.address).scan(tmp_path / "nothing")
