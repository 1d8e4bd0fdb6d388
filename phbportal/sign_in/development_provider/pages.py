"""The two pages of the development provider. No scripts; the look is the portal's own css."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, slots=True)
class DevPerson:
    """Somebody to sign in as, under the heading ``role_words``; ``claims`` go into ID token and userinfo."""

    subject: str
    name: str
    role_words: str
    note: str = ""
    claims: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))


def people_page(
    everyone: Sequence[DevPerson], *, action: str, asked: Mapping[str, str], redirect_uris: Sequence[str]
) -> HTMLResponse:
    """One button a person, under headings by role, in the order given; ``asked`` rides along as hidden fields."""
    groups: dict[str, list[DevPerson]] = {}
    for person in everyone:
        groups.setdefault(person.role_words, []).append(person)
    return _html("devidp_people.html", 200, redirect_uris, groups=groups, asked=asked, action=action)


def problem_page(sentence: str) -> HTMLResponse:
    """For requests that cannot be answered to the client, because it is not known who or where that is."""
    return _html("devidp_problem.html", 400, (), sentence=sentence)


def _html(template: str, status: int, redirect_uris: Sequence[str], **values: object) -> HTMLResponse:
    # The form's answer redirects to the client, which browsers count as a target of the form as well.
    targets = sorted({"{0.scheme}://{0.netloc}".format(urlsplit(uri)) for uri in redirect_uris})
    form_action = " ".join(["form-action 'self'", *targets])
    headers = {
        "Content-Security-Policy": f"default-src 'self'; {form_action}; base-uri 'none'; frame-ancestors 'none'",
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",  # no-referrer would send the form's Origin as null
        "X-Content-Type-Options": "nosniff",
    }
    return HTMLResponse(_templates.get_template(template).render(**values), status, headers)
