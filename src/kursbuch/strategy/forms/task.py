"""One thing done to one element in an amendment: revise its fields, add, move or retire it.

Each task knows its forms, whether they are filled in well, and the draft's changes with its own put in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from kursbuch.domain.framework.changes import Add, Change, Move, Retire, apply, is_provisional
from kursbuch.domain.framework.element import Edition as Tree
from kursbuch.domain.framework.element import Element
from kursbuch.domain.framework.schema import TOP, Kind, Schema
from kursbuch.strategy.forms import collecting
from kursbuch.strategy.forms.element import ElementForm
from kursbuch.strategy.forms.place import PlaceForm, RetireForm, last_place, place_of, place_value

Data = Mapping[str, Any] | None


@dataclass(frozen=True)
class Workpiece:
    """What is worked on: the newest edition's tree, the draft's changes so far, and the words for them."""

    base: Tree
    changes: tuple[Change, ...]
    schema: Schema
    offices: Mapping[str, str]
    spoken: str

    @property
    def tree(self) -> Tree:
        """The edition with the draft's changes."""
        return apply(self.base, self.changes)


class Task:
    """``element`` is what the task is about, ``own`` the key under which its changes stand."""

    verb = ""
    element_form: ElementForm | None = None
    place_form: PlaceForm | None = None
    retire_form: RetireForm | None = None
    children: tuple[Element, ...] = ()  # what stands in the way

    def __init__(self, piece: Workpiece, key: str) -> None:
        self.piece, self.own = piece, key
        self.tree = piece.tree
        self.element = self.tree.elements.get(key) or piece.base[key]
        self.kind = piece.schema.kind(self.element.kind)

    @property
    def forms(self) -> list[ElementForm | PlaceForm | RetireForm]:
        return [form for form in (self.place_form, self.element_form, self.retire_form) if form is not None]

    @property
    def shown_key(self) -> str:
        """Of the element it is about; one that is still to be added has none yet."""
        return "" if is_provisional(self.element.key) else self.element.key

    def is_valid(self) -> bool:
        judged = [form.is_valid() for form in self.forms]  # each, so that all errors are shown at once
        return all(judged)

    def refuse(self, message: str) -> None:
        self.forms[0].add_error(None, message)

    def changes(self) -> tuple[Change, ...]:
        """The draft's changes with this task done; only after ``is_valid``."""
        raise NotImplementedError

    @property
    def heading(self) -> str:
        raise NotImplementedError


class Revision(Task):
    verb = "revise"

    def __init__(self, piece: Workpiece, key: str, data: Data = None) -> None:
        super().__init__(piece, key)
        self.element_form = ElementForm(
            piece.schema,
            self.kind,
            offices=piece.offices,
            fields=self.element.fields,
            data=data,
            more=str(data.get("more", "")) if data else "",
        )

    def changes(self) -> tuple[Change, ...]:
        assert self.element_form is not None  # noqa: S101
        order = [spec.name for spec in self.kind.fields]
        fields = self.element_form.element_fields
        return collecting.with_fields(self.piece.changes, self.piece.base, self.own, fields, order)

    @property
    def heading(self) -> str:
        return _("Propose a change")


class Addition(Task):
    """A new element of a kind, below or behind the element it starts from; or one of the draft, once more."""

    verb = "add"

    def __init__(self, piece: Workpiece, key: str, kind: str, *, behind: bool = False, data: Data = None) -> None:
        super().__init__(piece, key)
        self.kind = piece.schema.kind(kind)
        self.own = str(data.get("key") or "") if data else ""
        if not is_provisional(self.own):
            self.own = collecting.next_key(piece.changes)
        more = str(data.get("more", "")) if data else ""
        start = self._start(behind)
        self.place_form = PlaceForm(self.tree, self.kind, moving=self._moving, initial=start, data=data)
        self.element_form = ElementForm(piece.schema, self.kind, offices=piece.offices, data=data, more=more)

    @property
    def _moving(self) -> str:
        return self.own if self.own in self.tree else ""

    def _start(self, behind: bool) -> str:
        if behind:
            return place_value(self.tree.parents[self.element.key], self.element.key)
        return last_place(self.tree, self.element.key)

    def changes(self) -> tuple[Change, ...]:
        assert self.element_form is not None and self.place_form is not None  # noqa: S101
        parent, after = self.place_form.parent_and_sibling
        added = Add(self.own, self.kind.slug, parent, after, self.element_form.element_fields)
        return collecting.with_addition(self.piece.changes, added)

    @property
    def heading(self) -> str:
        return _("New: %(kind)s") % {"kind": self.kind.name(self.piece.spoken)}


class Moving(Task):
    verb = "move"

    def __init__(self, piece: Workpiece, key: str, data: Data = None) -> None:
        super().__init__(piece, key)
        start = place_of(self.tree, key)
        self.place_form = PlaceForm(self.tree, self.kind, moving=key, initial=start, data=data)

    def changes(self) -> tuple[Change, ...]:
        assert self.place_form is not None  # noqa: S101
        parent, after = self.place_form.parent_and_sibling
        return collecting.with_move(self.piece.changes, self.piece.base, Move(self.own, parent, after))

    @property
    def heading(self) -> str:
        return _("Move to another place")


class Retirement(Task):
    verb = "retire"

    def __init__(self, piece: Workpiece, key: str, data: Data = None) -> None:
        super().__init__(piece, key)
        standing = next((c for c in piece.changes if isinstance(c, Retire) and c.key == key), None)
        initial = standing.replaced_by if standing else ()
        self.retire_form = RetireForm(self.tree, key, initial=initial, data=data)
        self.children = tuple(self.tree[child] for child in self.tree.children.get(key, ()))

    def is_valid(self) -> bool:
        return not self.children and super().is_valid()

    def changes(self) -> tuple[Change, ...]:
        assert self.retire_form is not None  # noqa: S101
        return collecting.with_retirement(self.piece.changes, Retire(self.own, self.retire_form.replacements))

    @property
    def heading(self) -> str:
        return _("Take out of the strategy")


def kinds_below(schema: Schema, element: Element) -> list[Kind]:
    return [kind for kind in schema.kinds.values() if element.kind in kind.parents]


def kinds_behind(schema: Schema, tree: Tree, key: str) -> list[Kind]:
    parent = tree.parents[key]
    above = tree[parent].kind if parent is not None else TOP
    return [kind for kind in schema.kinds.values() if above in kind.parents]
