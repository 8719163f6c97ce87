"""Who asks, as far as limits must know: the reader's address, or the network behind it."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

from django.conf import settings
from django.http import HttpRequest

HOUSEHOLD = 64  # bits: providers give a household as many IPv6 addresses as it likes under one such prefix


def client_address(request: HttpRequest) -> str:
    """The address the request came from; "" if there is none that makes sense.

    Behind a proxy it is the last one in ``X-Forwarded-For``, which the proxy has set: what stands before it may be
    the reader's invention. Without a proxy the whole header is, and is not believed.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.BEHIND_PROXY else ""
    given = forwarded.rpartition(",")[2].strip() or request.META.get("REMOTE_ADDR", "")
    try:
        address = ip_address(given)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return str(address)


def counted_as(request: HttpRequest) -> str:
    """What limits count by: an IPv4 address, or the network of an IPv6 address."""
    address = client_address(request)
    return str(IPv6Network((address.partition("%")[0], HOUSEHOLD), strict=False)) if ":" in address else address
