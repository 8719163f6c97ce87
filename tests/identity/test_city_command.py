"""What operators do on the server: cities, host names, administrators."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City
from kursbuch.identity.models import Membership, Role


def city_command(*words: str) -> str:
    out = io.StringIO()
    call_command("city", *words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
def test_a_city_is_set_up_and_gets_an_administrator() -> None:
    said = city_command("create", "herne", "--name", "Herne", "--host", "Herne.Example:80", "--host", "hérne.example")
    assert "kursbuch city admin" in said
    city = City.objects.get(slug="herne")
    assert sorted(city.hosts.values_list("name", flat=True)) == ["herne.example", "xn--hrne-bpa.example"]
    assert Entry.objects.filter(city=city, verb="city_created").exists()
    assert "Forgot your password" in city_command("admin", "chef@example.org")
    assert Membership.objects.get(city=city, user__email="chef@example.org").role == Role.ADMIN
    city_command("host", "herne", "strategie.herne.example")
    assert "herne\tHerne\therne.example, strategie.herne.example" in city_command("list")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("create", "gelsenkirchen", "--name", "Noch einmal"), "already"),
        (("create", "a b", "--name", "Leer"), "hyphens"),
        (("create", "neu", "--name", "Neu", "--host", "testserver"), "another city"),
        (("create", "neu", "--name", "Neu", "--host", "a b"), "not a host name"),
        (("host", "nirgends", "x.example"), "no such city"),
        (("admin", "chef@example.org", "--city", "nirgends"), "no such city"),
        (("admin", "chef@example.org"), "which city"),
        (("admin", "chef", "--city", "gelsenkirchen"), "Not an e-mail"),
    ],
)
def test_mistakes_are_named_and_change_nothing(city: City, other_city: City, words: tuple[str, ...], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        city_command(*words)
    assert City.objects.count() == 2
    assert not Membership.objects.exists()
