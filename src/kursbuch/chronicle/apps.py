"""Registers the app."""

from django.apps import AppConfig


class ChronicleConfig(AppConfig):
    name = "kursbuch.chronicle"
    label = "chronicle"
