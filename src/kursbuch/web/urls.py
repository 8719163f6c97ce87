"""Addresses of the pages that compose several apps."""

from django.urls import path

from kursbuch.web.views.desk import desk
from kursbuch.web.views.home import home
from kursbuch.web.views.search import search_page

urlpatterns = [
    path("", home, name="home"),
    path("suche/", search_page, name="search"),
    path("schreibtisch/", desk, name="desk"),
]
