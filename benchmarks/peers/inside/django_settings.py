"""Django's settings as ``startproject`` leaves them, for production, on our database.

Both admins keep their connection open. The tuned one also reads its sessions from memory first ("Using cached
sessions" in Django's documentation); one worker shares nothing with another.
"""

from __future__ import annotations

import json
import os

DEBUG = False
SECRET_KEY = os.environ["BENCH_SECRET"]
ALLOWED_HOSTS = ["localhost"]
ROOT_URLCONF = "benchmarks.peers.inside.django_site"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
STATIC_URL = "static/"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        **json.loads(os.environ["BENCH_DJANGO_DATABASE"]),
    }
}
if os.environ.get("BENCH_TUNED") == "yes":
    SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "benchmarks.peers.inside.office",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
