"""Two cities full of marked content, and an example address for every pattern: what the walk of
test_two_cities.py is made of.

**A new address needs an example** when its pattern takes arguments: add a line to :data:`EXAMPLES` that gives the
arguments for one city's own object. **A new kind of content** needs a function in :data:`POPULATORS` that puts
some into a city: every text with ``side.mark`` in it, every key such that the other city has none like it
(``side.letter`` helps), and what the examples need into ``side.things``.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import yaml
from allauth.account.internal.flows.login import record_authentication
from allauth.account.models import EmailAddress, EmailConfirmationHMAC
from allauth.mfa.models import Authenticator
from cryptography.hazmat.primitives.asymmetric import ec
from django.core.files.base import ContentFile
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData
from PIL import Image
from tests.personas import client_of, make_city, make_office, make_person, visitor_of

from kursbuch.chronicle.models import Follow
from kursbuch.chronicle.services import record
from kursbuch.chronicle.unsubscribe import make_token
from kursbuch.city.models import City, Office
from kursbuch.domain.framework.changes import Revise
from kursbuch.identity.models import Membership, Role
from kursbuch.kit import clock
from kursbuch.strategy.documents.upload import open_upload
from kursbuch.strategy.documents.yaml_format import read_yaml
from kursbuch.strategy.models import Recommendation
from kursbuch.strategy.services.discuss_amendment import comment_on_amendment, recommend_amendment
from kursbuch.strategy.services.draft_amendment import draft_amendment, submit_amendment
from kursbuch.strategy.services.import_strategy import import_strategy
from kursbuch.strategy.services.keep_upload import keep_upload
from kursbuch.strategy.services.render_element import render_element

ROLES = ("visitor", *Role.values)


@dataclass
class Side:
    """One of the two cities."""

    letter: str  # "a" or "b"
    mark: str  # stands in every text of this city, and nowhere else
    city: City
    office: Office
    people: dict[str, Membership]
    things: dict[str, Any] = field(default_factory=dict)

    def client(self, role: str) -> Client:
        """A browser at the city's address, in which the person has just confirmed who they are."""
        if role == "visitor":
            return visitor_of(self.city)
        client = client_of(self.people[role])
        request = HttpRequest()
        request.session = client.session
        record_authentication(request, self.people[role].person, "password", reauthenticated=True)
        request.session.save()
        return client


def make_side(letter: str) -> Side:
    mark = {"a": "Amselruf", "b": "Buchfinkruf"}[letter]
    city = make_city(f"{letter}-stadt", f"{mark}stadt", f"{letter}.example")
    office = make_office(city, f"Amt {letter}")  # its slug stands in addresses, which pages repeat
    office.name, office.name_en = f"Amt {mark}", f"Office {mark}"
    office.save()
    people = {
        role: make_person(
            city, f"{letter}{role} {mark}", Role(role), office=office, group=f"Fraktion {mark}", second_factor=True
        )
        for role in Role.values
    }
    side = Side(letter, mark, city, office, people)
    for populate in POPULATORS:
        populate(side)
    return side


def populate_city(side: Side) -> None:
    city = side.city
    city.imprint = city.privacy = city.accessibility = {"de": f"Text {side.mark}"}
    city.contact = f"{side.mark.lower()}@example.org"
    city.notice = {"de": f"Hinweis {side.mark}", "en": f"Notice {side.mark}"}
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    city.logo.save(f"{side.letter}.png", ContentFile(picture.getvalue()), save=False)
    city.save()


def populate_chronicle(side: Side) -> None:
    someone = side.people["editor"].person
    with transaction.atomic():
        for public in (True, False):
            record(
                city_id=side.city.pk,
                verb="office_added",
                thing="city",
                about=[f"person:{someone.uid}"],
                summary=f"Eintrag {side.mark}",
                actor=someone,
                data={"office": side.mark},
                personal={"name": side.mark},
                on_behalf_of=f"Amt {side.mark}",
                public=public,
            )
    for member in side.people.values():
        Follow.objects.create(user=member.person, city=side.city, thing="city", since=clock.now())


def populate_accounts(side: Side) -> None:
    for member in side.people.values():
        key = Authenticator.objects.create(
            user=member.person,
            type=Authenticator.Type.WEBAUTHN,
            data={"name": f"Passkey {side.mark}", "credential": passkey_credential()},
        )
        side.things["passkey"] = key  # of whoever comes last


def populate_strategy(side: Side) -> None:
    """One edition, a draft and a submitted amendment with a remark, and a file that waits for its preview."""
    head = {"slug": f"strategie-{side.letter}", "title": f"Strategie {side.mark}", "language": "de", "horizon": 2030}
    text = {"title": f"Titel {side.mark}", "text": f"Wortlaut {side.mark}."}
    measure = {"key": f"M{ord(side.letter)}1", "kind": "measure", **text}
    document = yaml.safe_dump(
        {
            "kursbuch": 1,
            "strategy": head,
            "kinds": [
                {
                    "slug": slug,
                    "prefix": prefix,
                    "names": {"de": [name, name], "en": [name, name]},
                    "parents": [parent],
                    "fields": ["title", "text"],
                }
                for slug, prefix, name, parent in (("theme", "L", "Thema", ""), ("measure", "M", "Maßnahme", "theme"))
            ],
            "edition": {"number": f"{ord(side.letter)}", "in_force_from": date(2020, 6, 25)},
            "elements": [{"key": f"L{ord(side.letter)}1", "kind": "theme", **text, "elements": [measure]}],
        }
    )
    edition = import_strategy(city=side.city, document=read_yaml(document))
    change = Revise(measure["key"], "title", f"Titel {side.mark}", f"Neuer Titel {side.mark}")
    for name in ("draft", "submitted", "recommended"):
        amendment = draft_amendment(
            strategy=edition.strategy,
            by=side.people["resident"],
            title=f"Antrag {side.mark}",
            rationale=f"Grund {side.mark}",
            changes=[change],
        )
        side.things[name] = amendment
    side.things["submitted"] = submit_amendment(amendment=side.things["submitted"], by=side.people["resident"])
    side.things["comment"] = comment_on_amendment(
        amendment=side.things["submitted"], by=side.people["resident"], text=f"Kommentar {side.mark}"
    )
    submit_amendment(amendment=side.things["recommended"], by=side.people["resident"])
    recommend_amendment(
        amendment=side.things["recommended"],
        by=side.people["editor"],
        kind=Recommendation.ACCEPT,
        reason=f"Empfehlung {side.mark}",
    )
    render_element(
        strategy=edition.strategy,
        by=side.people["editor"],
        version=edition.strategy.versions.get(key=measure["key"]),
        language="en",
        fields={"title": f"Title {side.mark}"},
        translator=f"Amt {side.mark}",
    )
    side.things["edition"] = edition.number
    side.things["key"] = measure["key"]
    side.things["upload"] = keep_upload(
        by=side.people["editor"], upload=open_upload("strategie.yaml", document.encode())
    )


