"""Every resource there is: the one list of them."""

from __future__ import annotations

from phbportal.admin.registry import check_links, register
from phbportal.resources.audit import ACCESS, HISTORY
from phbportal.resources.equipment import EQUIPMENT
from phbportal.resources.exports import EXPORTS
from phbportal.resources.people import PEOPLE
from phbportal.resources.phbs import PHBS

RESOURCES = (PEOPLE, PHBS, EQUIPMENT, EXPORTS, HISTORY, ACCESS)


def declare() -> None:
    """Register them all. Raises WrongDeclaration, in a sentence, for one that cannot work."""
    register(*RESOURCES)
    check_links()


declare()
