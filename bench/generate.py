"""Makes a large strategy for measurements: realistic German text, a long row of editions, everything consistent.

Rows go straight into the tables, many at a time; what comes out is what the services would have written: versions
with their digests, editions with theirs, the amendments that each edition took in, and others that wait.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import transaction

from kursbuch.chronicle.services import record
from kursbuch.city.models import City, Host, Office
from kursbuch.domain.framework.changes import Add, Change, Move, Retire, Revise, apply, diff
from kursbuch.domain.framework.codec import fields_to_json
from kursbuch.domain.framework.digest import content_digest, digest
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element as Node
from kursbuch.domain.framework.element import Fields
from kursbuch.domain.framework.rank import ranks, reassign
from kursbuch.domain.framework.summary import summarise
from kursbuch.identity.models import User
from kursbuch.kit import clock
from kursbuch.strategy.models import (
    OPEN_END,
    Amendment,
    Author,
    Decision,
    Edition,
    Element,
    State,
    Strategy,
    Version,
)
from kursbuch.strategy.models import Change as ChangeRow
from kursbuch.strategy.queries.verify_records import told_of_decision

FIRST_DAY = date(2000, 1, 1)
STEM = """Bürger Verkehr Klima Wasser Energie Bildung Daten Wohn Kultur Sport Familien Quartier Stadt Umwelt Gesundheit
Sicherheit Wirtschaft Arbeits Jugend Senioren Handels Hafen Rad Fuß Bus Bahn Solar Wärme Grün Park Schul Kinder
Sprach Integrations Digital Glasfaser Sensor Mess Licht Müll Boden Luft Lärm Katastrophen Feuer Hilfs Pflege
Ehrenamts""".split()  # noqa: SIM905 - a list would fill the screen
TAIL = """angebot beratung netz plan zentrum raum fläche konzept bericht versorgung anlage stelle forum projekt bündnis
leitung planung förderung dienst haus werkstatt programm karte plattform schnittstelle auskunft gruppe zeit""".split()  # noqa: SIM905 - a list would fill the screen
VERB = """verbessert prüft baut fördert unterstützt öffnet ordnet vernetzt misst erneuert beschleunigt sichert
begleitet koordiniert veröffentlicht bündelt erprobt ermöglicht vereinfacht erweitert""".split()  # noqa: SIM905 - a list would fill the screen
GLUE = """oder mit für in auf an bei nach vor über unter zwischen durch ohne gegen um bis seit aus von zu die der das
den dem des ein eine einen einem einer alle viele mehr auch dabei sowie deshalb dort hier jedes jährlich künftig
gemeinsam schrittweise verlässlich kostenlos barrierefrei nachhaltig sozial lokal regional offen frei neu gut
schnell""".split()  # noqa: SIM905 - a list would fill the screen
KINDS = [
    {
        "slug": "theme",
        "prefix": "L",
        "names": {"de": ["Leitthema", "Leitthemen"], "en": ["Theme", "Themes"]},
        "parents": [""],
        "fields": ["title", "text", "alignments"],
    },
    {
        "slug": "field",
        "prefix": "F",
        "names": {"de": ["Handlungsfeld", "Handlungsfelder"], "en": ["Field of action", "Fields of action"]},
        "parents": ["theme"],
        "fields": ["title", "text", "alignments"],
    },
    {
        "slug": "goal",
        "prefix": "Z",
        "names": {"de": ["Ziel", "Ziele"], "en": ["Goal", "Goals"]},
        "parents": ["field"],
        "fields": ["title", "text", "alignments"],
    },
    {
        "slug": "measure",
        "prefix": "M",
        "names": {"de": ["Maßnahme", "Maßnahmen"], "en": ["Measure", "Measures"]},
        "parents": ["goal"],
        "fields": [
            "title",
            "text",
            "quantity",
            "budget",
            "period",
            "office",
            "place",
            "importance",
            "urgency",
            "precision",
            "feasibility",
            "alignments",
            "facts",
        ],
    },
    {
        "slug": "target",
        "prefix": "W",
        "names": {"de": ["Zielwert", "Zielwerte"], "en": ["Target", "Targets"]},
        "parents": ["goal"],
        "fields": ["title", "text", "target", "office"],
    },
]
PREFIX = {str(kind["slug"]): str(kind["prefix"]) for kind in KINDS}
OFFICES = 24


class Writer:
    """Writes German-looking sentences: compounds, function words, now and then emphasis, a list or a link."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.nouns = [stem + tail for stem in STEM for tail in TAIL]

    def words(self, count: int) -> str:
        """Paragraphs of sentences with this many words, more or less."""
        paragraphs: list[str] = []
        left = count
        while left > 0:
            size = min(left, self.random.randint(35, 75))
            paragraphs.append(self._paragraph(size))
            left -= size
        if count > 120 and self.random.random() < 0.15:
            paragraphs[-1] = "\n".join(f"- {self.sentence(9)}" for _ in range(4))
        return "\n\n".join(paragraphs)

    def _paragraph(self, count: int) -> str:
        sentences = []
        while count > 0:
            size = min(count, self.random.randint(7, 17))
            sentences.append(self.sentence(size))
            count -= size
        text = " ".join(sentences)
        if self.random.random() < 0.06:
            word = self.random.choice([w for w in text.split() if w.isalpha()] or ["Stadt"])
            text = text.replace(f" {word} ", f" **{word}** ", 1)
        return text

    def sentence(self, count: int) -> str:
        pick = self.random.choice
        words = ["Die", pick(self.nouns), pick(VERB)]
        while len(words) < count:
            words.append(pick(self.nouns) if self.random.random() < 0.35 else pick(GLUE))
        return " ".join(words) + "."

    def title(self) -> str:
        pick = self.random.choice
        return f"{pick(self.nouns)} {pick(GLUE)} {pick(self.nouns)}"

    def fields(self, kind: str, words: int) -> Fields:
        r = self.random
        fields: dict[str, object] = {"title": self.title(), "text": self.words(words)}
        if kind == "measure":
            start = r.randint(2018, 2027)
            fields |= {
                "budget": {"amount": str(r.randint(5, 9000) * 1000), "currency": "EUR"},
                "period": {"start": str(start), "end": f"{start + r.randint(1, 6)}-{r.randint(1, 12):02}"},
                "office": {"office": f"amt-{r.randrange(OFFICES)}"},
                "place": {"place": r.choice(("Alle Stadtbezirke", "Mitte", "Nord", "Ost", "West", "Süd"))},
                **{name: r.randint(1, 5) for name in ("importance", "urgency", "precision", "feasibility")},
                "facts": (
                    {"id": "1", "text": self.sentence(10), "source": "Bericht der Verwaltung", "date": "2023-05"},
                ),
            }
        if kind == "target":
            fields["target"] = {"value": str(r.randint(1, 500)), "unit": "Prozent", "year": r.randint(2027, 2035)}
        if kind != "target" and r.random() < 0.6:
            goals = sorted({f"sdg:{goal}" for goal in r.sample(range(1, 18), 2)})
            fields["alignments"] = tuple({"id": goal, "reason": self.sentence(9)} for goal in goals)
        return fields  # type: ignore[return-value]


