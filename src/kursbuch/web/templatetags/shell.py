"""Tags the base template and the components are built with: navigation, languages, icons, guarded addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse, translate_url
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, get_language_info, gettext, gettext_lazy

register = template.Library()

# label, the addresses to try in turn, and the first word of the url names that belong to the section
SECTIONS: tuple[tuple[Any, tuple[tuple[str, tuple[str, ...]], ...], tuple[str, ...]], ...] = (
    (gettext_lazy("Start"), (("home", ()),), ("home",)),
    (
        gettext_lazy("Strategy"),
        (("strategy", ()),),
        ("strategy", "element", "alignment", "origin", "as", "proof"),
    ),
    (gettext_lazy("Amendments"), (("amendment-list", ()),), ("amendment", "discussion")),
    (gettext_lazy("Editions"), (("edition-list", ()),), ("edition", "compare", "redline")),
    (
        gettext_lazy("Chronicle"),
        (("chronicle", ()), ("timeline", ("city",))),
        ("chronicle", "timeline", "entry"),
    ),
    (gettext_lazy("Search"), (("search", ()),), ("search",)),
)
DESK = (
    gettext_lazy("Desk"),
    (("desk", ()),),
    ("desk", "adopt", "correct", "rendition", "import", "audit", "people", "person", "city", "office"),
)


@dataclass(frozen=True)
class Item:
    """An entry of the navigation."""

    label: str
    url: str
    current: bool  # the page belongs to this section
    exact: bool  # the page is this very address


def guarded_reverse(name: str, *args: Any) -> str:
    """The address, or nothing where an installation has no such page."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""


def _items(request: HttpRequest | None, member: Any) -> list[Item]:
    match = getattr(request, "resolver_match", None)
    section = (getattr(match, "url_name", None) or "").split("-")[0]
    here = getattr(request, "path", "")
    items = []
    for label, targets, names in (*SECTIONS, DESK) if getattr(member, "is_staff", False) else SECTIONS:
        url = next(filter(None, (guarded_reverse(name, *args) for name, args in targets)), "")
        if url:
            items.append(Item(str(label), url, section in names, url == here))
    return items


@register.inclusion_tag("web/components/_navigation.html", takes_context=True)
def navigation(context: Context, label: str = "") -> dict[str, Any]:
    """The main navigation. ``label`` names it where a page holds it twice (wide and narrow)."""
    return {
        "items": _items(context.get("request"), context.get("member")),
        "label": label or gettext("Main navigation"),
    }


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, Any]]:
    """The city's interface languages with the address of this page in each."""
    request: HttpRequest | None = context.get("request")
    city = context.get("city")
    codes = getattr(city, "languages", None) or [code for code, _ in settings.LANGUAGES]
    path = request.get_full_path() if request else "/"
    return [
        {
            "code": code,
            "name": get_language_info(code)["name_local"].capitalize(),
            "url": translate_url(path, code),
            "current": code == get_language(),
        }
        for code in codes
    ]


@register.simple_tag
def address(name: str, *args: Any) -> str:
    """``{% address "look" as url %}``: an address, or nothing where there is no such page."""
    return guarded_reverse(name, *args)


@register.simple_tag
def icon(name: str, size: str = "default") -> SafeString:
    """One of KERN's icons, silent to screen readers: text always stands beside it."""
    return format_html('<span class="kern-icon kern-icon--{} kern-icon--{}" aria-hidden="true"></span>', name, size)
