"""Registers the app."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "kursbuch.api"
    label = "api"
