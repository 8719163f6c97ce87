"""Registers the app."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "kursbuch.identity"
    label = "identity"
