"""Files into a city: the first edition, or a draft amendment; in the browser and on the command line."""

from __future__ import annotations

import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kursbuch.chronicle.models import Entry
from kursbuch.city.models import City, Office
from kursbuch.domain.framework.changes import diff
from kursbuch.domain.framework.digest import digest
from kursbuch.identity.models import Membership
from kursbuch.kit import clock
from kursbuch.strategy.documents.document import DocumentError
from kursbuch.strategy.documents.intake import Ground, default_reading, parse, take_in
from kursbuch.strategy.documents.upload import open_upload
from kursbuch.strategy.models import Amendment, Edition, Rendition, State, Strategy, Version
from kursbuch.strategy.queries import load_edition
from kursbuch.strategy.queries.downloads import edition_file
from kursbuch.strategy.queries.ground import ground_of
from kursbuch.strategy.rules import NotAllowed
from kursbuch.strategy.services.import_into_strategy import (
    NothingNew,
    draft_from_document,
    only_allowed,
    take_in_file,
)
from kursbuch.strategy.services.import_strategy import import_strategy
from kursbuch.strategy.services.keep_upload import purge_uploads

YAML = """\
kursbuch: 1
strategy: {slug: plan, title: Der Plan, horizon: 2030}
offices: [{id: bildung, name: Amt für Bildung}]
kinds:
  - {slug: theme, prefix: L, names: {de: [Leitthema, Leitthemen]}, fields: [title, text]}
  - slug: measure
    prefix: M
    names: {de: [Maßnahme, Maßnahmen]}
    parents: [theme]
    fields: [title, text, budget, office]
edition: {number: "1", in_force_from: 2020-06-25, decision: {body: Rat, day: 2020-06-25}}
elements:
  - kind: theme
    key: L1
    title: Bildung
    elements:
      - {kind: measure, key: M001, title: Tablets, text: Für alle Kinder., office: bildung}
      - {kind: measure, key: M002, title: WLAN}
"""
CSV = "Kennung;Titel;Kosten;Leitthema\nM001;Tablets für alle;1,5 Mio. €;\n;Büchereien;;Bildung\n"


@pytest.fixture(autouse=True)
def _own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "MEDIA_ROOT", tmp_path / "media")
    monkeypatch.setattr(settings, "DOWNLOADS", tmp_path / "downloads")


@pytest.fixture
def strategy(city: City) -> Strategy:
    import_strategy(city=city, document=parse(open_upload("a.yaml", YAML.encode())))  # type: ignore[arg-type]
    return Strategy.objects.get(city=city)


def tree_from(strategy: Strategy, name: str, text: str) -> tuple[Ground, Any]:
    _strategy, ground = ground_of(strategy.city)
    source = parse(open_upload(name, text.encode()))
    return ground, take_in(source, ground, default_reading(source, ground.schema)).tree


def file(name: str, text: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode())


def kept() -> list[Path]:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    return sorted(folder.glob("*")) if folder.exists() else []


# ---- services ----------------------------------------------------------------------------------------------


def test_a_table_becomes_a_draft_of_whoever_brings_it(strategy: Strategy, edda: Membership) -> None:
    ground, tree = tree_from(strategy, "liste.csv", CSV)
    assert ground.base is not None
    amendment = draft_from_document(strategy=strategy, by=edda, base=ground.base, tree=tree, title="Aus der Liste")
    assert amendment.state == State.DRAFT
    assert [author.user_id for author in amendment.authors.all()] == [edda.user_id]
    assert [(change.key, change.field) for change in amendment.changes.order_by("position")] == [
        ("neu-1", ""),
        ("M001", "budget"),
        ("M001", "title"),
    ]
    entry = Entry.objects.of(strategy.city_id).latest("pk")
    assert (entry.verb, entry.thing, entry.public) == ("amendment_drafted", f"amendment:{amendment.pk}", False)
    assert Edition.objects.count() == 1


def test_the_same_upload_makes_one_draft(strategy: Strategy, edda: Membership) -> None:
    ground, tree = tree_from(strategy, "liste.csv", CSV)
    token = uuid.uuid4()
    assert ground.base is not None
    for _ in range(2):
        draft_from_document(strategy=strategy, by=edda, base=ground.base, tree=tree, title="Liste", token=token)
    assert Amendment.objects.count() == 1


