"""The search over elements, their renditions and amendments."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kursbuch.identity.access import MemberRequest
from kursbuch.kit import search

# what readers choose between, and the kinds of document behind it
CHOICES = {"": None, "element": ("element",), "rendition": ("rendition",), "amendment": ("amendment",)}


@require_safe
def search_page(request: MemberRequest) -> HttpResponse:
    query = request.GET.get("q", "").strip()
    chosen = request.GET.get("art", "")
    chosen = chosen if chosen in CHOICES else ""
    number = request.GET.get("seite", "1")
    page = min(int(number), 10_000) if number.isascii() and number.isdigit() else 1
    results = search.find(request.city.pk, query, kinds=CHOICES[chosen], page=page)
    return render(
        request,
        "web/search.html",
        {
            "query": query,
            "results": results,
            "chosen": chosen,
            "tabs": [_tab(kind, label, query, chosen) for kind, label in _labels().items()],
            "previous_url": _address(query, chosen, results.previous_page),
            "next_url": _address(query, chosen, results.next_page),
        },
    )


def _labels() -> dict[str, str]:
    return {
        "": _("Everything"),
        "element": _("Strategy"),
        "rendition": _("Translations and plain language"),
        "amendment": _("Amendments"),
    }


def _tab(kind: str, label: str, query: str, chosen: str) -> dict[str, Any]:
    return {"label": label, "url": _address(query, kind, 1), "current": kind == chosen}


def _address(query: str, kind: str, page: int | None) -> str:
    if page is None:
        return ""
    wanted = {"q": query, "art": kind, "seite": page if page > 1 else ""}
    return f"{reverse('search')}?{urlencode({name: value for name, value in wanted.items() if value})}"
