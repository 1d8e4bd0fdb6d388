"""Letters as documents and on their way: a tagged PDF (PDF/UA-1) of a letter, and the postal service that takes it.

The words of a letter reach the typesetter as data, never as its source: nothing anybody wrote is run.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from enum import StrEnum
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any, Protocol

from phbportal.domain.text import long_date

TOO_MANY = 429
"""What Notify says to who sends too fast: to be tried again."""
NOTIFY = "https://api.notifications.service.gov.uk"
TEMPLATE = Path(__file__).with_name("letter.typ")


@dataclass(frozen=True, slots=True)
class LetterPage:
    """A letter as it is printed: who sends it, to whom and where, and its paragraphs."""

    board: str
    title: str
    addressee: str
    address: tuple[str, ...]
    paragraphs: tuple[str, ...]
    written_on: date


class NotTaken(Exception):
    """The postal service said that it does not take a letter; its words name no person."""


class Came(StrEnum):
    """What became of an e-mail: on its way, taken in by its receiver's post box, or come back."""

    ON_ITS_WAY = "ON_ITS_WAY"
    DELIVERED = "DELIVERED"
    BACK = "BACK"


class Postal(Protocol):
    """Whoever prints and posts letters for the board, or sends them as e-mails."""

    def find(self, reference: str) -> str:
        """What the service knows a letter by that it has already; "" if it has none of this reference."""
        ...

    def send(self, reference: str, pdf: bytes) -> str:
        """Hand a letter over. Returns what the service knows it by. Raises NotTaken."""
        ...

    @property
    def emails(self) -> bool:
        """Whether it sends e-mails too."""
        ...

    def email(self, reference: str, address: str, words: str) -> str:
        """Send a letter's words to an e-mail address. Returns what the service knows it by. Raises NotTaken."""
        ...

    def came_of(self, sent_as: str) -> Came:
        """What became of an e-mail, by what the service knows it by."""
        ...


def letter_pdf(page: LetterPage) -> bytes:
    """A letter as PDF/UA-1: tagged, titled, in English. The same letter gives the same document."""
    import typst

    data = {
        "board": page.board, "title": page.title, "addressee": page.addressee, "address": list(page.address),
        "paragraphs": list(page.paragraphs), "written_on": long_date(page.written_on),
    }  # fmt: skip
    made: Any = typst.compile(
        TEMPLATE.read_bytes(), sys_inputs={"letter": json.dumps(data)}, pdf_standards=["ua-1"],
        ignore_system_fonts=True, timestamp=int(datetime.combine(page.written_on, time(12), UTC).timestamp()),
    )  # fmt: skip
    return bytes(made)


class Notify:
    """GOV.UK Notify, by its own client, which is installed only where a key is set.

    ``email_template`` is the board's template for e-mails there, of the words of a letter alone (``((letter))``): its
    subject cannot name anybody, because nothing that names them is sent. Without one nothing goes by e-mail.
    """

    def __init__(self, key: str, email_template: str = "", *, at: str = NOTIFY) -> None:
        client = import_module("notifications_python_client")
        # It logs what Notify answers, which may quote what was sent.
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)
        self._refused: type[Exception] = import_module("notifications_python_client.errors").HTTPError
        self._client: Any = client.NotificationsAPIClient(key, base_url=at)
        self._email_template = email_template

    def find(self, reference: str) -> str:
        found = self._client.get_all_notifications(reference=reference)
        notifications = found.get("notifications") or []
        return str(notifications[0]["id"]) if notifications else ""

    def send(self, reference: str, pdf: bytes) -> str:
        return self._taken(
            lambda: self._client.send_precompiled_letter_notification(reference=reference, pdf_file=BytesIO(pdf))
        )

    @property
    def emails(self) -> bool:
        return bool(self._email_template)

    def email(self, reference: str, address: str, words: str) -> str:
        return self._taken(
            lambda: self._client.send_email_notification(
                email_address=address, template_id=self._email_template, personalisation={"letter": words},
                reference=reference,
            )
        )  # fmt: skip

    def came_of(self, sent_as: str) -> Came:
        status = str(self._client.get_notification_by_id(sent_as).get("status", ""))
        if status == "delivered":
            return Came.DELIVERED
        return Came.BACK if status.endswith("failure") else Came.ON_ITS_WAY

    def _taken(self, send: Callable[[], Any]) -> str:
        try:
            sent = send()
        except self._refused as error:
            status: int = getattr(error, "status_code", 0)
            if 400 <= status < 500 and status != TOO_MANY:
                raise NotTaken(f"status {status}") from None
            raise
        return str(sent["id"])


@dataclass
class PostalFake:
    """A postal service in memory: keeps what it was sent, by reference; e-mails with their address."""

    taken: dict[str, bytes] = field(default_factory=dict[str, bytes])
    refuses: bool = False
    emails: bool = True
    emailed: dict[str, tuple[str, str]] = field(default_factory=dict[str, tuple[str, str]])
    comes: Came = Came.DELIVERED

    def find(self, reference: str) -> str:
        return f"fake-{reference}" if reference in self.taken else ""

    def send(self, reference: str, pdf: bytes) -> str:
        if self.refuses:
            raise NotTaken("status 400")
        if reference in self.taken:
            raise AssertionError("the same letter was sent twice")
        self.taken[reference] = pdf
        return f"fake-{reference}"

    def email(self, reference: str, address: str, words: str) -> str:
        sent_as = self.send(reference, words.encode())
        self.emailed[reference] = (address, words)
        return sent_as

    def came_of(self, sent_as: str) -> Came:
        return self.comes
