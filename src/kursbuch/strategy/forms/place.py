"""Where an element stands: every place the schema allows, in reading order, in one list of choices."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.schema import TOP, Kind
from kursbuch.strategy.presentation.changes import title_of

SEPARATOR = "|"  # no key holds it


class PlaceForm(forms.Form):
    """Below which element, and behind which of those that stand there; works without a second step."""

    prefix = "new"  # a field of the schema may be called "place", too
    place = forms.ChoiceField(widget=forms.Select())

    def __init__(self, tree: Tree, kind: Kind, *, moving: str = "", initial: str = "", data: Any = None) -> None:
        super().__init__(data, initial={"place": initial})
        field = self.fields["place"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101
        field.label = _("Place in the strategy")
        field.choices = place_choices(tree, kind, moving)
        field.widget.attrs["data-filter"] = _("Search in this list")

    @property
    def parent_and_sibling(self) -> tuple[str | None, str | None]:
        parent, _separator, after = self.cleaned_data["place"].partition(SEPARATOR)
        return parent or None, after or None


class RetireForm(forms.Form):
    """What stands for the element from now on."""

    replaced_by = forms.ChoiceField(required=False)
    also_by = forms.ChoiceField(required=False)

    def __init__(self, tree: Tree, key: str, *, initial: tuple[str, ...] = (), data: Any = None) -> None:
        super().__init__(data, initial=dict(zip(("replaced_by", "also_by"), initial, strict=False)))
        labels = {"replaced_by": _("What takes its place"), "also_by": _("And also")}
        choices = [("", _("nothing")), *(choice for choice in element_choices(tree) if choice[0] != key)]
        for name, label in labels.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101
            field.label, field.choices = label, choices
            field.widget.attrs["data-filter"] = _("Search in this list")

    @property
    def replacements(self) -> tuple[str, ...]:
        chosen = (self.cleaned_data["replaced_by"], self.cleaned_data["also_by"])
        return tuple(dict.fromkeys(filter(None, chosen)))


def place_of(tree: Tree, key: str) -> str:
    """The choice that stands for where an element is now."""
    parent = tree.parents[key]
    siblings = tree.children[parent]
    at = siblings.index(key)
    return place_value(parent, siblings[at - 1] if at else None)


def place_value(parent: str | None, after: str | None) -> str:
    return f"{parent or ''}{SEPARATOR}{after or ''}"


def last_place(tree: Tree, parent: str | None) -> str:
    siblings = tree.children.get(parent, ())
    return place_value(parent, siblings[-1] if siblings else None)


def place_choices(tree: Tree, kind: Kind, moving: str = "") -> list[tuple[str, list[tuple[str, str]]]]:
    """Groups, one a parent: in first place, behind each that stands there. Nothing goes below itself."""
    inside = {moving, *(element.key for _depth, element in tree.walk(moving))} if moving else set()
    parents: list[tuple[str | None, str]] = [(None, _("At the top of the strategy"))] if TOP in kind.parents else []
    parents += [
        (element.key, named(tree, element.key))
        for _depth, element in tree.walk()
        if element.kind in kind.parents and element.key not in inside
    ]
    groups = []
    for parent, title in parents:
        places = [(place_value(parent, None), _("in first place – %(title)s") % {"title": title})]
        places += [
            (place_value(parent, key), _("behind %(title)s") % {"title": named(tree, key)})
            for key in tree.children.get(parent, ())
            if key != moving
        ]
        groups.append((title, places))
    return groups


def element_choices(tree: Tree) -> list[tuple[str, str]]:
    """Every element that has a key of its own, in reading order."""
    return [
        (element.key, named(tree, element.key)) for _depth, element in tree.walk() if not is_provisional(element.key)
    ]


def named(tree: Tree, key: str) -> str:
    """ "M013 FreeWiFi", without the key where it is only provisional."""
    title = title_of(tree[key])
    return title if is_provisional(key) else f"{key} {title}"
