"""Registers the app."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "kursbuch.web"
    label = "web"
