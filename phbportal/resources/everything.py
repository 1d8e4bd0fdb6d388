"""Every resource there is: the one list of them."""

from __future__ import annotations

from phbportal.admin.registry import check_links, register
from phbportal.resources.equipment import EQUIPMENT
from phbportal.resources.people import PEOPLE
from phbportal.resources.phbs import PHBS
from phbportal.resources.providers import PROVIDERS
from phbportal.resources.users import INVITATIONS, USERS

RESOURCES = (PEOPLE, PHBS, EQUIPMENT, PROVIDERS, USERS, INVITATIONS)


def declare() -> None:
    """Register them all. Raises WrongDeclaration, in a sentence, for one that cannot work."""
    register(*RESOURCES)
    check_links()
