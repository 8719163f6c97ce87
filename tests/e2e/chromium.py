"""Which browser is driven, and how it is kept from talking to anybody but the site."""

from __future__ import annotations

import os
import shutil

CHROMIUM = os.environ.get("KURSBUCH_CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
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
