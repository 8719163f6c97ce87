"""Writing entries: what is kept, what is refused, and what it costs."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import transaction

from kursbuch.chronicle import hashing, things, verbs
from kursbuch.chronicle.models import AppendOnlyError, Entry
from kursbuch.chronicle.revision import revision_of, with_revision
from kursbuch.chronicle.services import record, seal_entries
from kursbuch.city.models import City
from kursbuch.kit import clock


def test_an_entry_says_who_did_what_and_why(place_bench, city, anna):
    moment = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
    with clock.at(moment):
        entry = place_bench(
            actor=anna.person, because="bench:9", about=["path:a", "path:b"], data={"seats": 3}, personal={"by": "A"}
        )
    entry = Entry.objects.get(pk=entry.pk)
    assert (entry.at, entry.verb, entry.thing, entry.because) == (moment, "bench_placed", "bench:1", "bench:9")
    assert (entry.actor, entry.data, entry.personal, entry.public) == (anna.person, {"seats": 3}, {"by": "A"}, True)
    mentioned = sorted(mention.thing for mention in entry.mentions.all())
    assert mentioned == ["bench:1", "bench:9", "path:a", "path:b"]


def test_recording_takes_two_statements(city, anna, django_assert_num_queries):
    with django_assert_num_queries(2):
        record(
            city_id=city.pk,
            verb="bench_placed",
            thing="bench:1",
            summary="A bench.",
            actor=anna.person,
            about=[f"path:{n}" for n in range(30)],
        )


@pytest.mark.django_db(transaction=True)
def test_recording_outside_a_transaction_is_refused(city):
    with pytest.raises(RuntimeError, match="same transaction"):
        record(city_id=city.pk, verb="bench_placed", thing="bench:1", summary="x")


def test_an_entry_goes_with_the_change_that_failed(place_bench):
    with pytest.raises(KeyError), transaction.atomic():
        place_bench()
        raise KeyError
    assert not Entry.objects.exists()


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"verb": "bench_stolen"}, verbs.UnknownVerbError),
        ({"thing": "tree:1"}, things.UnknownThingError),
        ({"thing": "bench:"}, things.UnknownThingError),
        ({"thing": "bench:" + "9" * 80}, things.UnknownThingError),
        ({"about": ["bench:/etc"]}, things.UnknownThingError),
        ({"data": {"x": float("nan")}}, ValueError),
        ({"data": {"x": "\0"}}, ValueError),
    ],
)
def test_what_cannot_be_kept_is_refused(place_bench, said: dict[str, Any], error: type[Exception]):
    with pytest.raises(error):
        place_bench(**said)
    assert not Entry.objects.exists()


def test_a_long_summary_is_cut_to_one_line(place_bench):
    entry = place_bench(summary="word\n" * 400)
    assert len(entry.summary) == 500
    assert entry.summary.endswith("…")
    assert "\n" not in entry.summary


def test_entries_can_neither_be_changed_nor_deleted(place_bench):
    entry = place_bench()
    for attempt in (
        entry.save,
        entry.delete,
        Entry.objects.all().delete,
        lambda: Entry.objects.update(summary="other"),
    ):
        with pytest.raises(AppendOnlyError):
            attempt()
    assert Entry.objects.get().summary == "A bench in the park."


def test_the_digest_can_be_recomputed_from_the_row(place_bench, city, anna):
    given = {"whole": 1e20, "minus": -0.0, "tiny": 1e-7, "third": 1 / 3, "ü": ["ß", None, {"b": 1, "a": 2}]}
    place_bench(actor=anna.person, about=["path:o"], data=given, personal={"e": 2.5})
    row = Entry.objects.get()
    assert row.salt is not None
    personal = hashing.personal_digest(bytes(row.salt), str(anna.person.uid), row.personal)
    assert personal == row.personal_digest
    assert row.digest == hashing.entry_digest(
        city=city.pk,
        at=row.at,
        verb="bench_placed",
        thing="bench:1",
        because="",
        summary="A bench in the park.",
        data=row.data,
        public=True,
        mentions=["path:o", "bench:1"],
        personal=personal,
    )


def test_the_actor_is_named_as_the_public_may_read_it(place_bench, anna):
    assert place_bench(actor=anna.person).actor_name == "Anna Arndt"
    assert place_bench(actor=anna.person, on_behalf_of="Grünflächenamt").actor_name == "Grünflächenamt"
    assert place_bench().actor_name == "Das System"


def test_the_revision_counts_what_is_visible(place_bench, city, other_city, django_assert_num_queries):
    assert revision_of(city.pk) == 0
    place_bench()
    place_bench()
    assert revision_of(city.pk) == 2
    seal_entries(city.pk)
    assert revision_of(city.pk) == 2
    place_bench(public=False)
    with django_assert_num_queries(1):
        revisions = {found.pk: found.revision for found in with_revision(City.objects.all())}
    assert revisions == {city.pk: 3, other_city.pk: 0}
