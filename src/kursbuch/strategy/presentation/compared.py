"""Changed elements by theme as HTML. Written here and not as a template: two editions may differ in every one of
thousands of elements, and a template would take as long over them as finding out what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from kursbuch.strategy.presentation.compare import ChangedElement, ChangedTheme


def themes_html(themes: Iterable[ChangedTheme], spoken: str, original: str) -> SafeString:
    """A section for each theme, an article for each element; ``original`` is the language of the strategy's text."""
    words = _Words.of(spoken, original)
    return mark_safe("".join(part for theme in themes for part in _theme(theme, words)))  # noqa: S308 - all is escaped


@dataclass(frozen=True, slots=True)
class _Words:
    """What is said again and again, translated and escaped once."""

    lang: str  # the attribute of what is not in the reader's language
    added: str
    retired: str
    shifted: str

    @classmethod
    def of(cls, spoken: str, original: str) -> _Words:
        lang = format_html(' lang="{}"', original) if spoken != original else ""
        said = (_("added"), _("retired"), _("moved within its level"))
        return cls(lang, *map(conditional_escape, said))


def _theme(theme: ChangedTheme, words: _Words) -> Iterator[str]:
    key, title = conditional_escape(theme.key), conditional_escape(theme.title)
    yield (
        f'<section class="compared-theme" aria-labelledby="in-{key}">\n<h2 class="compared-theme__title" id="in-{key}">'
        f'<span class="key">{key}</span> <span{words.lang}>{title}</span></h2>\n'
    )
    for one in theme.elements:
        css = f" redline-block--{one.css}" if one.css else ""
        yield f'<article class="redline-block{css} compared">\n<header>{_path(one.path, words)}{_title(one, words)}'
        yield f'<p class="compared__what">{_what(one, words)}</p></header>\n'
        for field in one.fields:
            yield (
                f'<div class="change__field"><p class="change__label">{conditional_escape(field.label)}</p>'
                f'<div class="redline prose"{words.lang}>{conditional_escape(field.html)}</div></div>\n'
            )
        yield "</article>\n"
    yield "</section>\n"


def _path(path: Sequence[str], words: _Words) -> str:
    way = " › ".join(map(conditional_escape, path))
    return f'<p class="compared__path"{words.lang}>{way}</p>' if way else ""


def _title(one: ChangedElement, words: _Words) -> str:
    mark = "ins" if one.is_added else "del" if one.is_retired else "span"
    css = "" if mark == "span" else ' class="redline"'
    url, key, title = map(conditional_escape, (reverse("element", args=[one.key]), one.key, one.title))
    return f'<h3{css}><a href="{url}"><span class="key">{key}</span> <{mark}{words.lang}>{title}</{mark}></a></h3>'


def _marked(title: str, words: _Words) -> str:
    return f"<span{words.lang}>{conditional_escape(title)}</span>" if words.lang else conditional_escape(title)


def _what(one: ChangedElement, words: _Words) -> str:
    said: list[str] = [conditional_escape(one.kind)]
    if one.is_added or one.is_retired:
        said.append(words.added if one.is_added else words.retired)
    if one.is_moved and one.moved_to:
        places = {"from": one.moved_from, "to": one.moved_to}
        marked = {name: _marked(place, words) for name, place in places.items()}
        said.append(conditional_escape(_("moved from %(from)s to %(to)s")) % marked)
    elif one.is_moved:
        said.append(words.shifted)
    return " · ".join(said)
