"""What somebody is told of: how often, about which things, and how it ends."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from kursbuch.chronicle import queries, rules, services, things
from kursbuch.chronicle.forms import ModeForm
from kursbuch.chronicle.models import Mode
from kursbuch.chronicle.surroundings import CityRequest
from kursbuch.chronicle.unsubscribe import read_token


@require_http_methods(["GET", "HEAD", "POST"])
def notification_settings(request: CityRequest) -> HttpResponse:
    if not rules.may_follow(request.member):
        return redirect(f"{reverse('account_login')}?{urlencode({'next': request.path})}")
    person = request.member.person
    form = ModeForm(request.POST or None, initial={"mode": queries.mode_of(person.pk, request.city.pk)})
    if request.method == "POST" and form.is_valid():
        services.set_mode(user=person, city_id=request.city.pk, mode=Mode(form.cleaned_data["mode"]))
        messages.success(request, _("Your choice has been saved."))
        return redirect("notification-settings")
    follows = queries.followed_things(person.pk, request.city.pk)
    titles = things.titles(request.city.pk, [follow.thing for follow in follows])
    context = {"form": form, "follows": [(follow, titles.get(follow.thing, "")) for follow in follows]}
    return render(request, "chronicle/notification_settings.html", context)


@csrf_exempt  # mail programs send the form of RFC 8058 without a session; the signed token stands for it
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe(request: CityRequest, token: str) -> HttpResponse:
    """Asking shows a button, because mail filters follow links; only sending it ends the e-mail."""
    person = read_token(token, request.city.pk)
    if person is None:
        return render(request, "chronicle/unsubscribe.html", {"is_valid": False}, status=404)
    done = request.method == "POST"
    if done:
        services.set_mode(user=person, city_id=request.city.pk, mode=Mode.NONE)
    return render(request, "chronicle/unsubscribe.html", {"is_valid": True, "is_done": done})
