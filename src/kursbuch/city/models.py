"""The tenant: a city, the host names it answers to, and its offices."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Any

from django.conf import settings
from django.db import models
from django.utils import translation

from kursbuch.city.look import version


def default_languages() -> list[str]:
    return [code for code, _ in settings.LANGUAGES]


class City(models.Model):
    """One municipality of the installation; every other row belongs to exactly one."""

    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    official_key = models.CharField(max_length=12, blank=True)  # AGS, the official municipality key
    languages = models.JSONField(default=default_languages)  # of the interface, the first is the default
    look = models.JSONField(default=dict, blank=True)  # KERN design tokens: {"--kern-color-…": "#…"}
    logo = models.ImageField(upload_to="logos/", blank=True)
    contact = models.EmailField(blank=True)  # who answers questions about this site
    # by language, like the notice: {"de": …, "en": …}
    imprint = models.JSONField(default=dict, blank=True)
    privacy = models.JSONField(default=dict, blank=True)
    accessibility = models.JSONField(default=dict, blank=True)
    notice = models.JSONField(default=dict, blank=True)  # shown on every page: {"de": …, "en": …}

    class Meta:
        verbose_name_plural = "cities"

    def __str__(self) -> str:
        return self.name

    @property
    def content_language(self) -> str:
        """The language in which the city writes; what is recorded for ever is written in it."""
        return str(self.languages[0]) if self.languages else settings.LANGUAGE_CODE

    @property
    def look_version(self) -> str:
        """Part of the stylesheet's address, so that browsers may keep it until it changes."""
        return version(self.look)

    @property
    def logo_version(self) -> str:
        """The file's name holds a digest of its content."""
        return PurePosixPath(self.logo.name or "").stem

    def text_in(self, name: str, language: str) -> tuple[str, str]:
        """Imprint, privacy or accessibility, and its language: the one asked for, else the city's, else any."""
        texts: dict[str, str] = getattr(self, name)
        for code in (language, self.content_language, *texts):
            if texts.get(code):
                return texts[code], code
        return "", language

    def notice_in(self, language: str) -> str:
        notices: dict[str, Any] = self.notice
        return str(notices.get(language) or notices.get("de") or "")


def in_content_language(city: City, message: str, **values: object) -> str:
    """A translatable message, with its ``%(values)s``, in the language in which the city writes."""
    with translation.override(city.content_language):
        return translation.gettext(message) % values


class Host(models.Model):
    """A host name under which a city is reached."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="hosts")
    name = models.CharField(max_length=253, unique=True)  # lower case, without port

    def __str__(self) -> str:
        return self.name


class Office(models.Model):
    """An office (Amt) or municipal company that carries measures out."""

    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="offices")
    slug = models.SlugField()
    name = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("name",)
        constraints = [models.UniqueConstraint("city", "slug", name="office_slug_once_a_city")]

    def __str__(self) -> str:
        return self.name
