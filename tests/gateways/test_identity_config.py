"""The providers file: what is accepted, and that everything wrong is named at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from joserfc.jwk import ECKey, RSAKey

from phbportal.domain.errors import Refusal
from phbportal.gateways.identity import check_development_only, load_providers

GENERIC = """
[providers.example]
shape = "generic"
title = "Example sign-in"
audience = ["organisation"]
issuer = "https://id.example.org"
client_id = "phbportal"
key_file = "example.pem"
id_token_algs = ["RS256"]
"""
KEY = RSAKey.generate_key(2048).as_pem(private=True)


def write_key(path: Path, pem: bytes = KEY, mode: int = 0o600) -> None:
    path.write_bytes(pem)
    path.chmod(mode)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_key(tmp_path / "example.pem")
    return tmp_path


def load(folder: Path, text: str):
    (folder / "providers.toml").write_text(text, encoding="utf-8")
    return load_providers(folder / "providers.toml")


def sentences(folder: Path, text: str) -> list[str]:
    with pytest.raises(Refusal) as refusal:
        load(folder, text)
    return [problem.sentence for problem in refusal.value.problems]


def test_a_provider_with_only_what_is_needed_gets_the_safe_choices(folder: Path):
    provider = load(folder, GENERIC)["example"]
    assert (provider.pkce, provider.auth_method, provider.assertion_audience) == (
        True,
        "private_key_jwt",
        "token_endpoint",
    )
    assert provider.key_file == folder / "example.pem"
    assert provider.id_token_algs == ("RS256",)
    assert provider.iss_param_required is None


def test_everything_that_can_be_said_is_read(folder: Path):
    write_key(folder / "ec.pem", ECKey.generate_key("P-256").as_pem(private=True))
    text = """
        [providers.nhs-login]
        shape = "nhs_login"
        title = "NHS login"
        audience = ["holder"]
        issuer = "https://auth.example.nhs.uk:443/"
        client_id = "phb"
        key_file = "ec.pem"
        key_id = "2026"
        signing_alg = "ES256"
        id_token_algs = ["RS512"]
        assertion_audience = "issuer"
        scopes = ["openid", "profile"]
        pkce = false
        userinfo = true
        iss_param_required = false
        id_token_max_age_seconds = 300
        auth_max_age_seconds = 3600
        vtr = ["P9.Cp.Cd", "P9.Cm"]
        known_as = "NHS login here"
        logout_token_types = ["logout+jwt", "JWT"]
        [providers.nhs-login.authorize_params]
        allow_registration = "false"
        [providers.nhs-login.required_claims]
        identity_proofing_level = "P9"
        email_verified = true
    """
    provider = load(folder, text)["nhs-login"]
    assert provider.issuer == "https://auth.example.nhs.uk:443/"
    assert provider.required_claims == {"identity_proofing_level": ("P9",), "email_verified": (True,)}
    assert provider.authorize_params == {"allow_registration": "false"}
    assert (provider.levels, provider.known_as) == (("P9.Cp.Cd", "P9.Cm"), "NHS login here")
    assert provider.logout_token_types == ("logout+jwt", "JWT")
    assert (provider.pkce, provider.iss_param_required, provider.auth_max_age_seconds) == (False, False, 3600)


def test_a_client_secret_is_read_from_a_private_file(folder: Path):
    write_key(folder / "secret", b"a long enough secret\n")
    text = GENERIC.replace(
        'key_file = "example.pem"', 'auth_method = "client_secret_basic"\nclient_secret_file = "secret"'
    )
    assert load(folder, text)["example"].client_secret_file == folder / "secret"


def test_every_wrong_setting_is_named_at_once(folder: Path):
    text = """
        [providers.Wrong_Name]
        shape = "saml"
        audience = ["everybody"]
        issuer = "http://id.example.org?x=1"
        client_id = 7
        signing_alg = "HS256"
        id_token_algs = ["none", "RS256"]
        scopes = ["profile"]
        pkce = "no"
        secret = "hunter2"
        id_token_max_age_seconds = 86400
    """
    found = sentences(folder, text)
    for expected in (
        "Provider Wrong_Name has a name that cannot stand in an address. Use lower-case letters, digits and hyphens.",
        "Provider Wrong_Name: shape must be one of generic, nhs_login, cis2, entra, development.",
        "Provider Wrong_Name: title is not set.",
        "Provider Wrong_Name: audience has everybody. Choose from holder, organisation, staff.",
        "Provider Wrong_Name: issuer must be an address without ? or #, exactly as the provider states it.",
        "Provider Wrong_Name: client_id must be a text.",
        "Provider Wrong_Name: id_token_algs has none. "
        "Choose from RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, ES512.",
        "Provider Wrong_Name: scopes must include openid.",
        "Provider Wrong_Name: pkce must be true or false.",
        "Provider Wrong_Name: key_file is not set. It is needed for private_key_jwt.",
        "Provider Wrong_Name: secret is not a setting the portal knows.",
        "Provider Wrong_Name: id_token_max_age_seconds must be a whole number of seconds from 1 to 600.",
    ):
        assert expected in found
    assert not any("hunter2" in sentence for sentence in found)


def test_problems_of_two_providers_are_named_together(folder: Path):
    second = GENERIC.replace("providers.example", "providers.second").replace("https://", "http://")
    found = sentences(folder, GENERIC.replace('client_id = "phbportal"\n', "") + second)
    assert "Provider example: client_id is not set." in found
    assert "Provider second: issuer must begin with https://." in found


def test_two_providers_may_not_share_a_key(folder: Path):
    write_key(folder / "copy.pem")
    second = GENERIC.replace("providers.example", "providers.second").replace("example.pem", "copy.pem")
    assert sentences(folder, GENERIC + second) == [
        "Providers example and second use the same key. Make one key for each."
    ]


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_a_key_others_can_read_is_refused(folder: Path, mode: int):
    (folder / "example.pem").chmod(mode)
    assert sentences(folder, GENERIC) == [
        "Provider example: key_file can be read by other users. Make it private with: chmod 600."
    ]


def test_a_key_that_is_not_there_is_named(folder: Path):
    (folder / "example.pem").unlink()
    assert sentences(folder, GENERIC) == [
        "Provider example: key_file names a file that does not exist or cannot be read."
    ]


@pytest.mark.parametrize(
    "pem",
    [
        b"",
        b"not a key",
        RSAKey.import_key(KEY).as_pem(private=False),
        RSAKey.import_key(KEY).as_pem(private=True, password="hush"),
        ECKey.generate_key("P-256").as_pem(private=True),
    ],
    ids=["empty", "junk", "public", "encrypted", "other-kind"],
)
def test_a_file_that_holds_no_fitting_key_is_refused(folder: Path, pem: bytes):
    write_key(folder / "example.pem", pem)
    (found,) = sentences(folder, GENERIC)
    assert found.startswith("Provider example: key_file does not hold a private RSA key in PEM for PS256")


def test_a_key_of_the_wrong_curve_is_refused(folder: Path):
    write_key(folder / "example.pem", ECKey.generate_key("P-384").as_pem(private=True))
    (found,) = sentences(folder, GENERIC + 'signing_alg = "ES256"\n')
    assert "does not hold a private EC key in PEM for ES256" in found


def test_an_empty_client_secret_is_refused(folder: Path):
    write_key(folder / "secret", b"\n")
    text = GENERIC + 'auth_method = "client_secret_basic"\nclient_secret_file = "secret"\n'
    assert sentences(folder, text) == ["Provider example: client_secret_file names an empty file."]


@pytest.mark.parametrize("name", ["redirect_uri", "state", "nonce", "response_mode", "request", "code_challenge"])
def test_the_portals_own_parameters_cannot_be_replaced(folder: Path, name: str):
    text = f'{GENERIC}[providers.example.authorize_params]\n{name} = "x"\n'
    assert sentences(folder, text) == [
        f"Provider example: authorize_params may not set {name}: the portal sets that itself."
    ]


NHS_LOGIN = (
    GENERIC.replace('"generic"', '"nhs_login"')
    .replace('["organisation"]', '["holder"]')
    .replace("Example sign-in", "Continue to NHS login")
)
CIS2 = GENERIC.replace('"generic"', '"cis2"').replace('["organisation"]', '["staff"]')
TENANT = "37c354b2-0000-4000-8000-07b48d774ee3"
ENTRA = (
    CIS2.replace('"cis2"', '"entra"').replace(
        "https://id.example.org", f"https://login.microsoftonline.com/{TENANT}/v2.0"
    )
    + f'tenant = "{TENANT}"\napp_roles = ["Portal.User"]\n'
)


def test_each_shape_has_the_safe_choices_of_its_own(folder: Path):
    for text in (NHS_LOGIN, CIS2, ENTRA):  # with only what each must say
        load(folder, text)
    nhs_login = load(folder, NHS_LOGIN.replace('id_token_algs = ["RS256"]\n', ""))["example"]
    assert nhs_login.levels == ("P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm")
    assert (nhs_login.signing_alg, nhs_login.id_token_algs) == ("RS512", ("RS512",))
    cis2 = load(folder, CIS2)["example"]
    assert (cis2.levels, cis2.least_authentication_level, cis2.least_identity_level) == (("AAL2_OR_AAL3_ANY",), 2, 3)
    assert {"nationalrbacaccess", "selectedrole"} <= set(cis2.scopes)
    entra = load(folder, ENTRA)["example"]
    assert (entra.subject_claims, entra.userinfo, entra.account_type_needed) == (("tid", "oid"), False, True)
    assert entra.step_up_levels == ()
    assert load(folder, ENTRA + 'step_up_context = "c12"\n')["example"].step_up_levels == ("c12",)


@pytest.mark.parametrize("vector", ["P5.Cp.Cd", "P0.Cp", "P9.Cp", "P9", "P9.Cd", "P9.Cp.Cx", "p9.cm", "P9.Cp.Cp"])
def test_nhs_login_may_not_be_asked_for_less_than_proved_identity_and_two_factors(folder: Path, vector: str):
    (found,) = sentences(folder, NHS_LOGIN + f'vtr = ["P9.Cm", "{vector}"]\n')
    assert found == f"Provider example: vtr has {vector}. Ask only for P9 with two factors, such as P9.Cp.Cd."


@pytest.mark.parametrize(
    ("text", "setting"),
    [
        (NHS_LOGIN.replace("NHS login", "NHS Login"), "title"),
        (NHS_LOGIN + "userinfo = false\n", "userinfo"),
        (NHS_LOGIN.replace('["holder"]', '["holder", "staff"]'), "audience"),
        (NHS_LOGIN + '[providers.example.authorize_params]\nmax_age = "0"\n', "authorize_params"),
        (NHS_LOGIN + '[providers.example.authorize_params]\nvtr = "[]"\n', "authorize_params"),
        (CIS2.replace('["staff"]', '["staff", "holder"]'), "audience"),
        (CIS2 + 'acr_values = ["AAL1_USERPASS"]\n', "acr_values"),
        (CIS2 + 'step_up_acr_values = ["AAL3_ANY AAL1_USERPASS"]\n', "step_up_acr_values"),
        (CIS2 + "least_authentication_level = 1\n", "least_authentication_level"),
        (CIS2 + "least_identity_level = 2\n", "least_identity_level"),
        (CIS2 + 'scopes = ["openid", "selectedrole"]\n', "scopes"),
        (CIS2 + 'vtr = ["P9.Cm"]\n', "vtr"),
        (ENTRA.replace(f'tenant = "{TENANT}"', 'tenant = "common"'), "tenant"),
        (ENTRA.replace(f"{TENANT}/v2.0", "common/v2.0"), "issuer"),
        (ENTRA.replace("/v2.0", "/v2.0/"), "issuer"),
        (ENTRA.replace('["Portal.User"]', "[]"), "app_roles"),
        (ENTRA + "userinfo = true\n", "userinfo"),
        (ENTRA + 'step_up_context = "c0"\n', "step_up_context"),
        (ENTRA + 'step_up_context = "c1 c2"\n', "step_up_context"),
        (ENTRA + '[providers.example.authorize_params]\nclaims = "{}"\n', "authorize_params"),
        (ENTRA + 'subject_claims = ["email"]\n', "subject_claims"),
        (GENERIC.replace('["organisation"]', '["holder"]'), "audience"),
    ],
)
def test_a_shape_may_not_be_weakened(folder: Path, text: str, setting: str):
    (found,) = sentences(folder, text)
    assert found.startswith(f"Provider example: {setting} ")


def test_only_a_developers_machine_may_have_its_providers_on_itself(folder: Path):
    text = NHS_LOGIN.replace("https://id.example.org", "http://localhost:8000/dev-idp/nhs-login")
    text = text.replace('key_file = "example.pem"\n', "")
    found = sentences(folder, text)
    assert "Provider example: issuer must begin with https://." in found
    path = folder / "providers.toml"
    assert load_providers(path, on_this_machine=True)["example"].is_local
    path.write_text(text.replace("localhost:8000", "phb.example.org"))
    with pytest.raises(Refusal, match="issuer must begin with https"):
        load_providers(path, on_this_machine=True)


@pytest.mark.parametrize("value", ["[]", '""', '[""]', "{}", "1.5"])
def test_a_required_claim_that_anything_would_meet_is_refused(folder: Path, value: str):
    (found,) = sentences(folder, f"{GENERIC}[providers.example.required_claims]\ntid = {value}\n")
    assert found.startswith("Provider example: required_claims.tid must be a text")


def test_proof_key_for_code_exchange_cannot_be_switched_off_for_a_generic_provider(folder: Path):
    assert sentences(folder, GENERIC + "pkce = false\n") == [
        "Provider example: pkce cannot be switched off for this shape."
    ]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The providers file names no provider. Add a table such as [providers.nhs-login]."),
        ("providers = 3", "The providers file names no provider. Add a table such as [providers.nhs-login]."),
        (GENERIC + "[other]\n", "The providers file has an unknown setting other."),
        ("providers.example = 3", "Provider example must be a table."),
        ("[providers", "The providers file is not valid TOML"),
    ],
)
def test_a_file_of_the_wrong_form_is_refused_in_a_sentence(folder: Path, text: str, sentence: str):
    assert any(found.startswith(sentence) for found in sentences(folder, text))


def test_a_missing_providers_file_is_refused(tmp_path: Path):
    with pytest.raises(Refusal, match="cannot be read"):
        load_providers(tmp_path / "nowhere.toml")


def test_the_development_shape_needs_no_key_but_must_stay_on_this_machine(folder: Path):
    text = GENERIC.replace('"generic"', '"development"').replace('key_file = "example.pem"\n', "")
    (found,) = sentences(folder, text)
    assert "must be on this machine" in found
    local = text.replace("https://id.example.org", "http://localhost:8000/dev-idp")
    assert load(folder, local)["example"].shape == "development"


@pytest.mark.parametrize("environment", ["development", "test"])
@pytest.mark.parametrize("origin", ["http://localhost:8000", "http://127.0.0.1:9400", "http://[::1]:80"])
def test_n77_the_development_sign_in_may_run_on_this_machine(environment: str, origin: str):
    assert check_development_only(environment, origin) is None


@pytest.mark.parametrize(
    ("environment", "origin"),
    [
        ("production", "http://localhost:8000"),
        ("", "http://localhost:8000"),
        ("PRODUCTION", "http://localhost:8000"),
        ("staging", "http://localhost:8000"),
        ("development", "https://phb.example.nhs.uk"),
        ("development", "http://0.0.0.0:8000"),
        ("development", "http://localhost.evil.example"),
        ("development", "http://127.0.0.1.evil.example"),
        ("development", "http://localhost@evil.example"),
        ("development", "http://10.0.0.5:8000"),
        ("development", "localhost:8000"),
        ("development", ""),
        ("development", "http://[::1"),
    ],
)
def test_n77_the_development_sign_in_refuses_production_and_other_machines(environment: str, origin: str):
    with pytest.raises(Refusal):
        check_development_only(environment, origin)


def test_n77_both_reasons_are_named_at_once():
    with pytest.raises(Refusal) as refusal:
        check_development_only("production", "https://phb.example.nhs.uk")
    assert [problem.field for problem in refusal.value.problems] == ["environment", "origin"]
