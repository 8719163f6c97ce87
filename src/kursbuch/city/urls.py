"""Addresses of the app, below /stadt/."""

from __future__ import annotations

from django.urls import URLPattern, path

from kursbuch.city import views

urlpatterns: list[URLPattern] = [
    path("", views.settings_view, name="city-settings"),
    path("look.css", views.look_view, name="look"),
    path("logo.png", views.logo_view, name="logo"),
    path("impressum/", views.text_view, {"name": "imprint"}, name="imprint"),
    path("datenschutz/", views.text_view, {"name": "privacy"}, name="privacy"),
    path("barrierefreiheit/", views.text_view, {"name": "accessibility"}, name="accessibility"),
    path("aussehen/", views.look_settings_view, name="city-look"),
    path("texte/", views.texts_settings_view, name="city-texts"),
    path("sprachen/", views.languages_settings_view, name="city-languages"),
    path("aemter/", views.offices_view, name="office-list"),
    path("aemter/<slug:slug>/", views.office_view, name="office-edit"),
]
