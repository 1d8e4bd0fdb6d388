"""What a component of plain text paints, as a tree of elements."""

from __future__ import annotations

import json
import re
from typing import Any
from xml.etree.ElementTree import Element, SubElement

import reflex as rx

_PROP = re.compile(r'^"?([\w-]+)"?:(.*)$', re.DOTALL)
_NAMES = {"className": "class", "htmlFor": "for", "defaultValue": "value", "tabIndex": "tabindex", "to": "href"}


def painted(component: rx.Component) -> Element:
    """The elements below a made-up root; only for components without vars."""
    root = Element("root")
    _paint(root, component.render())
    return root


def one(root: Element, path: str) -> Element:
    """The one element at an XPath; none or several is a failure."""
    found = root.findall(path)
    assert len(found) == 1, f"{len(found)} elements at {path}"
    return found[0]


def words(element: Element) -> str:
    """Everything a person would read in an element, in order."""
    return " ".join("".join(element.itertext()).split())


def _paint(parent: Element, node: dict[str, Any]) -> None:
    if "contents" in node:
        _write(parent, str(json.loads(node["contents"])))
        return
    name = node.get("name", "").strip('"')
    element = parent if name in {"", "Fragment"} else SubElement(parent, {"ReactRouterLink": "a"}.get(name, name))
    for prop in node.get("props", []):
        matched = _PROP.match(prop)
        assert matched is not None, prop
        key, value = matched[1], matched[2]
        # a property Reflex does not know on an element silently becomes a style
        assert key != "css", prop
        if element is not parent and value != "undefined":
            element.set(_NAMES.get(key, key), str(json.loads(value)) if value[:1] in '"tf0123456789-' else value)
    for child in node.get("children", []):
        _paint(element, child)


def _write(parent: Element, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text
