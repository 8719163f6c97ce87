"""Staff write for their office: readers are told the office, as the chronicle always did."""

from django.conf import settings
from django.db import migrations, models
from django.utils import translation
from django.utils.translation import gettext

STAFF = {"office": "office", "editor": "strategy office", "clerk": "council clerk", "admin": "administrator"}


def mark_official(apps, schema_editor):
    """What staff have written so far; without an office they write for what their role is called."""
    Membership = apps.get_model("identity", "Membership")
    for member in Membership.objects.filter(role__in=STAFF).select_related("city", "office"):
        languages = member.city.languages or [settings.LANGUAGE_CODE]
        with translation.override(languages[0]):
            role = gettext(STAFF[member.role])
        name = member.group or (member.office.name if member.office else role)
        amendments = apps.get_model("strategy", "Amendment").objects.filter(authors__user=member.user_id)
        comments = apps.get_model("strategy", "Comment").objects.filter(author=member.user_id)
        for rows in (
            amendments.filter(strategy__city=member.city_id),
            comments.filter(amendment__strategy__city=member.city_id),
        ):
            keys = list(rows.values_list("pk", flat=True))
            rows.model.objects.filter(pk__in=keys).update(official=True)
            rows.model.objects.filter(pk__in=keys, speaks_for="").update(speaks_for=name)


class Migration(migrations.Migration):
    dependencies = [
        ("strategy", "0001_initial"),
        ("identity", "0001_initial"),
    ]

    operations = [
        migrations.AddField("amendment", "official", models.BooleanField(default=False)),
        migrations.AddField("comment", "official", models.BooleanField(default=False)),
        migrations.RunPython(mark_official, migrations.RunPython.noop, elidable=True),
    ]
