"""The two steps of bringing a file in: which file, and how it is to be read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext_lazy, pgettext
from django.utils.translation import gettext as _

from kursbuch.domain.framework.markup import to_plain
from kursbuch.domain.framework.schema import Schema
from kursbuch.strategy.documents.columns import choices, guess
from kursbuch.strategy.documents.document import DecisionData, DocumentError, Problem
from kursbuch.strategy.documents.intake import Ground, Head, Source
from kursbuch.strategy.documents.messages import sentence
from kursbuch.strategy.documents.table import Table
from kursbuch.strategy.documents.table_format import TableReading
from kursbuch.strategy.documents.upload import MAX_BYTES, Upload, open_upload
from kursbuch.strategy.documents.word_format import WordReading, default_kinds
from kursbuch.strategy.documents.word_reader import Outline

LEAVE_OUT = "-"


class UploadForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("YAML, Excel (.xlsx), CSV or Word (.docx), at most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".yaml,.yml,.xlsx,.csv,.tsv,.docx"}),
    )

    upload: Upload

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            if file.size and file.size > MAX_BYTES:
                raise DocumentError([Problem("file", "", "is larger than 20 MB")])
            self.upload = open_upload(file.name or "", file.read())
        except DocumentError as error:
            raise forms.ValidationError([sentence(problem) for problem in error.problems]) from error
        return file


class ReadingForm(forms.Form):
    """How the file is to be read, and what it is to be called. Which fields there are depends on the file."""

    def __init__(self, data: Any, source: Source, ground: Ground, name: str) -> None:
        super().__init__(data)
        self.source = source
        self.ground = ground
        self.language = "en" if (get_language() or "de").startswith("en") else "de"
        if isinstance(source, Table):
            self._table_fields(source)
        elif isinstance(source, Outline):
            self._word_fields(source)
        if not ground.is_new:
            self.fields["title"] = forms.CharField(
                label=_("Title of the amendment"), max_length=200, initial=name.rpartition(".")[0][:200] or name[:200]
            )
            self.fields["rationale"] = forms.CharField(
                label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), required=False, max_length=10_000
            )
        elif isinstance(source, Table | Outline):
            self._head_fields(source)

    # ---- fields -----------------------------------------------------------------------------------------

    def _table_fields(self, table: Table) -> None:
        kinds = self.ground.schema.kinds
        kind = "measure" if "measure" in kinds else list(kinds)[-1]
        chosen = self.data.get("kind") if self.is_bound else None
        kind = str(chosen) if chosen in kinds else kind
        self.fields["kind"] = forms.ChoiceField(
            label=_("Each row is"),
            choices=[(one.slug, one.name(self.language)) for one in kinds.values()],
            initial=kind,
            help_text=_("Unless a column says otherwise."),
        )
        self._parent_field(kind)
        targets = [(one.target or LEAVE_OUT, one.label) for one in choices(self.ground.schema, kind, self.language)]
        for place, (column, guessed) in enumerate(
            zip(table.columns, guess(table.columns, self.ground.schema, kind), strict=True)
        ):
            sample = table.sample(place)
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=column or _("Column %(number)s") % {"number": place + 1},
                choices=targets,
                initial=guessed or LEAVE_OUT,
                help_text=_("for example: %(sample)s") % {"sample": sample} if sample else "",
            )

    def _word_fields(self, outline: Outline) -> None:
        kinds = self.ground.schema.kinds
        options = [(LEAVE_OUT, _("stays part of the text")), *((k.slug, k.name(self.language)) for k in kinds.values())]
        defaults = default_kinds(self.ground.schema, outline.depths)
        for depth in outline.depths:
            first = next(item.text for item in outline.items if item.depth == depth)
            self.fields[f"depth_{depth}"] = forms.ChoiceField(
                label=_("Headings of level %(depth)s become") % {"depth": depth},
                choices=options,
                initial=defaults.get(depth, "") or LEAVE_OUT,
                help_text=_("for example: %(sample)s") % {"sample": to_plain(first)[:60]},
            )
        self.fields["passages"] = forms.ChoiceField(
            label=_("Paragraphs under a heading become"),
            choices=[
                ("passages", _("elements of their own, where they may stand there")),
                ("text", _("the text of the element")),
            ],
            initial="passages",
            widget=forms.RadioSelect,
        )
        if not self.ground.is_new:
            self._parent_field(defaults.get(outline.depths[0], "") if outline.depths else "")
            self.fields["retire_missing"] = forms.BooleanField(
                label=_("Retire what the document does not mention"), required=False
            )

    def _parent_field(self, kind: str) -> None:
        if self.ground.base is None or kind not in self.ground.schema.kinds:
            return
        parents = self.ground.schema.kind(kind).parents
        options = [("", _("at the top"))] if "" in parents else [("", _("– please choose –"))]
        options += [
            (element.key, f"{'  ' * depth}{element.key} {to_plain(str(element.fields.get('title', '')))[:60]}")
            for depth, element in self.ground.base.walk()
            if element.kind in parents and "title" in element.fields
        ]
        self.fields["parent"] = forms.ChoiceField(
            label=_("What is new stands under"),
            choices=options,
            required=False,
            help_text=_("Unless a column says otherwise.") if isinstance(self.source, Table) else "",
        )

    def _head_fields(self, source: Table | Outline) -> None:
        title = source.title if isinstance(source, Outline) else ""
        self.fields["title"] = forms.CharField(label=_("Title of the strategy"), max_length=200, initial=title)
        self.fields["horizon"] = forms.IntegerField(
            label=pgettext("document", "Horizon"),
            min_value=1900,
            max_value=2200,
            help_text=_("The year to which the strategy looks."),
        )
        self.fields["in_force_from"] = forms.DateField(
            label=pgettext("document", "In force from"), widget=_day(), required=False
        )
        self.fields["body"] = forms.CharField(
            label=_("Decided by"), max_length=200, required=False, help_text=_("for example: city council")
        )
        self.fields["day"] = forms.DateField(label=_("Day of the decision"), widget=_day(), required=False)
        self.fields["paper"] = forms.CharField(
            label=pgettext("document", "Council paper"), max_length=100, required=False
        )
        self.fields["result"] = forms.CharField(label=pgettext("document", "Result"), max_length=200, required=False)

    # ---- what was chosen --------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "body" in self.fields and bool(data.get("body")) != bool(data.get("day")):
            self.add_error("day" if data.get("body") else "body", _("A decision needs both: who decided, and when."))
        targets = [data.get(name) for name in self.fields if name.startswith("column_")]
        for target in {one for one in targets if one and one != LEAVE_OUT and targets.count(one) > 1}:
            name = [n for n in self.fields if n.startswith("column_") and data.get(n) == target][-1]
            self.add_error(name, _("Another column is this already."))
        return data

    def _chosen(self, name: str, default: Any = "") -> Any:
        """What was chosen where the form came back sound in this field, else what is suggested."""
        if self.is_bound:
            return self.cleaned_data.get(name, default)
        return self.fields[name].initial if name in self.fields else default

    def reading(self) -> TableReading | WordReading | None:
        if isinstance(self.source, Table):
            chosen = [self._chosen(f"column_{place}") for place in range(len(self.source.columns))]
            mapping = ["" if one in (None, LEAVE_OUT) else one for one in chosen]
            return TableReading(self._chosen("kind"), mapping, self.parent)
        if isinstance(self.source, Outline):
            levels = {depth: self._chosen(f"depth_{depth}") for depth in self.source.depths}
            kinds = {depth: "" if kind in (None, LEAVE_OUT) else kind for depth, kind in levels.items()}
            return WordReading(kinds, passages=self._chosen("passages", "passages") == "passages")
        return None

    @property
    def parent(self) -> str | None:
        return self._chosen("parent") or None

    @property
    def retire_missing(self) -> bool:
        return bool(self._chosen("retire_missing", False))

    def head(self) -> Head | None:
        if "horizon" not in self.fields:
            return None
        if not self.is_bound or not self.is_valid():
            return Head(_("New strategy"), date.today().year)  # noqa: DTZ011 - stands in the preview only
        data = self.cleaned_data
        decision = None
        if data["body"] and data["day"]:
            decision = DecisionData(data["body"], data["day"], data["paper"], data["result"])
        return Head(data["title"], data["horizon"], in_force_from=data["in_force_from"], decision=decision)

    def groups(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields as people think of them: how to read it, and what it becomes."""
        reading = ("kind", "parent", "column_", "depth_", "passages", "retire_missing")
        first = [field for field in self if field.name.startswith(reading)]
        rest = [field for field in self if not field.name.startswith(reading)]
        about = _("The new strategy") if self.ground.is_new else _("Your amendment")
        return [(title, fields) for title, fields in ((_("How the file is read"), first), (about, rest)) if fields]


def _day() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def kind_names(schema: Schema, counts: Iterable[tuple[str, int]], language: str) -> list[tuple[str, int]]:
    """Counts with the kinds called by their names."""
    return [
        (schema.kind(slug).name(language) if count == 1 else schema.kind(slug).plural(language), count)
        for slug, count in counts
    ]
