"""An amendment's state in words: what it means, and what happens next."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from kursbuch.strategy.models import Amendment, Recommendation, State


def what_it_means(amendment: Amendment) -> str:
    """One or two sentences for everybody."""
    if amendment.state == State.RECOMMENDED:
        return _recommended(amendment)
    if amendment.takes_effect:
        return _future(amendment)
    return {
        State.DRAFT: _("Only the authors can see this draft."),
        State.SUBMITTED: _("The amendment has been handed in. Everybody can read it and comment on it."),
        State.IN_DISCUSSION: _("The strategy office has opened the amendment for discussion."),
        State.DECIDED: _("The council has accepted the amendment."),
        State.IN_FORCE: _("The amendment was accepted and is part of the strategy."),
        State.REJECTED: _("The council has rejected the amendment. The strategy stays as it is."),
        State.WITHDRAWN: _("The authors have withdrawn the amendment. It is kept so that everybody can look it up."),
        State.ALREADY_IN_FORCE: _("What the amendment asks for is part of the strategy already."),
        State.IN_CONFLICT: _("A newer edition has changed the same things as this amendment."),
    }[State(amendment.state)]


def what_happens_next(amendment: Amendment) -> str:
    """One or two sentences, empty where nothing follows."""
    day = amendment.takes_effect
    if day:
        return _("It becomes part of the strategy on %(day)s by itself. Until then the edition before it holds.") % {
            "day": date_format(day)
        }
    return {
        State.DRAFT: _("Hand it in when it is ready. Then the strategy office looks at it."),
        State.SUBMITTED: _("The strategy office checks it and opens the discussion. Then it recommends a decision."),
        State.IN_DISCUSSION: _("The strategy office weighs the comments and recommends a decision to the council."),
        State.RECOMMENDED: _("The council decides. If it accepts the amendment, it enters the next edition."),
        State.DECIDED: _("It enters the next edition of the strategy."),
        State.IN_FORCE: "",
        State.REJECTED: _("It can be proposed again with new reasons."),
        State.WITHDRAWN: "",
        State.ALREADY_IN_FORCE: "",
        State.IN_CONFLICT: _("The authors or the strategy office settle which words shall stand. Then it goes on."),
    }[State(amendment.state)]


def _future(amendment: Amendment) -> str:
    number = {"number": amendment.edition.number if amendment.edition else ""}
    if amendment.state == State.ALREADY_IN_FORCE:
        return _("What the amendment asks for is part of edition %(number)s, which is adopted already.") % number
    return _("The amendment was accepted and is part of edition %(number)s, which does not hold yet.") % number


def _recommended(amendment: Amendment) -> str:
    return {
        Recommendation.ACCEPT: _("The strategy office recommends that the council accept the amendment."),
        Recommendation.ACCEPT_MODIFIED: _(
            "The strategy office recommends that the council accept the amendment in a modified wording."
        ),
        Recommendation.REJECT: _("The strategy office recommends that the council reject the amendment."),
    }[Recommendation(amendment.recommendation)]
