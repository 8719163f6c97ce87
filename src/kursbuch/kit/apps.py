"""Registers the app."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    name = "kursbuch.kit"
    label = "kit"
