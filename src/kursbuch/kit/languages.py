"""Marks texts that are not in the language of the page around them, so that they are read aloud as they should be."""

from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language


def written_in(text: str, language: str) -> SafeString:
    """The text, with its language where that is not the page's."""
    if not text or not language or language == get_language():
        return conditional_escape(text)
    return format_html('<span lang="{}">{}</span>', language, text)
