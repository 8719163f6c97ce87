"""Mail: text and HTML, headers, the reader's language, and no address in any log."""

import smtplib
from collections.abc import Sequence
from pathlib import Path

import pytest
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.translation import gettext_lazy
from pytest_django import Settings

from kursbuch.kit import mail

TEXT = """{% load i18n %}Hallo {{ name }},

{% translate "That was too often in a short time." %}
https://example.org/?a=1&b=2
"""


@pytest.fixture(autouse=True)
def _templates(tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "note.txt").write_text(TEXT)
    (tmp_path / "rich.txt").write_text("Text")
    (tmp_path / "rich.html").write_text("<p>{{ name }} {{ subject }}</p>")
    (engine,) = settings.TEMPLATES
    settings.TEMPLATES = [{**engine, "DIRS": [tmp_path]}]
    settings.DEFAULT_FROM_EMAIL = "kursbuch@stadt.example"


def html_of(message: EmailMessage) -> str:
    assert isinstance(message, EmailMultiAlternatives)
    ((content, kind),) = message.alternatives
    assert kind == "text/html"
    return str(content)


def test_sends_text_and_html(mailoutbox: list[EmailMessage]) -> None:
    subject = gettext_lazy("That was too often in a short time.")
    mail.send("anna@example.org", subject, "note", {"name": "Anna & Bert <3"}, "de")
    (message,) = mailoutbox
    assert message.to == ["anna@example.org"]
    assert message.subject == "Das war zu oft in kurzer Zeit."
    assert message.body == ("Hallo Anna & Bert <3,\n\nDas war zu oft in kurzer Zeit.\nhttps://example.org/?a=1&b=2\n")
    html = html_of(message)
    assert '<html lang="de">' in html
    assert "Anna &amp; Bert &lt;3" in html
    assert 'href="https://example.org/?a=1&amp;b=2"' in html


def test_speaks_the_readers_language(mailoutbox: list[EmailMessage]) -> None:
    mail.send("anna@example.org", "Hi", "note", {"name": "Anna"}, "en")
    assert "That was too often" in mailoutbox[0].body
    assert mailoutbox[0].message()["Content-Language"] == "en"


def test_uses_a_template_for_the_html(mailoutbox: list[EmailMessage]) -> None:
    mail.send("anna@example.org", "Zwei\nZeilen", "rich", {"name": "<b>"}, "de")
    assert html_of(mailoutbox[0]) == "<p>&lt;b&gt; Zwei Zeilen</p>"


def test_sets_headers(mailoutbox: list[EmailMessage]) -> None:
    mail.send(
        "anna@example.org",
        "Hi",
        "rich",
        {},
        "de",
        message_id=mail.message_id("notice", 12),
        in_reply_to=mail.message_id("thread", 1),
        unsubscribe_url="https://stadt.example/abmelden/x",
        reply_to="amt@stadt.example",
        sender='Stadt "Süd", Amt',
    )
    sent = mailoutbox[0].message()
    assert sent["Message-ID"] == mail.message_id("notice", 12)
    assert sent["In-Reply-To"] == sent["References"] == mail.message_id("thread", 1)
    assert sent["List-Unsubscribe"] == "<https://stadt.example/abmelden/x>"
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert sent["Reply-To"] == "amt@stadt.example"
    assert sent["Auto-Submitted"] == "auto-generated"
    assert mailoutbox[0].from_email == '"Stadt Süd , Amt" <kursbuch@stadt.example>'


def test_message_ids_are_stable_and_distinct() -> None:
    assert mail.message_id("a", 1) == mail.message_id("a", 1)
    assert mail.message_id("a", 11) != mail.message_id("a1", 1)
    assert mail.message_id("a").endswith("@stadt.example>")


class Refusing(BaseEmailBackend):
    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def send_messages(self, messages: Sequence[EmailMessage]) -> int:
        raise self.error


@pytest.mark.parametrize(
    ("error", "permanent"),
    [
        (smtplib.SMTPRecipientsRefused({"anna@example.org": (550, b"no such user")}), True),
        (smtplib.SMTPRecipientsRefused({"anna@example.org": (450, b"try later")}), False),
        (ConnectionRefusedError("anna@example.org"), False),
    ],
)
def test_a_failure_names_no_address(error: Exception, permanent: bool, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"), pytest.raises(mail.NotSent) as raised:
        mail.send("anna@example.org", "Hi", "rich", {}, "de", connection=Refusing(error))
    assert raised.value.permanent is permanent
    assert raised.value.__suppress_context__
    assert type(error).__name__ in str(raised.value)
    assert "anna" not in caplog.text + str(raised.value)


def test_a_success_names_no_address(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        mail.send("anna@example.org", "Hi", "rich", {}, "de")
    assert "mail rich sent" in caplog.text
    assert "anna" not in caplog.text
