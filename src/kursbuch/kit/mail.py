"""Sends mail: plain text with an HTML alternative, in the reader's language, without a trace of the address in logs.

A mail's text is a template ``<template>.txt``, written without any escaping. Its HTML is ``<template>.html`` where that
exists, and else made from the text: paragraphs and links.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping
from email.utils import parseaddr
from smtplib import SMTPException, SMTPRecipientsRefused
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.template import Context, TemplateDoesNotExist
from django.template.loader import get_template, render_to_string
from django.utils import translation

log = logging.getLogger(__name__)


class NotSent(Exception):
    """The mail could not be handed over. Its text names the kind of error, never the address."""

    def __init__(self, kind: str, *, permanent: bool) -> None:
        super().__init__(kind)
        self.permanent = permanent  # the address itself was refused: trying again is of no use


def send(
    to: str,
    subject: str,
    template: str,
    context: Mapping[str, Any],
    language: str,
    *,
    message_id: str = "",
    in_reply_to: str = "",
    unsubscribe_url: str = "",
    reply_to: str = "",
    sender: str = "",
    connection: BaseEmailBackend | None = None,
) -> None:
    """Send one mail to one address, or raise ``NotSent``.

    ``subject`` may be lazy. ``unsubscribe_url`` must end the subscription on a POST without signing in (RFC 8058).
    ``sender`` is the name shown beside the installation's address. ``connection`` is reused for many mails:
    ``with get_connection() as connection: …``.
    """
    with translation.override(language):
        subject = " ".join(str(subject).split())
        text = _text(template, context)
        html = _html(template, context, subject, text, language)
    headers = {"Auto-Submitted": "auto-generated", "Content-Language": language}
    if message_id:
        headers["Message-ID"] = message_id
    if in_reply_to:
        headers |= {"In-Reply-To": in_reply_to, "References": in_reply_to}
    if unsubscribe_url:
        headers |= {
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    message = EmailMultiAlternatives(
        subject,
        text,
        _from(sender),
        [to],
        headers=headers,
        reply_to=[reply_to] if reply_to else None,
        connection=connection,
    )
    message.attach_alternative(html, "text/html")
    _hand_over(message, template)


def message_id(*parts: object) -> str:
    """A Message-ID that is the same for the same parts, so that a mail sent twice is shown once."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).hexdigest()[:32]
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
    return f"<{digest}@{domain}>"


def _hand_over(message: EmailMultiAlternatives, template: str) -> None:
    try:
        message.send()
    except (OSError, SMTPException) as error:
        kind = type(error).__name__
        permanent = isinstance(error, SMTPRecipientsRefused) and all(
            code >= 500 for code, _reply in error.recipients.values()
        )
        log.warning("mail %s not sent: %s", template, kind)
        raise NotSent(kind, permanent=permanent) from None  # the cause quotes the address
    log.info("mail %s sent", template)


def _from(sender: str) -> str:
    if not sender:
        return str(settings.DEFAULT_FROM_EMAIL)
    address = parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
    # Quoted, because a city's name may hold a comma; Django encodes what is not ASCII.
    name = " ".join(sender.replace("\\", " ").replace('"', " ").split())
    return f'"{name}" <{address}>'


def _text(template: str, context: Mapping[str, Any]) -> str:
    found = get_template(f"{template}.txt").template  # type: ignore[attr-defined]
    return str(found.render(Context(dict(context), autoescape=False))).strip() + "\n"


def _html(template: str, context: Mapping[str, Any], subject: str, text: str, language: str) -> str:
    try:
        found = get_template(f"{template}.html")
    except TemplateDoesNotExist:
        return render_to_string("kit/mail.html", {"subject": subject, "text": text, "language": language})
    return found.render({**context, "subject": subject, "language": language})
