"""What a person reads when a sign-in fails (security.md §5.6)."""

from __future__ import annotations

from phbportal.gateways.identity import SignInFailed


def failure_words(failure: SignInFailed, reference: str) -> tuple[str, str, int]:
    """Heading, sentence and status."""
    reason = failure.reason_code
    if failure.is_outage or reason == "provider.error":
        return (
            "Sign-in is not available at the moment",
            "The service that checks who you are did not answer. Try again later.",
            503,
        )
    if reason == "provider.access_denied":
        return (
            "You cannot continue without sharing your information",
            "You said no to sharing your information, so we could not sign you in.",
            200,
        )
    if reason in ("flow.state", "flow.browser", "flow.expired", "flow.replayed", "flow.busy"):
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
    if reason.startswith("identity."):
        return (
            "We cannot find you",
            "We cannot find a personal health budget or an account for you. Contact your personal health budget "
            "team, or your administrator if you work for the NHS.",
            403,
        )
    return (
        "We could not sign you in",
        f"Try again. If it keeps happening, contact the personal health budget team and quote {reference}.",
        400,
    )
