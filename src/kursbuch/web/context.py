"""What every page's shell needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def shell(request: HttpRequest) -> dict[str, Any]:
    return {"city": getattr(request, "city", None), "member": getattr(request, "member", None)}
