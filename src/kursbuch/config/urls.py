"""Root addresses: German without a prefix, every other language under its code."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kursbuch.api.urls import pages as api_pages
from kursbuch.api.urls import urlpatterns as api_urls

urlpatterns = [
    path("api/v1/", include((api_urls, "api"))),
    *i18n_patterns(
        path("", include("kursbuch.web.urls")),
        path("api/", include(api_pages)),
        path("chronik/", include("kursbuch.chronicle.urls")),
        path("stadt/", include("kursbuch.city.urls")),
        path("konto/", include("kursbuch.identity.urls")),
        path("konto/", include("allauth.urls")),
        path("", include("kursbuch.strategy.urls")),
        prefix_default_language=False,
    ),
]

handler400 = "kursbuch.web.views.errors.bad_request"
handler403 = "kursbuch.web.views.errors.forbidden"
handler404 = "kursbuch.web.views.errors.not_found"
handler500 = "kursbuch.web.views.errors.server_error"
