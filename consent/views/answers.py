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


def attached_pdf(content: bytes, filename: str) -> HttpResponse:
    """A PDF to be saved, never opened as a page of ours; `filename` names nobody."""
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{filename}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
