"""Proposed roles: what waits for a second person, what became of the rest, and one with its before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased
from sqlmodel import col

from phbportal import routes
from phbportal.domain.errors import NotFound
from phbportal.domain.moments import london_day, show_moment
from phbportal.domain.role_grants import KIND_WORDS, STATUS_WORDS, GrantKind, GrantStatus, RoleTerms, terms_words
from phbportal.domain.roles import ROLE_WORDS, Role
from phbportal.policy.actors import Actor, Subject
from phbportal.policy.decide import decide
from phbportal.policy.permissions import Permission
from phbportal.queries.names import NOBODY
from phbportal.queries.scope import visible
from phbportal.queries.work_items import MOST, WorkGroup, WorkItem, waited
from phbportal.tables.role_grants import RoleGrant
from phbportal.tables.users import Assignment, Invitation, User


@dataclass(frozen=True, slots=True)
class GrantRow:
    """A proposal about somebody, as text."""

    what: str
    href: str
    proposed: str
    outcome: str


@dataclass(frozen=True, slots=True)
class ProposalRow:
    """A proposal that nobody has decided yet, as text."""

    name: str
    href: str
    what: str
    proposed: str


@dataclass(frozen=True, slots=True)
class GrantView:
    """One proposal, as text. ``because`` says why the actor may not decide it, "" if they may or nothing waits.

    ``code`` says where its code stands; ``user_href`` is empty for somebody who is not here yet.
    """

    kind: str = ""
    status: str = ""
    who: str = ""
    user_href: str = ""
    email: str = ""
    before: str = ""
    after: str = ""
    reason: str = ""
    proposed: str = ""
    decided: str = ""
    refusal: str = ""
    because: str = ""
    code: str = ""
    may_decide: bool = False
    may_withdraw: bool = False
    may_make_code: bool = False


def grants_waiting(session: Session, actor: Actor, today: date) -> WorkGroup:
    """What others proposed and the actor may decide. One statement."""
    g = RoleGrant
    rows = session.execute(
        select(g, col(User.display_name))
        .outerjoin(User, col(User.id) == col(g.proposed_by))
        .where(
            visible(actor, g, today), col(g.status) == GrantStatus.PROPOSED.value,
            col(g.proposed_by) != actor.user_id, col(g.user_id).is_distinct_from(actor.user_id),
        )
        .order_by(col(g.id))
        .limit(MOST + 1)
    )  # fmt: skip
    return WorkGroup.of(
        "Roles to grant",
        [
            WorkItem(
                f"{_what(grant)} for {grant.display_name}",
                routes.staff_role_grant(grant.id),
                f"Proposed by {by or NOBODY}. Waiting {waited(london_day(grant.created_at), today)}.",
            )
            for grant, by in rows
        ],
    )


def proposals(session: Session, actor: Actor, today: date) -> tuple[ProposalRow, ...]:
    """Every proposal at the actor's board that waits for a second person, the newest first, whoever made it: the one
    place where a proposer finds their own again. One statement."""
    g = RoleGrant
    rows = session.execute(
        select(g, col(User.display_name))
        .outerjoin(User, col(User.id) == col(g.proposed_by))
        .where(visible(actor, g, today), col(g.status) == GrantStatus.PROPOSED.value)
        .order_by(col(g.id).desc())
    )
    return tuple(
        ProposalRow(
            grant.display_name, routes.staff_role_grant(grant.id), _what(grant),
            f"{by or NOBODY}, {show_moment(grant.created_at)}",
        )
        for grant, by in rows
    )  # fmt: skip


def codes_to_make(session: Session, actor: Actor, today: date) -> WorkGroup:
    """What the actor proposed, was granted, and has no code yet. One statement."""
    g = RoleGrant
    made = select(col(Invitation.grant_id)).where(col(Invitation.grant_id).is_not(None))
    rows = session.execute(
        select(g)
        .where(
            visible(actor, g, today), col(g.kind) == GrantKind.INVITATION.value,
            col(g.status) == GrantStatus.GRANTED.value, col(g.proposed_by) == actor.user_id, col(g.id).not_in(made),
        )
        .order_by(col(g.id))
        .limit(MOST + 1)
    ).scalars()  # fmt: skip
    return WorkGroup.of(
        "Invitations that were granted",
        [
            WorkItem(
                f"Make the code for {grant.display_name}",
                routes.staff_role_grant(grant.id),
                f"{_what(grant)}. It is shown once.",
            )
            for grant in rows
        ],
    )


def _what(grant: RoleGrant) -> str:
    if grant.role is None:
        return KIND_WORDS[GrantKind(grant.kind)]
    role = ROLE_WORDS[Role(grant.role)].capitalize()
    return f"{role}: another limit or end" if grant.kind == GrantKind.CHANGE else role


def grants_about(session: Session, actor: Actor, today: date, user_id: UUID) -> tuple[GrantRow, ...]:
    """What was proposed about a user, the newest first, and how they came to be invited. One statement."""
    g, proposer, decider = RoleGrant, aliased(User), aliased(User)
    invited = select(col(Invitation.grant_id)).where(col(Invitation.user_id) == user_id)
    rows = session.execute(
        select(g, col(proposer.display_name), col(decider.display_name))
        .outerjoin(proposer, col(proposer.id) == col(g.proposed_by))
        .outerjoin(decider, col(decider.id) == col(g.decided_by))
        .where(visible(actor, g, today), (col(g.user_id) == user_id) | col(g.id).in_(invited))
        .order_by(col(g.id).desc())
    )
    return tuple(
        GrantRow(
            _what(grant), routes.staff_role_grant(grant.id), f"{by or NOBODY}, {show_moment(grant.created_at)}",
            STATUS_WORDS[GrantStatus(grant.status)] + (f" by {decided}" if decided else ""),
        )
        for grant, by, decided in rows
    )  # fmt: skip


def grant_view(session: Session, actor: Actor, now: datetime, today: date, grant_id: UUID) -> GrantView:
    """One proposal the actor may see. Raises NotFound."""
    g, proposer, decider = RoleGrant, aliased(User), aliased(User)
    row = session.execute(
        select(g, col(proposer.display_name), col(decider.display_name))
        .outerjoin(proposer, col(proposer.id) == col(g.proposed_by))
        .outerjoin(decider, col(decider.id) == col(g.decided_by))
        .where(col(g.id) == grant_id, visible(actor, g, today))
    ).one_or_none()
    if row is None:
        raise NotFound()
    grant, by, decided = row
    waits = grant.status == GrantStatus.PROPOSED
    subject = Subject(
        icbs=frozenset({grant.icb_id}), user_id=grant.user_id, made_by=frozenset({grant.proposed_by})
    )  # fmt: skip
    decision = decide(actor, Permission.ROLE_GRANT_DECIDE, subject)
    proposes = decide(actor, Permission.ROLE_GRANT_PROPOSE, Subject(icbs=frozenset({grant.icb_id}))).allowed
    code, used = _code(session, now, grant)
    invites = grant.kind == GrantKind.INVITATION and grant.status == GrantStatus.GRANTED and not used
    before, after = _before_after(session, actor, today, grant)
    sees_user = decide(actor, Permission.USER_READ, subject).allowed
    return GrantView(
        kind=KIND_WORDS[GrantKind(grant.kind)], status=STATUS_WORDS[GrantStatus(grant.status)],
        who=grant.display_name, user_href=routes.staff_user(grant.user_id) if grant.user_id and sees_user else "",
        email=grant.email or "", before=before, after=after, reason=grant.reason,
        proposed=f"{by or NOBODY}, {show_moment(grant.created_at)}",
        decided=f"{decided or NOBODY}, {show_moment(grant.decided_at)}" if grant.decided_at else "",
        refusal=grant.refusal, because=decision.because if waits and not decision.allowed else "", code=code,
        may_decide=waits and decision.allowed, may_withdraw=proposes and (waits or invites),
        may_make_code=proposes and invites,
    )  # fmt: skip


def _code(session: Session, now: datetime, grant: Any) -> tuple[str, bool]:
    """Where the code of an invitation stands, and whether it was used."""
    if grant.kind != GrantKind.INVITATION or grant.status != GrantStatus.GRANTED:
        return "", False
    codes = session.execute(
        select(col(Invitation.used_at), col(Invitation.withdrawn_at), col(Invitation.expires_at))
        .where(col(Invitation.grant_id) == grant.id)
        .order_by(col(Invitation.id).desc())
    ).all()
    used = next((code.used_at for code in codes if code.used_at), None)
    if used:
        return f"Used on {show_moment(used)}", True
    if not codes or codes[0].withdrawn_at:
        return "No code made yet", False
    works = codes[0].expires_at > now
    return f"{'Works until' if works else 'Ran out on'} {show_moment(codes[0].expires_at)}", False


def _before_after(session: Session, actor: Actor, today: date, grant: Any) -> tuple[str, str]:
    """What the person has today, and what they would have."""
    a = Assignment
    held = (
        []
        if grant.user_id is None
        else list(
            session.execute(
                select(a)
                .where(
                    col(a.user_id) == grant.user_id, col(a.icb_id) == grant.icb_id, col(a.revoked_at).is_(None),
                    col(a.valid_to).is_(None) | (col(a.valid_to) >= today),
                )
                .order_by(col(a.id))
            ).scalars()
        )
    )  # fmt: skip
    if grant.kind == GrantKind.ENABLE:
        return "Disabled: cannot sign in", "Can sign in, with no role until one is granted"
    after = terms_words(RoleTerms(Role(grant.role), grant.valid_to, grant.sign_off_limit_pence))
    if grant.kind == GrantKind.CHANGE:
        held = [one for one in held if one.id == grant.assignment_id]
    words = [terms_words(RoleTerms(Role(h.role), h.valid_to, h.sign_off_limit_pence)) for h in held]
    before = "; ".join(words) or ("Not here yet" if grant.user_id is None else "No role at your board")
    return before, after if grant.kind == GrantKind.CHANGE else f"This as well: {after}" if words else after
