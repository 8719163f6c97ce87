"""Takes pictures of pages, wide and narrow: python -m tests.e2e.screenshots URL… --out DIR [--as E-MAIL]."""

from __future__ import annotations

import argparse
import re
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, sync_playwright
from tests.e2e.chromium import ARGUMENTS, CHROMIUM

WIDTHS = (1280, 360)


def sign_in(context: BrowserContext, url: str, email: str, password: str) -> None:
    parts = urlsplit(url)
    page = context.new_page()
    page.goto(f"{parts.scheme}://{parts.netloc}/konto/login/")
    page.fill("input[name=login]", email)
    page.fill("input[name=password]", password)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.close()


def take(urls: list[str], out: Path, email: str, password: str, *, full: bool, scheme: str) -> list[Path]:
    out.mkdir(parents=True, exist_ok=True)
    taken = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        context = browser.new_context(locale="de-DE", color_scheme="dark" if scheme == "dark" else "light")
        if email:
            sign_in(context, urls[0], email, password)
        page = context.new_page()
        for url in urls:
            name = re.sub(r"[^a-z0-9]+", "-", url.split("//", 1)[-1].lower()).strip("-")
            for width in WIDTHS:
                page.set_viewport_size({"width": width, "height": 900})
                page.goto(url)
                taken.append(out / f"{name}-{width}{'-' + email.split('@')[0] if email else ''}.png")
                page.screenshot(path=taken[-1], full_page=full)
        browser.close()
    return taken


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("urls", nargs="+", metavar="URL")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--as", dest="email", default="", help="sign in as this account first")
    parser.add_argument("--password", default="")
    parser.add_argument("--first-screen", action="store_true", help="only what is seen without scrolling")
    parser.add_argument("--scheme", choices=["light", "dark"], default="light")
    chosen = parser.parse_args()
    for path in take(
        chosen.urls, chosen.out, chosen.email, chosen.password, full=not chosen.first_screen, scheme=chosen.scheme
    ):
        print(path)  # noqa: T201 - what was taken, one a line


if __name__ == "__main__":
    main()
