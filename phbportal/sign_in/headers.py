"""Security headers (security.md §4.4): a strict content security policy with the hashes of the built pages' scripts."""

from __future__ import annotations

from functools import lru_cache

from phbportal.built import cache_control
from phbportal.sign_in.hall import Hall

_ALWAYS = (
    ("X-Content-Type-Options", "nosniff"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ("X-Frame-Options", "DENY"),
)


@lru_cache(maxsize=2)
def content_security_policy(script_hashes: tuple[str, ...]) -> str:
    """Scripts of ours by origin or hash only; styles may be inline (React sets them); nothing from elsewhere."""
    scripts = " ".join(("'self'", *script_hashes))
    return (
        f"default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; "
        "form-action 'self'"
    )


def page_headers(hall: Hall, path: str, content_type: str, query: str = "", status: int = 200) -> list[tuple[str, str]]:
    """The headers of one answer."""
    found = [*_ALWAYS, ("Referrer-Policy", "no-referrer" if path.startswith("/auth") else "same-origin")]
    if hall.settings.public_origin.startswith("https://"):
        found.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    found.append(("Content-Security-Policy", content_security_policy(hall.script_hashes())))
    kept = "no-store" if "html" in content_type else cache_control(path, query, status)
    found.append(("Cache-Control", kept))
    return found
