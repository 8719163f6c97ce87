"""What the first reader would otherwise wait for: addresses, templates and translations, loaded before anybody asks."""

from __future__ import annotations

import gc
from pathlib import Path

from django.conf import settings
from django.template import TemplateDoesNotExist, TemplateSyntaxError, engines
from django.template.utils import get_app_template_dirs
from django.urls import reverse
from django.utils import formats, timezone, translation

PACKAGE = Path(__file__).resolve().parent.parent


def get_ready() -> None:
    """Load what pages need beside the database's answers. gunicorn does it once, for all its processes."""
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            reverse("home")  # imports the views of all addresses
            formats.date_format(timezone.now())
    for name in template_names():
        compile_template(name)
    # What is loaded by now stays until the end: looking through it again and again for garbage finds none.
    gc.collect()
    gc.freeze()


def template_names() -> list[str]:
    """Our own templates; those of other packages come in with the first page that needs them."""
    places = [Path(place) for place in get_app_template_dirs("templates")]
    return sorted(
        path.relative_to(place).as_posix()
        for place in places
        if place.is_relative_to(PACKAGE)
        for path in place.rglob("*.html")
    )


def compile_template(name: str) -> None:
    try:
        engines["django"].get_template(name)
    except (TemplateDoesNotExist, TemplateSyntaxError):  # the page that needs it says so
        return
