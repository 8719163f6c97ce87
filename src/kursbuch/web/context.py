"""What every page's shell needs, without a query for readers who are not signed in."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext

from kursbuch.identity.rules import may_manage_city, may_read_audit_log
from kursbuch.web.templatetags.shell import guarded_reverse


def shell(request: HttpRequest) -> dict[str, Any]:
    city, member = getattr(request, "city", None), getattr(request, "member", None)
    return {
        "city": city,
        "member": member,
        "manages_city": SimpleLazyObject(lambda: bool(member and may_manage_city(member))),
        "reads_audit_log": SimpleLazyObject(lambda: bool(member and may_read_audit_log(member))),
        "city_notice": city.notice_in(get_language() or settings.LANGUAGE_CODE) if city else "",
        "footer_links": SimpleLazyObject(_footer_links),
        "open_links": SimpleLazyObject(_open_links),
    }


def _present(*links: tuple[str, str]) -> list[dict[str, str]]:
    return [{"url": url, "label": label} for url, label in links if url]


def _footer_links() -> list[dict[str, str]]:
    return _present(
        (guarded_reverse("imprint"), gettext("Imprint")),
        (guarded_reverse("privacy"), gettext("Privacy")),
        (guarded_reverse("accessibility"), gettext("Accessibility")),
    )


def _open_links() -> list[dict[str, str]]:
    return _present(
        (guarded_reverse("api:docs") or guarded_reverse("api-docs"), gettext("Programming interface (API)")),
        (guarded_reverse("feed", "city"), gettext("News feed (Atom)")),
        (getattr(settings, "SOURCE_URL", ""), gettext("Source code")),
    )
