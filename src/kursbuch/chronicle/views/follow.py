"""The button with which somebody follows a thing or stops following it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from kursbuch.chronicle import rules, services, things
from kursbuch.chronicle.surroundings import CityRequest


@require_POST
def follow(request: CityRequest) -> HttpResponse:
    """``thing``, ``do`` (follow or unfollow) and ``next``, the page to come back to."""
    thing = request.POST.get("thing", "")
    try:
        things.split(thing)
    except things.UnknownThingError:
        raise Http404 from None
    back = _back(request, thing)
    if not rules.may_follow(request.member):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': back})}")
    wants = request.POST.get("do") != "unfollow"
    act = services.follow if wants else services.unfollow
    act(user=request.member.person, city_id=request.city.pk, thing=thing)
    if request.headers.get("HX-Request"):
        state = {"thing": thing, "may_follow": True, "follows": wants, "here": back, "just_changed": True}
        return render(request, "chronicle/_follow_button.html", state)
    text = _("You now follow: %(thing)s.") if wants else _("You no longer follow: %(thing)s.")
    messages.success(request, text % {"thing": things.label(thing)})
    return redirect(back)


def _back(request: CityRequest, thing: str) -> str:
    asked = request.POST.get("next", "")
    own = {request.get_host()}
    if url_has_allowed_host_and_scheme(asked, allowed_hosts=own, require_https=request.is_secure()):
        return asked
    return reverse("timeline", args=[thing])