def test_a_whole_file_retires_what_it_lacks_and_gives_new_things_provisional_keys(strategy: Strategy) -> None:
    text = YAML.replace(
        "      - {kind: measure, key: M002, title: WLAN}\n", "      - {kind: measure, key: M777, title: Neu}\n"
    )
    ground, tree = tree_from(strategy, "plan.yaml", text)
    assert ground.base is not None
    assert [type(c).__name__ + " " + c.key for c in diff(ground.base, tree)] == ["Add neu-1", "Retire M002"]


def test_a_file_that_says_the_same_makes_nothing(strategy: Strategy, edda: Membership) -> None:
    ground, tree = tree_from(strategy, "plan.yaml", YAML)
    assert ground.base is not None
    with pytest.raises(NothingNew):
        draft_from_document(strategy=strategy, by=edda, base=ground.base, tree=tree, title="x")


def test_a_file_with_other_kinds_than_the_strategys_is_refused(strategy: Strategy) -> None:
    text = YAML.replace("slug: measure", "slug: project").replace("kind: measure", "kind: project")
    with pytest.raises(DocumentError) as error:
        tree_from(strategy, "plan.yaml", text)
    assert [(one.place, one.reason) for one in error.value.problems] == [
        ("M001", "no such kind of element"),
        ("M002", "no such kind of element"),
    ]


def test_only_the_strategy_office_and_administrators_bring_files_in(strategy: Strategy, anna: Membership) -> None:
    ground, tree = tree_from(strategy, "liste.csv", CSV)
    assert ground.base is not None
    with pytest.raises(NotAllowed):
        draft_from_document(strategy=strategy, by=anna, base=ground.base, tree=tree, title="x")


RENDERED = YAML.replace(
    "title: WLAN}", "title: WLAN, renditions: {en: {title: Wi-Fi, translator: Stadtredaktion, reviewed: true}}}"
).replace("offices: [", "offices: [{id: umwelt, name: Umweltamt, name_en: Environment Office}, ")


def bring(strategy: Strategy, by: Membership, text: str) -> Amendment | None:
    _strategy, ground = ground_of(strategy.city)
    source = parse(open_upload("plan.yaml", text.encode()))
    intake = only_allowed(take_in(source, ground), by)
    assert ground.base is not None
    return take_in_file(strategy=strategy, by=by, base=ground.base, intake=intake, title="Aus der Datei")


def test_offices_and_renditions_that_are_not_there_yet_are_taken_in_at_once(
    strategy: Strategy, edda: Membership
) -> None:
    assert bring(strategy, edda, RENDERED) is None
    assert Office.objects.get(city=strategy.city, slug="umwelt").name_en == "Environment Office"
    rendition = Rendition.objects.get(language="en")
    assert (rendition.fields["title"], rendition.translator, rendition.reviewed) == ("Wi-Fi", "Stadtredaktion", True)
    assert Entry.objects.of(strategy.city_id).filter(verb="element_rendered", thing="element:M002").count() == 1
    with pytest.raises(NothingNew):
        bring(strategy, edda, RENDERED)
    bring(strategy, edda, RENDERED.replace("Wi-Fi", "Wireless network"))
    assert Rendition.objects.get(language="en").fields["title"] == "Wireless network"


def test_what_an_edition_gives_out_brings_nothing_back_in(strategy: Strategy, edda: Membership) -> None:
    bring(strategy, edda, RENDERED)
    out = edition_file(strategy.city, strategy.editions.get(), "yaml", "de").content().decode()
    assert "Wi-Fi" in out
    with pytest.raises(NothingNew):
        bring(strategy, edda, out)


def test_a_rendition_of_a_text_that_is_only_proposed_is_left_out(strategy: Strategy, edda: Membership) -> None:
    amendment = bring(strategy, edda, RENDERED.replace("title: WLAN,", "title: WLAN für alle,"))
    assert amendment is not None
    assert not Rendition.objects.exists()


def test_a_new_office_may_be_responsible_for_what_the_file_changes(strategy: Strategy, edda: Membership) -> None:
    amendment = bring(strategy, edda, RENDERED.replace("Kinder., office: bildung", "Kinder., office: umwelt"))
    assert amendment is not None
    assert [(change.key, change.field) for change in amendment.changes.all()] == [("M001", "office")]


def test_administrators_bring_in_no_renditions(strategy: Strategy, adam: Membership) -> None:
    assert bring(strategy, adam, RENDERED) is None
    assert Office.objects.filter(slug="umwelt").exists()
    assert not Rendition.objects.exists()


