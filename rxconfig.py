"""Reflex's settings, and nothing else."""

import os

import reflex as rx

from phbportal.built import NHSUK_VERSION
from phbportal.ui.shell import Shell


def _public_origin() -> str:
    return os.environ.get("PHB_PUBLIC_ORIGIN") or "http://localhost:8000"


_REDIS_URL = os.environ.get("PHB_REDIS_URL") or None

config = rx.Config(
    app_name="phbportal",
    plugins=[Shell()],  # ours only: no Radix theme, no Tailwind
    disable_plugins=[rx.plugins.SitemapPlugin],
    telemetry_enabled=False,
    show_built_with_reflex=False,
    default_color_mode="light",
    react_strict_mode=False,
    frontend_compression_formats=["brotli", "gzip"],
    frontend_packages=[f"nhsuk-frontend@{NHSUK_VERSION}"],
    cors_allowed_origins=[_public_origin()],
    # never the default, which pickles people's state to disk
    state_manager_mode=rx.constants.StateManagerMode.REDIS if _REDIS_URL else rx.constants.StateManagerMode.MEMORY,
    redis_url=_REDIS_URL,
    redis_token_expiration=35 * 60,  # the longest idle limit and five minutes
)