@dataclass
class Made:
    """An edition in the making and what led to it."""

    tree: Tree
    changes: Sequence[tuple[Change, ...]]  # one an amendment


@transaction.atomic
def generate_strategy(
    *,
    elements: int = 2000,
    words: int = 300_000,
    editions: int = 400,
    pending: int = 200,
    changes: int = 4,
    host: str = "localhost",
    slug: str = "musterstadt",
    seed: int = 1,
) -> Strategy:
    """A city under ``host`` with a strategy of that size; every edition takes in two amendments of ``changes`` changes.

    The last edition is in force today. Takes some seconds for the usual two thousand elements and 400 editions.
    """
    writer = Writer(seed)
    city = City.objects.create(slug=slug, name="Musterstadt")
    Host.objects.create(city=city, name=host)
    Office.objects.bulk_create(
        Office(city=city, slug=f"amt-{n}", name=f"Amt für {writer.nouns[n * 7]}") for n in range(OFFICES)
    )
    strategy = Strategy.objects.create(
        city=city, slug=slug, title="Strategie der Musterstadt", language="de", horizon=2035, kinds=KINDS
    )
    author = User.objects.create(email=f"{slug}@kursbuch.example", name="Erika Beispiel")
    maker = _Maker(strategy, writer, author, editions)
    maker.first(_first_tree(writer, elements, words))
    for _ in range(editions - 1):
        maker.next(changes)
    maker.store()
    maker.propose(pending, changes)
    strategy.searchable = editions
    strategy.save(update_fields=["searchable"])
    return strategy


