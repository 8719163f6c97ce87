"""Addresses of the app, below /konto/; allauth's stand beside them."""

from __future__ import annotations

from django.urls import URLPattern, path

from kursbuch.identity import views

urlpatterns: list[URLPattern] = [
    path("meine-daten/", views.own_data_view, name="own-data"),
    path("meine-daten/herunterladen/", views.download_view, name="own-data-download"),
    path("loeschen/", views.delete_account_view, name="account-delete"),
    path("personen/", views.people_view, name="people"),
    path("personen/<uuid:uid>/", views.person_view, name="person"),
]
