"""Seals: what they cover, what they reveal, and that erasing a person leaves them whole."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from kursbuch.chronicle.hashing import merkle_root
from kursbuch.chronicle.models import Entry, Mention, Seal
from kursbuch.chronicle.queries import verify_chronicle
from kursbuch.chronicle.services import erase_person, seal_entries
from kursbuch.chronicle.services import seal as sealing

SECRET = "Annas Telefon 0209 4711"


@pytest.fixture
def sealed(place_bench, city, anna, frida):
    """Two seals of three entries, the middle of the first with everything an entry can hold."""
    for number, actor in enumerate((frida, anna, None, frida, anna, None)):
        full = {"because": "bench:9", "about": ["path:a"], "data": {"n": 1}, "personal": {"note": SECRET}}
        place_bench(str(number), actor=actor.person if actor else None, **(full if number == 1 else {}))
        if number % 3 == 2:
            seal_entries(city.pk)
    return Entry.objects.get(thing="bench:1")


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


def test_seals_are_numbered_chained_and_add_up(sealed, city):
    first, second = Seal.objects.filter(city=city).order_by("number")
    assert (first.number, first.count, first.total, first.previous) == (1, 3, 3, "")
    assert (second.number, second.count, second.total, second.previous) == (2, 3, 6, first.digest)
    assert list(first.entries.order_by("pk").values_list("position", flat=True)) == [0, 1, 2]
    assert seal_entries(city.pk) is None
    assert verify_chronicle(city.pk) == []


def test_sealing_takes_as_many_batches_as_needed(place_bench, city, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 4)
    for number in range(10):
        place_bench(str(number))
    newest = seal_entries(city.pk)
    assert newest is not None
    assert (newest.number, newest.count, newest.total) == (3, 2, 10)
    assert verify_chronicle(city.pk) == []


def test_a_city_seals_only_its_own(place_bench, city, other_city):
    place_bench()
    place_bench(city_id=other_city.pk)
    seal_entries(city.pk)
    assert Entry.objects.filter(seal=None).get().city_id == other_city.pk
    assert Seal.objects.get().city_id == city.pk


ALTERATIONS = {
    "id": "(SELECT MAX(id) + 1000 FROM chronicle_entry)",
    "city_id": None,  # the other city
    "at": "'2020-01-01 00:00:00'",
    "verb": "'bench_painted'",
    "thing": "'bench:7'",
    "because": "''",
    "summary": "'A bench in the park'",
    "data": "'{\"n\": 2}'",
    "public": "NOT public",
    "actor_id": None,  # somebody else
    "personal": '\'{"note": "other"}\'',
    "salt": None,  # another salt
    "personal_digest": "''",
    "digest": "'" + "0" * 64 + "'",
    "seal_id": "NULL",
    "position": "99",
}


def test_every_column_of_an_entry_is_covered():
    assert set(ALTERATIONS) == {field.column for field in Entry._meta.concrete_fields}


@pytest.mark.parametrize("column", ALTERATIONS)
def test_an_altered_column_is_found_and_named(column, sealed, city, other_city, frida):
    own_values = {"city_id": other_city.pk, "actor_id": frida.person.pk, "salt": b"x" * 16}
    value, values = (ALTERATIONS[column], []) if ALTERATIONS[column] else ("%s", [own_values[column]])
    sql(f"UPDATE chronicle_entry SET {column} = {value} WHERE id = %s", *values, sealed.pk)
    if column == "id":  # with everything that points to it, else the foreign keys refuse
        new = Entry.objects.latest("pk").pk
        Mention.objects.filter(entry_id=sealed.pk).update(entry_id=new)
    problems = verify_chronicle(city.pk)
    if column in {"id", "seal_id"}:  # the row itself says nothing wrong, its seal misses it
        assert 1 in {problem.seal for problem in problems}
    else:
        assert sealed.pk in {problem.entry for problem in problems}
    assert all(str(problem) for problem in problems)


@pytest.mark.parametrize("column", ["salt", "actor_id", "personal"])
def test_a_half_erased_person_is_found(column, sealed, city):
    sql(f"UPDATE chronicle_entry SET {column} = NULL WHERE id = %s", sealed.pk)
    assert {problem.entry for problem in verify_chronicle(city.pk)} == {sealed.pk}


def test_an_actor_put_to_a_nameless_act_is_found(sealed, city, anna):
    nameless = Entry.objects.get(thing="bench:2")
    sql("UPDATE chronicle_entry SET actor_id = %s WHERE id = %s", anna.person.pk, nameless.pk)
    assert {problem.entry for problem in verify_chronicle(city.pk)} == {nameless.pk}


def test_swapped_entries_are_found(sealed, city):
    third = Entry.objects.get(thing="bench:2")
    sql("UPDATE chronicle_entry SET position = 50 WHERE id = %s", sealed.pk)
    sql("UPDATE chronicle_entry SET position = 1 WHERE id = %s", third.pk)
    sql("UPDATE chronicle_entry SET position = 2 WHERE id = %s", sealed.pk)
    assert {problem.seal for problem in verify_chronicle(city.pk)} == {1}


def test_a_deleted_entry_is_found_by_its_place(sealed, city):
    Mention.objects.filter(entry=sealed).delete()
    sql("DELETE FROM chronicle_entry WHERE id = %s", sealed.pk)
    problems = verify_chronicle(city.pk)
    assert {problem.seal for problem in problems} == {1}
    assert any("2" in problem.message and "3" in problem.message for problem in problems)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM chronicle_mention WHERE entry_id = %s AND thing = 'path:a'",
        "UPDATE chronicle_mention SET thing = 'path:b' WHERE entry_id = %s AND thing = 'path:a'",
        "INSERT INTO chronicle_mention (entry_id, city_id, thing)"
        " SELECT id, city_id, 'path:z' FROM chronicle_entry WHERE id = %s",
    ],
)
def test_altered_mentions_are_found(statement, sealed, city):
    sql(statement, sealed.pk)
    assert {problem.entry for problem in verify_chronicle(city.pk)} == {sealed.pk}


def test_a_mention_moved_to_another_city_is_found(sealed, city, other_city):
    mention = sealed.mentions.get(thing="path:a")
    sql("UPDATE chronicle_mention SET city_id = %s WHERE id = %s", other_city.pk, mention.pk)
    assert {problem.entry for problem in verify_chronicle(city.pk)} == {sealed.pk}


@pytest.mark.parametrize("column", ["count", "total", "root", "previous", "digest", "at", "number"])
def test_an_altered_seal_is_found_and_named(column, sealed, city):
    value = {"at": "'2020-01-01 00:00:00'", "count": "2", "total": "7", "number": "9"}.get(column, "'ab'")
    sql(f"UPDATE chronicle_seal SET {column} = {value} WHERE city_id = %s AND number = 2", city.pk)
    named = 9 if column == "number" else 2
    assert named in {problem.seal for problem in verify_chronicle(city.pk)}


def test_a_seal_that_is_gone_with_its_entries_is_found(sealed, city):
    first = Seal.objects.get(city=city, number=1)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM chronicle_mention WHERE entry_id IN (SELECT id FROM chronicle_entry WHERE seal_id = %s)",
            [first.pk],
        )
        cursor.execute("DELETE FROM chronicle_entry WHERE seal_id = %s", [first.pk])
        cursor.execute("DELETE FROM chronicle_seal WHERE id = %s", [first.pk])
    assert {problem.seal for problem in verify_chronicle(city.pk)} == {2}


def test_an_unsealed_entry_is_checked_too(place_bench, city):
    entry = place_bench()
    sql("UPDATE chronicle_entry SET summary = 'other' WHERE id = %s", entry.pk)
    assert [problem.entry for problem in verify_chronicle(city.pk)] == [entry.pk]


def _everything_stored() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM chronicle_entry")
        return repr(cursor.fetchall())


def test_an_erased_person_is_gone_and_every_seal_still_verifies(sealed, city, anna, place_bench):
    about_anna = place_bench("8", thing=f"person:{anna.person.uid}", personal={"role": SECRET})
    assert SECRET in _everything_stored()
    assert erase_person(anna.person) == 3
    assert SECRET not in _everything_stored()
    erased = Entry.objects.get(pk=sealed.pk)
    assert (erased.actor, erased.personal, erased.salt, erased.actor_name) == (None, None, None, "Gelöschtes Konto")
    assert erased.personal_digest
    assert Entry.objects.get(pk=about_anna.pk).personal is None
    assert Entry.objects.filter(actor__isnull=False).count() == 2  # Frida's stay
    assert verify_chronicle(city.pk) == []
    seal_entries(city.pk)
    assert verify_chronicle(city.pk) == []


def test_erasing_moves_the_revision_on_once(sealed, city, anna):
    erase_person(anna.person)
    said = Entry.objects.get(verb="person_erased")
    assert (said.city_id, said.public, said.actor, said.data) == (city.pk, False, None, {"entries": 2})
    assert erase_person(anna.person) == 0
    assert Entry.objects.filter(verb="person_erased").count() == 1


def test_an_account_deleted_in_any_way_is_erased_first(sealed, city, anna):
    anna.person.delete()
    assert SECRET not in _everything_stored()
    assert verify_chronicle(city.pk) == []


DIGEST = st.binary(min_size=32, max_size=32).map(bytes.hex)
LEAF = st.tuples(st.integers(0, 2**63 - 1), DIGEST)


@given(st.lists(LEAF, min_size=1, max_size=40, unique=True), st.data())
def test_no_two_batches_have_the_same_root(leaves, data):
    other = data.draw(st.permutations(leaves))
    assert (merkle_root(leaves) == merkle_root(other)) == (leaves == other)
    if len(leaves) > 1:
        assert merkle_root(leaves[:-1]) != merkle_root(leaves)


def test_the_root_is_built_as_rfc_6962_says():
    def leaf(number: int) -> bytes:
        return hashlib.sha256(b"\0" + number.to_bytes(8, "big") + bytes([number]) * 32).digest()

    def node(left: bytes, right: bytes) -> bytes:
        return hashlib.sha256(b"\1" + left + right).digest()

    leaves = [(number, (bytes([number]) * 32).hex()) for number in (1, 2, 3)]
    assert merkle_root(leaves) == node(node(leaf(1), leaf(2)), leaf(3)).hex()
    assert merkle_root(leaves[:1]) == leaf(1).hex()
    with pytest.raises(ValueError, match="at least one"):
        merkle_root([])
