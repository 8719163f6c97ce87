"""Hypothesis strategies: texts as a city writes them, editions as real trees, and editions derived from them."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

from kursbuch.domain.framework.changes import Add, Change, Draft, Move, Retire, Revise
from kursbuch.domain.framework.element import Edition, Element, Value
from kursbuch.domain.framework.markup import canonical

VOCABULARY = """
Stadt Gelsenkirchen Bürgerinnen Bürger*innen Schulen schnelles Netz Smartphone-Bürger-ID Radwege und der
die das für mit wird bis 2030 1.289.700 12,5 Straße Öffentlichkeit Verwaltung digital Beteiligung Vor-
Nachteile offene Daten Klima Quartier Förderung E-Mail 24.06.2020 Maßnahme Zielwert im Über neue alte
"""
WORDS = tuple(VOCABULARY.split())
MARKED_UP = """
*Klima* **Netz** ***Rat*** *neu*, **alt**. Ende. Komma, („Zitat“) (Klammer) – und/oder Frage? so: ja;
[dort](/M042/) [Netz](https://www.gelsenkirchen.de/x?a=1&b=2) [Rat](mailto:rat@example.org),
**[fett](/M042/)** *zwei Worte* Halb*satz* <b> & a*b 3. 5 % 2020–2030 … ...
"""
DRESSED = tuple(MARKED_UP.split())

plain_words = st.sampled_from(WORDS)
prose_words = st.sampled_from((*WORDS, *WORDS, *DRESSED))


def inlines(most: int = 10) -> st.SearchStrategy[str]:
    """One line of prose with some markup."""
    return st.lists(prose_words, min_size=1, max_size=most).map(" ".join)


def texts(blocks: int = 3) -> st.SearchStrategy[str]:
    """A canonical text of some blocks, never empty."""
    block = st.tuples(st.sampled_from(("", "", "", "- ", "1. ", "### ", "#### ")), inlines())
    return st.lists(block.map("".join), min_size=1, max_size=blocks).map(
        lambda lines: canonical("\n\n".join(lines)) or "Text"
    )


#: Anything a keyboard, a form or an attacker may send, dense in what means something here.
wild_texts = st.text(
    alphabet=st.one_of(
        st.sampled_from("*\\[]()#-. \n1/<>&\"'aBü„“_`:,"),
        st.sampled_from("*\\[]( )ab\u0301\u00a0\u200b\u2028\r\t"),
        st.characters(codec="utf-8"),
    ),
    max_size=60,
) | st.lists(
    st.sampled_from(
        ("*", "**", "***", "[", "](/x)", "](https://a.de)", "](javascript:x)", "a", "b", " ", "\\", "\n", "\n\n",
         "- ", "1. ", "2. ", "### ", "(", ")", "]", "foo", "ü", ".", "\u0301", "-", "1")
    ),
    max_size=16,
).map("".join)  # fmt: skip


@st.composite
def edited(draw: st.DrawFn, text: str) -> str:
    """The text after some edits as people make them: words put in, taken out, replaced, dressed, moved."""
    words = text.split(" ")
    for _ in range(draw(st.integers(1, 4))):
        at = draw(st.integers(0, len(words)))
        size = draw(st.integers(0, 4))
        match draw(st.integers(0, 4)):
            case 0:
                words[at:at] = draw(st.lists(plain_words, min_size=1, max_size=4))
            case 1:
                del words[at : at + size]
            case 2:
                words[at : at + size] = draw(st.lists(plain_words, max_size=size + 1))
            case 3:
                words[at : at + 1] = [f"**{word}**" for word in words[at : at + 1] if word.isalnum()]
            case 4:
                stretch = words[at : at + 9]
                del words[at : at + 9]
                to = draw(st.integers(0, len(words)))
                words[to:to] = stretch
    return canonical(" ".join(words)) or "Leer"


quantities = st.fixed_dictionaries(
    {"amount": st.sampled_from(("12.5", "1289700", "3")), "unit": st.sampled_from(("%", "EUR", "t"))}
)
periods = st.fixed_dictionaries({"from": st.sampled_from(("2020", "2021-06")), "to": st.just("2030")})


@st.composite
def entry_sets(draw: st.DrawFn) -> tuple[dict[str, str | int], ...]:
    """A set of entries by id."""
    ids = draw(st.sets(st.sampled_from(("sdg-11.3", "sdg-4.1", "charta-1", "charta-4")), min_size=1))
    return tuple({"id": name, "reason": draw(plain_words), "weight": draw(st.integers(1, 3))} for name in sorted(ids))


FIELDS: dict[str, st.SearchStrategy[Value]] = {
    "title": inlines(most=4).map(lambda text: canonical(text) or "Titel"),
    "text": texts(),
    "importance": st.integers(1, 5),
    "amount": quantities,
    "period": periods,
    "alignments": entry_sets(),
}
fields = st.fixed_dictionaries({"title": FIELDS["title"]}, optional={k: v for k, v in FIELDS.items() if k != "title"})
KINDS = ("theme", "field", "goal", "measure", "target", "passage")
kinds = st.sampled_from(KINDS)


@st.composite
def editions(draw: st.DrawFn, most: int = 7) -> Edition:
    """A real tree with values of every shape."""
    elements: list[Element] = []
    children: dict[str | None, list[str]] = {}
    for number in range(draw(st.integers(0, most))):
        key = f"E{number}"
        parent = draw(st.sampled_from([None, *(element.key for element in elements)]))
        siblings = children.setdefault(parent, [])
        siblings.insert(draw(st.integers(0, len(siblings))), key)
        elements.append(Element(key, draw(kinds), draw(fields)))
    return Edition(elements, children)


@st.composite
def changes_for(draw: st.DrawFn, edition: Edition, most: int = 6, prefix: str = "N") -> tuple[Change, ...]:
    """Changes that fit the edition, one upon the other, each with an effect of its own."""
    drafted = Draft(edition)
    made: list[Change] = []
    for number in range(draw(st.integers(0, most))):
        present = sorted(key for key in {*edition.elements, *(c.key for c in made)} if drafted.get(key))
        options: list[Callable[[], Change | None]] = [
            lambda n=number, p=present: _addition(draw, drafted, f"{prefix}{n}", p)
        ]
        if present:
            key = draw(st.sampled_from(present))
            options += [
                lambda k=key: _revision(draw, drafted, k),
                lambda k=key: _revision(draw, drafted, k),
                lambda k=key, p=present: _relocation(draw, drafted, k, p),
                lambda k=key: None if drafted.children(k) else Retire(k),
            ]
        change = draw(st.sampled_from(options))()
        if change is not None:
            drafted.make(change)
            made.append(change)
    return tuple(made)


def _addition(draw: st.DrawFn, drafted: Draft, key: str, present: list[str]) -> Change:
    parent = draw(st.sampled_from([None, *present]))
    after = draw(st.sampled_from([None, *drafted.children(parent)]))
    return Add(key, draw(kinds), parent, after, draw(fields))


def _revision(draw: st.DrawFn, drafted: Draft, key: str) -> Change | None:
    element = drafted.get(key)
    assert element is not None
    field = draw(st.sampled_from(sorted(FIELDS)))
    before = element.fields.get(field)
    if isinstance(before, str) and draw(st.booleans()):
        after: Value | None = draw(edited(before))
    else:
        after = draw(st.one_of(st.none(), FIELDS[field]) if field != "title" else FIELDS[field])
    return None if after == before else Revise(key, field, before, after)


def _relocation(draw: st.DrawFn, drafted: Draft, key: str, present: list[str]) -> Change | None:
    parents = [None, *(other for other in present if not drafted.stands_below(other, key))]
    parent = draw(st.sampled_from(parents))
    after = draw(st.sampled_from([None, *(k for k in drafted.children(parent) if k != key)]))
    return Move(key, parent, after)


@st.composite
def derived(draw: st.DrawFn, edition: Edition, prefix: str = "N") -> Edition:
    """Another edition that came from this one, sometimes with an element of another kind under the same key."""
    drafted = Draft(edition)
    for change in draw(changes_for(edition, prefix=prefix)):
        drafted.make(change)
    result = drafted.edition()
    if result.elements and draw(st.integers(0, 4)) == 0:
        key = draw(st.sampled_from(sorted(result.elements)))
        recast = {**result.elements, key: Element(key, draw(kinds), result[key].fields)}
        return Edition(recast.values(), result.children)
    return result
