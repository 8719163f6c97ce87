"""What identity and the chronicle, which lies below it, hold about a person."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator

from kursbuch.chronicle.models import Entry, Follow, NotificationSetting
from kursbuch.city.models import City
from kursbuch.identity.models import Membership, User


def account(user: User, city: City) -> dict[str, Any]:
    return {
        "name": user.name,
        "language": user.language,
        "since": user.created_at.isoformat(),
        "last_sign_in": user.last_login and user.last_login.isoformat(),
        "consented_to_the_privacy_notice_at": user.consented_at and user.consented_at.isoformat(),
        "email_addresses": [
            {"email": address.email, "verified": address.verified, "primary": address.primary}
            for address in EmailAddress.objects.filter(user=user).order_by("pk")
        ],
        # Secrets and public keys say nothing about a person, and a file with them would be a danger.
        "second_factors": [
            {"kind": factor.type, "since": factor.created_at.isoformat()}
            for factor in Authenticator.objects.filter(user=user).order_by("pk")
        ],
    }


def membership(user: User, city: City) -> list[dict[str, Any]]:
    members = Membership.objects.filter(user=user, city=city).select_related("office")
    return [
        {
            "city": city.name,
            "role": member.role,
            "office": member.office and member.office.name,
            "group": member.group,
            "since": member.since.isoformat(),
        }
        for member in members
    ]


def chronicle(user: User, city: City) -> dict[str, Any]:
    entries = Entry.objects.personal_to(user).filter(city=city).order_by("pk")
    return {
        "entries": [
            {
                "at": entry.at.isoformat(),
                "verb": entry.verb,
                "thing": entry.thing,
                "summary": entry.summary,
                "data": entry.data,
                "personal": entry.personal,
                "by_yourself": entry.actor_id == user.pk,
            }
            for entry in entries.iterator()
        ],
        "follows": [
            {"thing": follow.thing, "since": follow.since.isoformat()}
            for follow in Follow.objects.filter(user=user, city=city).order_by("pk")
        ],
        "notifications": list(NotificationSetting.objects.filter(user=user, city=city).values_list("mode", flat=True)),
    }
