"""Every page of the portal and who looks at it. A new page is a new line here."""

from __future__ import annotations

from dataclasses import dataclass

HOLDER, EASY_READER, SEVERAL, NO_BUDGET = "Gareth Pritchard-Evans", "Ros Achebe", "Toby Ellis", "Nia Morgan"
CASE_MANAGER, CLINICIAN = "Marta Kowalska", "Siobhán Kelly"
FINANCE, SECOND_FINANCE = "Denise Hartley", "Kofi Boateng"
APPROVER, AUDITOR, ADMIN = "Ruth Abernethy", "Yasmin Farouk", "Grace Liu"
STAFF = (CASE_MANAGER, CLINICIAN, FINANCE, APPROVER, AUDITOR, ADMIN)
SEVERAL_ROLES = "Bethan Lloyd"
NOMINEE, REPRESENTATIVE = "Nerys Powell", "Sarah Webb"


@dataclass(frozen=True)
class Stop:
    """A page: who looks ("" for nobody signed in), its path (places in braces are ``Portal.facts``), words that are
    there once its data is, and the button that brings out its errors, if it has a form."""

    who: str
    path: str
    shows: str
    press: str = ""

    def __str__(self) -> str:
        return f"{self.who or 'nobody'} at {self.path}"


PUBLIC = (
    Stop("", "/", "Sign in"),
    Stop("", "/accessibility", "01632 960 999"),
    Stop("", "/problem", "01632 960 999"),
    Stop("", "/problem?reference=0a1b2c3d", "0a1b2c3d"),
    Stop("", "/problem/not-found", "Page not found"),
    Stop("", "/problem/not-allowed", "01632 960 999"),
    Stop("", "/no/such/page", "Page not found"),
    Stop("", "/auth/login", "Choose who to sign in as"),
    Stop("", "/auth/signed-out", "You have been signed out"),
    Stop("", "/auth/timed-out", "You have been signed out"),
    Stop("", "/auth/invitation", "Use your code", press="Continue"),
    Stop(SEVERAL_ROLES, "/auth/choose-role", "Which role are you working in?"),
    Stop(HOLDER, "/auth/sessions", "this browser"),
    Stop(SEVERAL_ROLES, "/auth/sessions", "Sign out everywhere"),
    Stop(HOLDER, "/", "Go to my budget"),
    Stop(CASE_MANAGER, "/", "Go to my work"),
    Stop(SEVERAL_ROLES, "/", "Choose your role"),
)
HOLDERS = (
    Stop(HOLDER, "/my-budget", "left to spend"),
    Stop(HOLDER, "/my-plan", "What I can spend on"),
    Stop(HOLDER, "/my-plan/review", "What we will ask you"),
    Stop(NO_BUDGET, "/my-plan/review", "No review is planned yet."),
    Stop(SEVERAL, "/my-budget", "This budget ended"),
    Stop(SEVERAL, "/my-plan", "I like boats"),
    Stop(NO_BUDGET, "/my-budget", "You do not have a personal health budget yet"),
    Stop(EASY_READER, "/my-plan", "I would like to add my choir."),
    Stop(EASY_READER, "/my-budget/ask-before-you-buy", "A tablet, to see my sister"),
    Stop(NO_BUDGET, "/my-budget/ask-before-you-buy", "There is no money to ask about yet."),
    Stop(NO_BUDGET, "/my-plan", "You do not have a personal health budget yet"),
    Stop(NO_BUDGET, "/my-budget/who-has-looked", "Nobody has looked at your record yet."),
    Stop(HOLDER, "/my-budget/who-helps-me", "Nobody is written down who helps you."),
    Stop(EASY_READER, "/my-budget/who-helps-me", "Do you want a nominee?"),
    Stop(HOLDER, "/my-budget/documents", "There are no documents to read yet."),
)
ACTING = (
    Stop(NOMINEE, "/", "Go to the people I act for"),
    Stop(NOMINEE, "/acting-for", "You hold"),
    Stop(NOMINEE, "/acting-for/{ivor_phb}", "What the money may buy"),
    Stop(REPRESENTATIVE, "/acting-for", "Noah Iqbal-Webb"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/agreements", "There are no agreements yet."),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/who-has-looked", "We note each time."),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/plan", "Write the plan of Noah"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/review", "You answer for Noah"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/documents", "Documents of Noah"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}/plan", "You do not have permission to see this page"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}/agreements", "Page not found"),
)
PERSON, PHB = "/staff/people/{%s}", "/staff/phbs/{%s_phb}"


