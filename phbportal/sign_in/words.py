"""What a person reads when a sign-in fails (security.md §5.6)."""

from __future__ import annotations

from phbportal.gateways.identity import Provider, SignInFailed

_AGAIN = (
    "flow.state", "flow.browser", "flow.expired", "flow.replayed", "flow.busy", "provider.login_required",
    "provider.sso_login_required", "provider.interaction_required", "provider.account_selection_required",
)  # fmt: skip
_SAID_NO = ("provider.access_denied", "provider.consent_required")
_NO_BUDGET = "We cannot find a personal health budget for you. Contact your personal health budget team."
_NO_ACCOUNT = "Your account has not been set up for this service. Ask your administrator."
_NEITHER = (
    "We cannot find a personal health budget or an account for you. Contact your personal health budget team, or your "
    "administrator if you work for the NHS."
)


def failure_words(failure: SignInFailed, reference: str, provider: Provider) -> tuple[str, str, int]:
    """Heading, sentence and status."""
    reason = failure.reason_code
    if failure.is_outage:
        return (
            f"{_capital(provider.known_as or 'sign-in')} is not available at the moment",
            "The service that checks who you are did not answer. Try again later.",
            503,
        )
    if reason in _SAID_NO:
        return _said_no(provider)
    if reason in _AGAIN:
        return (
            "Start your sign-in again",
            "Your sign-in took too long or was started in another window. Start again.",
            400,
        )
    if reason == "step_up.session":
        return (
            "Start again",
            "Your sign-in ended before you confirmed it is you. Sign in, then try again.",
            400,
        )
    if reason == "step_up.identity":
        return (
            "You signed in as somebody else",
            "To confirm it is you, use the same sign-in you used at the start. Nothing was approved or changed.",
            403,
        )
    if reason == "step_up.stale":
        return (
            "We could not confirm it is you",
            "The service you sign in with did not ask who you are again. Try again. If it keeps happening, sign out "
            f"and sign in, or contact your administrator and quote {reference}.",
            403,
        )
    if reason == "assurance.low":
        return (
            "You need to prove who you are",
            "You need to prove who you are to a higher level before you can use this service.",
            403,
        )
    if reason.startswith(("identity.", "claim.")):
        return "We cannot find you", _unknown(provider), 403
    return (
        "We could not sign you in",
        f"Try again. If it keeps happening, contact the personal health budget team and quote {reference}.",
        400,
    )


def _said_no(provider: Provider) -> tuple[str, str, int]:
    """The heading is the one NHS login wants."""
    if "holder" in provider.audience:
        return (
            "You cannot continue without sharing your information",
            "You said no to sharing your information, so we could not sign you in.",
            200,
        )
    return "You are not signed in", "You stopped before you had signed in. You can try again.", 200


def _unknown(provider: Provider) -> str:
    """The same words for everybody of one kind of provider: not which of their details we did not know."""
    if provider.audience == ("holder",):
        return _NO_BUDGET
    return _NEITHER if "holder" in provider.audience else _NO_ACCOUNT


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
