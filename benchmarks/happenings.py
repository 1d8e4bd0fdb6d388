"""What is measured, whoever answers it: the names of the events, and the floors asked for."""

from __future__ import annotations

from dataclasses import dataclass

FIRST = "list, first page of 50"
FAR = "list, page 1,000"
SURNAME = "search by surname"
NUMBER = "search by NHS number"
STATUS = "filter by status"
PHB = "PHB record with balance"
PERSON = "person record"
SAVE = "form save"
EVENTS = (FIRST, FAR, SURNAME, NUMBER, STATUS, PHB, PERSON, SAVE)


@dataclass(frozen=True, slots=True)
class Asked:
    """Milliseconds in the server, and how our median may stand to the fastest peer's: ours over theirs, at most."""

    p50: float
    p95: float
    share: float

    def words(self) -> str:
        times = f"{1 / self.share:.0f} × faster" if self.share < 1 else f"at most {self.share} ×"
        return f"{self.p50:.0f} / {self.p95:.0f}, {times}"


_LIST, _RECORD = Asked(5, 12, 1 / 5), Asked(8, 16, 1.7)
ASKED = dict.fromkeys((FIRST, FAR, SURNAME, NUMBER, STATUS), _LIST) | dict.fromkeys((PHB, PERSON, SAVE), _RECORD)
