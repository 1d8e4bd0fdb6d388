"""Who somebody is to the person: the close-family list of SI 2013/1617 reg 7(8), and when a check is needed."""

from __future__ import annotations

from enum import StrEnum


class Relation(StrEnum):
    PARTNER = "PARTNER"
    PARENT = "PARENT"
    CHILD = "CHILD"
    STEP_PARENT = "STEP_PARENT"
    STEP_CHILD = "STEP_CHILD"
    PARENT_IN_LAW = "PARENT_IN_LAW"
    CHILD_IN_LAW = "CHILD_IN_LAW"
    SIBLING = "SIBLING"
    AUNT_OR_UNCLE = "AUNT_OR_UNCLE"
    GRANDPARENT = "GRANDPARENT"
    GRANDCHILD = "GRANDCHILD"
    PARTNER_OF_FAMILY = "PARTNER_OF_FAMILY"
    OTHER_FAMILY = "OTHER_FAMILY"
    FRIEND = "FRIEND"
    NEIGHBOUR = "NEIGHBOUR"
    PROFESSIONAL = "PROFESSIONAL"
    ORGANISATION = "ORGANISATION"
    OTHER = "OTHER"


RELATION_WORDS: dict[Relation, str] = {
    Relation.PARTNER: "Husband, wife, civil partner or partner",
    Relation.PARENT: "Parent",
    Relation.CHILD: "Son or daughter",
    Relation.STEP_PARENT: "Step-parent",
    Relation.STEP_CHILD: "Stepson or stepdaughter",
    Relation.PARENT_IN_LAW: "Parent-in-law",
    Relation.CHILD_IN_LAW: "Son-in-law or daughter-in-law",
    Relation.SIBLING: "Brother or sister",
    Relation.AUNT_OR_UNCLE: "Aunt or uncle",
    Relation.GRANDPARENT: "Grandparent",
    Relation.GRANDCHILD: "Grandchild",
    Relation.PARTNER_OF_FAMILY: "Husband, wife or partner of one of these",
    Relation.OTHER_FAMILY: "Other family",
    Relation.FRIEND: "Friend",
    Relation.NEIGHBOUR: "Neighbour",
    Relation.PROFESSIONAL: "Somebody who does this for a living, such as a solicitor",
    Relation.ORGANISATION: "An organisation",
    Relation.OTHER: "Somebody else",
}

CLOSE_FAMILY = frozenset(
    {
        Relation.PARTNER, Relation.PARENT, Relation.CHILD, Relation.STEP_PARENT, Relation.STEP_CHILD,
        Relation.PARENT_IN_LAW, Relation.CHILD_IN_LAW, Relation.SIBLING, Relation.AUNT_OR_UNCLE, Relation.GRANDPARENT,
        Relation.GRANDCHILD, Relation.PARTNER_OF_FAMILY,
    }
)  # fmt: skip
"""Reg 7(8). "Partner of one of these" is the list's own last line; other family (a cousin) is not on it."""


def needs_check(relation: Relation, *, lives_in_household: bool, involved_friend: bool) -> bool:
    """Whether an enhanced DBS certificate with barred lists is needed of whoever holds the money (domain.md §1.3).

    Not of close family, of somebody in the same household, or of a friend involved in the care; always of an
    organisation, where it is the individual with day-to-day responsibility who is checked.
    """
    if relation is Relation.ORGANISATION:
        return True
    friend = relation is Relation.FRIEND and involved_friend
    return relation not in CLOSE_FAMILY and not lives_in_household and not friend
