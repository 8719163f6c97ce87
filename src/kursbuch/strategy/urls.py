"""Addresses of the strategy: its elements stand at the top level, for ever."""

from django.urls import URLPattern, path, re_path

from kursbuch.strategy.views import downloads, importing
from kursbuch.strategy.views.adoption import adopt, adopt_preview
from kursbuch.strategy.views.amendments import amendment, amendment_list, withdraw
from kursbuch.strategy.views.compare import compare_editions
from kursbuch.strategy.views.correcting import correct
from kursbuch.strategy.views.discussion import comment, remove
from kursbuch.strategy.views.drafting import discard, edit_draft
from kursbuch.strategy.views.editions import edition, edition_list
from kursbuch.strategy.views.element import element, element_proof
from kursbuch.strategy.views.office import decide, discuss, recommend, split
from kursbuch.strategy.views.propose import propose
from kursbuch.strategy.views.reading import read
from kursbuch.strategy.views.renditions import rendition_edit, rendition_list
from kursbuch.strategy.views.resolving import resolve

KEY = r"(?P<key>[A-Z]{1,3}[0-9]{1,6})"
NUMBER = r"(?P<number>[0-9]{1,6}(?:\.[0-9]{1,5})?)"
LANGUAGE = r"(?P<language>[a-z]{2,3}(?:-[a-zA-Z0-9]{2,8})*)"

urlpatterns: list[URLPattern] = [
    # reading
    path("strategie/", read, name="strategy"),
    path("vergleich/", compare_editions, name="compare"),
    path("fassungen/", edition_list, name="edition-list"),
    re_path(rf"^fassungen/{NUMBER}/$", edition, name="edition"),
    re_path(rf"^{KEY}/$", element, name="element"),
    re_path(rf"^{KEY}/beweis\.json$", element_proof, name="element-proof"),
    # in and out
    re_path(
        rf"^fassungen/{NUMBER}/herunterladen/(?P<format>[a-z]{{2,8}})/$",
        downloads.edition_download,
        name="edition-download",
    ),
    re_path(
        rf"^vergleich/{NUMBER.replace('number', 'before')}/{NUMBER.replace('number', 'after')}/pdf/$",
        downloads.compare_pdf,
        name="compare-pdf",
    ),
    path("einlesen/", importing.import_file, name="import"),
    path("einlesen/<str:reference>/", importing.preview_import, name="import-preview"),
    # proposing and discussing
    path("antraege/", amendment_list, name="amendment-list"),
    path("antraege/neu/", propose, name="amendment-new"),
    path("antraege/<int:number>/", amendment, name="amendment"),
    path("antraege/<int:number>/bearbeiten/", edit_draft, name="amendment-edit"),
    path("antraege/<int:number>/loeschen/", discard, name="amendment-discard"),
    path("antraege/<int:number>/zurueckziehen/", withdraw, name="amendment-withdraw"),
    path("antraege/<int:number>/kommentare/", comment, name="amendment-comment"),
    path("antraege/<int:number>/kommentare/<int:pk>/entfernen/", remove, name="amendment-comment-remove"),
    # the office's steps
    path("antraege/<int:number>/diskussion/", discuss, name="amendment-discuss"),
    path("antraege/<int:number>/empfehlung/", recommend, name="amendment-recommend"),
    path("antraege/<int:number>/teilen/", split, name="amendment-split"),
    path("antraege/<int:number>/beschluss/", decide, name="amendment-decide"),
    path("antraege/<int:number>/konflikt/", resolve, name="amendment-resolve"),
    path("beschluss/", adopt, name="adopt"),
    path("beschluss/vorschau/", adopt_preview, name="adopt-preview"),
    path("redaktionell/", correct, name="correct"),
    path("uebersetzungen/", rendition_list, name="rendition-list"),
    re_path(rf"^{KEY}/uebersetzung/{LANGUAGE}/$", rendition_edit, name="rendition-edit"),
]
