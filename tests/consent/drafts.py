"""Drafting by the pages: what the tests of the builder share."""

from datetime import timedelta

from django.urls import reverse
from django.utils import timezone

from consent.models import Release
from people.formats import day
from tests.builder import Builder

LAST_DAY = day(timezone.now() + timedelta(days=90))


def at(release: Release, step: str = "") -> str:
    return reverse("consent:builder", args=[release.pk, step] if step else [release.pk])


def main(answer) -> str:
    return answer.content.decode().split("<main")[1].split("</main>")[0]


def panel(answer) -> str:
    return main(answer).split('id="as"')[1].split("</aside>")[0]


def contact(**changes) -> dict:
    given = {"name": "Rose Quill", "relation": "Sister", **changes}
    return {f"contact-{name}": value for name, value in given.items()}


def steps(case: Builder) -> dict[str, dict]:
    """What a whole draft posts, step by step."""
    return {
        "who": {"recipients": [f"person:{case.referrer.pk}"]},
        "what": {"out_categories": ["schedule", "treatment"], "purposes": ["coordination"]},
        "until": {"ending": "", "last_day": LAST_DAY},
        "signing": {"revocation_how": "write to us."},
    }


def fill(staff, case: Builder, release: Release, **instead) -> None:
    for step, data in {**steps(case), **instead}.items():
        assert staff.post(at(release, step), data).status_code == 302, step


def fresh(release: Release) -> Release:
    return Release.objects.with_parts().get(pk=release.pk)
