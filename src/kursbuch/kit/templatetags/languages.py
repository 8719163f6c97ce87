"""``{{ title|written_in:city.content_language }}``: a text with its language, where the page has another."""

from django import template
from django.utils.safestring import SafeString

from kursbuch.kit import languages

register = template.Library()


@register.filter
def written_in(text: str, language: str) -> SafeString:
    return languages.written_in(text, language)
