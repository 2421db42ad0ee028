"""The door behind a secret link: it asks for the date of birth, and says nothing else."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from consent.actions.links import open_with
from consent.forms.own_page import DoorForm
from consent.models import SecretLink


def door(
    request: HttpRequest,
    token: str,
    *,
    to: type[SecretLink],
    begin: Callable[..., HttpResponse],
    page: str,
    not_opened: str,
) -> HttpResponse:
    """Begin a visit by the link of kind `to`. The answer is the same whatever is wrong."""
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        link = open_with(to, token, form.cleaned_data["date_of_birth"])
        if link is not None:
            return begin(request, link)
        form.add_error(None, not_opened)
    return render(request, page, {"form": form})