def of(who: str, pattern: str, name: str, rest: str, shows: str, press: str = "") -> Stop:
    """A page of somebody in the demo world, by their given name."""
    return Stop(who, pattern % name + rest.replace("@", name), shows, press)


STAFF_PAGES = (
    *(Stop(who, "/staff", "See the overview") for who in STAFF),
    *(Stop(who, "/staff/overview", "Show as table") for who in STAFF),
    *(Stop(who, "/staff/providers", "Providers and organisations") for who in (CASE_MANAGER, ADMIN)),
    *(Stop(who, "/staff/people", "Pritchard-Evans, Gareth") for who in STAFF if who != ADMIN),
    *(of(who, PERSON, "gareth", "", "Pritchard-Evans") for who in STAFF if who != ADMIN),
    *(of(who, PHB, "gareth", "", "PHB-2026") for who in STAFF if who != ADMIN),
    of(AUDITOR, PHB, "gareth", "/history", "Confirmed payment"),
    of(AUDITOR, PHB, "gareth", "/entries", "£1,552.50"),
    of(AUDITOR, PHB, "gareth", "/payments", "£2,600.00"),
    of(AUDITOR, PHB, "gareth", "/plan", "Waking night care"),
    of(AUDITOR, PHB, "gareth", "/money", "£400.00"),
    of(CASE_MANAGER, PHB, "gareth", "/documents", "Keep a document"),
    of(AUDITOR, PHB, "gareth", "/documents", "Nothing is kept with this budget yet."),
    Stop(CASE_MANAGER, "/staff/imports", "Files brought in"),
    Stop(CASE_MANAGER, "/staff/equipment/import/list", "Look at this file"),
    Stop(CASE_MANAGER, "/staff/providers/{board}", "Cheshire and Merseyside"),
    Stop(CASE_MANAGER, "/staff/people/no-such-person", "Page not found"),
    Stop(CASE_MANAGER, "/staff/people/{desmond}", "Page not found"),
)
FORMS = (
    Stop(CASE_MANAGER, "/staff/new-person", "Add a person", press="Add this person"),
    of(CASE_MANAGER, PERSON, "gareth", "/change", "Change details"),
    of(CASE_MANAGER, PERSON, "gareth", "/eligibility", "Record eligibility", press="Record eligibility"),
    of(CASE_MANAGER, PERSON, "frances", "/consent", "Record a consent", press="Record the consent"),
    of(CASE_MANAGER, PERSON, "gareth", "/consent/{@_consent}", "Record that a consent was withdrawn"),
    of(CASE_MANAGER, PERSON, "gareth", "/direct-payment-check", "Check for", press="Record the check"),
    of(CASE_MANAGER, PERSON, "gareth", "/new-budget", "Open a budget", press="Open the budget"),
    of(CASE_MANAGER, PERSON, "gareth", "/sign-in", "Sign-in for the budget holder"),
    of(CASE_MANAGER, PERSON, "gareth", "/death", "Record a death"),
    of(CASE_MANAGER, PERSON, "gareth", "/capacity", "Record an assessment", press="Record the assessment"),
    of(CASE_MANAGER, PERSON, "gareth", "/new-helper", "Add somebody who helps", press="Add this person"),
    of(CASE_MANAGER, PERSON, "ivor", "/helper/{@_part}", "Nerys Powell", press="Put on hold"),
    of(CASE_MANAGER, PERSON, "rhys", "/helper/{@_part}", "Who looks after the money there", press="Record the checks"),
    Stop(CASE_MANAGER, "/staff/tasks/{task}", "Review the nominee", press="The task is done"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}", "What it means", press="Stop acting"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}", "Consent to a direct payment"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/nominee", "What a nominee does", press="Propose this person"),
    Stop(HOLDER, "/my-budget/who-helps-me/nominee", "What a nominee does", press="Propose this person"),
    Stop(HOLDER, "/my-budget/ask-before-you-buy", "What do you want to buy", press="Ask"),
    Stop(NOMINEE, "/acting-for/{ivor_phb}/ask-before-you-buy", "What do you want to buy", press="Ask"),
    Stop(REPRESENTATIVE, "/acting-for/write/{noah_planner}", "Please write with Noah", press="Add it"),
    of(CASE_MANAGER, PHB, "frances", "/plan/section?section=NEEDS", "What I need help with"),
    of(CASE_MANAGER, PHB, "gareth", "/offer", "Record the offer", press="Record the offer"),
    of(CASE_MANAGER, PHB, "gareth", "/offer/answer", "Record the answer", press="Record the answer"),
    of(CASE_MANAGER, PHB, "gareth", "/indicative", "Record the indicative", press="Record the indicative budget"),
    of(CASE_MANAGER, PHB, "gareth", "/indicative/shown", "The indicative budget is", press="Record that it was shown"),
    of(FINANCE, PHB, "emrys", "/plan/check", "Check the money"),
    of(APPROVER, PHB, "gareth", "/agreement?stream={@_paid}", "Signed by everybody"),
    of(CASE_MANAGER, PHB, "gareth", "/agreement/paper?stream={@_paid}", "There is no agreement to sign."),
    Stop(HOLDER, "/my-budget/letters", "How do you want to get letters?"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}/letters", "How do you want to get letters?"),
    Stop(HOLDER, "/my-budget/offer", "No offer waits for an answer."),
    Stop(HOLDER, "/my-agreements/direct-payment", "Signed by everybody"),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/offer", "No offer waits for an answer."),
    Stop(REPRESENTATIVE, "/acting-for/part/{noah_part}/direct-payment-agreement", "There is no agreement"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}/direct-payment-agreement", "Signed by everybody"),
    of(CASE_MANAGER, PHB, "frances", "/plan/words", "Write the plan"),
    of(CASE_MANAGER, PHB, "frances", "/plan/outcome", "Add an outcome", press="Add the outcome"),
    of(CASE_MANAGER, PHB, "frances", "/plan/service", "Add a service", press="Add the service"),
    of(CASE_MANAGER, PHB, "frances", "/money/stream", "Add a stream", press="Add the stream"),
    of(CASE_MANAGER, PHB, "frances", "/money/line", "Add a budget line", press="Continue"),
    of(CASE_MANAGER, PHB, "frances", "/money/new-account?stream={@_paid}", "Enter bank details",
       press="Save the bank details"),
    of(FINANCE, PHB, "dorothy", "/money/account?stream={@_paid}", "Bank details"),
    of(CLINICIAN, PHB, "mei", "/plan/sign-off", "Sign"),
    of(CLINICIAN, PHB, "mei", "/plan/return", "Return the plan", press="Return the plan"),
    of(APPROVER, PHB, "emrys", "/plan/approve", "Approve"),
    of(FINANCE, PHB, "gareth", "/money/payment?stream={@_paid}", "Record a payment"),
    of(FINANCE, PHB, "gareth", "/money/payment?stream={@_notional}", "Record a payment", press="Continue"),
    of(SECOND_FINANCE, PHB, "harpreet", "/money/confirm?payment={@_payment}", "Confirm"),
    of(FINANCE, PHB, "harpreet", "/money/cancel?payment={@_payment}", "Cancel", press="Cancel the payment"),
    of(FINANCE, PHB, "gareth", "/money/spending?stream={@_paid}", "Record spending", press="Save"),
    of(CASE_MANAGER, PHB, "gareth", "/decide", "What do you want to decide?", press="Continue"),
    *(
        of(CASE_MANAGER, PHB, "gareth", f"/decide?kind={kind}", shows, press="Send it to a second person")
        for kind, shows in (("STOP", "takes its place"), ("REDUCE", "The new amount a week"))
    ),
    Stop(HOLDER, "/my-decisions", "There is no decision to read"),
    Stop(NOMINEE, "/acting-for/part/{ivor_part}/decisions", "There is no decision to read"),
)  # fmt: skip

