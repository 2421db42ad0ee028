"""Every address of the portal, read from the resolver itself."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.urls import get_resolver


@dataclass(frozen=True)
class Route:
    name: str  # namespace and verb
    path: str
    view: Callable

    @property
    def policy(self):
        return getattr(self.view, "policy", None)

    @property
    def is_ours(self) -> bool:
        return not self.view.__module__.startswith("allauth.")

    @property
    def needs_sign_in(self) -> bool:
        return getattr(self.view, "login_required", True)


def routes(resolver=None, prefix: str = "", namespace: str = "") -> Iterator[Route]:
    for pattern in (resolver or get_resolver()).url_patterns:
        path = prefix + str(pattern.pattern)
        if hasattr(pattern, "url_patterns"):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from routes(pattern, path, inner)
        else:
            yield Route(f"{namespace}{pattern.name}", path, pattern.callback)
