"""The colours of statuses: blue is plain, green done, yellow waits, orange late, red stopped, grey over."""

from __future__ import annotations

from phbportal.domain.acting import ACTING_STATUS_WORDS, ActingStatus
from phbportal.domain.decisions import DECISION_STATUS_WORDS, DecisionStatus
from phbportal.domain.phbs import STATUS_WORDS, PhbStatus
from phbportal.domain.plans import PlanStatus
from phbportal.domain.streams import StreamStatus
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

PLAN_COLOURS: dict[PlanStatus, Colour] = {
    PlanStatus.DRAFT: "blue",
    PlanStatus.SUBMITTED: "yellow",
    PlanStatus.RETURNED: "yellow",
    PlanStatus.CLINICALLY_SIGNED: "aqua-green",
    PlanStatus.APPROVED: "aqua-green",
    PlanStatus.ACTIVE: "green",
}

STREAM_COLOURS: dict[StreamStatus, Colour] = {
    StreamStatus.PROPOSED: "blue",
    StreamStatus.AGREED: "aqua-green",
    StreamStatus.READY: "aqua-green",
    StreamStatus.ACTIVE: "green",
    StreamStatus.SUSPENDED: "red",
    StreamStatus.STOPPING: "orange",
}

PHB_CODES: dict[PhbStatus, Colour] = {status: _PHB.get(status, "blue") for status in STATUS_WORDS}
PHB_COLOURS: dict[str, Colour] = {words: _PHB.get(status, "blue") for status, words in STATUS_WORDS.items()}

WORK_COLOURS: dict[str, Colour] = {
    "Overdue": "orange",
    "Due soon": "yellow",
    "Returned": "yellow",
    "Stopped": "red",
    "Cannot be paid": "red",
    "Draft": "blue",
    "Not started": "grey",
}

_HELPERS: dict[ActingStatus, Colour] = {
    ActingStatus.CHECKS: "yellow",
    ActingStatus.ACTIVE: "green",
    ActingStatus.SUSPENDED: "red",
    ActingStatus.ENDED: "grey",
}
HELPER_CODES: dict[ActingStatus, Colour] = {status: _HELPERS.get(status, "blue") for status in ACTING_STATUS_WORDS}
HELPER_COLOURS: dict[str, Colour] = {words: _HELPERS.get(s, "blue") for s, words in ACTING_STATUS_WORDS.items()}

_DECISIONS: dict[DecisionStatus, Colour] = {
    DecisionStatus.PREPARED: "yellow",
    DecisionStatus.RETURNED: "yellow",
    DecisionStatus.IN_EFFECT: "red",
    DecisionStatus.LIFTED: "grey",
    DecisionStatus.WITHDRAWN: "grey",
    DecisionStatus.CHANGED: "green",
    DecisionStatus.REVERSED: "green",
}
DECISION_CODES: dict[DecisionStatus, Colour] = {s: _DECISIONS.get(s, "blue") for s in DECISION_STATUS_WORDS}
DECISION_COLOURS: dict[str, Colour] = {
    "Asked for": "yellow",
    "Overdue": "orange",
    "Decided": "green",
    **{words: DECISION_CODES[s] for s, words in DECISION_STATUS_WORDS.items()},
}
