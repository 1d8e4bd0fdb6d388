"""Every dashboard there is, one for each role of staff: the one list of them."""

from __future__ import annotations

from phbportal.admin.dashboards import register
from phbportal.resources.dashboards_care import CASE_MANAGER, CLINICIAN
from phbportal.resources.dashboards_money import APPROVER, FINANCE
from phbportal.resources.dashboards_watch import ADMIN, AUDITOR

DASHBOARDS = (CASE_MANAGER, CLINICIAN, FINANCE, APPROVER, AUDITOR, ADMIN)


def declare() -> None:
    """Register them all. Raises WrongDashboard, in a sentence, for one that cannot work."""
    register(*DASHBOARDS)
