"""``{{ text|marked:query }}``: a text with what was sought marked in it."""

from django import template
from django.utils.safestring import SafeString

from kursbuch.kit.search import highlight

register = template.Library()


@register.filter
def marked(text: str, query: str) -> SafeString:
    return highlight(text, query)
