"""What the development provider answers at each of its six endpoints, and what it remembers between them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from joserfc.jwk import RSAKey
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, QueryParams
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

from phbportal.sign_in.development_provider.clients import ClientDesk, DevClient
from phbportal.sign_in.development_provider.faults import USERINFO_FAULTS, Control, half_hash, signed
from phbportal.sign_in.development_provider.pages import DevPerson, people_page, problem_page
from phbportal.sign_in.development_provider.parts import Part

CODE_SECONDS = 60
TOKEN_SECONDS = 300
_PARAMETERS = (
    "client_id",
    "redirect_uri",
    "response_type",
    "scope",
    "state",
    "nonce",
    "code_challenge",
    "code_challenge_method",
    "prompt",
    "vtr",
    "acr_values",
    "claims",
    "max_age",
    "login_hint",
    "id_token_hint",
    "ui_locales",
)


@dataclass(frozen=True, slots=True)
class _Grant:
    person: DevPerson
    client_id: str
    redirect_uri: str
    nonce: str
    challenge: str
    at: float
    asked: Mapping[str, str]


class Desk:
    """The provider's memory and its six answers."""

    def __init__(
        self,
        people: Callable[[], Sequence[DevPerson]],
        issuer: str,
        clock: Callable[[], datetime],
        clients: Sequence[DevClient],
        part: Part,
    ) -> None:
        self._part = part
        self.control = Control(_new_key)
        self._people, self._issuer, self._clock = people, issuer, clock
        self._clients = ClientDesk(clients, (issuer, f"{issuer}/token"), self._now)
        self._grants: dict[str, _Grant] = {}
        self._access: dict[str, _Grant] = {}

    def answering(
        self, name: str, handler: Callable[[Request], Awaitable[Response]]
    ) -> Callable[[Request], Awaitable[Response]]:
        """``handler``, counted, and late or absent where a fault says so."""

        async def answer(request: Request) -> Response:
            self.control.requests[name] += 1
            if "slow" in self.control.faults:
                await asyncio.sleep(self.control.slow_seconds)
            if f"{name}_down" in self.control.faults:
                return PlainTextResponse("down on purpose", 503)
            return await handler(request)

        return answer

    async def discovery(self, _: Request) -> Response:
        """OIDC Discovery 1.0."""
        faults, issuer = self.control.faults, self._issuer
        unsigned = ["none"] if "discovery_none" in faults else []
        return JSONResponse(
            {
                "issuer": "https://somebody-else.example" if "discovery_issuer" in faults else issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{issuer}/token",
                "userinfo_endpoint": f"{issuer}/userinfo",
                "jwks_uri": f"{issuer}/jwks",
                **({"end_session_endpoint": f"{issuer}/end-session"} if self._part.signs_out else {}),
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "scopes_supported": ["openid", "profile", "email"],
                "id_token_signing_alg_values_supported": [self._part.alg, *unsigned],
                "token_endpoint_auth_methods_supported": ["private_key_jwt", "client_secret_basic"],
                "token_endpoint_auth_signing_alg_values_supported": ["ES256", "PS256", "RS256", "RS512"],
                "code_challenge_methods_supported": ["S256"],
                "authorization_response_iss_parameter_supported": self._part.sends_iss,
            }
        )

    async def jwks(self, _: Request) -> Response:
        """The public keys, and on request one of a kind nobody knows yet."""
        keys = [key.as_dict(private=False, use="sig", alg=self._part.alg) for key in self.control.keys]
        unknown = [{"kty": "AKP", "kid": "lattice", "alg": "ML-DSA-44", "pub": "AAAA"}]
        return JSONResponse({"keys": (unknown if "jwks_unknown_kty" in self.control.faults else []) + keys})

    async def authorize(self, request: Request) -> Response:
        """GET paints the list of people, POST takes the choice and goes back to the client with a code."""
        self.control.requests["authorize"] += 1
        sent: FormData | QueryParams = await request.form() if request.method == "POST" else request.query_params
        asked = {name: str(sent[name]) for name in _PARAMETERS if name in sent}
        client = self._clients.named(asked.get("client_id", ""))
        if client is None or asked.get("redirect_uri") not in client.redirect_uris:  # exact, or not at all
            return problem_page(
                "The service that sent you here is not registered with this sign-in, or asks to be answered elsewhere."
            )
        if any(len(sent.getlist(name)) > 1 for name in _PARAMETERS):
            return problem_page("The service that sent you here said the same thing twice.")
        if error := _wrong_request(asked) or self._part.wrong_request(asked):
            return self._back(asked, error=error)
        if request.method == "GET":
            everyone = await run_in_threadpool(self._people)
            action = f"{self._issuer}/authorize"
            return people_page(everyone, action=action, asked=asked, redirect_uris=client.redirect_uris)
        if "refuse" in sent:
            return self._back(asked, **self._part.said_no())
        everyone = await run_in_threadpool(self._people)
        chosen = next((person for person in everyone if person.subject == sent.get("person")), None)
        if chosen is None:
            return problem_page("That person is no longer on the list. Go back and choose again.")
        return self._back(asked, code=self._grant_code(chosen, asked))

    async def token(self, request: Request) -> Response:
        """Trades a code for tokens, once, within a minute, to the client that has the verifier."""
        form = await request.form()
        sent = {name: str(value) for name, value in form.items()}
        grant = self._grants.pop(sent.get("code", ""), None)  # spent by the first attempt, right or wrong
        client = self._clients.authenticated(sent, request.headers.get("authorization", ""))
        if client is None:
            return _error("invalid_client", 401)
        if sent.get("grant_type") != "authorization_code":
            return _error("unsupported_grant_type")
        if grant is None or grant.client_id != client.client_id or self._now() - grant.at > CODE_SECONDS:
            return _error("invalid_grant")
        if (
            sent.get("redirect_uri") != grant.redirect_uri
            or _challenge(sent.get("code_verifier", "")) != grant.challenge
        ):
            return _error("invalid_grant")
        return JSONResponse(self._tokens(grant), headers={"Cache-Control": "no-store"})

    async def userinfo(self, request: Request) -> Response:
        """Name and claims of whoever the bearer token is for."""
        scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
        grant = self._access.get(bearer) if scheme.lower() == "bearer" else None
        if grant is None or self._now() - grant.at > TOKEN_SECONDS or "userinfo_401" in self.control.faults:
            return _error("invalid_token", 401)
        subject = "somebody-else" if "userinfo_sub" in self.control.faults else self._part.subject(grant.person)
        claims = self._part.userinfo(grant.person)
        for name in self.control.faults & USERINFO_FAULTS.keys():
            USERINFO_FAULTS[name](claims)
        return JSONResponse({**claims, "sub": subject})

    async def end_session(self, request: Request) -> Response:
        """OIDC RP-Initiated Logout 1.0: back to where the client is registered to go on. Whom one was is asked anew at
        every sign-in here, so there is nothing else to forget."""
        sent = request.query_params
        client, to = self._clients.named(sent.get("client_id", "")), sent.get("post_logout_redirect_uri", "")
        if not self._part.signs_out or client is None or to not in client.signed_out_uris:
            return problem_page("The service that sent you here is not registered to sign you out, or to go on there.")
        state = f"?{urlencode({'state': sent['state']})}" if "state" in sent else ""
        return RedirectResponse(f"{to}{state}", 303, headers={"Cache-Control": "no-store"})

    def _now(self) -> float:
        return self._clock().timestamp()

    def _grant_code(self, person: DevPerson, asked: Mapping[str, str]) -> str:
        code, now = secrets.token_urlsafe(32), self._now()
        self._grants = {old: grant for old, grant in self._grants.items() if now - grant.at <= CODE_SECONDS}
        self._grants[code] = _Grant(
            person, asked["client_id"], asked["redirect_uri"], asked["nonce"], asked["code_challenge"], now,
            dict(asked),
        )  # fmt: skip
        return code

    def _tokens(self, grant: _Grant) -> dict[str, object]:
        access_token, now, faults = secrets.token_urlsafe(32), self._now(), self.control.faults
        self._access = {old: kept for old, kept in self._access.items() if now - kept.at <= TOKEN_SECONDS}
        self._access[access_token] = replace(grant, at=now)
        claims: dict[str, Any] = {
            "iss": self._issuer,
            "sub": self._part.subject(grant.person),
            "aud": grant.client_id,
            "iat": int(now),
            "exp": int(now) + TOKEN_SECONDS,
            "auth_time": int(grant.at),
            "nonce": grant.nonce,
            "sid": secrets.token_hex(16),
            "at_hash": half_hash(access_token, self._part.alg),
        }
        # A person's claims fill up what every token has; ... in a part's takes one out again.
        own = self._part.id_token(grant.person, grant.asked)
        claims = {name: value for name, value in {**own, **claims}.items() if own.get(name) is not ...}
        header = self._part.header(claims, self.control.key.kid or "")
        answer: dict[str, object] = {"access_token": access_token, "token_type": "Bearer", "expires_in": TOKEN_SECONDS}
        if "access_token_as_id_token" in faults:
            return answer | {"id_token": access_token}
        if "no_id_token" in faults:
            return answer
        return answer | {"id_token": signed(claims, header, key=self.control.key, faults=faults, new_key=_new_key)}

    def _back(self, asked: Mapping[str, str], **answer: str) -> Response:
        """To the client's redirect address with state and, as RFC 9207 wants, our own name."""
        if self._part.sends_iss and "redirect_iss_missing" not in self.control.faults:
            answer["iss"] = "https://somebody-else.example" if "redirect_iss" in self.control.faults else self._issuer
        if "state" in asked:
            answer["state"] = asked["state"]
        return RedirectResponse(
            f"{asked['redirect_uri']}?{urlencode(answer)}", 303, headers={"Cache-Control": "no-store"}
        )


def _wrong_request(asked: Mapping[str, str]) -> str:
    """The OAuth error code of a request we do not serve, or nothing."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if "openid" not in asked.get("scope", "").split():
        return "invalid_scope"
    if (
        asked.get("code_challenge_method") != "S256"
        or len(asked.get("code_challenge", "")) != 43
        or not asked.get("nonce")
    ):
        return "invalid_request"
    return "login_required" if asked.get("prompt") == "none" else ""


def _challenge(verifier: str) -> str:
    """S256 of RFC 7636; a verifier of the wrong length matches nothing."""
    if not 43 <= len(verifier) <= 128:
        return ""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, parameters={"kid": secrets.token_hex(8)})


def _error(code: str, status: int = 400) -> Response:
    return JSONResponse({"error": code}, status, headers={"Cache-Control": "no-store"})
