"""Filters and tags of every template, loaded without asking."""

import re

from django import template
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from people import formats

register = template.Library()
for function in (
    formats.day,
    formats.clock,
    formats.moment,
    formats.last_moment,
    formats.amount,
    formats.signed,
    formats.initials,
    formats.span,
):
    register.filter(function.__name__, function)


@register.simple_tag
def icon(name: str, size: str = "") -> SafeString:
    """One symbol of the page's sprite (templates/components/_icons.html)."""
    return format_html(
        '<svg class="kc-i{}" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>',
        f" kc-i--{size}" if size else "",
        name,
    )


@register.filter
def dates(text: str) -> SafeString:
    """A sentence whose dates stay whole at the end of a line."""
    whole = r'<span class="kc-date">\g<0></span>'
    return mark_safe(re.sub(r"\b\d{2}-[A-Z][a-z]{2}-\d{4}\b", whole, conditional_escape(text)))


@register.filter
def about(error: str, label: str) -> str:
    """An error as it stands apart from its field: with the field's label, unless it names it."""
    error, label = str(error), str(label or "")
    return error if not label or label.lower() in error.lower() else f"{label}: {error}"


@register.filter
def age(born) -> int:
    """Whole years from a date of birth to today."""
    from django.utils import timezone

    today = timezone.localdate()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


@register.filter
def get(mapping, key):
    """mapping[key], or nothing."""
    return mapping.get(key)
