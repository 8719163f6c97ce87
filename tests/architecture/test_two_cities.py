"""A request for one city never reads another's rows: every address is asked, as everybody, with two cities full of
marked content. See tests/architecture/two_cities.py for what a new address needs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import translation
from tests.architecture.two_cities import EXAMPLES, NOT_MISSING, ROLES, Side, make_side

SEEN = {200, 204, 302, 405, 422}  # 405: an address that only takes forms; 422: one that needs a parameter
GONE = {404, 405, 410}


@dataclass(frozen=True, order=True)
class Address:
    name: str  # with its name space
    needs_arguments: bool


def addresses(resolver: URLResolver | None = None, space: str = "", arguments: bool = False) -> Iterator[Address]:
    for pattern in (resolver or get_resolver()).url_patterns:
        needs = arguments or bool(pattern.pattern.converters) or bool(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, inner, needs)
        else:
            assert isinstance(pattern, URLPattern)
            assert pattern.name, f"{pattern} has no name, so nobody can ask for it"
            yield Address(space + pattern.name, needs)


def url_of(address: Address, side: Side, language: str = "de") -> str:
    with translation.override(language):  # whatever the last page was in
        return reverse(address.name, kwargs=EXAMPLES[address.name](side) if address.needs_arguments else None)


def text_of(response: HttpResponseBase) -> str:
    parts = response.streaming_content if response.streaming else [response.content]  # type: ignore[attr-defined]
    headers = " ".join(f"{name}: {value}" for name, value in response.items())
    return headers + b"".join(parts).decode("utf-8", "replace")


def test_every_address_with_arguments_has_an_example() -> None:
    names = {address.name for address in addresses() if address.needs_arguments}
    assert names - set(EXAMPLES) == set(), "add examples to tests/architecture/two_cities.py"
    assert set(EXAMPLES) - names == set(), "examples of addresses that are no more"
    assert set(NOT_MISSING) - names == set()


def known_addresses() -> set[Address]:
    """Those that can be asked for; the test above fails for the others."""
    return {address for address in addresses() if not address.needs_arguments or address.name in EXAMPLES}


@pytest.fixture
def sides(db: None) -> tuple[Side, Side]:
    return make_side("a"), make_side("b")


@pytest.mark.parametrize(("one", "other", "language"), [(0, 1, "de"), (1, 0, "en")])
def test_no_page_shows_the_other_city(sides: tuple[Side, Side], one: int, other: int, language: str) -> None:
    here, there = sides[one], sides[other]
    browsers = {role: here.client(role) for role in ROLES}
    wrong = []
    marks_seen = 0
    for address in sorted(known_addresses()):
        statuses = {}
        for role, browser in browsers.items():
            response = browser.get(url_of(address, here, language))
            text = text_of(response)
            statuses[role] = response.status_code
            marks_seen += here.mark in text
            if there.mark.lower() in text.lower():
                wrong.append(f"{address.name} as {role}: shows the other city")
        if not SEEN & set(statuses.values()):
            wrong.append(f"{address.name}: nobody gets there, {statuses}")
    assert not wrong, "\n".join(wrong)
    assert marks_seen > 50  # the pages were not empty
    assert [role for role in ROLES if not is_still(role, browsers[role])] == []


def test_objects_of_the_other_city_are_not_there(sides: tuple[Side, Side]) -> None:
    here, there = sides
    browsers = {role: here.client(role) for role in ROLES}
    wrong = []
    for address in sorted(known_addresses()):
        if not address.needs_arguments:
            continue
        for role, browser in browsers.items():
            allowed = browser.get(url_of(address, here)).status_code in SEEN
            for method in ("get", "post"):
                response = getattr(browser, method)(url_of(address, there))
                if there.mark.lower() in text_of(response).lower():
                    wrong.append(f"{method} {address.name} as {role}: shows the other city")
                is_refused = response.status_code in {302, 403} and (not allowed or role == "visitor")
                is_known = address.name in NOT_MISSING
                if response.status_code not in GONE and not is_refused and not is_known:
                    wrong.append(f"{method} {address.name} as {role}: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert [role for role in ROLES if not is_still(role, browsers[role])] == []


def is_still(role: str, browser: Client) -> bool:
    """No page on the way has signed the person out, which would have hidden all that came after."""
    return browser.get("/konto/meine-daten/").status_code == (302 if role == "visitor" else 200)
