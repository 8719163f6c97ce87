"""Registers the app, the verbs of its own and what happens to a deleted account's entries."""

from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import pre_delete
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


def _erase(instance: Any, **kwargs: Any) -> None:
    from kursbuch.chronicle.services import erase_person

    erase_person(instance)


class ChronicleConfig(AppConfig):
    name = "kursbuch.chronicle"
    label = "chronicle"

    def ready(self) -> None:
        from kursbuch.chronicle.things import register
        from kursbuch.chronicle.verbs import register_verbs

        register("city", url=lambda key: reverse("chronicle"), noun=_("The whole city"))
        register("person", url=lambda key: "", noun=_("Person"))
        register_verbs({"person_erased": _("erased a person's data")})
        # However an account goes, its entries keep a hash that can still be verified.
        pre_delete.connect(_erase, sender=settings.AUTH_USER_MODEL, dispatch_uid="chronicle-erase")
