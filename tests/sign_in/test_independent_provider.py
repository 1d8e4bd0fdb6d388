"""The starred negative tests and every journey once more, against a provider nobody here wrote: npm oidc-provider,
certified by the OpenID Foundation. What only our own development provider agreed to would show here."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import httpx2
import pytest
from joserfc.jwk import ECKey
from sqlmodel import col

from phbportal.gateways.identity import OidcClient, Provider
from phbportal.gateways.identity.assertion import OneMinuteAssertion
from phbportal.tables.sessions import SignInSession
from phbportal.tables.users import Identity
from tests.support import oidc_provider
from tests.support.portal import Browser, Portal
from tests.support.ports import free_port

pytestmark = pytest.mark.usefixtures("tidy")
STAFF_CLAIMS = {
    "acr": "AAL2_OR_AAL3_ANY", "authentication_assurance_level": "3", "id_assurance_level": "3",
    "selected_roleid": "1-1", "nhsid_nrbac_roles": [{"person_roleid": "1-1", "org_code": "QT1"}],
}  # fmt: skip
HOLDER_CLAIMS = {
    "vot": "P9.Cp.Cd", "vtm": "https://example.org", "nhs_number": "9990000069", "birthdate": "1961-02-03",
    "family_name": "Verity",
}  # fmt: skip
# name: shape, audience, algorithm, claims
KINDS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "certified": ("generic", "staff", "ES256", {"name": "Somebody"}),
    "certified-cis2": ("cis2", "staff", "RS256", STAFF_CLAIMS),
    "certified-nhs": ("nhs_login", "holder", "RS512", HOLDER_CLAIMS),
}
WHO = {"certified": "cm", "certified-cis2": "555000000022", "certified-nhs": "a-holder"}
NAMES = tuple(KINDS)


@dataclass
class Visitor:
    """A browser at the independent providers: keeps their cookies, follows them until they send it back to us."""

    portal: Portal
    http: httpx2.Client = field(default_factory=lambda: httpx2.Client(trust_env=False, timeout=20))

    def choose(self, asked: str, person: str) -> str:
        """Sign in there as somebody ("" says no): the address of ours the browser is sent back to."""
        url = asked
        for _ in range(8):
            answer = self.http.get(url)
            assert "location" in answer.headers, answer.text
            url = urljoin(url, answer.headers["location"])
            if url.startswith(self.portal.origin):
                return url
            if "/interaction/" in url:
                url += "?" + urlencode({"person": person})
        raise AssertionError("the provider never sent the browser back")

    def end_session(self, url: str) -> str:
        """Sign out there, pressing Yes: where the browser is sent then."""
        page = self.http.get(url)
        assert page.status_code == 200, page.text
        action = re.search(r'action="([^"]+)"', page.text)
        secret = re.search(r'name="xsrf" value="([^"]+)"', page.text)
        assert action, page.text
        assert secret, page.text
        answer = self.http.post(action[1], data={"xsrf": secret[1], "logout": "yes"})
        return answer.headers["location"]


@dataclass
class Independent:
    """The providers as clients of the hall, and the browsers at them."""

    portal: Portal
    visitors: list[Visitor] = field(default_factory=list)

    def visitor(self) -> Visitor:
        self.visitors.append(Visitor(self.portal))
        return self.visitors[-1]

    def client(self, name: str) -> OidcClient:
        return self.portal.hall.clients[name]

    def arrive(self, name: str, browser: Browser, visitor: Visitor | None = None, person: str | None = None) -> str:
        """The address a browser comes back to, not yet gone to."""
        asked = browser.leave(provider=name)
        return (visitor or self.visitor()).choose(asked, WHO[name] if person is None else person)

    def signed_in(self, name: str, visitor: Visitor | None = None) -> Browser:
        browser = self.portal.browser()
        answer = browser.get(self.arrive(name, browser, visitor))
        assert answer.status_code == 303, answer.text
        return browser


@pytest.fixture(scope="module")
def independent(portal: Portal) -> Iterator[Independent]:
    hall = portal.hall
    before, clients, asked = hall.clients, {}, []
    for name, (shape, audience, alg, claims) in KINDS.items():
        key, port = ECKey.generate_key("P-256", auto_kid=True), free_port()
        provider = Provider(
            name=name, shape=shape, title=name, known_as=name, audience=(audience,), issuer=f"http://localhost:{port}",
            client_id=f"phb-{name}", signing_alg="ES256", id_token_algs=(alg,), scopes=("openid", "all"),
            levels={"nhs_login": ("P9.Cp.Cd", "P9.Cm"), "cis2": ("AAL2_OR_AAL3_ANY",)}.get(shape, ()),
        )  # fmt: skip
        clients[name] = OidcClient(provider, clock=hall.now, key=key)
        public = key.as_dict(private=False, alg="ES256", use="sig", kid=key.kid)
        asked.append(
            {"name": name, "port": port, "alg": alg, "claims": claims,
             "client": {"id": provider.client_id, "key": public}}
        )  # fmt: skip
    with oidc_provider.running(asked, portal.origin):
        hall.clients = {**before, **clients}
        with portal.world.unit(portal.world.admin, now=datetime.now(UTC)) as uow:
            for name in NAMES[:2]:
                issuer = clients[name].provider.issuer
                uow.add(Identity, user_id=portal.world.cm.user_id, provider=name, issuer=issuer, subject=WHO[name])
        portal.new_person("Hal", "Verity", "9990000069")
        made = Independent(portal)
        yield made
        hall.clients = before
        for visitor in made.visitors:
            visitor.http.close()


def changed(url: str, **changes: str | None) -> str:
    """``url`` with parameters changed; None leaves one out."""
    parts = urlsplit(url)
    query: dict[str, str | None] = {name: values[0] for name, values in parse_qs(parts.query).items()}
    kept = {name: value for name, value in {**query, **changes}.items() if value is not None}
    return urlunsplit(parts._replace(query=urlencode(kept)))


def parameter(url: str, name: str) -> str:
    return parse_qs(urlsplit(url).query)[name][0]


@pytest.mark.parametrize("name", NAMES)
def test_somebody_signs_in_with_each_shape(independent: Independent, name: str) -> None:
    browser = independent.signed_in(name)
    (row,) = independent.portal.rows(SignInSession, col(SignInSession.handle) == browser.handle())
    assert row.provider == name
    assert row.assurance == {"certified-nhs": "P9.Cp.Cd", "certified-cis2": "AAL2_OR_AAL3_ANY"}.get(name, "")
    assert row.op_sid


def test_a_step_up_asks_again_and_says_when(independent: Independent) -> None:
    """prompt=login and max_age=0: the person is asked although they are still signed in there."""
    portal, visitor = independent.portal, independent.visitor()
    independent.signed_in("certified", visitor)
    client, browser = independent.client("certified"), portal.browser()
    once_more = visitor.http.get(browser.leave(provider="certified"))
    assert "/interaction/" not in once_more.headers["location"]
    asked = changed(browser.leave(provider="certified"), **client.asks(step_up=True).parameters)
    assert "/interaction/" in visitor.http.get(asked).headers["location"]


def test_somebody_who_says_no_is_told_what_that_means(independent: Independent) -> None:
    browser = independent.portal.browser()
    with independent.portal.refused("provider.access_denied"):
        answer = browser.get(independent.arrive("certified-nhs", browser, person=""))
    assert "You cannot continue without sharing your information" in answer.text


def test_n01_the_same_callback_twice_is_refused(independent: Independent) -> None:
    browser = independent.portal.browser()
    address, flow = independent.arrive("certified", browser), browser.cookies["__Host-phb-flow"]
    assert browser.get(address).status_code == 303
    browser.cookies["__Host-phb-flow"] = flow
    with independent.portal.refused("flow.replayed"):
        assert browser.get(address).status_code == 400


def test_n02_n03_a_callback_in_another_browser_is_refused(independent: Independent) -> None:
    portal = independent.portal
    attackers = independent.arrive("certified", portal.browser())
    for victim in (portal.browser(), portal.browser()):
        own = independent.arrive("certified", victim)
        with portal.refused("flow.browser"):
            assert victim.get(attackers).status_code == 400
        assert victim.get(own).status_code == 303
    with portal.refused("flow.browser"):
        assert portal.browser().get(attackers).status_code == 400


def test_n04_the_answer_of_one_provider_is_nothing_to_the_callback_of_another(independent: Independent) -> None:
    browser = independent.portal.browser()
    address = independent.arrive("certified", browser)
    with independent.portal.refused("flow.state"):
        other = address.replace("/callback/certified?", "/callback/certified-cis2?")
        assert browser.get(other).status_code == 400


@pytest.mark.parametrize(
    ("number", "issuer"), [("n05", "another"), ("n05", "https://somebody-else.example"), ("n06", None)]
)
def test_n05_n06_the_issuer_in_the_answer_must_be_there_and_be_the_providers(
    independent: Independent, number: str, issuer: str | None
) -> None:
    browser = independent.portal.browser()
    address = independent.arrive("certified", browser)
    assert parameter(address, "iss") == independent.client("certified").provider.issuer
    issuer = independent.client("certified-cis2").provider.issuer if issuer == "another" else issuer
    with independent.portal.refused("flow.iss"):
        assert browser.get(changed(address, iss=issuer)).status_code == 400


@pytest.mark.parametrize("name", ["state", "code", "iss", "error"])
def test_n07_a_parameter_given_twice_is_refused(independent: Independent, name: str) -> None:
    browser = independent.portal.browser()
    with independent.portal.refused("flow.duplicate"):
        assert browser.get(f"{independent.arrive('certified', browser)}&{name}=a&{name}=b").status_code == 400


def test_n08_a_victims_code_in_the_attackers_flow_is_refused(independent: Independent) -> None:
    portal, attacker = independent.portal, independent.portal.browser()
    victims, own = independent.arrive("certified", portal.browser()), independent.arrive("certified", attacker)
    with portal.refused("token.exchange"):
        assert attacker.get(changed(own, code=parameter(victims, "code"))).status_code == 400


def test_n08b_an_altered_code_is_refused(independent: Independent) -> None:
    browser = independent.portal.browser()
    address = independent.arrive("certified", browser)
    with independent.portal.refused("token.exchange"):
        assert browser.get(changed(address, code=parameter(address, "code")[:-2] + "xx")).status_code == 400


def test_n70_a_vector_of_trust_that_was_not_asked_for_is_refused(independent: Independent) -> None:
    client, browser = independent.client("certified-nhs"), independent.portal.browser()
    before = client.provider
    client.provider = replace(before, levels=("P9.Cm",))
    try:
        with independent.portal.refused("assurance.low"):
            assert browser.get(independent.arrive("certified-nhs", browser)).status_code == 403
    finally:
        client.provider = before


def test_n72_an_assertion_is_good_once_and_at_one_provider(independent: Independent) -> None:
    first, second = independent.client("certified"), independent.client("certified-cis2")

    def error(client: OidcClient, assertion: str) -> str:
        form = {
            "grant_type": "authorization_code", "code": "x", "redirect_uri": "https://portal.example",
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion, "client_id": client.provider.client_id,
        }  # fmt: skip
        with httpx2.Client(trust_env=False) as http:
            return http.post(f"{client.provider.issuer}/token", data=form).json()["error"]

    def assertion(client: OidcClient, signer: OidcClient) -> str:
        made = OneMinuteAssertion(client.provider, signer._secret, independent.portal.clock)
        return made.sign(None, f"{client.provider.issuer}/token")

    assert error(second, assertion(second, first)) == "invalid_client"  # in its name, by the key of the other
    good = assertion(first, first)
    assert error(first, good) == "invalid_grant"  # proved, but the code is nobody's
    assert error(first, good) == "invalid_client"


def test_signing_out_here_goes_on_to_sign_out_there_and_comes_back(independent: Independent) -> None:
    """No name, number or token is in the address on the way."""
    portal, visitor = independent.portal, independent.visitor()
    browser = independent.signed_in("certified", visitor)
    answer = browser.post("/auth/logout", {"csrf": browser.csrf()})
    page = browser.get(answer.headers["location"])
    seconds, _, address = page.headers["refresh"].partition("; url=")
    assert int(seconds) <= 1
    assert set(parse_qs(urlsplit(address).query)) == {"client_id", "post_logout_redirect_uri", "state"}
    assert 'class="nhsuk-button"' in page.text
    back = visitor.end_session(address)
    assert back.partition("?")[0] == f"{portal.origin}/auth/signed-out"
    last = browser.get(back)
    assert (last.status_code, "refresh" in last.headers) == (200, False)
    assert "You have been signed out" in last.text
    assert "still be signed in" not in last.text
    assert "still be signed in" in browser.get(back).text  # an address that was kept says nothing of that sign-out
    assert "/interaction/" in visitor.http.get(browser.leave(provider="certified")).headers["location"]


def test_signing_out_there_signs_out_here_and_only_in_that_browser(independent: Independent) -> None:
    """Back-channel, by the provider's own logout token, to a page that is open."""
    portal = independent.portal
    one, other = independent.visitor(), independent.visitor()
    browser, elsewhere = independent.signed_in("certified-cis2", one), independent.signed_in("certified-cis2", other)
    handle, page = browser.handle(), browser.page()
    with portal.door() as events:
        one.end_session(f"{independent.client('certified-cis2').provider.issuer}/session/end")
        assert set(page.wait_for_the_end().redirects) == {"/auth/signed-out"}  # the watch over sessions may be as quick
    assert [(e.kind, e.outcome, e.session_handle) for e in events] == [("back_channel", "allowed", handle)]
    assert browser.get("/auth/session").status_code == 401
    assert elsewhere.get("/auth/session").status_code == 200
