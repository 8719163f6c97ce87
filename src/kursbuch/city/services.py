"""What operators and administrators do to a city; every step is told to the chronicle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import IO

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext_noop

from kursbuch.chronicle.services import record
from kursbuch.chronicle.surroundings import Person
from kursbuch.city.hosts import host_name
from kursbuch.city.models import City, Host, Office, default_languages, in_content_language
from kursbuch.city.pictures import redraw_logo

GERMAN: dict[int, str] = {ord("ä"): "ae", ord("ö"): "oe", ord("ü"): "ue", ord("ß"): "ss"}
TEXTS = ("imprint", "privacy", "accessibility")


class HostTakenError(ValueError):
    """The host name belongs to a city already."""


@dataclass(frozen=True, kw_only=True)
class Look:
    """How a city presents itself; ``logo`` is an uploaded file, an empty string removes the present one."""

    name: str
    tokens: Mapping[str, str]
    logo: IO[bytes] | str | None = None


@transaction.atomic
def create_city(
    *, slug: str, name: str, hosts: Iterable[str] = (), languages: Iterable[str] = (), official_key: str = ""
) -> City:
    city = City.objects.create(
        slug=slug, name=name, official_key=official_key, languages=list(languages) or default_languages()
    )
    _tell(city, "city_created", gettext_noop("The city was set up: %(name)s."), None, name=name)
    for host in hosts:
        add_host(city=city, host=host)
    return city


@transaction.atomic
def add_host(*, city: City, host: str) -> Host:
    """Lets the city answer under a host name. Raises ``ValueError`` for what is none, and
    :class:`HostTakenError`."""
    name = host_name(host)
    added, is_new = Host.objects.get_or_create(name=name, defaults={"city": city})
    if added.city_id != city.pk:
        raise HostTakenError(name)
    if is_new:
        _tell(city, "host_added", gettext_noop("The city now answers under %(host)s."), None, host=name)
    return added


@transaction.atomic
def change_look(*, city: City, actor: Person, look: Look) -> City:
    """Raises :class:`~kursbuch.city.pictures.PictureError` for a logo that cannot be taken."""
    city = City.objects.select_for_update().get(pk=city.pk)
    previous = city.logo.name
    city.name = look.name
    city.look = dict(look.tokens)
    if look.logo == "":
        city.logo = ""
    elif look.logo is not None and not isinstance(look.logo, str):
        name, content = redraw_logo(look.logo)
        city.logo.save(f"{city.slug}-{name}", ContentFile(content), save=False)
    city.save(update_fields=["name", "look", "logo"])
    if previous and previous != city.logo.name:
        transaction.on_commit(partial(city.logo.storage.delete, previous))
    _tell(
        city,
        "look_changed",
        gettext_noop("The look of the site was changed."),
        actor,
        data={"name": city.name, "look": city.look, "logo": city.logo.name},
    )
    return city


@transaction.atomic
def change_texts(*, city: City, actor: Person, contact: str, texts: Mapping[str, Mapping[str, str]]) -> City:
    """Imprint, privacy notice and accessibility statement, each by language; and whom to ask."""
    city = City.objects.select_for_update().get(pk=city.pk)
    written = {name: {code: text for code, text in texts[name].items() if text} for name in TEXTS}
    changed = [name for name in TEXTS if getattr(city, name) != written[name]]
    for name in TEXTS:
        setattr(city, name, written[name])
    if city.contact != contact:
        changed.append("contact")
    city.contact = contact
    city.save(update_fields=[*TEXTS, "contact"])
    if changed:
        _tell(
            city,
            "texts_changed",
            gettext_noop("The texts about this site were changed."),
            actor,
            data={"changed": changed},
        )
    return city


@transaction.atomic
def change_languages(*, city: City, actor: Person, languages: Iterable[str], notice: Mapping[str, str]) -> City:
    """The languages of the interface, the first of them the city's own, and the notice on every page."""
    city = City.objects.select_for_update().get(pk=city.pk)
    city.languages = list(languages)
    city.notice = {language: text for language, text in notice.items() if text}
    city.save(update_fields=["languages", "notice"])
    _tell(
        city,
        "languages_changed",
        gettext_noop("The languages of the site or its notice were changed."),
        actor,
        data={"languages": city.languages, "notice": city.notice},
    )
    return city


@transaction.atomic
def add_office(*, city: City, actor: Person | None, name: str, name_en: str = "", slug: str = "") -> Office:
    """``slug``: what a file calls it; without one it is made of the name."""
    City.objects.select_for_update().get(pk=city.pk)  # two offices at once shall not get one slug
    office = Office.objects.create(city=city, slug=slug or _free_slug(city, name), name=name, name_en=name_en)
    _tell(
        city,
        "office_added",
        gettext_noop("Office added: %(name)s."),
        actor,
        data={"office": office.slug},
        name=name,
    )
    return office


@transaction.atomic
def rename_office(*, office: Office, actor: Person, name: str, name_en: str = "") -> Office:
    """The slug stays: strategies name the office by it."""
    office = Office.objects.select_for_update().select_related("city").get(pk=office.pk)
    before = office.name
    office.name, office.name_en = name, name_en
    office.save(update_fields=["name", "name_en"])
    _tell(
        office.city,
        "office_renamed",
        gettext_noop("Office “%(before)s” is now called “%(name)s”."),
        actor,
        data={"office": office.slug},
        before=before,
        name=name,
    )
    return office


def _free_slug(city: City, name: str) -> str:
    german = name.lower().translate(GERMAN)
    base = slugify(german)[:45].strip("-") or "amt"
    taken = set(Office.objects.filter(city=city, slug__startswith=base).values_list("slug", flat=True))
    return next(slug for slug in (base, *(f"{base}-{n}" for n in range(2, len(taken) + 3))) if slug not in taken)


def _tell(
    city: City,
    verb: str,
    summary: str,
    actor: Person | None,
    *,
    data: Mapping[str, object] | None = None,
    **values: object,
) -> None:
    record(
        city_id=city.pk,
        verb=verb,
        thing="city",
        summary=in_content_language(city, summary, **values),
        actor=actor,
        data=data,
        public=False,
    )
