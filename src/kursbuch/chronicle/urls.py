"""Addresses of the app."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from kursbuch.chronicle import things
from kursbuch.chronicle.views import audit, feed, follow, notifications, timeline


class ThingConverter(StringConverter):
    """A thing as entries name it: ``amendment:12``."""

    regex = things.PATTERN


register_converter(ThingConverter, "thing")

urlpatterns = [
    path("", timeline.chronicle, name="chronicle"),
    path("abonnieren/", follow.follow, name="follow"),
    path("benachrichtigungen/", notifications.notification_settings, name="notification-settings"),
    path("abmelden/<str:token>/", notifications.unsubscribe, name="unsubscribe"),
    path("protokoll/", audit.audit_log, name="audit-log"),
    path("protokoll.csv", audit.export, name="audit-log-export"),
    path("<thing:thing>/", timeline.timeline, name="timeline"),
    path("<thing:thing>/feed.atom", feed.feed, name="feed"),
]
