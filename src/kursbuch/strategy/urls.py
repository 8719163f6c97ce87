"""Addresses of the strategy: its elements stand at the top level, for ever."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
