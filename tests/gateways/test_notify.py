"""GOV.UK Notify's own client, against a server on this machine that answers as its API does (v2, documented at
docs.notifications.service.gov.uk/rest-api.html): who signs, what is sent, what is refused, what became of it."""

from __future__ import annotations

import base64
import json
import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from phbportal.gateways.letters import Came, Notify, NotTaken

SERVICE, SECRET, TEMPLATE, OTHER = (str(UUID(int=n << 100)) for n in range(1, 5))
KEY = f"portal-{SERVICE}-{SECRET}"
REFERENCE = "phb-letter-0192f6b2-0000-7000-8000-000000000001"


@dataclass
class Api:
    """What the service holds: notifications by id, with the requests they came by."""

    held: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    sent: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    fails: tuple[int, str] | None = None
    at: str = ""

    def post(self, path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        if self.fails:
            return self._error(*self.fails)
        kind = path.rpartition("/")[2]
        if kind == "email":
            if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", body.get("email_address", "")):
                return self._error(400, "ValidationError", "email_address Not a valid email address")
            if body["template_id"] != TEMPLATE:
                return self._error(400, "BadRequestError", "Template not found")
            missing = {"letter"} - set(body.get("personalisation", {}))
            if missing:
                return self._error(400, "BadRequestError", f"Missing personalisation: {missing.pop()}")
        elif not base64.b64decode(body["content"]).startswith(b"%PDF"):
            return self._error(400, "ValidationError", "content is not a PDF")
        made = {"id": str(uuid4()), "reference": body["reference"], "type": kind, "status": "created"}
        self.held[made["id"]] = made
        self.sent.append(body)
        return 201, made

    def get(self, path: str, asked: dict[str, list[str]]) -> tuple[int, dict[str, Any]]:
        if path != "/v2/notifications":
            found = self.held.get(path.rpartition("/")[2])
            return (200, found) if found else self._error(404, "NoResultFound", "No result found")
        kinds, references = asked.get("template_type"), asked.get("reference", [])
        rows = [one for one in reversed(self.held.values())
                if one["reference"] in references and (not kinds or one["type"] in kinds)]  # fmt: skip
        return 200, {"notifications": rows, "links": {"current": f"{self.at}{path}"}}

    def _error(self, status: int, error: str, message: str = "") -> tuple[int, dict[str, Any]]:
        return status, {"status_code": status, "errors": [{"error": error, "message": message or error}]}


def handler(api: Api) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self._answer(*(api.post(self.path, body) if self._is_signed() else api._error(403, "AuthError")))

        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            signed = self._is_signed()
            self._answer(*(api.get(asked.path, parse_qs(asked.query)) if signed else api._error(403, "AuthError")))

        def _is_signed(self) -> bool:
            token = self.headers.get("Authorization", "").removeprefix("Bearer ")
            try:
                return jwt.decode(token, OctKey.import_key(SECRET), algorithms=["HS256"]).claims["iss"] == SERVICE
            except Exception:
                return False

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            content = json.dumps(body).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            """Nothing: a test's own page."""

    return Handler


@pytest.fixture
def api(monkeypatch: pytest.MonkeyPatch) -> Iterator[Api]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    made = Api()
    with ThreadingHTTPServer(("127.0.0.1", 0), handler(made)) as server:
        made.at = f"http://127.0.0.1:{server.server_address[1]}"
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        yield made
        server.shutdown()


def notify(api: Api, key: str = KEY, template: str = TEMPLATE) -> Notify:
    return Notify(key, template, at=api.at)


def test_an_e_mail_carries_its_words_its_address_and_its_reference_and_nothing_else(api: Api) -> None:
    sent_as = notify(api).email(REFERENCE, "amina@example.org", "Dear Amina\n\nThe money stops.")
    assert api.sent == [{
        "email_address": "amina@example.org", "template_id": TEMPLATE, "reference": REFERENCE,
        "personalisation": {"letter": "Dear Amina\n\nThe money stops."},
    }]  # fmt: skip
    assert notify(api).find(REFERENCE) == sent_as


def test_a_document_is_handed_over_whole_and_found_by_its_reference(api: Api) -> None:
    sent_as = notify(api).send(REFERENCE, b"%PDF-1.7 a letter")
    assert base64.b64decode(api.sent[0]["content"]) == b"%PDF-1.7 a letter"
    assert (notify(api).find(REFERENCE), notify(api).find("another")) == (sent_as, "")


@pytest.mark.parametrize(("status", "became"), [
    ("created", Came.ON_ITS_WAY), ("sending", Came.ON_ITS_WAY), ("delivered", Came.DELIVERED),
    ("permanent-failure", Came.BACK), ("temporary-failure", Came.BACK), ("technical-failure", Came.BACK),
])  # fmt: skip
def test_what_became_of_an_e_mail_is_what_the_service_says(api: Api, status: str, became: Came) -> None:
    sent_as = notify(api).email(REFERENCE, "amina@example.org", "Words.")
    api.held[sent_as]["status"] = status
    assert notify(api).came_of(sent_as) is became


@pytest.mark.parametrize(("key", "template", "address"), [
    (KEY, TEMPLATE, "not an address"), (KEY, OTHER, "amina@example.org"),
    (f"portal-{SERVICE}-{OTHER}", TEMPLATE, "amina@example.org"),
])  # fmt: skip
def test_what_the_service_refuses_for_good_is_not_taken_and_names_nobody(
    api: Api, key: str, template: str, address: str
) -> None:
    with pytest.raises(NotTaken) as refused:
        notify(api, key, template).email(REFERENCE, address, "Words.")
    assert re.fullmatch(r"status 40[03]", str(refused.value))
    assert api.held == {}


@pytest.mark.parametrize(("status", "error"), [(429, "RateLimitError"), (500, "InternalServerError"),
                                               (503, "ServiceUnavailable")])  # fmt: skip
def test_what_may_go_well_another_time_is_no_refusal(api: Api, status: int, error: str) -> None:
    api.fails = (status, error)
    with pytest.raises(Exception, match=str(status)) as raised:
        notify(api).send(REFERENCE, b"%PDF-1.7")
    assert not isinstance(raised.value, NotTaken)


def test_without_a_template_nothing_goes_by_e_mail(api: Api) -> None:
    assert (notify(api).emails, notify(api, template="").emails) == (True, False)
