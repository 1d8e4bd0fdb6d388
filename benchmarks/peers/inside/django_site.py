"""Django admin: its addresses, its application, and (run as a program) its tables and its one account.

Its own tables go into the measured database. So does the index that its search by prefix needs: ``^`` compares
``UPPER(name)``, which no index of ours serves.
"""

from __future__ import annotations

import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks.peers.inside.django_settings")
django.setup()

from django.contrib import admin  # noqa: E402 - the settings come first
from django.urls import path  # noqa: E402

from benchmarks.peers.inside.stopwatch import Wsgi  # noqa: E402

urlpatterns = [path("admin/", admin.site.urls)]
_INDEX = "CREATE INDEX IF NOT EXISTS bench_person_prefix ON person (UPPER(search_name::text) text_pattern_ops)"


def app() -> Any:
    """The application's factory."""
    from django.core.wsgi import get_wsgi_application

    return Wsgi(get_wsgi_application())


def prepare() -> None:
    """Django's own tables, the account with this run's password, the index, fresh statistics."""
    from django.contrib.auth.models import User
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    user, _made = User.objects.get_or_create(username="bench", defaults={"is_staff": True, "is_superuser": True})
    user.set_password(os.environ["BENCH_PASSWORD"])
    user.save()
    with connection.cursor() as cursor:
        cursor.execute(_INDEX)
        cursor.execute("ANALYZE person")


if __name__ == "__main__":
    prepare()
