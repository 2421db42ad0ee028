"""System checks: the demo and production never mix."""

import os
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, register

PRODUCTION_ONLY = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "MAIL_URL")
LOOPBACK = {"127.0.0.1", "localhost", "[::1]"}


def production_settings(environment: Mapping[str, str]) -> list[str]:
    """The variables in `environment` that only a production installation sets."""
    found = [name for name in PRODUCTION_ONLY if environment.get(name)]
    if environment.get("PUBLIC_URL", "").lower().startswith("https:"):
        found.append("PUBLIC_URL")
    hosts = {host.strip() for host in environment.get("ALLOWED_HOSTS", "").split(",")}
    if hosts - LOOPBACK - {""}:
        found.append("ALLOWED_HOSTS")
    return found


@register
def demo_stays_apart(**kwargs: Any) -> list[CheckMessage]:
    """KAPCARE_DEMO=1 beside a production setting is an error, whatever is being started."""
    found = production_settings(os.environ) if settings.DEMO else []
    if not found:
        return []
    return [
        Error(
            f"KAPCARE_DEMO=1 is set together with production settings: {', '.join(found)}.",
            hint="Unset KAPCARE_DEMO in production; unset the others for the demo.",
            id="kapcare.E001",
        )
    ]