# Third-party (ISF) arrangements: the organisation's own pages, the staff's, the holder's.
PROVIDER = "Imani Osei"
ISF_PAGES = (
    Stop(PROVIDER, "/provider", "Mersey Lives CIC"),
    Stop(PROVIDER, "/provider/people", "Imani Osei"),
    Stop(PROVIDER, "/provider/isf/{ruben_notional}", "£3,600.00"),
    Stop(PROVIDER, "/provider/isf/{gareth_paid}", "Page not found"),
    Stop(HOLDER, "/my-agreements", "You have no agreements to sign"),
    of(CASE_MANAGER, PHB, "ruben", "/isf?stream={@_notional}", "Signed by all three"),
    of(APPROVER, PHB, "priya", "/isf?stream={@_notional}", "Queried"),
    Stop(CASE_MANAGER, "/staff/providers/{organisation}", "User-led"),
)
ISF_FORMS = (
    Stop(PROVIDER, "/provider/isf/{olive_notional}", "3. Hourly rates", press="Continue"),
    Stop(PROVIDER, "/provider/people/invite", "Their name", press="Make a code"),
    # A further offer begins from the terms of the last: sent as it opens, nothing in it is wrong.
    of(CASE_MANAGER, PHB, "priya", "/isf/offer?stream={@_notional}", "all in?"),
    of(CASE_MANAGER, PHB, "priya", "/isf/paper?stream={@_notional}", "Record a signature on paper"),
    Stop(CASE_MANAGER, "/staff/providers/{organisation}/invite", "Their name", press="Make a code"),
    Stop(ADMIN, "/staff/providers/{organisation}/merge", "Which one stays?", press="Show both"),
)
FORMS = (*FORMS, *ISF_FORMS)

