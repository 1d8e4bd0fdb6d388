"""A browser's side of a peer, without the browser: a signed-in, kept-open HTTP connection that asks for pages."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode


@dataclass(frozen=True, slots=True)
class Page:
    """An answer: its status, its text, and the milliseconds until the last byte of it was here."""

    status: int
    text: str
    milliseconds: float

    @property
    def size(self) -> int:
        return len(self.text.encode())


class Visitor:
    """One visitor of one peer."""

    def __init__(self, port: int) -> None:
        self._host = f"localhost:{port}"
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._cookies: dict[str, str] = {}

    def get(self, path: str) -> Page:
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> Page:
        return self._ask("POST", path, urlencode(form).encode())

    def server_times(self) -> list[float]:
        """Milliseconds in the server of each page since this was last asked. A server closes a connection that rests
        while the others have their turn, so the next page opens another."""
        times = json.loads(self.get("/bench-times").text)
        self.close()
        return times

    def close(self) -> None:
        self._connection.close()

    def _ask(self, method: str, path: str, body: bytes | None) -> Page:
        headers = {"Host": self._host, "Cookie": "; ".join(f"{k}={v}" for k, v in self._cookies.items())}
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"http://{self._host}"}
        began = time.perf_counter()
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        taken = (time.perf_counter() - began) * 1000
        for header in answer.headers.get_all("Set-Cookie") or []:
            self._cookies |= {name: morsel.value for name, morsel in SimpleCookie(header).items()}
        return Page(answer.status, text.decode(), taken)


class _Form(HTMLParser):
    """The values a browser would send of the page's form."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, str] = {}
        self._area = self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {k: v or "" for k, v in attrs}
        name = has.get("name", "")
        if tag == "textarea":
            self._area = name
            self.values.setdefault(name, "")
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in has:
            self.values[self._select] = has.get("value", "")
        elif tag == "input" and name:
            kind = has.get("type", "text")
            if kind in ("submit", "button", "file") or (kind in ("checkbox", "radio") and "checked" not in has):
                return
            self.values.setdefault(name, has.get("value", "on" if kind == "checkbox" else ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self._area = ""
        elif tag == "select":
            self._select = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.values[self._area] += data


def form_of(html: str) -> dict[str, str]:
    """Every field of a page as its browser would send it, hidden ones included."""
    form = _Form()
    form.feed(html)
    return {name: value.strip() for name, value in form.values.items()}
