"""Whom limits count: the reader behind the proxy, whatever the reader claims, and a household as one."""

import pytest
from django.test import RequestFactory
from pytest_django import Settings

from kursbuch.identity.adapter import AccountAdapter
from kursbuch.kit.client import client_address, counted_as


@pytest.mark.parametrize(
    ("forwarded", "remote", "behind", "alone"),
    [
        (None, "192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("198.51.100.4", "127.0.0.1", "198.51.100.4", "127.0.0.1"),
        ("10.9.9.9, 198.51.100.4", "127.0.0.1", "198.51.100.4", "127.0.0.1"),  # the reader wrote the first
        ("198.51.100.4", "", "198.51.100.4", ""),  # a socket of this machine
        ("2001:db8:1:2:3::4", "127.0.0.1", "2001:db8:1:2:3::4", "127.0.0.1"),
        ("::ffff:198.51.100.4", "::1", "198.51.100.4", "::1"),
        ("nobody", "127.0.0.1", "", "127.0.0.1"),
    ],
)
def test_the_address_is_the_proxys_word(
    settings: Settings, forwarded: str | None, remote: str, behind: str, alone: str
) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR=remote)
    if forwarded is not None:
        request.META["HTTP_X_FORWARDED_FOR"] = forwarded
    for settings.BEHIND_PROXY, address in ((True, behind), (False, alone)):
        assert client_address(request) == address
        assert AccountAdapter().get_client_ip(request) == address


@pytest.mark.parametrize(
    ("remote", "counted"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_household_counts_as_one(remote: str, counted: str) -> None:
    assert counted_as(RequestFactory().get("/", REMOTE_ADDR=remote)) == counted
