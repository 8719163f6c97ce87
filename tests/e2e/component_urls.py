"""All addresses of the site, and one more page on which every component stands."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

from django import forms
from django.conf.urls.i18n import i18n_patterns
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.template import RequestContext, Template
from django.urls import path

from kursbuch.config.urls import handler400, handler403, handler404, handler500
from kursbuch.config.urls import urlpatterns as site_urls
from kursbuch.strategy.models import Amendment
from kursbuch.web.templatetags.components import STATES
from kursbuch.web.views.errors import csrf_failure

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


class ProposalForm(forms.Form):
    title = forms.CharField(label="Titel", help_text="Ein Satz, der sagt, worum es geht.")
    reason = forms.CharField(label="Begründung", widget=forms.Textarea(attrs={"rows": 4}), required=False)
    kind = forms.ChoiceField(label="Art", choices=[("a", "Ergänzung"), ("b", "Streichung")])
    urgency = forms.ChoiceField(
        label="Dringlichkeit",
        choices=[("1", "hoch"), ("2", "niedrig")],
        widget=forms.RadioSelect,
        help_text="Ungefähr.",
    )
    fields_of_action = forms.MultipleChoiceField(
        label="Handlungsfelder", choices=[("m", "Mobilität"), ("b", "Bildung")], widget=forms.CheckboxSelectMultiple
    )
    consent = forms.BooleanField(label="Ich habe die Hinweise gelesen.")
    day = forms.DateField(label="Stand am", widget=forms.DateInput(attrs={"type": "date"}), required=False)


def components(request: HttpRequest) -> HttpResponse:
    leaf = SimpleNamespace(title="Freies WLAN in der Innenstadt", url="#m042", key="M042", children=[])
    branch = SimpleNamespace(title="Digitale Infrastruktur", url="#f3", key="F3", children=[leaf], current=True)
    source = Path(__file__).with_name("components.html").read_text()
    context: dict[str, Any] = {
        "amendments": {state: Amendment(state=state) for state in STATES},
        "nodes": [SimpleNamespace(title="Vernetzte Stadt", url="#l1", key="L1", children=[branch])],
        "tabs": [
            {"label": "Text", "url": "#text", "current": True},
            {"label": "Änderungsanträge", "url": "#antraege", "count": 3},
            {"label": "Verlauf", "url": "#verlauf", "count": 0},
        ],
        "facts": [("Zuständig", "Stabsstelle Digitalisierung"), ("Zeitraum", "2020 bis 2024"), ("Kosten", "")],
        "form": ProposalForm(),
        "sent": ProposalForm({"title": ""}),
        "way": [{"title": "Strategie", "url": "#strategie"}, {"title": "Vernetzte Stadt", "url": "#l1"}],
        "strategy_notice": "Vorführung: aus öffentlichen Berichten nachgebaut, nicht der amtliche Text.",
    }
    return HttpResponse(Template(source).render(RequestContext(request, context)))


def broken(request: HttpRequest, status: int) -> HttpResponse:
    if status == 403:
        raise PermissionDenied
    if status == 400:
        raise SuspiciousOperation
    if status == 419:
        return csrf_failure(request, "too old")
    if status == 410:
        element = {"key": "M050", "title": "Offene Werkstätten", "url": "#m050"}
        values = {"key": "M042", "title": "Lernwerkstatt", "since": "Fassung 3", "replaced_by": [element]}
        page = Template("{% extends 'web/410.html' %}").render(RequestContext(request, values))
        return HttpResponse(page, status=410)
    raise RuntimeError("on purpose")


urlpatterns = [
    *i18n_patterns(
        path("teile/", components, name="strategy-components"),
        path("fehler/<int:status>/", broken, name="broken"),
        prefix_default_language=False,
    ),
    *site_urls,
]
