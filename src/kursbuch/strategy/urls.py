"""Addresses of the strategy: its elements stand at the top level, for ever."""

from django.urls import URLPattern, path, re_path

from kursbuch.strategy.views.compare import compare_editions
from kursbuch.strategy.views.editions import edition, edition_list
from kursbuch.strategy.views.element import element, element_proof
from kursbuch.strategy.views.reading import read

KEY = r"(?P<key>[A-Z]{1,3}[0-9]{1,6})"
NUMBER = r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,5})?)"

urlpatterns: list[URLPattern] = [
    # reading
    path("strategie/", read, name="strategy"),
    path("vergleich/", compare_editions, name="compare"),
    path("fassungen/", edition_list, name="edition-list"),
    re_path(rf"^fassungen/{NUMBER}/$", edition, name="edition"),
    re_path(rf"^{KEY}/$", element, name="element"),
    re_path(rf"^{KEY}/beweis\.json$", element_proof, name="element-proof"),
]