# ---- browser -----------------------------------------------------------------------------------------------


def upload(client: Client, name: str, text: str) -> Any:
    return client.post(reverse("import"), {"file": file(name, text)})


def test_a_new_citys_file_is_previewed_and_taken_in(city: City, as_edda: Client) -> None:
    answer = upload(as_edda, "plan.yaml", YAML)
    assert answer.status_code == 302
    page = as_edda.get(answer.url)
    assert "Tablets" in page.content.decode()
    assert not Strategy.objects.exists()
    done = as_edda.post(answer.url, {"step": "confirm"})
    assert done.url == reverse("strategy")
    edition = Edition.objects.get()
    assert digest(load_edition(edition).tree) == edition.digest
    entry = Entry.objects.of(city.pk).get(verb="strategy_imported")
    assert entry.actor is not None
    assert kept() == []
    again = as_edda.get(answer.url)
    assert again.url == reverse("import")


def test_a_table_for_a_new_city_asks_what_it_does_not_say(city: City, as_edda: Client) -> None:
    answer = upload(as_edda, "liste.csv", "Leitthema;Maßnahme;Zuständig\nBildung;Tablets;Amt für Bildung\n")
    page = as_edda.get(answer.url).content.decode()
    assert 'name="horizon"' in page
    fields = {"kind": "measure", "column_0": "level:theme", "column_1": "title", "column_2": "office"}
    missing = as_edda.post(answer.url, {**fields, "step": "confirm"})
    assert missing.status_code == 422
    assert not Strategy.objects.exists()
    head = {"title": "Der Plan", "horizon": "2030", "body": "Rat", "day": "2024-05-31", "in_force_from": "2024-07-01"}
    as_edda.post(answer.url, {**fields, **head, "step": "confirm"})
    strategy = Strategy.objects.get()
    assert (strategy.slug, strategy.horizon) == ("der-plan", 2030)
    assert Version.objects.get(key="M001").fields["office"] == {"office": "amt-fuer-bildung"}
    assert city.offices.get().name == "Amt für Bildung"


def test_the_mapping_is_changed_in_the_preview_and_the_draft_made(strategy: Strategy, as_edda: Client) -> None:
    answer = upload(as_edda, "liste.csv", CSV)
    fields = {"kind": "measure", "column_0": "key", "column_1": "title", "column_2": "-", "column_3": "level:theme"}
    page = as_edda.post(answer.url, {**fields, "title": "Liste", "step": "preview"})
    assert page.status_code == 200
    assert Amendment.objects.count() == 0
    done = as_edda.post(answer.url, {**fields, "title": "Liste", "rationale": "Weil.", "step": "confirm"})
    amendment = Amendment.objects.get()
    assert done.url == reverse("amendment", args=[amendment.pk])
    assert (amendment.title, amendment.rationale) == ("Liste", "Weil.")
    assert not amendment.changes.filter(field="budget").exists()


def test_what_holds_at_once_is_named_in_the_preview(strategy: Strategy, as_edda: Client) -> None:
    url = upload(as_edda, "plan.yaml", RENDERED).url
    page = as_edda.get(url).content.decode()
    assert "Diese Ämter sind neu und werden eingetragen: Umweltamt" in page
    assert "Diese Übersetzungen gelten sofort: 1" in page
    assert "Am Wortlaut der Strategie ändert sich nichts." in page
    assert "Titel des Änderungsantrags" not in page
    assert not Rendition.objects.exists()
    done = as_edda.post(url, {"step": "confirm", "title": "Aus der Datei"})
    assert done.url == reverse("rendition-list")
    assert (Rendition.objects.count(), Amendment.objects.count()) == (1, 0)


def test_what_is_wrong_is_listed_and_nothing_is_written(strategy: Strategy, as_edda: Client) -> None:
    answer = upload(as_edda, "liste.csv", CSV.replace("1,5 Mio. €", "viel"))
    page = as_edda.get(answer.url).content.decode()
    assert "(viel)" in page
    assert 'value="confirm"' not in page
    as_edda.post(answer.url, {"step": "confirm", "title": "x"})
    assert Amendment.objects.count() == 0
    broken = upload(as_edda, "plan.yaml", YAML.replace("M002", "X002"))
    assert broken.status_code == 422
    assert "X002" in broken.content.decode()


