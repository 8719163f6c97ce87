"""The conversation of docs/opinion.md: six people whose figures can be worked out by hand, and the map shown there."""

from __future__ import annotations

import numpy as np

from kursbuch.domain.opinion.landscape import Landscape, landscape
from kursbuch.domain.opinion.picture import Words, draw
from kursbuch.domain.opinion.settings import Settings
from kursbuch.domain.opinion.stability import stability
from kursbuch.domain.opinion.stances import Stances, stances_of

GERMAN = Words(
    group="Gruppe {letter}",
    people="{people} Menschen ({share} %)",
    colours=("blaue", "orange", "grüne", "violette", "rote", "ockerfarbene"),
    shapes=("Kreise", "Quadrate", "Dreiecke", "Rauten", "Kreuze"),
    thousands=".",
    agree="dafür:",
    disagree="dagegen:",
    nothing="sagt nichts mit Sicherheit, was andere nicht auch sagen",
    shares="dafür: {shares}",
    most="Was die meisten meinen, was immer sie sonst denken",
    connects="Was alle Gruppen verbindet",
    divides="Was sie am meisten trennt",
    shown="Die Karte zeigt {shown} von {all} Menschen: die mit genügend Haltungen. Große Zeichen stehen für mehrere.",
    near="Wer nahe beieinander steht, hat ähnlich geantwortet. Keine Abstimmung, nicht repräsentativ für eine Stadt.",
    few_people="Noch nicht genug Menschen: Von Gruppen ist erst ab {least} Menschen die Rede.",
    one_group="Keine Gruppen: Es gibt keine zwei, die groß genug wären.",
    no_direction="Noch nicht genug Menschen: Sie unterscheiden sich nicht mehr, als es der Zufall will.",
    unstable="Noch nicht genug Menschen: Mit einigen anderen wären es andere Gruppen.",
)
TEXTS = (
    "Im Zentrum soll überall Tempo 30 gelten.",
    "Der Marktplatz soll frei von Autos sein.",
    "Am Bahnhof braucht es mehr Parkplätze.",
    "Die Busse sollen am Abend öfter fahren.",
    "Schulwege sollen zuerst sicherer werden.",
    "Die Buslinie 7 soll bis zum Krankenhaus fahren.",
    "Parken im Zentrum soll teurer werden.",
    "Lieferungen sollen bis 10 Uhr mit dem Auto möglich sein.",
    "Für Räder soll es eigene Spuren geben, auch wenn dafür Parkplätze wegfallen.",
    "Es soll mehr Bänke im Schatten geben.",
    "Wer auf dem Land wohnt, braucht das Auto.",
    "Ampeln sollen für Menschen zu Fuß länger grün sein.",
)
TOGETHER = (3, 4, 5, 9)  # all groups lean to agreeing
LEANING = {0: (1, 1, -1), 1: (1, -1, -1), 2: (-1, -1, 1), 6: (1, 1, -1), 7: (-1, 1, 1), 8: (1, -1, -1), 10: (-1, 1, 1),
           11: (1, 1, -1)}  # fmt: skip
SIZES = (210, 130, 80)


def six_people(rows: list[list[str]]) -> Landscape:
    """The landscape of a table of stances: "+", "−", "o" for a pass, and nothing; groups from two people on."""
    values = {"+": 1, "−": -1, "o": 0}
    said = [(i, j, values[cell]) for i, row in enumerate(rows) for j, cell in enumerate(row) if cell]
    return landscape(stances_of(*zip(*said, strict=True)), settings=Settings(minimum_group=2))


def city() -> Stances:
    """420 invented people in three groups, most of whom took a stance on most statements."""
    chance = np.random.default_rng(2026)
    group = np.repeat(np.arange(3), SIZES)
    leaning = np.array([[1 if j in TOGETHER else LEANING[j][g] for j in range(len(TEXTS))] for g in range(3)])
    values = np.where(chance.random((len(group), len(TEXTS))) < 0.84, leaning[group], -leaning[group])
    values[chance.random(values.shape) < 0.12] = 0
    rows, columns = np.nonzero(chance.random(values.shape) < 0.85)
    return stances_of(rows, columns, values[rows, columns])


def city_map() -> str:
    """The picture of docs/images/opinion-map.svg."""
    found = landscape(city())
    return draw(found, stability(found, 0), dict(enumerate(TEXTS)), title="Verkehr in der Innenstadt", words=GERMAN)
