"""Numbers mean what they look like on the page they are typed on."""

from __future__ import annotations

import pytest
from django.utils import translation

from kursbuch.domain.framework.field_values import decimal
from kursbuch.strategy.forms.inputs import NumberField


@pytest.mark.parametrize(
    ("language", "typed", "meant"),
    [
        ("de", "1.433", "1433"),
        ("de", "1.433.000", "1433000"),
        ("de", "12,5", "12.5"),
        ("de", "1.433,50", "1433.5"),
        ("de", "12.5", "12.5"),
        ("en", "1.433", "1.433"),
        ("en", "1,433.50", "1433.5"),
    ],
)
def test_a_point_groups_thousands_on_german_pages(language: str, typed: str, meant: str) -> None:
    with translation.override(language):
        assert decimal("budget", NumberField().clean(typed)) == meant
