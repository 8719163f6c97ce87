"""The published lists are complete, in order, bilingual and found by their references."""

import re
import subprocess
import sys
from collections import Counter

import pytest

from kursbuch.strategy.reference import ReferenceEntry, code_order, entries, entry, label, lists

# How many targets the General Assembly resolved for each goal, and how many of them are lettered.
TARGETS = {
    1: (7, 2), 2: (8, 3), 3: (13, 4), 4: (10, 3), 5: (9, 3), 6: (8, 2), 7: (5, 2), 8: (12, 2), 9: (8, 3),
    10: (10, 3), 11: (10, 3), 12: (11, 3), 13: (5, 2), 14: (10, 3), 15: (12, 3), 16: (12, 2), 17: (19, 0),
}  # fmt: skip

LIST_NAMES = ["sdg", "charta", "networks"]
EVERY_ENTRY = [item for name in LIST_NAMES for item in entries(name)]


def official_codes() -> list[str]:
    codes: list[str] = []
    for goal, (targets, lettered) in TARGETS.items():
        codes.append(str(goal))
        codes += [f"{goal}.{number}" for number in range(1, targets - lettered + 1)]
        codes += [f"{goal}.{letter}" for letter in "abcd"[:lettered]]
    return codes


def test_offers_the_lists_in_their_order() -> None:
    assert [offered.name for offered in lists()] == LIST_NAMES
    for offered in lists():
        assert set(offered.names) == set(offered.source) == {"de", "en"}
        assert all(offered.names.values()) and all(offered.source.values())
        assert offered.entries == entries(offered.name)


def test_holds_every_goal_and_target_of_the_united_nations_in_order() -> None:
    assert [item.code for item in entries("sdg")] == official_codes()


def test_counts_the_targets_of_each_goal() -> None:
    counted = Counter(item.parent for item in entries("sdg") if item.parent)
    assert counted == {f"sdg:{goal}": targets for goal, (targets, _) in TARGETS.items()}
    assert counted.total() == 169


def test_holds_the_four_guidelines_of_the_charta() -> None:
    assert [item.code for item in entries("charta")] == ["1", "2", "3", "4"]


@pytest.mark.parametrize("name", LIST_NAMES)
def test_codes_are_unique_and_in_natural_order(name: str) -> None:
    codes = [item.code for item in entries(name)]
    assert len(set(codes)) == len(codes)
    assert codes == sorted(codes, key=code_order)


def test_orders_codes_as_a_reader_counts() -> None:
    mixed = ["17.2", "10", "1.b", "1.a", "17.10", "9", "1.5", "1", "16.a", "16.10"]
    in_order = ["1", "1.5", "1.a", "1.b", "9", "10", "16.10", "16.a", "17.2", "17.10"]
    assert sorted(mixed, key=code_order) == in_order


@pytest.mark.parametrize("item", EVERY_ENTRY, ids=lambda item: item.ref)
def test_names_every_entry_in_both_languages(item: ReferenceEntry) -> None:
    assert set(item.labels) == {"de", "en"}
    for text in item.labels.values():
        assert text == text.strip() and 0 < len(text) <= 90
        assert not text.endswith(".")
    for texts in (item.about, item.publisher):
        assert set(texts) in (set(), {"de", "en"})
        assert all(text == text.strip() != "" for text in texts.values())
    assert item.labels["en"].casefold() not in item.labels["de"].casefold()


def test_describes_goals_guidelines_and_networks_in_one_sentence() -> None:
    for item in EVERY_ENTRY:
        if item.parent is None:
            assert all(text.endswith(".") and text.count(". ") == 0 for text in item.about.values()), item.ref
            assert item.about


def test_names_publisher_and_year_of_every_network() -> None:
    for item in entries("networks"):
        if item.parent is None:
            assert item.publisher and item.year and 1990 < item.year < 2100, item.ref


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize("name", LIST_NAMES)
def test_gives_no_label_twice(name: str, language: str) -> None:
    counted = Counter(item.label(language).casefold() for item in entries(name))
    assert [text for text, times in counted.items() if times > 1] == []


@pytest.mark.parametrize("language", ["de", "en"])
def test_keeps_target_labels_short(language: str) -> None:
    lengths = {item.code: len(item.label(language).split()) for item in entries("sdg") if item.parent}
    assert {code: words for code, words in lengths.items() if not 3 <= words <= 10} == {}


def test_writes_german_in_german_letters() -> None:
    """An umlaut spelled out, a dash for a minus or straight quotation marks would show in every list."""
    for item in EVERY_ENTRY:
        text = " ".join([*item.labels.values(), *item.about.values(), *item.publisher.values()])
        assert '"' not in text and " - " not in text and "  " not in text, item.ref
        german = " ".join([item.labels["de"], item.about.get("de", ""), item.publisher.get("de", "")])
        spelled_out = re.search(r"\b(fuer|ueber\w*|staedt\w*|laend\w*|moeg\w*|koenn\w*|massnahm\w*)\b", german, re.I)
        assert spelled_out is None, item.ref


def test_finds_an_entry_with_its_parent() -> None:
    found = entry("sdg:11.3")
    assert (found.ref, found.list, found.code, found.parent) == ("sdg:11.3", "sdg", "11.3", "sdg:11")
    assert entry("sdg:11").parent is None
    for item in EVERY_ENTRY:
        assert entry(item.ref) is item
        if item.parent:
            assert entry(item.parent).parent is None
            assert item.code.startswith(f"{entry(item.parent).code}.")


@pytest.mark.parametrize(
    ("ref", "message"),
    [
        ("sdg:18.1", "no entry '18.1'"),
        ("sdg:", "no entry ''"),
        ("charter:1", "No reference list is called 'charter'"),
        ("../sdg:1", r"No reference list is called '\.\./sdg'"),
        ("11.3", "is not a reference"),
    ],
)
def test_says_what_is_wrong_with_an_unknown_reference(ref: str, message: str) -> None:
    with pytest.raises(KeyError, match=message):
        entry(ref)
    with pytest.raises(KeyError, match=message):
        label(ref, "de")


def test_refuses_an_unknown_list() -> None:
    with pytest.raises(KeyError, match="No reference list is called 'agenda21'"):
        entries("agenda21")


@pytest.mark.parametrize(
    ("asked", "given"), [("de", "de"), ("en", "en"), ("en-GB", "en"), ("de-simple", "de"), ("tr", "de")]
)
def test_answers_in_the_nearest_language(asked: str, given: str) -> None:
    assert label("sdg:13.2", asked) == entry("sdg:13.2").labels[given]


def test_entries_cannot_be_changed_and_can_be_counted() -> None:
    found = entry("sdg:1")
    with pytest.raises(TypeError):
        found.labels["de"] = "etwas anderes"  # type: ignore[index]
    with pytest.raises(AttributeError):
        found.code = "2"  # type: ignore[misc]
    assert len(set(EVERY_ENTRY)) == len(EVERY_ENTRY)


def test_loads_without_django() -> None:
    """Import and export commands and the documentation read the lists where nothing is set up."""
    program = "import sys; from kursbuch.strategy.reference import lists; lists(); sys.exit('django' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0
