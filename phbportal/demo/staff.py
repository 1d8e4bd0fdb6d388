"""Who works at the two boards, and how they came to: administrators first, everybody else invited by one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from phbportal.demo.stage import Stage
from phbportal.domain.plans import RegistrationBody
from phbportal.domain.role_grants import RoleTerms
from phbportal.domain.roles import Role
from phbportal.policy.actors import SYSTEM, Actor
from phbportal.queries.users import staff_actor
from phbportal.services.plans import SignOffEntry
from phbportal.services.registrations import record_registration
from phbportal.services.role_grants import grant, make_code
from phbportal.services.role_proposals import RoleEntry, propose_invitation
from phbportal.services.unit_of_work import UnitOfWork, open_unit
from phbportal.services.users import ProviderClaims, board_by_code, find_or_bind, invite, open_invitation

PROVIDER = "development"
FIRST, SECOND = "QYG", "QOP"
"""NHS Cheshire and Merseyside, and NHS Greater Manchester: both in force before and after 1 April 2026."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who works at a board; the limit is an approver's, in pence a week."""

    key: str
    name: str
    roles: tuple[Role, ...]
    email: str = ""
    board: str = FIRST
    limit_pence: int | None = None

    @property
    def address(self) -> str:
        return self.email or f"{self.key}@example.org"

    @property
    def subject(self) -> str:
        return f"demo-{self.key}"


TEAM = (
    Colleague("grace", "Grace Liu", (Role.ADMIN,)),
    Colleague("patrick", "Patrick Doyle", (Role.ADMIN,)),
    Colleague("marta", "Marta Kowalska", (Role.CASE_MANAGER,), "case.manager@example.org"),
    Colleague("tunde", "Tunde Bakare", (Role.CASE_MANAGER,)),
    Colleague("siobhan", "Siobhán Kelly", (Role.CLINICIAN,)),
    Colleague("arjun", "Dr Arjun Mehta", (Role.CLINICIAN,)),
    Colleague("denise", "Denise Hartley", (Role.FINANCE,), "finance@example.org"),
    Colleague("kofi", "Kofi Boateng", (Role.FINANCE,)),
    Colleague("ruth", "Ruth Abernethy", (Role.APPROVER,), "approver@example.org"),
    Colleague("owen", "Owen Prosser", (Role.APPROVER,), limit_pence=100_000),
    Colleague("yasmin", "Yasmin Farouk", (Role.AUDITOR,)),
    Colleague("colin", "Colin Tate", (Role.AUDITOR,)),
    Colleague("bethan", "Bethan Lloyd", (Role.CASE_MANAGER, Role.APPROVER)),
    Colleague("miriam", "Miriam Stein", (Role.ADMIN,), board=SECOND),
    Colleague("viktor", "Viktor Hall", (Role.ADMIN,), board=SECOND),
    Colleague("hannah", "Hannah Weiss", (Role.CASE_MANAGER,), board=SECOND),
    Colleague("femi", "Dr Femi Adeyemi", (Role.CLINICIAN,), board=SECOND),
    Colleague("sunita", "Sunita Rao", (Role.FINANCE,), board=SECOND),
    Colleague("callum", "Callum Reid", (Role.APPROVER,), board=SECOND),
    Colleague("lucia", "Lucia Marini", (Role.AUDITOR,), board=SECOND),
)

WIDER_TEAM = (
    Colleague("amara", "Amara Nwosu", (Role.CASE_MANAGER,)),
    Colleague("rhodri", "Rhodri Parry", (Role.CASE_MANAGER,)),
    Colleague("shabnam", "Shabnam Akhtar", (Role.CASE_MANAGER,)),
)
"""Case managers of the first board who come with the wider world."""

SIGNATURES = {
    "siobhan": SignOffEntry("Siobhán Kelly", RegistrationBody.NMC, "99A1234E"),
    "arjun": SignOffEntry("Dr Arjun Mehta", RegistrationBody.GMC, "1234567"),
    "femi": SignOffEntry("Dr Femi Adeyemi", RegistrationBody.GMC, "7654321"),
}


