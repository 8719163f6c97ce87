"""The texts about the site, one for each language, as the notice always was."""

from django.conf import settings
from django.db import migrations, models

TEXTS = ("imprint", "privacy", "accessibility")


def by_language(apps, schema_editor):
    """What there is was written in the city's own language."""
    for city in apps.get_model("city", "City").objects.all():
        language = city.languages[0] if city.languages else settings.LANGUAGE_CODE
        for name in TEXTS:
            text = getattr(city, f"{name}_before")
            setattr(city, name, {language: text} if text else {})
        city.save(update_fields=TEXTS)


class Migration(migrations.Migration):
    dependencies = [("city", "0001_initial")]

    operations = [
        *(migrations.RenameField("city", name, f"{name}_before") for name in TEXTS),
        *(migrations.AddField("city", name, models.JSONField(blank=True, default=dict)) for name in TEXTS),
        migrations.RunPython(by_language, migrations.RunPython.noop, elidable=True),
        *(migrations.RemoveField("city", f"{name}_before") for name in TEXTS),
    ]
