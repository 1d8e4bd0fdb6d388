"""The NHS styles, from the npm package to the built pages."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from phbportal.built import NHSUK_VERSION

_ICONS = f"/assets/nhsuk-{NHSUK_VERSION}/"
_FONT_FACE = re.compile(r"@font-face\s*\{[^}]*\}")
_FOREIGN = re.compile(r"""url\(\s*["']?(?:https?:)?//[^)]*\)|@import[^;]*;""")


def own_origin_only(css: str) -> str:
    """The NHS styles without anything fetched from elsewhere: no web fonts (they need a licence), Arial instead."""
    css = _FONT_FACE.sub("", css).replace("Frutiger W01,", "").replace('"Frutiger W01", ', "")
    return _FOREIGN.sub("none", css.replace("/assets/images/", _ICONS))


def add_styles(package: Path, client: Path) -> None:
    """Put the styles and the icons they name beside the built pages. ``package`` is nhsuk-frontend's folder."""
    css = own_origin_only((package / "dist" / "nhsuk" / "nhsuk-frontend.min.css").read_text(encoding="utf-8"))
    (client / "nhsuk.css").write_text(css, encoding="utf-8")
    icons = client / _ICONS.strip("/")
    icons.mkdir(parents=True, exist_ok=True)
    for name in sorted(set(re.findall(rf"{re.escape(_ICONS)}([\w.-]+)", css))):
        shutil.copyfile(package / "dist" / "nhsuk" / "assets" / "images" / name, icons / name)
