"""Accounts of the installation and the role each has in a city."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, Self

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from kursbuch.city.models import City, Office


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A person's sign-in. What the person may do in a city, :class:`Membership` says."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(unique=True)
    name = models.CharField(_("display name"), max_length=100, blank=True)
    language = models.CharField(max_length=5, default="de")
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)
    consented_at = models.DateTimeField(null=True, blank=True)  # to the privacy notice

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return self.name or str(_("Person without a name"))

    def get_full_name(self) -> str:
        return str(self)


class Role(models.TextChoices):
    RESIDENT = "resident", _("resident")
    OFFICE = "office", _("office")
    EDITOR = "editor", _("strategy office")
    CLERK = "clerk", _("council clerk")
    ADMIN = "admin", _("administrator")


STAFF = frozenset({Role.OFFICE, Role.EDITOR, Role.CLERK, Role.ADMIN})


class MembershipQuerySet(models.QuerySet["Membership"]):
    def with_second_factor(self) -> Self:
        """Tells in the same query whether the person has a passkey or one-time codes."""
        return self.annotate(_has_second_factor=models.Exists(second_factors(models.OuterRef("user"))))


class Membership(models.Model):
    """A person's role in one city. ``Membership.visitor`` stands for people who are not signed in."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", null=True)
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.RESIDENT)
    office = models.ForeignKey(Office, on_delete=models.PROTECT, null=True, blank=True)
    group = models.CharField(max_length=100, blank=True)  # a council group the person speaks for
    since = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint("city", "user", name="one_membership_a_city"),
            models.CheckConstraint(condition=models.Q(user__isnull=False), name="membership_has_a_person"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=~models.Q(role=Role.OFFICE) | models.Q(office__isnull=False),
                name="membership_of_an_office_names_it",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} in {self.city_id}"

    @classmethod
    def visitor(cls, city: City) -> Membership:
        """Somebody not signed in: an unsaved membership, so that rules need no special case."""
        return cls(user=None, city=city, role="")

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None

    @property
    def person(self) -> User:
        """The user behind the membership; asked for only where sign-in is certain."""
        if self.user is None:
            raise User.DoesNotExist("a visitor is nobody in particular")
        return self.user

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF

    @property
    def speaks_for(self) -> str:
        """On whose behalf the person writes: a council group, an office, or nobody but themself."""
        return self.group or (self.office.name if self.office else "")

    @property
    def acts_for(self) -> str:
        """Whom the public chronicle names in place of an employee: their office, else what their role is called."""
        if self.speaks_for or not self.is_staff:
            return self.speaks_for
        with translation.override(self.city.content_language):
            return str(Role(self.role).label)

    @cached_property
    def has_second_factor(self) -> bool:
        annotated = self.__dict__.get("_has_second_factor")
        if annotated is None:
            return self.is_signed_in and second_factors(self.user_id).exists()
        return bool(annotated)


def second_factors(user: Any) -> models.QuerySet[Authenticator]:
    """Recovery codes alone are none: they only stand in for a lost passkey or app."""
    kinds = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
    found: models.QuerySet[Authenticator] = Authenticator.objects.filter(user=user, type__in=kinds)
    return found
