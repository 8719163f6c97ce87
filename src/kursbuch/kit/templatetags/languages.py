"""``{{ title|written_in:city.content_language }}``: a text with its language, where the page has another."""

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from kursbuch.kit import languages

register = template.Library()


@register.filter
def written_in(text: str, language: str) -> SafeString:
    return languages.written_in(text, language)


@register.simple_tag
def lang(language: str) -> SafeString:
    """``<p{% lang city.content_language %}>``: the attribute of what is in a language, where the page has another."""
    return format_html(' lang="{}"', language) if language and language != get_language() else SafeString()
