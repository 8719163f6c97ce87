"""A person's own account: what it holds, changing it, and leaving."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from kursbuch.chronicle.services import erase_person, record
from kursbuch.city.models import City, in_content_language
from kursbuch.identity import own_data
from kursbuch.identity.models import Role, User
from kursbuch.identity.services.membership import require_another_admin
from kursbuch.identity.signals import person_leaves
from kursbuch.kit import clock


@transaction.atomic
def change_profile(*, user: User, name: str, language: str) -> User:
    user = User.objects.select_for_update().get(pk=user.pk)
    renamed = user.name != name
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    if renamed:
        # Pages that show the name are versioned by the chronicle: they change only when it does.
        for member in user.memberships.select_related("city"):
            record(
                city_id=member.city_id,
                verb="name_changed",
                thing=f"person:{user.uid}",
                summary=in_content_language(member.city, gettext_noop("A person changed their name.")),
                actor=user,
                personal={"name": name},
                public=False,
            )
    return user


def export_own_data(*, user: User, city: City) -> bytes:
    """Everything a city's site holds about a person, as a ZIP archive of JSON."""
    sections: dict[str, Any] = {
        "about": {
            "city": city.name,
            "created_at": clock.now().isoformat(),
            "sections": own_data.sections(),
        }
    }
    sections.update(own_data.collect(user, city))
    text = json.dumps(sections, ensure_ascii=False, indent=2, default=str)
    readme = _(
        "This archive holds everything that the site of %(city)s keeps about you.\n"
        "The file own-data.json can be read by people and programs; every section has a name.\n"
    ) % {"city": city.name}
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("own-data.json", text)
        file.writestr(_("README.txt"), readme)
    return archive.getvalue()


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Deletes a person's account and all that names them; what they contributed stays, without a name.

    Apps that keep more about people hear of it before by the signal ``person_leaves``. Raises
    :class:`~.membership.LastAdminError` while a city would be left without an administrator.
    """
    admin_of = list(user.memberships.filter(role=Role.ADMIN).values_list("city_id", flat=True))
    list(City.objects.select_for_update().filter(pk__in=admin_of).order_by("pk"))
    for member in user.memberships.filter(role=Role.ADMIN).select_related("city"):
        require_another_admin(member)
    person_leaves.send(sender=User, user=user)
    erase_person(user)
    user.delete()
