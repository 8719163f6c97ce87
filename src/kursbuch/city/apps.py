"""Registers the app."""

from django.apps import AppConfig


class CityConfig(AppConfig):
    name = "kursbuch.city"
    label = "city"
