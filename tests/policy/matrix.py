"""Who may do what, worked out by asking ``decide``, as the table a reviewer reads.

``python -m tests.policy.matrix`` writes ``tests/policy/grid.txt`` and ``docs/permissions.md`` anew after a change
of the grants; the change then shows in review, line by line.
"""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.grants import LET_IN_TO
from phbportal.policy.permissions import SENTENCES, Permission

ROOT = Path(__file__).parents[2]
GRID = ROOT / "tests" / "policy" / "grid.txt"
DOCUMENT = ROOT / "docs" / "permissions.md"

BOARD, OTHER_BOARD, PERSON, OTHER_PERSON, USER, OTHER_USER = (UUID(int=n) for n in range(1, 7))
ORGANISATION, OTHER_ORGANISATION = UUID(int=7), UUID(int=8)
LIMIT = 100_000
YES, OWN_BOARD, OWN_WORK, OWN, NO = "yes", "own board", "own work", "own", "no"
ACTED_FOR, OWN_PART = "acted for", "own part"
OWN_ORGANISATION = "own organisation"
ASKED = "what they asked for"
PROPOSED = "what they proposed"
EVERYBODYS, EVERYBODYS_SECOND = "every board alike", "every board alike, second person"
SECOND, LIMITED = "second person", "second person, to a limit"

MEANINGS = {
    YES: "for anything",
    OWN_BOARD: "for what belongs to the board they act for",
    SECOND: "for their own board, when somebody else prepared it",
    LIMITED: "the same, up to their sign-off limit",
    OWN_WORK: "for their own board, when it is work for their role",
    OWN: "for their own record",
    ACTED_FOR: "for the people they act for; a nominee only for what is paid to them or marked for them",
    OWN_PART: "for the part they were given in somebody's life",
    OWN_ORGANISATION: "for what has been entrusted to the organisation they act for",
    ASKED: "for their own board, when they asked for it themselves",
    PROPOSED: "for their own board, when they proposed it themselves",
    EVERYBODYS: "for what is the same for every board",
    EVERYBODYS_SECOND: "the same, when somebody else proposed it",
    NO: "never",
}


def actor(role: Role) -> Actor:
    """Somebody of a role, with everything an actor can have: only the role can be what stops them."""
    return Actor(role, user_id=USER, icb_id=BOARD, person_id=PERSON, organisation_id=ORGANISATION,
                 sign_off_limit_pence=LIMIT)  # fmt: skip


def answer(role: Role, permission: Permission) -> str:
    """How far a permission reaches for a role, found by asking about one subject after another."""

    def may(**subject: object) -> bool:
        return decide(actor(role), permission, Subject(**subject)).allowed

    if may():
        return YES
    if may(icbs=frozenset({BOARD})):
        assert not may(icbs=frozenset({OTHER_BOARD}), person_id=OTHER_PERSON)
        if may(icbs=frozenset({BOARD}), made_by=frozenset({USER}), changed_by=frozenset({USER}), weekly_pence=10**9):
            return OWN_BOARD
        above = may(icbs=frozenset({BOARD}), made_by=frozenset({OTHER_USER}), weekly_pence=LIMIT + 1)
        return SECOND if above else LIMITED
    if may(everybodys=True):
        return EVERYBODYS if may(everybodys=True, made_by=frozenset({USER})) else EVERYBODYS_SECOND
    if may(icbs=frozenset({BOARD}), for_role=role):
        return OWN_WORK
    if may(icbs=frozenset({BOARD}), for_roles=frozenset({role})):
        mine = may(icbs=frozenset({BOARD}), for_roles=frozenset({role}), made_by=frozenset({USER}))
        return OWN_WORK if mine else SECOND
    if may(icbs=frozenset({BOARD}), made_by=frozenset({USER})):
        assert not may(icbs=frozenset({OTHER_BOARD}), made_by=frozenset({USER}))
        return PROPOSED
    if may(icbs=frozenset({BOARD}), user_id=USER):
        return ASKED
    if may(person_id=PERSON):
        assert not may(icbs=frozenset({BOARD}), person_id=OTHER_PERSON)
        return OWN
    if may(open_to=frozenset({(role, USER, None)})):
        assert not may(open_to=frozenset({(role, OTHER_USER, None)}), icbs=frozenset({BOARD}), person_id=PERSON)
        return ACTED_FOR
    if may(party=USER):
        assert not may(party=OTHER_USER)
        return OWN_PART
    if may(organisations=frozenset({ORGANISATION})):
        assert not may(organisations=frozenset({OTHER_ORGANISATION}), icbs=frozenset({BOARD}), person_id=PERSON)
        return OWN_ORGANISATION
    return NO


def grid() -> str:
    """One line a permission and role that may, sorted by permission; "no" where nobody may."""
    lines: list[str] = []
    for permission in Permission:
        for role in Role:
            if (reach := answer(role, permission)) != NO:
                lines.append(f"{permission.value:<24}{role.value:<16}{reach}")
    return "\n".join(lines) + "\n"


def document() -> str:
    """``docs/permissions.md``: every permission with its sentence, and the matrix of roles."""
    roles = [role for role in Role if any(answer(role, p) != NO for p in Permission)]
    none = [role for role in Role if role not in roles]
    head = "| Permission | What it lets a person do | " + " | ".join(ROLE_WORDS[r] for r in roles) + " |"
    rows = [
        f"| `{p.value}` | {SENTENCES[p]} | " + " | ".join("" if (a := answer(r, p)) == NO else a for r in roles) + " |"
        for p in Permission
    ]
    return "\n".join(
        [
            "# Who may do what",
            "",
            "Written from `phbportal/policy/grants.py` by `python -m tests.policy.matrix`; a test fails when it is out",
            "of date. What a person may see follows from the same table: `phbportal/queries/scope.py` shows the rows",
            "for which the permission to read says yes, and a test compares the two row by row.",
            "",
            *(f"* **{word}**: {meaning}." for word, meaning in MEANINGS.items() if word != NO),
            "* Nothing in a cell: never.",
            "",
            "An administrator who is let into one person's record by break-glass may for 60 minutes, for that person,",
            "also " + ", ".join(f"`{p.value}`" for p in Permission if p in LET_IN_TO) + ".",
            "",
            f"Nobody acting as {', '.join(ROLE_WORDS[r] for r in none)} may do anything yet.",
            "",
            head,
            "|" + "---|" * (len(roles) + 2),
            *rows,
            "",
        ]
    )


if __name__ == "__main__":
    GRID.write_text(grid())
    DOCUMENT.write_text(document())
