"""The pages of somebody who signs in for an organisation."""

from __future__ import annotations

from phbportal import routes
from phbportal.pages.organisation import arrangements, isf, kept_account, people, plan

PAGES = (
    (arrangements.home, routes.ORGANISATION, "Arrangements", arrangements.ArrangementsState.load),
    (isf.isf, routes.ORGANISATION_ISF, "Money held for somebody", isf.IsfState.load),
    (
        kept_account.kept_account,
        routes.ORGANISATION_AGREEMENT,
        "An account you keep",
        kept_account.KeptAccountState.load,
    ),
    (plan.plan, routes.ORGANISATION_PLAN, "A plan to write", plan.OrganisationPlanState.load),
    (people.people, routes.ORGANISATION_PEOPLE, "Our people", people.ColleaguesState.load),
    (people.invite, routes.ORGANISATION_INVITE, "Invite a colleague", people.InviteColleagueState.load),
)
"""Each page, its address, its title and what fills it in."""
