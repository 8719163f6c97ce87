"""A person's own data and account, and the people of a city for its administrators."""

from __future__ import annotations

import uuid

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from kursbuch.identity import rules
from kursbuch.identity.access import MemberRequest, requires, signed_in
from kursbuch.identity.forms import DeleteAccountForm, PeopleFilterForm, ProfileForm, RoleForm
from kursbuch.identity.models import Membership, Role
from kursbuch.identity.queries import people_of, second_factors_of
from kursbuch.identity.services import (
    LastAdminError,
    change_profile,
    change_role,
    delete_account,
    export_own_data,
)

PEOPLE_A_PAGE = 50


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
def own_data_view(request: MemberRequest) -> HttpResponse:
    user = request.member.person
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        change_profile(user=user, **form.cleaned_data)
        messages.success(request, _("Your details have been changed."))
        return redirect("own-data")
    return render(request, "identity/own_data.html", {"form": form, "second_factors": second_factors_of(user)})


@never_cache
@require_safe
@signed_in
def download_view(request: MemberRequest) -> HttpResponse:
    name = f"{request.city.slug}-" + _("my-data") + ".zip"
    return HttpResponse(
        export_own_data(user=request.member.person, city=request.city),
        content_type="application/zip",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@never_cache
@require_http_methods(["GET", "POST"])
@signed_in
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth carries no types
def delete_account_view(request: MemberRequest) -> HttpResponse:
    """Whoever asks has just given their password, passkey or code once more."""
    form = DeleteAccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            delete_account(user=request.member.person)
        except LastAdminError as error:
            form.add_error(
                None,
                _("You are the last administrator of %(city)s. Please make somebody else an administrator first.")
                % {"city": error.args[0]},
            )
        else:
            logout(request)
            messages.success(request, _("Your account has been deleted. Goodbye, and thank you."))
            return redirect("home")
    return render(request, "identity/delete_account.html", {"form": form})


@never_cache
@require_safe
@requires(rules.may_manage_people)
def people_view(request: MemberRequest) -> HttpResponse:
    form = PeopleFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {"q": "", "role": ""}
    people = people_of(request.city, text=wanted["q"], role=wanted["role"])
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "identity/people.html", {"form": form, "page": page, "wanted": wanted})


@never_cache
@require_http_methods(["GET", "POST"])
@requires(rules.may_manage_people)
def person_view(request: MemberRequest, uid: uuid.UUID) -> HttpResponse:
    person = get_object_or_404(people_of(request.city).with_second_factor(), user__uid=uid)
    form = RoleForm(request.POST or None, city=request.city, instance=person)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_role(
                member=person,
                actor=request.member.person,
                role=Role(data["role"]),
                office=data["office"],
                group=data["group"],
            )
        except LastAdminError:
            form.add_error("role", _("The last administrator of a city has to stay one."))
        else:
            messages.success(request, _("The role has been changed."))
            return redirect("people")
    fresh = Membership.objects.get(pk=person.pk)  # the form has written what was entered into its instance
    return render(request, "identity/person.html", {"form": form, "person": person, "now": fresh})
