"""What a page must stand in a real browser: axe finds nothing, nothing is cut off, nothing fails silently."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from playwright.sync_api import ConsoleMessage, Page, Request, Response

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (1280, 320)


@cache
def _source() -> str:
    return (Path(settings.NODE_MODULES) / "axe-core" / "axe.min.js").read_text()


def violations(page: Page) -> list[dict[str, Any]]:
    """What axe finds. Evaluated by the debugger's way, so that the page's own policy for scripts stays in force."""
    watch: Watch | None = getattr(page, "watch", None)
    if watch:
        watch.pause(True)  # axe styles its own probes inline, which the policy rightly forbids
    page.evaluate(_source())
    found = page.evaluate(
        "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})", RULES
    )
    if watch:
        watch.pause(False)
    return list(found["violations"])


def assert_accessible(page: Page) -> None:
    found = violations(page)
    assert not found, f"\n{page.url} at {page.viewport_size}\n" + "\n".join(map(_told, found))


def _told(violation: dict[str, Any]) -> str:
    lines = [f"{violation['id']} ({violation['impact']}): {violation['help']}"]
    for node in violation["nodes"][:5]:
        lines.append(f"    {' '.join(map(str, node['target']))}\n      {node['html'][:200]}")
        lines.append("      " + node["failureSummary"].replace("\n", "\n      "))
    return "\n".join(lines)


def assert_fits(page: Page) -> None:
    """Nobody has to scroll sideways to read (tables scroll within themselves)."""
    too_wide = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.querySelectorAll("body *")]
                .filter(e => e.getBoundingClientRect().right > width + 1 && !e.closest(".table-scroll"))
                .slice(0, 5).map(e => e.outerHTML.slice(0, 120));
        }"""
    )
    assert not too_wide, f"{page.url} is wider than {page.viewport_size}:\n" + "\n".join(too_wide)


def check(page: Page, url: str, widths: Iterable[int] = WIDTHS) -> None:
    """Open the address wide and narrow; axe is content with both and both fit."""
    for width in widths:
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(url)
        assert_fits(page)
        assert_accessible(page)


class Watch:
    """Notes what a page does wrong without showing it: script errors, policy violations, missing parts, and
    requests to any other host."""

    def __init__(self, page: Page, host: str) -> None:
        self.host = host
        self.problems: list[str] = []
        self._expected: set[int] = set()
        self._paused = False
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.problems.append(f"script error: {error}"))
        page.on("request", self._request)
        page.on("response", self._response)

    def expect(self, *statuses: int) -> None:
        """Parts of the page may answer with these (a form refused by the server, for instance)."""
        self._expected.update(statuses)

    def pause(self, paused: bool) -> None:
        self._paused = paused

    def _console(self, message: ConsoleMessage) -> None:
        if self._paused:
            return
        # A failed load is judged by its response, where one knows whether it was the page itself.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in ("http", "https") and address.hostname != self.host:
            self.problems.append(f"asked another host: {request.url}")

    def _response(self, response: Response) -> None:
        own_page = response.request.is_navigation_request()
        if response.status >= 400 and not own_page and response.status not in self._expected:
            self.problems.append(f"{response.status} for {response.url}")
