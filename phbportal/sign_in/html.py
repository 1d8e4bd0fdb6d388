"""Pages under ``/auth``, painted with Jinja2 and the same NHS styles; nothing here needs a script of ours but one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.responses import HTMLResponse, Response

from phbportal.built import asset_version, stylesheets
from phbportal.settings import Settings

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(),
    undefined=StrictUndefined,
)
_templates.globals.update(icon=lambda: f"/favicon.svg?v={asset_version('favicon.svg')}", stylesheets=stylesheets)


def page(settings: Settings, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """One page: NHS layout, brand from the settings, never stored by a browser."""
    html = _templates.get_template(template).render(
        brand=settings.brand, phone=settings.contact_phone, email=settings.contact_email, **values
    )
    return HTMLResponse(html, status, {"Cache-Control": "no-store", "Referrer-Policy": "no-referrer"})


def message(
    settings: Settings, title: str, *paragraphs: str, status: int = 200, again: str = "", button: str = "Try again"
) -> HTMLResponse:
    """A page that says one thing; ``again`` is where its button leads."""
    return page(settings, "message.html", status=status, title=title, paragraphs=paragraphs, again=again, button=button)


def form_page(settings: Settings, template: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """A page with a form to ourselves. From a page that says no-referrer, browsers send it with ``Origin: null``."""
    response = page(settings, template, status=status, **values)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


def onward(settings: Settings, left: Response) -> Response:
    """A page between a form of ours and a redirect to somebody else's address: browsers hold all that a form leads to
    against "form-action 'self'", and would stop it. An answer that is no redirect stays as it is."""
    if "location" not in left.headers:
        return left
    address = left.headers["location"]
    between = message(
        settings, "You are being taken to where you sign in", "If nothing happens, choose Continue.", again=address,
        button="Continue",
    )  # fmt: skip
    between.headers["Refresh"] = f"0; url={address}"
    between.raw_headers += [header for header in left.raw_headers if header[0] == b"set-cookie"]
    return between


def not_found(settings: Settings) -> HTMLResponse:
    return message(settings, "Page not found", "Check the address.", status=404)


def too_many(settings: Settings) -> HTMLResponse:
    return message(settings, "Too many tries", "Wait a minute, then try again.", status=429)


def unavailable(settings: Settings, *, again: str) -> HTMLResponse:
    """The database does not answer."""
    return message(
        settings, "The portal is not available", "Nothing you saved is lost. Try again in a few minutes.", status=503,
        again=again,
    )  # fmt: skip
