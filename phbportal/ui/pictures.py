"""Our own simple pictures for easy read, drawn as SVG inside the page: nothing is fetched.

A picture repeats the words beside it for people who would rather look than read, so it is never read out.
"""

from __future__ import annotations

from typing import Literal

import reflex as rx

Picture = Literal[
    "arrow", "bank", "basket", "calendar", "care", "chart", "coin", "list", "no", "pen", "person", "phone", "purse",
    "star", "talk", "target", "umbrella",
]  # fmt: skip

_DISC = "M32 6a26 26 0 1 1 0 52 26 26 0 0 1 0-52z"
_LINE, _FILL, _SPOT, _WARM, _STOP = (f"phb-picture__{kind}" for kind in ("line", "fill", "spot", "warm", "stop"))

# On a square of 64 by 64: how each stroke is inked, and its path.
_PICTURES: dict[Picture, tuple[tuple[str, str], ...]] = {
    "arrow": ((_FILL, "M6 24h28V12l24 20-24 20V40H6z"),),
    "bank": ((_FILL, "M6 26 32 8l26 18z"), (_LINE, "M14 28v22M26 28v22M38 28v22M50 28v22M6 54h52")),
    "basket": ((_FILL, "M6 26h52l-7 30H13z"), (_LINE, "M20 26 28 8M44 26 36 8M24 36v12M32 36v12M40 36v12")),
    "calendar": (
        (_FILL, "M8 14h48v42H8z"),
        (_LINE, "M8 26h48M20 8v10M44 8v10"),
        (_WARM, "M34 34h12v12H34z"),
    ),
    "care": (
        (_WARM, "M32 34C20 26 16 21 16 16a8 8 0 0 1 16-2 8 8 0 0 1 16 2c0 5-4 10-16 18z"),
        (_FILL, "M4 42h12l10 6h16a5 5 0 0 1 0 9H24L4 54z"),
    ),
    "chart": (
        (_FILL, "M4 22h56v20H4z"),
        (_SPOT, "M4 22h18v20H4z"),
        (_WARM, "M22 22h12v20H22z"),
    ),
    "coin": (
        (_WARM, _DISC),
        (_LINE, "M41 23a8 8 0 0 0-15 4c0 7 2 10-2 17h18M21 34h14"),
    ),
    "list": ((_FILL, "M14 6h36v52H14z"), (_LINE, "M22 20h20M22 32h20M22 44h12")),
    "no": ((_FILL, _DISC), (_STOP, "M14 14l36 36" + _DISC)),
    "pen": ((_FILL, "M10 48l4-14L40 8l12 12-26 26z"), (_LINE, "M8 58h48M34 14l12 12")),
    "person": (
        (_FILL, "M10 58c0-15 9-23 22-23s22 8 22 23z"),
        (_WARM, "M32 6a12 12 0 1 1 0 24 12 12 0 0 1 0-24z"),
    ),
    "phone": (
        (_FILL, "M18 4h28v56H18z"),
        (_LINE, "M18 14h28M18 48h28"),
        (_SPOT, "M32 51a3 3 0 1 1 0 6 3 3 0 0 1 0-6z"),
    ),
    "purse": (
        (_LINE, "M8 22 42 8v14"),
        (_FILL, "M6 22h50v34H6z"),
        (_WARM, "M42 34h16v10H42a5 5 0 0 1 0-10z"),
    ),
    "star": ((_WARM, "M32 5l8 18 20 2-15 13 4 20-17-10-17 10 4-20L4 25l20-2z"),),
    "talk": ((_FILL, "M4 8h38v24H22L12 42V32H4z"), (_WARM, "M48 22h12v22h-6v10L44 44H26v-6h22z")),
    "target": (
        (_FILL, _DISC),
        (_LINE, "M32 18a14 14 0 1 1 0 28 14 14 0 0 1 0-28z"),
        (_SPOT, "M32 28a4 4 0 1 1 0 8 4 4 0 0 1 0-8z"),
    ),
    "umbrella": ((_FILL, "M6 34a26 26 0 0 1 52 0z"), (_LINE, "M32 4v4M32 34v16a7 7 0 0 1-14 0")),
}  # fmt: skip


def picture(name: Picture) -> rx.Component:
    """A picture, 120 pixels square."""
    strokes = [rx.el.svg.path(d=path, class_name=ink) for ink, path in _PICTURES[name]]
    return rx.el.svg(
        *strokes,
        view_box="0 0 64 64",
        width="120",
        height="120",
        aria_hidden=True,
        custom_attrs={"focusable": "false"},
        class_name="phb-idea__picture",
    )