def _first_tree(writer: Writer, size: int, words: int) -> Tree:
    """Themes, fields, goals, measures and targets in the usual proportion; exactly ``size`` of them."""
    children: dict[str | None, list[str]] = {}
    kinds: list[tuple[str, str]] = []
    counters = dict.fromkeys(PREFIX, 0)

    def add(kind: str, parent: str | None) -> str:
        counters[kind] += 1
        key = f"{PREFIX[kind]}{counters[kind]:03}"
        kinds.append((key, kind))
        children.setdefault(parent, []).append(key)
        return key

    while len(kinds) < size:
        theme = add("theme", None)
        for _ in range(10):
            field = add("field", theme) if len(kinds) < size else None
            for _ in range(4):
                goal = add("goal", field) if field and len(kinds) < size else None
                for place in range(5):
                    if goal and len(kinds) < size:
                        add("target" if place == 4 else "measure", goal)
    each = max(8, words // size)
    nodes = [
        Node(key, kind, writer.fields(kind, writer.random.randint(each // 2, each * 3 // 2))) for key, kind in kinds
    ]
    return Tree(nodes, children)


class _Maker:
    def __init__(self, strategy: Strategy, writer: Writer, author: User, editions: int) -> None:
        self.strategy, self.writer, self.author = strategy, writer, author
        self.step = max(1, (clock.today() - FIRST_DAY).days // max(1, editions))
        self.editions: list[Edition] = []
        self.decisions: list[Decision] = []
        self.taken: list[Sequence[tuple[Change, ...]]] = []
        self.versions: list[Version] = []
        self.valid: dict[str, Version] = {}
        self.digests: dict[str, str] = {}
        self.tree = Tree()
        self.minted = 100_000

    def first(self, tree: Tree) -> None:
        self._add(Made(tree, ()))

    def next(self, count: int) -> None:
        tree = self.tree
        amendments = []
        for _ in range(2):
            made: list[Change] = []
            for _ in range(count):
                change = self._change(tree)
                tree = apply(tree, [change])
                made.append(change)
            amendments.append(tuple(made))
        self._add(Made(tree, amendments))

    def _change(self, tree: Tree) -> Change:
        r = self.writer.random
        key = r.choice(list(tree.elements))
        chance = r.random()
        if chance < 0.04:
            goals = [k for k, e in tree.elements.items() if e.kind == "goal"]
            self.minted += 1
            return Add(f"M{self.minted}", "measure", r.choice(goals), None, self.writer.fields("measure", 120))
        leaf = tree[key].kind in ("measure", "target")
        if chance < 0.07 and leaf:
            return Retire(key, ())
        if chance < 0.10 and leaf:
            siblings = tree.children[tree.parents[key]]
            after = r.choice([*(k for k in siblings if k != key), None])
            return Move(key, tree.parents[key], after)
        if chance < 0.25 and "budget" in tree[key].fields:
            amount = {"amount": str(r.randint(5, 9000) * 1000), "currency": "EUR"}
            return Revise(key, "budget", tree[key].fields["budget"], amount)
        text = str(tree[key].fields["text"])
        sentences = text.split(". ")
        sentences[r.randrange(len(sentences))] = self.writer.sentence(12).removesuffix(".")
        new = ". ".join(sentences)
        return Revise(key, "text", text, new if new.endswith(".") else new + ".")

    def _add(self, made: Made) -> None:
        ordinal = len(self.editions) + 1
        old, tree = self.tree, made.tree
        changed = diff(old, tree)
        for key in {change.key for change in changed if change.key in tree}:
            self.digests[key] = content_digest(tree[key])
        summary = summarise(changed, old, tree)
        day = FIRST_DAY + timedelta(days=self.step * ordinal)
        self.decisions.append(
            Decision(
                strategy=self.strategy,
                body="Rat der Musterstadt",
                day=day,
                paper=f"{day:%y}/{ordinal}",
                result="einstimmig",
            )
        )
        self.editions.append(
            Edition(
                strategy=self.strategy,
                ordinal=ordinal,
                number=str(ordinal),
                in_force_from=min(day, clock.today()),
                summary={"de": self.writer.sentence(14)},
                counts={
                    **{name: dict(getattr(summary, name)) for name in ("added", "revised", "moved", "retired")},
                    "targets": len(summary.targets),
                    "words": [summary.words_inserted, summary.words_deleted],
                },
                size=len(tree),
                digest=digest(tree, self.digests),
                adopted_at=datetime(day.year, day.month, day.day, 12, tzinfo=UTC),
            )
        )
        self.taken.append(made.changes)
        self._versions(old, tree, changed, ordinal)
        self.tree = tree

    def _versions(self, old: Tree, tree: Tree, changed: Sequence[Change], ordinal: int) -> None:
        rank = {key: version.rank for key, version in self.valid.items()}
        for parent in {tree.parents[c.key] for c in changed if isinstance(c, Add | Move) and c.key in tree}:
            order = tree.children[parent]
            known = {k: self.valid[k].rank for k in order if k in self.valid and self.valid[k].parent == (parent or "")}
            rank.update(reassign(order, known) if known else zip(order, ranks(len(order)), strict=True))
        touched = {change.key for change in changed} | {
            key for key, version in self.valid.items() if key in tree and rank[key] != version.rank
        }
        for key in sorted(touched):
            if key in self.valid:
                self.valid.pop(key).until = ordinal
            if key in tree:
                node = tree[key]
                version = Version(
                    strategy=self.strategy,
                    key=key,
                    kind=node.kind,
                    first=ordinal,
                    until=OPEN_END,
                    parent=tree.parents[key] or "",
                    rank=rank[key],
                    fields=fields_to_json(node.fields),
                    digest=self.digests[key],
                )
                self.valid[key] = version
                self.versions.append(version)

    def store(self) -> None:
        kinds = {version.key: version.kind for version in self.versions}
        Element.objects.bulk_create(
            [Element(strategy=self.strategy, key=key, kind=kind) for key, kind in kinds.items()], batch_size=500
        )
        rows = dict(Element.objects.filter(strategy=self.strategy).values_list("key", "pk"))
        for version in self.versions:
            version.element_id = rows[version.key]
        Version.objects.bulk_create(self.versions, batch_size=500)
        Decision.objects.bulk_create(self.decisions, batch_size=500)
        for edition, decision in zip(self.editions, self.decisions, strict=True):
            edition.decision = decision
        Edition.objects.bulk_create(self.editions, batch_size=500)
        for edition, decision in zip(self.editions, self.decisions, strict=True):
            self._tell(edition, decision)
        self._store_amendments(
            [
                self._amendment(State.IN_FORCE, base, edition, place)
                for base, edition, taken in zip(self.editions, self.editions[1:], self.taken[1:], strict=False)
                for place in range(len(taken))
            ],
            [changes for taken in self.taken[1:] for changes in taken],
        )

    def _tell(self, edition: Edition, decision: Decision) -> None:
        """What ``strategy verify`` holds the edition against."""
        record(
            city_id=self.strategy.city_id,
            verb="edition_adopted" if edition.ordinal > 1 else "strategy_imported",
            thing=f"edition:{edition.number}",
            summary=self.strategy.title,
            actor=self.author,
            about=["strategy"],
            data={
                "digest": edition.digest,
                "in_force_from": edition.in_force_from.isoformat(),
                "decided": told_of_decision(decision),
            },
        )

    def propose(self, count: int, changes: int) -> None:
        """Amendments that wait, each against the newest edition."""
        newest = self.editions[-1]
        proposed = []
        for _ in range(count):
            tree, made = self.tree, []
            for _ in range(changes):
                change = self._change(tree)
                if isinstance(change, Revise):
                    tree = apply(tree, [change])
                    made.append(change)
            proposed.append(tuple(made))
        states = (State.SUBMITTED, State.IN_DISCUSSION)
        rows = [self._amendment(states[n % 2], newest, None, None) for n in range(count)]
        self._store_amendments(rows, proposed)

    def _amendment(self, state: State, base: Edition, edition: Edition | None, place: int | None) -> Amendment:
        at = edition.adopted_at if edition else clock.now()
        return Amendment(
            strategy=self.strategy,
            title=self.writer.title(),
            rationale=self.writer.sentence(20),
            state=state,
            base=base,
            decision=edition.decision if edition else None,
            edition=edition,
            place_in_edition=place,
            created_at=at,
            submitted_at=at,
            updated_at=at,
        )

    def _store_amendments(self, rows: list[Amendment], changes: Sequence[tuple[Change, ...]]) -> None:
        Amendment.objects.bulk_create(rows, batch_size=500)
        tokens = dict(Amendment.objects.filter(strategy=self.strategy).values_list("token", "pk"))
        for row in rows:
            row.pk = tokens[row.token]
        Author.objects.bulk_create([Author(amendment=row, user=self.author) for row in rows], batch_size=500)
        ChangeRow.objects.bulk_create(
            [
                ChangeRow.of(row, "proposed", position, change)
                for row, made in zip(rows, changes, strict=True)
                for position, change in enumerate(made)
            ],
            batch_size=500,
        )
