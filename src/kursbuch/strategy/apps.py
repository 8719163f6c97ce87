"""Registers the app, its things and what can be done to them."""

from django.apps import AppConfig
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext


def _element(key: str) -> str:
    return reverse("element", args=[key])


def _amendment(key: str) -> str:
    return reverse("amendment", args=[key])


def _edition(key: str) -> str:
    return reverse("edition", args=[key])


def _rebased(number: int) -> str:
    phrase = ngettext(
        "carried %(n)s amendment onto the new edition", "carried %(n)s amendments onto the new edition", number
    )
    return phrase % {"n": number}


def _taken_up(number: int) -> str:
    phrase = ngettext(
        "took %(n)s amendment into a future edition", "took %(n)s amendments into a future edition", number
    )
    return phrase % {"n": number}


def _in_force(number: int) -> str:
    return ngettext("put %(n)s amendment into force", "put %(n)s amendments into force", number) % {"n": number}


def _strategy(key: str) -> str:
    return reverse("strategy")


class StrategyConfig(AppConfig):
    name = "kursbuch.strategy"
    label = "strategy"

    def ready(self) -> None:
        from kursbuch.chronicle.things import register
        from kursbuch.chronicle.verbs import register_personal, register_routine, register_verbs
        from kursbuch.identity import own_data
        from kursbuch.identity.signals import person_leaves
        from kursbuch.strategy.queries.own_data import own_strategy_data
        from kursbuch.strategy.queries.titles import amendment_titles, element_titles
        from kursbuch.strategy.services.forget_drafts import on_person_leaves

        own_data.register("strategy", own_strategy_data)
        person_leaves.connect(on_person_leaves, dispatch_uid="strategy.forget_drafts")
        register("strategy", url=_strategy, noun=_("strategy"))
        register("element", url=_element, noun=_("element"), titles=element_titles)
        register("edition", url=_edition, noun=_("edition"))
        register("amendment", url=_amendment, noun=_("amendment"), titles=amendment_titles)
        register_personal(
            ("amendment_rebased", "amendment_in_conflict", "amendment_already_in_force", "amendment_taken_up")
        )
        register_routine(
            {"amendment_rebased": _rebased, "amendment_taken_up": _taken_up, "amendment_in_force": _in_force}
        )
        register_verbs(
            {
                "strategy_imported": _("put the strategy in"),
                "strategy_indexed": _("filled the search anew"),
                "edition_adopted": _("recorded a new edition"),
                "edition_corrected": _("corrected the wording"),
                "edition_in_force": _("brought an edition into force"),
                "element_rendered": _("wrote a rendition"),
                "amendment_drafted": _("began an amendment"),
                "amendment_discarded": _("discarded a draft"),
                "amendment_submitted": _("submitted an amendment"),
                "amendment_withdrawn": _("withdrew an amendment"),
                "amendment_discussed": _("opened an amendment for discussion"),
                "amendment_commented": _("commented on an amendment"),
                "comment_removed": _("removed a comment"),
                "amendment_recommended": _("recommended a decision on an amendment"),
                "amendment_split": _("made part of an amendment stand by itself"),
                "amendment_accepted": _("recorded that an amendment was accepted"),
                "amendment_rejected": _("recorded that an amendment was rejected"),
                "amendment_taken_up": _("took an amendment into a future edition"),
                "amendment_in_force": _("put an amendment into force"),
                "amendment_already_in_force": _("found that an amendment is already in force"),
                "amendment_rebased": _("carried an amendment onto the new edition"),
                "amendment_in_conflict": _("found a conflict with the new edition"),
                "amendment_resolved": _("settled an amendment's conflict"),
            }
        )
