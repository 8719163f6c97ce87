"""The first reader of a new process waits for nothing but the database: all else is there before anybody asks."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from django.template import engines

from kursbuch.config.readiness import template_names

# In a process of its own, because this one has imported everything long ago.
FIRST_PAGE = """
import gc, json, os, sys
import django
django.setup()
from django.core.wsgi import get_wsgi_application
from django.template import Template
get_wsgi_application()
from kursbuch.config import gunicorn
if sys.argv[1] == "ready":
    gunicorn.when_ready(None)
before, compiled, frozen = set(sys.modules), [], gc.get_freeze_count()
compile_nodelist = Template.compile_nodelist
Template.compile_nodelist = lambda self: compiled.append(self.name) or compile_nodelist(self)
from django.template.loader import get_template
from django.urls import resolve, reverse
from django.utils import translation
for language, path in (("de", "/antraege/"), ("en", "/en/antraege/")):
    with translation.override(language):
        assert reverse("amendment-list") == path
        resolve(path)
get_template("strategy/amendment_list.html")
get_template("web/base.html")
new = sorted(name for name in set(sys.modules) - before if name.startswith("kursbuch."))
print(json.dumps({"modules": new, "compiled": compiled, "frozen": frozen}))
"""


def first_page(state: str, data: Path) -> dict[str, list[str]]:
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "kursbuch.config.settings",
        "KURSBUCH_DATA": str(data),
        "KURSBUCH_HTTPS": "0",
        "KURSBUCH_DEBUG": "0",
    }
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAGE, state], capture_output=True, text=True, check=True, env=environment
    )
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_nothing_is_left_to_load_when_the_server_is_ready(tmp_path: Path) -> None:
    ready = first_page("ready", tmp_path)
    assert (ready["modules"], ready["compiled"]) == ([], [])
    assert ready["frozen"]
    bare = first_page("bare", tmp_path)  # without it there would be a good deal
    assert "kursbuch.strategy.views.amendments" in bare["modules"]
    assert "strategy/amendment_list.html" in bare["compiled"]


def test_all_our_templates_are_made_ready() -> None:
    names = template_names()
    assert {"web/base.html", "strategy/reading.html", "chronicle/_entry.html"} <= set(names)
    assert not any(name.startswith("admin/") for name in names)
    for name in names:
        engines["django"].get_template(name)