def passkey_credential() -> dict[str, Any]:
    """What a browser sends when a passkey is added, as it is stored."""
    key = ES256.from_cryptography_key(ec.generate_private_key(ec.SECP256R1()).public_key())
    attested = AttestedCredentialData.create(bytes(16), os.urandom(16), key)
    data = AuthenticatorData.create(bytes(32), AuthenticatorData.FLAG.UP | AuthenticatorData.FLAG.AT, 0, attested)
    client = CollectedClientData.create(
        type=CollectedClientData.TYPE.CREATE, challenge=bytes(32), origin="https://a.example"
    )
    return {
        "id": websafe_encode(attested.credential_id),
        "rawId": websafe_encode(attested.credential_id),
        "type": "public-key",
        "response": {
            "clientDataJSON": websafe_encode(client),
            "attestationObject": websafe_encode(AttestationObject.create("none", data, {})),
        },
        "clientExtensionResults": {},
    }


POPULATORS: list[Callable[[Side], None]] = [populate_city, populate_chronicle, populate_accounts, populate_strategy]

# The arguments of an address, by its name; those of patterns without arguments are found by themselves.
# Accounts belong to the installation, so what only allauth looks at may name nothing real.
EXAMPLES: dict[str, Callable[[Side], dict[str, Any]]] = {
    # city
    "office-edit": lambda side: {"slug": side.office.slug},
    # identity
    "person": lambda side: {"uid": side.people["resident"].person.uid},
    "account_confirm_email": lambda side: {
        "key": EmailConfirmationHMAC(EmailAddress.objects.get(user=side.people["resident"].person)).key
    },
    "account_reset_password_from_key": lambda side: {"uidb36": "1", "key": "none"},
    "mfa_edit_webauthn": lambda side: {"pk": side.things["passkey"].pk},
    "mfa_remove_webauthn": lambda side: {"pk": side.things["passkey"].pk},
    # chronicle
    "timeline": lambda side: {"thing": f"person:{side.people['editor'].person.uid}"},
    "feed": lambda side: {"thing": f"person:{side.people['editor'].person.uid}"},
    "unsubscribe": lambda side: {"token": make_token(side.people["resident"].person.uid, side.city.pk)},
    # api
    "api:edition": lambda side: {"number": side.things["edition"]},
    "api:element": lambda side: {"key": side.things["key"]},
    "api:proof": lambda side: {"key": side.things["key"]},
    "api:amendment": lambda side: {"id": side.things["submitted"].pk},
    "api:comments": lambda side: {"id": side.things["submitted"].pk},
    # strategy
    "element": lambda side: {"key": side.things["key"]},
    "rendition-edit": lambda side: {"key": side.things["key"], "language": "en"},
    "element-proof": lambda side: {"key": side.things["key"]},
    "edition": lambda side: {"number": side.things["edition"]},
    "edition-download": lambda side: {"number": side.things["edition"], "format": "yaml"},
    "compare-pdf": lambda side: {"before": side.things["edition"], "after": side.things["edition"]},
    "import-preview": lambda side: {"reference": side.things["upload"]},
    "amendment": lambda side: {"number": side.things["submitted"].pk},
    "amendment-edit": lambda side: {"number": side.things["draft"].pk},
    "amendment-discard": lambda side: {"number": side.things["draft"].pk},
    "amendment-withdraw": lambda side: {"number": side.things["submitted"].pk},
    "amendment-discuss": lambda side: {"number": side.things["submitted"].pk},
    "amendment-recommend": lambda side: {"number": side.things["submitted"].pk},
    "amendment-split": lambda side: {"number": side.things["submitted"].pk},
    "amendment-decide": lambda side: {"number": side.things["recommended"].pk},
    "amendment-resolve": lambda side: {"number": side.things["submitted"].pk},
    "amendment-comment": lambda side: {"number": side.things["submitted"].pk},
    "amendment-comment-remove": lambda side: {
        "number": side.things["submitted"].pk,
        "pk": side.things["comment"].pk,
    },
}

# Addresses that another city's arguments do not turn into a 404, and why that is right. That nothing of the other
# city shows there is checked all the same.
NOT_MISSING = {
    "account_confirm_email": "confirms an address of the installation's accounts, whichever host is asked",
    "account_reset_password_from_key": "a wrong key leads to a page that says so",
    "timeline": "whatever is well-formed has a timeline, empty where nothing happened",
    "import-preview": "a reference that is not the person's own leads back to the choice of a file",
    "feed": "whatever is well-formed has a feed, empty where nothing happened",
}
