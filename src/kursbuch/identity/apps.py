"""Registers the app, what can happen to people, who may manage a city, and what people get of their data."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IdentityConfig(AppConfig):
    name = "kursbuch.identity"
    label = "identity"

    def ready(self) -> None:
        from kursbuch.chronicle.bodies import register_bodies
        from kursbuch.chronicle.verbs import register_verbs
        from kursbuch.city.access import check_managers_with
        from kursbuch.identity import given_out, models, own_data, rules
        from kursbuch.identity.access import requires

        register_verbs(
            {
                "person_joined": _("joined"),
                "role_changed": _("changed a person’s role"),
                "name_changed": _("changed their name"),
            }
        )
        register_bodies(role.label for role in models.STAFF)
        check_managers_with(requires(rules.may_manage_city))
        own_data.register("account", given_out.account)
        own_data.register("membership", given_out.membership)
        own_data.register("chronicle", given_out.chronicle)
