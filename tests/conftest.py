"""Fixtures for all tests: two cities, the people of tests/personas.py, and a signed-in client for each."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from django.conf import settings as live_settings
from django.core.cache import caches
from django.test import Client
from tests.personas import client_of, make_city, make_office, make_person, visitor_of

from kursbuch.city.models import City, Office
from kursbuch.identity.models import Membership, Role


def pytest_configure(config: pytest.Config) -> None:
    """Tests speak plain HTTP, hash passwords fast, need no collected static files and leave no files behind."""
    live_settings.SECURE_SSL_REDIRECT = False
    live_settings.SESSION_COOKIE_SECURE = live_settings.CSRF_COOKIE_SECURE = False
    live_settings.MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = True
    live_settings.DEMO = False
    live_settings.ACCOUNT_EMAIL_VERIFICATION = "mandatory"
    live_settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    live_settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    folder = tempfile.TemporaryDirectory(prefix="kursbuch-tests-")
    config.add_cleanup(folder.cleanup)
    live_settings.MEDIA_ROOT = Path(folder.name) / "media"
    live_settings.DOWNLOADS = Path(folder.name) / "downloads"


@pytest.fixture(autouse=True)
def _empty_page_cache() -> None:
    """The same primary keys come again in the next test, with other content."""
    caches["pages"].clear()


@pytest.fixture
def city(db: None) -> City:
    """Gelsenkirchen, where the tests' default client is; "localhost" is for real browsers."""
    return make_city("gelsenkirchen", "Gelsenkirchen", "testserver", "localhost")


@pytest.fixture
def other_city(db: None) -> City:
    return make_city("musterstadt", "Musterstadt", "other.example")


@pytest.fixture
def office(city: City) -> Office:
    return make_office(city, "Stabsstelle Digitalisierung", "Digitalisation Unit")


@pytest.fixture
def other_office(other_city: City) -> Office:
    return make_office(other_city, "Amt für Musterfragen")


@pytest.fixture
def anna(city: City) -> Membership:
    return make_person(city, "Anna Arndt")


@pytest.fixture
def frida(city: City) -> Membership:
    return make_person(city, "Frida Fröhlich", group="Fraktion Beispiel")


@pytest.fixture
def olaf(city: City, office: Office) -> Membership:
    return make_person(city, "Olaf Ochs", Role.OFFICE, office=office)


@pytest.fixture
def edda(city: City) -> Membership:
    return make_person(city, "Edda Ebel", Role.EDITOR)


@pytest.fixture
def klara(city: City) -> Membership:
    return make_person(city, "Klara Kunz", Role.CLERK)


@pytest.fixture
def adam(city: City) -> Membership:
    return make_person(city, "Adam Adler", Role.ADMIN)


@pytest.fixture
def nora(other_city: City) -> Membership:
    return make_person(other_city, "Nora Nagel")


@pytest.fixture
def visitor(city: City) -> Client:
    return visitor_of(city)


@pytest.fixture
def as_anna(anna: Membership) -> Client:
    return client_of(anna)


@pytest.fixture
def as_frida(frida: Membership) -> Client:
    return client_of(frida)


@pytest.fixture
def as_olaf(olaf: Membership) -> Client:
    return client_of(olaf)


@pytest.fixture
def as_edda(edda: Membership) -> Client:
    return client_of(edda)


@pytest.fixture
def as_klara(klara: Membership) -> Client:
    return client_of(klara)


@pytest.fixture
def as_adam(adam: Membership) -> Client:
    return client_of(adam)


@pytest.fixture
def as_nora(nora: Membership) -> Client:
    """At the address of the other city."""
    return client_of(nora)