OFFICE = (
    *(Stop(who, "/staff/users", "Kowalska") for who in (ADMIN, AUDITOR)),
    *(Stop(who, "/staff/invitations", "Invitations") for who in (ADMIN, AUDITOR)),
    *(Stop(who, "/staff/users/{user_tunde}", "Case manager") for who in (ADMIN, AUDITOR)),
    Stop(ADMIN, "/staff/users/{user_siobhán}", "99A1234E"),
    *(Stop(who, "/staff/users/{user_joan}", "Disabled since") for who in (ADMIN, AUDITOR)),
    Stop(AUDITOR, "/staff/tasks/{task}", "Review the nominee"),
    Stop(ADMIN, "/staff/role-grants/{grant}", "Leo Whitcombe"),
    Stop(AUDITOR, "/staff/access", "Whose record"),
    Stop(AUDITOR, "/staff/break-glass", "Patrick Doyle"),
)
# Changes that need a second person, and what is changed that way.
CHANGES = (
    *(Stop(who, "/staff/changes", "For you to decide") for who in STAFF),
    Stop(ADMIN, "/staff/changes", "Time to send a return"),
    Stop(ADMIN, "/staff/changes/{change}", "You proposed this"),
    Stop(CASE_MANAGER, "/staff/changes/{change}", "Page not found"),
    *(Stop(who, "/staff/rates", "£12.71 an hour") for who in (CASE_MANAGER, FINANCE, ADMIN)),
    *(Stop(who, "/staff/settings", "as is usual") for who in (CASE_MANAGER, AUDITOR, ADMIN)),
    Stop(CLINICIAN, "/staff/rates/national_living_wage", "£12.21 an hour"),
    Stop(CLINICIAN, "/staff/settings/surplus_weeks", "8 weeks"),
    Stop(FINANCE, "/staff/rates/no_such_rate", "Page not found"),
    *(Stop(who, "/staff/templates", "letters and agreements of your board") for who in (CLINICIAN, ADMIN)),
)
CHANGE_FORMS = (
    Stop(APPROVER, "/staff/changes/{change}", "28 days", press="Return it"),
    Stop(FINANCE, "/staff/rates/national_living_wage", "Propose a rate", press="Propose it"),
    Stop(ADMIN, "/staff/rates/employer_ni", "Percentage", press="Propose it"),
    Stop(FINANCE, "/staff/settings/surplus_weeks", "From 4 to 26 weeks", press="Propose it"),
    Stop(ADMIN, "/staff/settings/payment_frequency", "Every 4 weeks", press="Propose it"),
    Stop(ADMIN, "/staff/settings/cycle_anchor_date", "6 April 2026", press="Propose it"),
    Stop(ADMIN, "/staff/templates/new", "What it is for", press="Propose it"),
    Stop(ADMIN, "/staff/succession", "There is no way back", press="Try it"),
)

OFFICE_FORMS = (
    Stop(ADMIN, "/staff/invite", "Invite somebody", press="Propose this person"),
    Stop(ADMIN, "/staff/users/{user_tunde}/new-role", "Propose a role", press="Propose this role"),
    Stop(ADMIN, "/staff/users/{user_ruth}/change/{role_ruth}", "any amount", press="Save the change"),
    Stop(ADMIN, "/staff/users/{user_tunde}/end/{role_tunde}", "End this role"),
    Stop(ADMIN, "/staff/users/{user_tunde}/disable", "signed out everywhere"),
    Stop(ADMIN, "/staff/users/{user_tunde}/enable", "sign in again", press="Propose it"),
    Stop(ADMIN, "/staff/users/{user_tunde}/budgets", "Give all of them to", press="Give them"),
    Stop(APPROVER, "/staff/role-grants/{grant}", "Leo Whitcombe", press="Refuse it"),
    Stop(ADMIN, "/staff/break-glass", "Ask to be let in", press="Ask to be let in"),
    Stop(APPROVER, "/staff/break-glass/{asking}", "Patrick Doyle", press="Refuse it"),
    of(CASE_MANAGER, PHB, "gareth", "/case-manager", "Give this budget to", press="Save"),
)

EVERY_PAGE = (*PUBLIC, *HOLDERS, *ACTING, *STAFF_PAGES, *ISF_PAGES, *OFFICE, *CHANGES)
