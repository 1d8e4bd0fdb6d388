"""Building and serving the pages."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import json
import re
from pathlib import Path

import pytest
from reflex.compiler.templates import document_root_template
from reflex_base.constants import Templates

from phbportal import frontend
from phbportal.built import ROOT, Built, asset_version, built, cache_control, straight_to_pages, stylesheets
from phbportal.ui import shell
from phbportal.ui.styles import own_origin_only


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "phbportal").mkdir()
    (tmp_path / "phbportal" / "pages.py").write_text("x = 1\n")
    (tmp_path / "assets").mkdir()
    (tmp_path / "reflex.lock").mkdir()
    (tmp_path / "rxconfig.py").write_text("config = None\n")
    client = tmp_path / ".web" / "build" / "client"
    (client / "holders").mkdir(parents=True)
    (client / "index.html").write_text(
        "<script>a()</script><script src='/b.js'></script><script type='module'>c()</script>"
    )
    (client / "holders" / "index.html").write_text("<script>a()</script>")
    return tmp_path


@pytest.mark.parametrize(
    "change",
    [
        lambda p: (p / "phbportal" / "pages.py").write_text("x = 2\n"),
        lambda p: (p / "assets" / "portal.css").write_text("a{}"),
        lambda p: (p / "reflex.lock" / "package.json").write_text("{}"),
        lambda p: (p / "rxconfig.py").write_text("config = 1\n"),
        lambda p: (p / "phbportal" / "pages.py").rename(p / "phbportal" / "page.py"),
    ],
)
def test_a_changed_source_means_a_new_build(project, change):
    before = frontend.source_digest(project)
    change(project)
    assert frontend.source_digest(project) != before


def test_a_changed_brand_means_a_new_build(project, monkeypatch):
    before = frontend.source_digest(project)
    monkeypatch.setenv("PHB_BRAND", "Another name")
    assert frontend.source_digest(project) != before


def test_python_s_own_leavings_mean_nothing(project):
    before = frontend.source_digest(project)
    (project / "phbportal" / "__pycache__").mkdir()
    (project / "phbportal" / "__pycache__" / "pages.pyc").write_bytes(b"x")
    assert frontend.source_digest(project) == before


def test_an_unchanged_project_is_not_built_again(project):
    done = frontend.finish(project, frontend.source_digest(project))
    said: list[str] = []
    assert frontend.build(project, say=said.append) == done
    assert said == []


@pytest.mark.parametrize(("after", "kept"), [('{"a":1}', '{"a": 1}'), ('{"a":2}', '{"a":2}')])
def test_a_build_leaves_the_tracked_lock_as_it_was_unless_it_says_something_else(project, monkeypatch, after, kept):
    lock = project / "reflex.lock" / "package.json"
    lock.write_text('{"a": 1}')
    monkeypatch.setattr(frontend, "_compile", lambda _root, _say: lock.write_text(after))
    frontend.build(project, say=lambda _: None)
    assert lock.read_text() == kept


def test_every_inline_script_may_run_and_no_other(project):
    done = frontend.finish(project, "d")
    wanted = {f"'sha256-{base64.b64encode(hashlib.sha256(s).digest()).decode()}'" for s in (b"a()", b"c()")}
    assert set(done.script_hashes) == wanted
    assert built(project) == done == Built("d", done.script_hashes)


def test_a_project_never_built_has_no_build(tmp_path):
    assert built(tmp_path) is None


@pytest.mark.parametrize(
    ("path", "query", "status", "kept"),
    [
        ("/assets/index-abc.js", "", 200, "public, max-age=31536000, immutable"),
        ("/portal.css", "v=12345678", 200, "public, max-age=31536000, immutable"),
        ("/portal.css", "", 200, "no-cache"),
        ("/holders", "", 200, "no-store"),
        ("/holders", "v=1", 200, "no-store"),
        ("/", "", 200, "no-store"),
        ("/auth/login", "", 303, "no-store"),
        ("/assets/gone.js", "", 404, "no-store"),
    ],
)
def test_what_carries_its_version_is_kept_for_a_year_and_pages_are_not_kept(path, query, status, kept):
    assert cache_control(path, query, status) == kept


def test_nothing_in_the_styles_comes_from_elsewhere():
    css = (
        '@import "//fonts.example/x.css";@font-face{font-family:Frutiger W01;src:url(https://a.example/f.woff2)}'
        "html{font-family:Frutiger W01,arial,sans-serif}a{background:url(//b.example/x.png)}"
        "b{mask:url(/assets/images/nhsuk-icon-cross.svg)}"
    )
    ours = own_origin_only(css)
    assert "example" not in ours
    assert "font-family:arial,sans-serif" in ours
    assert re.search(r"url\(/assets/nhsuk-[\d.]+/nhsuk-icon-cross.svg\)", ours)


def test_our_own_styles_and_script_fetch_nothing_from_elsewhere():
    for name in ("portal.css", "portal.js", "favicon.svg"):
        text = (ROOT / "assets" / name).read_text(encoding="utf-8").replace("http://www.w3.org/2000/svg", "")
        assert "//" not in re.sub(r"^\s*//.*$|\s//\s.*$", "", text, flags=re.MULTILINE), name
        assert "eval(" not in text


def test_the_address_of_the_styles_changes_with_them():
    assert stylesheets()[1] == f"/portal.css?v={asset_version('portal.css')}"
    assert len(asset_version("portal.js")) == 8


def test_a_built_page_is_answered_without_a_redirect(project):
    seen: list[str] = []

    async def app(scope, receive, send):
        seen.append(scope["path"])

    layer = straight_to_pages(app, project)
    for path in ("/holders", "/holders/", "/", "/person/1"):
        asyncio.run(layer({"type": "http", "path": path}, None, None))
    assert seen == ["/holders/", "/holders/", "/", "/person/1"]


def test_the_server_does_not_compile_and_serves_pages_and_events_on_one_port(tmp_path):
    environment = frontend.serving_environment(tmp_path)
    assert environment["__REFLEX_SKIP_COMPILE"] == "true"
    assert environment["__REFLEX_MOUNT_FRONTEND_COMPILED_APP"] == "true"
    assert environment["REFLEX_ENV_MODE"] == "prod"
    assert environment["REFLEX_TELEMETRY_ENABLED"] == "false"


def test_our_changes_to_what_reflex_writes_still_find_their_places():
    changes = {}
    shell.Shell().pre_compile(add_modify_task=changes.__setitem__)
    state = changes["utils/state.js"]("")
    assert "window.location.origin" in state
    assert 'pathname.startsWith("/auth/")' in state
    assert 'addEventListener("beforeunload"' not in state
    assert "held.push(update)" in state
    # with Reflex's own file unchanged, a second build makes the same
    assert state == changes["utils/state.js"](state)
    assert (Templates.Dirs.WEB_TEMPLATE / "utils" / "state.js").read_text() != state


def test_a_reflex_that_writes_otherwise_fails_the_build():
    changes = {}
    shell.Shell().pre_compile(add_modify_task=changes.__setitem__)
    with pytest.raises(ValueError, match="no longer writes"):
        changes["app/_document.js"](document_root_template(imports=[], document={"contents": "other"}))


def test_the_body_has_the_classes_the_nhs_styles_ask_for():
    changes = {}
    shell.Shell().pre_compile(add_modify_task=changes.__setitem__)
    assert 'jsx("body",{className:"js-enabled nhsuk-frontend-supported"},' in changes["app/_document.js"](
        'jsx("body",{},x)'
    )


def test_reflex_s_own_banner_and_landmarks_are_off():
    options = shell.options()
    assert options["toaster"] is None
    assert set(options["app_wraps"]) == {(55, "ErrorBoundary"), (5, "Overlay")}
    assert "Connection Error" not in str(options["app_wraps"][5, "Overlay"](True).render())
    assert options["html_lang"] == "en"


def test_the_lock_names_no_registry():
    lock = (ROOT / "reflex.lock" / "package-lock.json").read_text()
    assert "resolved" not in json.dumps(json.loads(lock))
    assert "registry" not in lock
