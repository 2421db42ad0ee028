"""Answers that several views give."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect


def refused(request: HttpRequest, pk: int, error: ValidationError) -> HttpResponse:
    """Back to the release, with what was refused in its own words."""
    for sentence in error.messages:
        messages.error(request, sentence)
    return redirect("consent:detail", pk)
