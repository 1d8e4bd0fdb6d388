"""The colours of statuses: blue is plain, green done, yellow waits, orange late, red stopped, grey over."""

from __future__ import annotations

from phbportal.domain.acting import ACTING_STATUS_WORDS, ActingStatus
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.ui.tags import Colour

_PHB: dict[PhbStatus, Colour] = {
    PhbStatus.CLINICAL_REVIEW: "yellow",
    PhbStatus.FINANCE_REVIEW: "yellow",
    PhbStatus.PANEL: "yellow",
    PhbStatus.RETURNED: "yellow",
    PhbStatus.APPROVED: "aqua-green",
    PhbStatus.SETUP: "aqua-green",
    PhbStatus.ACTIVE: "green",
    PhbStatus.SUSPENDED: "red",
    PhbStatus.REFUSED: "red",
    PhbStatus.DECLINED: "grey",
    PhbStatus.STOPPING: "orange",
    PhbStatus.CLOSING: "grey",
    PhbStatus.CLOSED: "grey",
}

PHB_CODES: dict[PhbStatus, Colour] = {status: _PHB.get(status, "blue") for status in STATUS_WORDS}
PHB_COLOURS: dict[str, Colour] = {words: _PHB.get(status, "blue") for status, words in STATUS_WORDS.items()}

WORK_COLOURS: dict[str, Colour] = {
    "Overdue": "orange",
    "Due soon": "yellow",
    "Returned": "yellow",
    "Draft": "blue",
    "Not started": "grey",
}

_HELPERS: dict[ActingStatus, Colour] = {
    ActingStatus.CHECKS: "yellow",
    ActingStatus.ACTIVE: "green",
    ActingStatus.SUSPENDED: "red",
    ActingStatus.ENDED: "grey",
}
HELPER_COLOURS: dict[str, Colour] = {words: _HELPERS.get(s, "blue") for s, words in ACTING_STATUS_WORDS.items()}
