"""Reading the small forms of ``/auth``: a few fields, never a file."""

from __future__ import annotations

from urllib.parse import parse_qsl

from starlette.requests import ClientDisconnect, Request

MOST_BYTES = 16_384
MOST_FIELDS = 20


async def small_form(request: Request) -> dict[str, str]:
    """The fields of a form as browsers send it. Anything else, too long or said twice reads as an empty form.

    Starlette's own reader takes files too and spools them to disk, however big they are.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/x-www-form-urlencoded":
        return {}
    body = b""
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > MOST_BYTES:
                return {}
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except (ClientDisconnect, ValueError):
        return {}
    return dict(pairs) if len({name for name, _ in pairs}) == len(pairs) else {}
