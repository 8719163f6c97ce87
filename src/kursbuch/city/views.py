"""Pages about the city: what everyone may read, and what its administrators change."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from kursbuch.chronicle.surroundings import Person
from kursbuch.city.access import managers_only
from kursbuch.city.forms import LanguagesForm, LookForm, OfficeForm, TextsForm
from kursbuch.city.look import stylesheet
from kursbuch.city.models import Office
from kursbuch.city.request import CityRequest
from kursbuch.city.services import (
    Look,
    add_office,
    change_languages,
    change_look,
    change_texts,
    rename_office,
)
from kursbuch.domain.framework import markup

YEAR = "public, max-age=31536000, immutable"
ASK_AGAIN = "public, no-cache"


@require_safe
def look_view(request: CityRequest) -> HttpResponseBase:
    """The city's colours. Under an address with their version browsers keep them for ever."""
    return _unless_known(
        request,
        HttpResponse(stylesheet(request.city.look), content_type="text/css; charset=utf-8"),
        version=request.city.look_version,
    )


@require_safe
def logo_view(request: CityRequest) -> HttpResponseBase:
    """The logo was drawn anew as PNG when it came in, and is never served as anything else."""
    logo = request.city.logo
    if not logo.name or not logo.storage.exists(logo.name):
        raise Http404
    response = FileResponse(logo.open("rb"), content_type="image/png")
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return _unless_known(request, response, version=request.city.logo_version)


def _unless_known(request: CityRequest, response: HttpResponseBase, *, version: str) -> HttpResponseBase:
    etag = quote_etag(version)
    known = get_conditional_response(request, etag=etag, response=cast(HttpResponse, response))
    answer: HttpResponseBase = known if known is not None else response
    if answer is not response:
        response.close()
    answer.headers["ETag"] = etag
    answer.headers["Cache-Control"] = YEAR if request.GET.get("v") == version else ASK_AGAIN
    return answer


@require_safe
def text_view(request: CityRequest, name: str) -> HttpResponse:
    """Imprint, privacy notice or accessibility statement."""
    titles = {
        "imprint": _("Imprint"),
        "privacy": _("Privacy notice"),
        "accessibility": _("Accessibility statement"),
    }
    spoken = get_language() or request.city.content_language
    text, language = request.city.text_in(name, spoken)
    context = {
        "title": titles[name],
        "text": mark_safe(markup.to_html(text)),  # noqa: S308 - it escapes all else, and makes harmless tags only
        "language": language if language != spoken else "",
        "city": request.city,
    }
    if context["language"]:
        context["language_name"] = get_language_info(language)["name_translated"]
    return render(request, "city/text.html", context)


@require_safe
@managers_only
def settings_view(request: CityRequest) -> HttpResponse:
    return render(request, "city/settings.html", {"hosts": request.city.hosts.order_by("name")})


@require_http_methods(["GET", "POST"])
@managers_only
def look_settings_view(request: CityRequest) -> HttpResponse:
    form = LookForm(request.POST or None, request.FILES or None, city=request.city)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        logo = data["logo"] or ("" if data.get("remove_logo") else None)
        change_look(
            city=request.city,
            actor=_actor(request),
            look=Look(name=data["name"], tokens=form.tokens, logo=logo),
        )
        messages.success(request, _("The look has been changed."))
        return redirect("city-look")
    return render(request, "city/look.html", {"form": form})


@require_http_methods(["GET", "POST"])
@managers_only
def texts_settings_view(request: CityRequest) -> HttpResponse:
    form = TextsForm(request.POST or None, city=request.city)
    if request.method == "POST" and form.is_valid():
        contact = form.cleaned_data["contact"]
        change_texts(city=request.city, actor=_actor(request), contact=contact, texts=form.texts)
        messages.success(request, _("The texts have been changed."))
        return redirect("city-settings")
    return render(request, "city/texts.html", {"form": form})


@require_http_methods(["GET", "POST"])
@managers_only
def languages_settings_view(request: CityRequest) -> HttpResponse:
    form = LanguagesForm(request.POST or None, city=request.city)
    if request.method == "POST" and form.is_valid():
        change_languages(
            city=request.city,
            actor=_actor(request),
            languages=form.ordered_languages,
            notice=form.notice,
        )
        messages.success(request, _("The languages and the notice have been changed."))
        return redirect("city-settings")
    return render(request, "city/languages.html", {"form": form})


@require_http_methods(["GET", "POST"])
@managers_only
def offices_view(request: CityRequest) -> HttpResponse:
    form = OfficeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        office = add_office(city=request.city, actor=_actor(request), **form.cleaned_data)
        messages.success(request, _("Office added: %(name)s") % {"name": office.name})
        return redirect("office-list")
    offices = request.city.offices.order_by("name")
    return render(request, "city/offices.html", {"form": form, "offices": offices})


@require_http_methods(["GET", "POST"])
@managers_only
def office_view(request: CityRequest, slug: str) -> HttpResponse:
    office = get_object_or_404(Office, city=request.city, slug=slug)
    form = OfficeForm(request.POST or None, instance=office)
    if request.method == "POST" and form.is_valid():
        rename_office(office=office, actor=_actor(request), **form.cleaned_data)
        messages.success(request, _("The office has been renamed."))
        return redirect("office-list")
    return render(request, "city/office.html", {"form": form, "slug": slug})


def _actor(request: CityRequest) -> Person:
    return cast(Person, request.user)
