"""The people of a measurement: members of a city, and their signed-in browsers."""

from __future__ import annotations

import http.client
import socket
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from django.test import Client

from kursbuch.city.models import City
from kursbuch.identity.models import Membership, Role, User

CSRF = "b" * 32  # a token of the right form; the form's field says the same


def person(city: City, name: str, role: Role = Role.RESIDENT) -> Membership:
    user = User.objects.create_user(f"{name.lower()}@{city.slug}.example", "Zeche-Nordstern-1930", name=name)
    return Membership.objects.create(user=user, city=city, role=role)


class Browser:
    """Sends forms as one signed-in person; a new connection for each, as after a break."""

    def __init__(self, member: Membership, host: str, port: int) -> None:
        client = Client(headers={"host": host})
        client.force_login(member.person)
        self.cookies = SimpleCookie()
        self.cookies["sessionid"] = client.cookies["sessionid"].value
        self.cookies["csrftoken"] = CSRF
        self.host, self.port = host, port

    def post(self, path: str, fields: dict[str, str]) -> tuple[int, str]:
        """Status and where the answer leads; raises ``OSError`` or ``HTTPException`` if there is no answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(
                "POST",
                path,
                body=urlencode({**fields, "csrfmiddlewaretoken": CSRF}),
                headers={
                    "Host": self.host,
                    "Content-Type": "application/x-www-form-urlencoded",
                    "Cookie": self.cookies.output(header="", sep=";").strip(),
                },
            )
            response = connection.getresponse()
            response.read()
            return response.status, response.headers.get("Location", "")
        finally:
            connection.close()


NO_ANSWER = (OSError, http.client.HTTPException, socket.timeout)
