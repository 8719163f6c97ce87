"""Registers the app and what can happen to a city."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CityConfig(AppConfig):
    name = "kursbuch.city"
    label = "city"

    def ready(self) -> None:
        from kursbuch.chronicle.verbs import register_verbs

        register_verbs(
            {
                "city_created": _("set up the city"),
                "host_added": _("added a host name"),
                "look_changed": _("changed the look of the site"),
                "texts_changed": _("changed the texts about this site"),
                "languages_changed": _("changed the site’s languages or notice"),
                "office_added": _("added an office"),
                "office_renamed": _("renamed an office"),
            }
        )
