"""The cities and people that every test knows by the same names, and plain functions that make more.

A person is given as their membership: ``anna`` is what views see as ``request.member``, ``anna.person`` the
user behind it.

================  ==============  ============================================================
Anna              Gelsenkirchen   resident
Frida             Gelsenkirchen   resident who speaks for a council group
Olaf              Gelsenkirchen   office: Stabsstelle Digitalisierung
Edda              Gelsenkirchen   editor: strategy office
Klara             Gelsenkirchen   council clerk
Adam              Gelsenkirchen   administrator
Nora              Musterstadt     resident of the other city
================  ==============  ============================================================
"""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import encrypt
from django.test import Client
from django.utils.text import slugify

from kursbuch.city.models import City, Host, Office
from kursbuch.identity.models import Membership, Role, User

PASSWORD = "Zeche-Nordstern-1930"


def make_city(slug: str, name: str, *hosts: str) -> City:
    city = City.objects.create(slug=slug, name=name)
    Host.objects.bulk_create(Host(city=city, name=host) for host in hosts)
    return city


def make_office(city: City, name: str, name_en: str = "") -> Office:
    return Office.objects.create(city=city, slug=slugify(name), name=name, name_en=name_en)


def make_person(
    city: City,
    name: str,
    role: Role = Role.RESIDENT,
    *,
    office: Office | None = None,
    group: str = "",
    second_factor: bool | None = None,
) -> Membership:
    """Somebody with a verified address <first name>@example.org; staff have a second factor unless told."""
    email = f"{slugify(name.split()[0])}@example.org"
    user = User.objects.create_user(email, PASSWORD, name=name)
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    member = Membership.objects.create(user=user, city=city, role=role, office=office, group=group)
    if member.is_staff if second_factor is None else second_factor:
        add_second_factor(user)
    return member


def add_second_factor(user: User) -> Authenticator:
    return Authenticator.objects.create(
        user=user, type=Authenticator.Type.TOTP, data={"secret": encrypt("JBSWY3DPEHPK3PXP")}
    )


def client_of(member: Membership) -> Client:
    """A browser in which the person is signed in, at the address of their city."""
    host = member.city.hosts.order_by("pk").first()
    assert host is not None
    client = Client(headers={"host": host.name})
    client.force_login(member.person)
    return client


def visitor_of(city: City) -> Client:
    """A browser in which nobody is signed in."""
    host = city.hosts.order_by("pk").first()
    assert host is not None
    return Client(headers={"host": host.name})