REGISTERED_DAYS = 300
"""How long after the world is begun its clinicians' registrations run."""


def hire(stage: Stage, *, wider: bool = False) -> None:
    """Bring the teams in, and put each on the stage in each of their roles."""
    inviters: dict[str, list[Actor]] = {}
    for one in (*TEAM, *(WIDER_TEAM if wider else ())):
        for role in one.roles:
            key = f"{role.value.lower()} {one.key}"
            if role is Role.ADMIN:
                stage.act(SYSTEM, key, stage.days.joined, lambda uow, c=one: _invited_first(uow, c, stage.issuer))
            else:
                invited(stage, one, role, inviters[one.board], key)
            actor = stage.staff[one.key, role] = _actor(stage, one, role)
            if role is Role.ADMIN:
                inviters.setdefault(one.board, []).append(actor)


def registered(stage: Stage) -> None:
    """Clinicians' registrations, looked up by an administrator of each board on the day the teams began."""
    for key, signature in SIGNATURES.items():
        by = next(one for one in ("grace", "miriam") if _board_of(one) == _board_of(key))
        values = {
            "user_id": stage.staff[key, Role.CLINICIAN].user_id, "body": signature.body.value, "number": signature.pin,
            "profession": "Registered nurse" if signature.body is RegistrationBody.NMC else "Doctor",
            "checked_on": stage.days.joined, "ends_on": stage.days.today + timedelta(days=REGISTERED_DAYS),
        }  # fmt: skip
        stage.act(stage.staff[by, Role.ADMIN], f"registration {key}", stage.days.joined,
                  lambda uow, v=values: record_registration(uow, v))  # fmt: skip


def _board_of(key: str) -> str:
    return next(one.board for one in TEAM if one.key == key)


def waits_for_a_second_person(stage: Stage) -> None:
    """Grace has proposed a finance officer; somebody else must grant it."""
    grace, on = stage.staff["grace", Role.ADMIN], stage.days.working()
    entry = RoleEntry(RoleTerms(Role.FINANCE), "Covers for Kofi from next month.", "Leo Whitcombe", "leo@example.org")
    stage.act(grace, "leo proposed", on, lambda uow: propose_invitation(uow, entry))


def _actor(stage: Stage, who: Colleague, role: Role) -> Actor:
    with open_unit(stage.engine, SYSTEM, writes=False) as uow:
        return staff_actor(uow.session, who.address, who.board, uow.today, (role,))


def _invited_first(uow: UnitOfWork, who: Colleague, issuer: str) -> None:
    """One of a board's first two administrators, by the command line's way: there is no second person yet."""
    board = board_by_code(uow, who.board)
    code = invite(uow, role=Role.ADMIN, icb_id=board.id, name=who.name, email=who.address)
    _takes_up(uow, who, code, issuer)


def invited(stage: Stage, who: Colleague, role: Role, inviters: list[Actor], key: str) -> None:
    """Proposed by one administrator, granted by the other, and taken up at once: the code is kept nowhere."""
    first, second = inviters
    on = stage.days.joined
    entry = RoleEntry(RoleTerms(role, None, who.limit_pence), "Joins the team.", who.name, who.address)
    grant_id = UUID(stage.act(first, f"{key} proposed", on, lambda uow: propose_invitation(uow, entry)))
    stage.act(second, f"{key} granted", on, lambda uow: grant(uow, grant_id))
    stage.act(first, key, on, lambda uow: _takes_up(uow, who, make_code(uow, grant_id), stage.issuer))


def _takes_up(uow: UnitOfWork, who: Colleague, code: str, issuer: str) -> None:
    invitation = open_invitation(uow.session, code, uow.now)
    claims = ProviderClaims(PROVIDER, issuer, who.subject, who.name)
    find_or_bind(uow.session, claims, uow.now, invitation_id=invitation)
