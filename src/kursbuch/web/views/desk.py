"""The office desk: what waits for whom, by role, oldest first; empty lists only say that there is nothing to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from kursbuch.identity.access import MemberRequest, requires
from kursbuch.identity.models import Membership
from kursbuch.identity.rules import is_admin, is_clerk, is_editor, is_office, is_staff, may_read_audit_log
from kursbuch.kit import clock
from kursbuch.strategy.models import Amendment, State, Strategy
from kursbuch.strategy.queries import latest_edition
from kursbuch.strategy.queries.amendments import unsubmitted_of
from kursbuch.strategy.queries.desk import Waiting, amendments_by_state, touching_office, waiting
from kursbuch.strategy.queries.renditions import languages_of, rendition_rows
from kursbuch.strategy.rules import may_import, may_render

DRAFTS = 10


@dataclass(frozen=True)
class Job:
    """One amendment that waits."""

    amendment: Amendment
    age: str
    url: str  # of the step that is due


@dataclass(frozen=True)
class Pile:
    """Everything that waits for the same step."""

    slug: str
    title: str
    what: str  # what is to be done
    total: int
    jobs: list[Job] = field(default_factory=list)
    all_url: str = ""  # where all of them are
    act: tuple[str, str] | None = None  # (label, url) of what is done with all of them together


@requires(is_staff)
@require_safe
def desk(request: MemberRequest) -> HttpResponse:
    member = request.member
    strategy = Strategy.objects.filter(city=request.city).select_related("city").first()
    piles = _piles(member, strategy) if strategy else []
    context = {
        "strategy": strategy,
        "drafts": list(unsubmitted_of(member)[:DRAFTS]),
        "piles": [pile for pile in piles if pile.total],
        "done": [pile for pile in piles if not pile.total],
        "links": _links(member, strategy is not None),
        "may_import": may_import(member),
        "strategy_notice": strategy.notice_in(get_language() or "de") if strategy else "",
    }
    return render(request, "web/desk.html", context)


def _piles(member: Membership, strategy: Strategy) -> list[Pile]:
    counts = amendments_by_state(strategy)
    piles: list[Pile] = []
    if is_editor(member):
        piles += _editors(strategy, counts)
    if is_editor(member) or is_clerk(member):
        piles += _councils(strategy, counts)
    if is_office(member) and member.office is not None:
        piles.append(
            _pile(
                "office",
                _("Amendments to what your office is responsible for"),
                _("Read them, and say in the discussion what your office thinks of them."),
                touching_office(strategy, member.office),
                "amendment",
            )
        )
    if may_render(member):
        piles.append(_renditions(member, strategy))
    return piles


def _editors(strategy: Strategy, counts: Mapping[str, int]) -> list[Pile]:
    def of(state: State) -> Waiting:
        return waiting(strategy, state, counts.get(state, 0))

    return [
        _pile(
            "submitted",
            _("New amendments"),
            _("Check whether they can be understood, and open the discussion."),
            of(State.SUBMITTED),
            "amendment",
        ),
        _pile(
            "in_conflict",
            _("Conflicts to settle"),
            _("A newer edition changed the same words. The authors can settle that, or you can."),
            of(State.IN_CONFLICT),
            "amendment-resolve",
        ),
        _pile(
            "in_discussion",
            _("To recommend"),
            _("Weigh the comments, and recommend a decision to the council."),
            of(State.IN_DISCUSSION),
            "amendment-recommend",
        ),
    ]


def _councils(strategy: Strategy, counts: Mapping[str, int]) -> list[Pile]:
    recommended, decided = counts.get(State.RECOMMENDED, 0), counts.get(State.DECIDED, 0)
    adopt = (_("Adopt a new edition"), reverse("adopt"))
    return [
        _pile(
            "recommended",
            _("Waiting for the council’s decision"),
            _("Record what was decided, or adopt them together in a new edition."),
            waiting(strategy, State.RECOMMENDED, recommended),
            "amendment-decide",
            adopt if recommended > counts["to_reject"] and not decided else None,
        ),
        _pile(
            "decided",
            _("Accepted, waiting for an edition"),
            _("The council has accepted these. They enter the strategy with the next edition."),
            waiting(strategy, State.DECIDED, decided),
            "amendment",
            adopt,
        ),
    ]


def _renditions(member: Membership, strategy: Strategy) -> Pile:
    languages = languages_of(strategy)
    by_language = rendition_rows(strategy, latest_edition(strategy), languages)
    office = member.office if is_office(member) else None
    stale = {
        language: sum(row.state == "stale" and (office is None or row.office == office.slug) for row in rows)
        for language, rows in by_language.items()
    }
    most = max(stale, key=lambda language: stale[language])
    url = f"{reverse('rendition-list')}?sprache={most}&zustand=stale" + ("&amt=1" if office else "")
    return Pile(
        "renditions",
        _("Translations out of date"),
        _("The original has changed since. Compare, and bring the text up to date."),
        sum(stale.values()),
        act=(_("Show them"), url),
    )


def _pile(slug: str, title: str, what: str, found: Waiting, step: str, act: tuple[str, str] | None = None) -> Pile:
    jobs = [
        Job(amendment, _age(amendment.since), reverse(step, args=[amendment.pk]))  # type: ignore[attr-defined]
        for amendment in found.amendments
    ]
    all_url = f"{reverse('amendment-list')}?state={slug}" if found.more and slug in State.values else ""
    return Pile(slug, title, what, found.total, jobs, all_url, act)


def _age(since: datetime) -> str:
    days = (clock.today() - timezone.localtime(since).date()).days
    if days <= 0:
        return _("since today")
    return ngettext("for %(days)s day", "for %(days)s days", days) % {"days": days}


def _links(member: Membership, has_strategy: bool) -> list[dict[str, Any]]:
    """What the person can do at any time, whether or not anything waits."""
    wanted: list[tuple[bool, str, str]] = [
        (has_strategy and (is_editor(member) or is_clerk(member)), "adopt", _("Adopt a new edition")),
        (has_strategy and is_editor(member), "correct", _("Correct the wording")),
        (has_strategy and may_render(member), "rendition-list", _("Translations and plain language")),
        (may_import(member), "import", _("Read in a strategy")),
        (is_admin(member), "people", _("People and roles")),
        (is_admin(member), "city-settings", _("Settings of the city")),
        (may_read_audit_log(member), "audit-log", _("Audit log")),
    ]
    return [{"url": reverse(name), "label": label} for may, name, label in wanted if may]
