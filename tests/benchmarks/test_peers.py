"""The peers' side of a measurement: forms as a browser sends them, stop-watches, locks that say nothing of a place."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest

from benchmarks.peers.environments import HERE, PEERS
from benchmarks.peers.inside.statuses import STATUSES
from benchmarks.peers.inside.stopwatch import TIMES, Asgi, Wsgi
from benchmarks.peers.servers import _for_django
from benchmarks.peers.visitor import form_of
from phbportal.domain.phbs import PhbStatus


def test_a_form_is_sent_as_a_browser_would():
    page = """<form><input type="hidden" name="token" value="t"><input name="name" value="Ng &amp; Son">
        <textarea name="needs">
    Large print </textarea><input type="checkbox" name="off"><input type="checkbox" name="on" checked>
        <select name="kind"><option value="a">A<option value="b" selected>B</select>
        <input type="submit" name="go" value="Go"><input type="file" name="paper"></form>"""
    assert form_of(page) == {"token": "t", "name": "Ng & Son", "needs": "Large print", "on": "on", "kind": "b"}


def test_the_wsgi_stop_watch_tells_each_answer_once():
    def site(_environ: dict[str, Any], start_response: Any) -> list[bytes]:
        start_response("200 OK", [])
        return [b"a", b"b"]

    watch = Wsgi(site)
    assert b"".join(watch({"PATH_INFO": "/admin/"}, lambda *_: None)) == b"ab"
    asked = [json.loads(b"".join(watch({"PATH_INFO": TIMES}, lambda *_: None))) for _ in range(2)]
    assert len(asked[0]) == 1
    assert asked[0][0] > 0
    assert asked[1] == []


def test_the_asgi_stop_watch_counts_to_the_last_byte():
    async def site(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start"})
        await asyncio.sleep(0.02)
        await send({"type": "http.response.body"})

    async def all_of_it() -> list[float]:
        sent: list[Any] = []
        watch = Asgi(site)

        async def send(message: Any) -> None:
            sent.append(message)

        await watch({"type": "http", "path": "/admin/"}, None, send)
        await watch({"type": "http", "path": TIMES}, None, send)
        return json.loads(sent[-1]["body"])

    (taken,) = asyncio.run(all_of_it())
    assert taken >= 20


@pytest.mark.parametrize("peer", PEERS)
def test_a_lock_has_a_hash_for_every_package_and_no_address(peer: str):
    lock = (HERE / f"{peer}.lock").read_text()
    packages = re.findall(r"^[a-z][^\n]*==", lock, re.MULTILINE)
    assert any(package.startswith(f"{peer}==") for package in packages)
    assert len(re.split(r"^[a-z][^\n]*==", lock, flags=re.MULTILINE)) == len(packages) + 1
    assert all("--hash=sha256:" in part for part in re.split(r"^[a-z][^\n]*==", lock, flags=re.MULTILINE)[1:])
    assert "://" not in lock


def test_nothing_inside_a_peer_imports_the_portal():
    sources = [path.read_text() for path in Path(HERE / "inside").rglob("*.py")]
    assert len(sources) > 8
    assert not any(re.search(r"^\s*(from|import) phbportal", source, re.MULTILINE) for source in sources)


def test_a_peer_offers_every_status():
    assert set(STATUSES) == {status.value for status in PhbStatus}


def test_django_is_told_of_the_same_socket():
    assert _for_django("postgresql+psycopg://postgres:@/postgres?host=/run/bench") == {
        "NAME": "postgres",
        "USER": "postgres",
        "PASSWORD": "",
        "HOST": "/run/bench",
        "PORT": "",
    }
