"""Registers the app."""

from django.apps import AppConfig


class StrategyConfig(AppConfig):
    name = "kursbuch.strategy"
    label = "strategy"
