"""The pages of the office: users and their roles, what waits for a second person, break-glass, who looked at whom."""

from __future__ import annotations

from phbportal import routes
from phbportal.admin.beside_state import BesideState
from phbportal.pages.staff import access, break_glass, role_grant, user, user_leaving, user_roles

PAGES = (
    (user.user, routes.STAFF_USER, "User", [user.UserState.load, BesideState.look]),
    (user_roles.invite, routes.STAFF_INVITE, "Invite somebody", user_roles.InviteState.load),
    (user_roles.further_role, routes.STAFF_USER_ROLE, "Propose a role", user_roles.FurtherRoleState.load),
    (user_roles.change, routes.STAFF_USER_CHANGE, "Change a role", user_roles.ChangeRoleState.load),
    (user_roles.end, routes.STAFF_USER_END, "End a role", user_roles.EndRoleState.load),
    (user_leaving.disable, routes.STAFF_USER_DISABLE, "Disable this person", user_leaving.DisableState.load),
    (user_leaving.enable, routes.STAFF_USER_ENABLE, "Let this person sign in again", user_leaving.EnableState.load),
    (user_leaving.budgets, routes.STAFF_USER_CASES, "Give their budgets away", user_leaving.BudgetsState.load),
    (role_grant.role_grant, routes.STAFF_ROLE_GRANT, "A role to grant", role_grant.RoleGrantState.load),
    (break_glass.break_glass, routes.STAFF_BREAK_GLASS, "Break-glass", break_glass.BreakGlassState.load),
    (
        break_glass.asking,
        routes.STAFF_BREAK_GLASS_ONE,
        "Break-glass into one record",
        [break_glass.AskingState.load, BesideState.look],
    ),
    (access.access, routes.STAFF_ACCESS, "Who looked at whom", access.AccessState.load),
)
"""Each page, its address, its title and what fills it in."""
