"""The installation's settings for measuring: an empty view beside the pages, and no limit on submissions."""

from kursbuch.config.settings import *  # noqa: F403 - the settings are the same but for what follows

ROOT_URLCONF = "bench.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # signing fifty people in is not what is measured
