"""Shows entries, a thing's timeline and the button to follow it, on the pages of any app."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from kursbuch.chronicle import bodies, queries, rules, things, verbs
from kursbuch.chronicle.folding import Line, fold
from kursbuch.chronicle.models import Entry
from kursbuch.chronicle.surroundings import CityRequest
from kursbuch.kit.languages import written_in

register = template.Library()

LATEST = 5
FOLDED = 300  # entries at most in a folded timeline


@register.filter
def phrase(verb: str) -> str:
    """``{{ entry.verb|phrase }}``: what somebody did, to follow their name."""
    return verbs.phrase(verb)


@register.filter
def body(name: str, language: str = "") -> SafeString:
    """``{{ amendment.speaks_for|body }}``: an office or council group in the reader's language.

    A name that only the city has a word for is marked as being in ``language``, the city's.
    """
    words = bodies.in_words(name)
    return written_in(words, language if words == name else "")


@register.filter
def thing_label(thing: str) -> str:
    """``{{ entry.thing|thing_label }}``: "Amendment 12"."""
    return things.label(thing)


@register.filter
def thing_address(thing: str) -> str:
    """The path of the thing's page, empty when it has none."""
    return things.address(thing)


@register.inclusion_tag("chronicle/_timeline.html", takes_context=True)
def timeline(context: Context, thing: str, count: int = LATEST) -> dict[str, Any]:
    """``{% timeline "amendment:12" %}``: its last public entries and the way to all of them."""
    request: CityRequest = context["request"]
    page = queries.timeline(request.city.pk, thing, size=count)
    return {"lines": fold(page.entries), "more": page.next is not None, "thing": thing, "city": request.city}


@register.inclusion_tag("chronicle/_timeline.html", takes_context=True)
def folded_timeline(context: Context, thing: str, count: int = LATEST) -> dict[str, Any]:
    """The same for a thing of which most entries are routine: ``count`` lines, however many entries they fold."""
    request: CityRequest = context["request"]
    page = queries.timeline(request.city.pk, thing, size=FOLDED)
    lines = fold(page.entries)
    more = page.next is not None or len(lines) > count
    return {"lines": lines[:count], "more": more, "thing": thing, "city": request.city}


@register.filter
def folded(entries: Sequence[Entry]) -> list[Line]:
    """``{% for line in entries|folded %}``: many entries of routine as one line."""
    return fold(entries)


@register.inclusion_tag("chronicle/_follow_button.html", takes_context=True)
def follow_button(context: Context, thing: str) -> dict[str, Any]:
    """``{% follow_button "amendment:12" %}``: a form for who is signed in, a link to sign in for others."""
    request: CityRequest = context["request"]
    return follow_state(request, thing) | {"csrf_token": context.get("csrf_token")}


def follow_state(request: CityRequest, thing: str) -> dict[str, Any]:
    """What the button shows. Nobody's page costs a query more for it than a member's does."""
    may = rules.may_follow(request.member)
    return {
        "thing": thing,
        "may_follow": may,
        "follows": may and queries.is_following(request.member.person.pk, request.city.pk, thing),
        "here": request.get_full_path(),
    }