def test_an_upload_is_for_one_person_in_one_city(
    strategy: Strategy, as_edda: Client, as_adam: Client, as_anna: Client, visitor: Client
) -> None:
    url = upload(as_edda, "liste.csv", CSV).url
    assert as_adam.get(url).status_code == 302
    assert as_anna.get(url).status_code == 403
    assert "login" in visitor.get(url).url
    assert as_edda.get(f"{url[:-8]}xxxxxxx/").status_code == 302
    assert as_edda.get(url).status_code == 200
    as_edda.post(url, {"step": "discard"})
    assert kept() == []


def test_abandoned_uploads_go_after_a_day(strategy: Strategy, as_edda: Client) -> None:
    url = upload(as_edda, "liste.csv", CSV).url
    assert purge_uploads() == 0
    with clock.at(clock.now() + timedelta(days=1, minutes=1)):
        assert purge_uploads() == 1
    assert as_edda.get(url).url == reverse("import")


# ---- command line ------------------------------------------------------------------------------------------


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("strategy", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def test_a_strategy_goes_in_and_out_on_the_command_line(city: City, edda: Membership, tmp_path: Path) -> None:
    source, again = tmp_path / "plan.yaml", tmp_path / "again.yaml"
    source.write_text(YAML)
    assert "2 Maßnahmen" in run("import", str(source), "--dry-run")
    assert not Strategy.objects.exists()
    run("import", str(source))
    run("export", "--edition", "1", "-o", str(again))
    document = parse(open_upload("again.yaml", again.read_bytes()))
    assert digest(document.tree) == Edition.objects.get().digest  # type: ignore[union-attr]
    run("export", "--on", "2024-01-01", "--format", "json", "-o", str(tmp_path / "a.json"))
    run("redline", "--from", "1", "--to", "1", "--format", "html", "-o", str(tmp_path / "r.html"))
    assert "as they were written" in run("verify")
    table = tmp_path / "liste.csv"
    table.write_text(CSV)
    with pytest.raises(CommandError, match="--by"):
        run("import", str(table))
    assert "3 changes" in run("import", str(table), "--by", "edda@example.org")
    run("import", str(table), "--by", "edda@example.org", "--map", "Kosten=", "--title", "Ohne Kosten")
    assert not Amendment.objects.get(title="Ohne Kosten").changes.filter(field="budget").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("export", "--edition", "9"), "there is no edition 9; there are 1"),
        (("export", "--on", "2019-01-01"), "no edition was in force"),
        (("verify", "--city", "nirgends"), "--city must be one of: gelsenkirchen"),
        (("import", "/nirgends.yaml"), "No such file"),
    ],
)
def test_the_command_line_says_what_is_wrong(strategy: Strategy, arguments: tuple[str, ...], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_verify_names_the_altered_element(strategy: Strategy) -> None:
    version = Version.objects.get(key="M002")
    from django.db.models import QuerySet

    QuerySet.update(Version.objects.filter(pk=version.pk), fields={"title": "Heimlich"})
    with pytest.raises(CommandError, match="M002"):
        run("verify")


def test_verify_looks_at_every_city(strategy: Strategy, other_city: City) -> None:
    told = run("verify")
    assert strategy.city.name in told and other_city.name in told
    assert other_city.name not in run("verify", "--city", strategy.city.slug)


# ---- law ---------------------------------------------------------------------------------------------------


@given(
    st.lists(st.sampled_from(("M001;A;", "M002;B;", ";C;Bildung", ";D;Neu", "M001;;Bildung")), unique=True, min_size=1)
)
@hypothesis_settings(max_examples=40, deadline=None)
def test_a_table_never_retires_and_never_touches_what_it_does_not_name(rows: list[str]) -> None:
    document = parse(open_upload("a.yaml", YAML.encode()))
    base = document.tree  # type: ignore[union-attr]
    ground = Ground(document.schema, (), base)  # type: ignore[union-attr]
    source = parse(open_upload("l.csv", ("Kennung;Titel;Leitthema\n" + "\n".join(rows) + "\n").encode()))
    try:
        tree = take_in(source, ground, default_reading(source, ground.schema)).tree
    except DocumentError as error:
        assert {one.field for one in error.problems} == {"key"}
        return
    named = {row[:4] for row in rows}
    for change in diff(base, tree):
        assert type(change).__name__ != "Retire"
        assert change.key in named or change.key.startswith("neu-")
