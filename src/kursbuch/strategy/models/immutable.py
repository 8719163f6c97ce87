"""Rows that are written once: the model refuses what the services never do."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

M = TypeVar("M", bound=models.Model)


class Immutable(TypeError):
    """Something tried to change or delete a row that stands for ever."""


class WriteOnceQuerySet(models.QuerySet[M]):
    def _refuse(self) -> NoReturn:
        raise Immutable(f"{self.model.__name__} rows are never changed or deleted")

    def update(self, **kwargs: Any) -> NoReturn:
        self._refuse()

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        self._refuse()

    def delete(self) -> NoReturn:
        self._refuse()


class WriteOnce(models.Model):
    """A row that can be inserted and read, nothing else."""

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable(f"{type(self).__name__} {self} is never changed")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise Immutable(f"{type(self).__name__} {self} is never deleted")
