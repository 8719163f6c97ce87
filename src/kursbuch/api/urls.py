"""Addresses of the app: the interface itself, and the page that explains it, which speaks the reader's language."""

from django.urls import URLPattern, URLResolver, path, re_path

from kursbuch.api.interface import interface
from kursbuch.api.views import documentation, nothing

urlpatterns: list[URLPattern | URLResolver] = [
    *interface.urls[0],
    re_path(r"^", nothing, name="nothing"),
]

pages: list[URLPattern | URLResolver] = [path("", documentation, name="api-docs")]
