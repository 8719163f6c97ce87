"""A city's revision: how many entries are visible. It versions every public page.

Entries are only ever added, so their number names their set; the highest id would not, as a lower id may
become visible after a higher one. Seal and unsealed entries are read in one statement, hence of one moment:
an entry that is just being sealed is counted once.
"""

from __future__ import annotations

from typing import Any, TypeVar, cast

from django.apps import apps
from django.db import models
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from kursbuch.chronicle.models import Entry, Seal

City = TypeVar("City", bound=models.Model)


def revision_subquery(city: str = "pk") -> Combinable:
    """The revision as an expression for a query of cities (or of rows whose city is in field ``city``)."""
    sealed = Seal.objects.filter(city=OuterRef(city)).order_by("-number").values("total")[:1]
    unsealed = (
        Entry.objects.filter(city=OuterRef(city), seal=None)
        .order_by()
        .values("city")
        .annotate(n=Count("pk"))
        .values("n")
    )
    number = models.BigIntegerField()
    return Coalesce(Subquery(sealed, output_field=number), 0) + Coalesce(Subquery(unsealed, output_field=number), 0)


def with_revision(cities: QuerySet[City]) -> QuerySet[City]:
    """Give each city its ``revision``."""
    return cast("QuerySet[City]", cities.annotate(revision=revision_subquery()))


def revision_of(city_id: int) -> int:
    """The revision of one city, in one query."""
    cities: QuerySet[Any] = apps.get_model("city", "City")._default_manager.filter(pk=city_id)
    found: int = with_revision(cities).values_list("revision", flat=True).get()
    return found
