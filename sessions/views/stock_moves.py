"""What comes into the drug log and what leaves it: a form each, recorded once."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.enums import Role
from people.formats import amount
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions import stock as actions
from sessions.actions.stock_checks import ask_correction
from sessions.enums.stock import CORRECTABLE, EntryKind
from sessions.forms.stock import CorrectionForm, DrawForm, ReceiveForm, RestForm, WasteForm
from sessions.models import DosingSession, StockEntry, Vial
from sessions.stock import account_of, drawable
from sessions.views.common import banner, dosing_or_404

KEEPS = (Role.PRESCRIBER, Role.NURSE)
OFFERED = 60  # vials to choose from


@for_roles(*KEEPS)
def receive(request: MemberRequest) -> HttpResponse:
    form, clinic = ReceiveForm(posted(request)), request.membership.organization
    vials: list[Vial] = []

    def save():
        names = ("form_key", "how_many", "at")
        given = {name: form.cleaned_data[name] for name in names}
        received = actions.receive_vials
        vials.extend(received(by=request.user, clinic=clinic, label=form.label(), **given))

    if done(request, form, save):
        messages.success(request, _write_on(vials))
        return redirect("care:stock")
    text = "Each vial gets a number of its own, which you write on it."
    return _page(request, form, "Receive vials", "Record", text)


@for_roles(*KEEPS)
def draw(request: MemberRequest, pk: int) -> HttpResponse:
    """Draw from a vial for this dose. The client's address is asked once and kept with each."""
    dosing, clinic = dosing_or_404(request.user, pk), request.membership.organization
    vials = drawable(clinic, clinic.today, OFFERED)
    initial = {"address": _address(dosing)}
    form = DrawForm(posted(request), offered=vials, clinic=clinic, initial=initial)

    def save():
        actions.draw(by=request.user, dosing=dosing, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:dosing", dosing.pk)
    context = {**banner(dosing.episode), "form": form, "dosing": dosing, "vials": vials}
    context |= {"account": account_of(dosing), "order": dosing.doseorders.first()}
    return render(request, "care/draw.html", context)


@for_roles(*KEEPS)
def waste(request: MemberRequest, pk: int) -> HttpResponse:
    """Waste what is still in a vial."""
    rows = Vial.objects.at_clinic_of(request.user).with_balance()
    vial, form = get_object_or_404(rows, pk=pk), WasteForm(posted(request))

    def save():
        actions.waste_from_vial(by=request.user, vial=vial, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:stock")
    text = f"{vial.product}. It holds {amount(vial.balance_mg)} ({vial.left})."
    return _page(request, form, f"Waste from vial {vial.number}", "Record the waste", text)


@for_roles(*KEEPS)
def waste_rest(request: MemberRequest, pk: int) -> HttpResponse:
    """Waste what was drawn for a dose and not given."""
    rows = StockEntry.objects.at_clinic_of(request.user).filter(kind=EntryKind.DRAWN)
    drawn = get_object_or_404(rows.select_related("vial", "dosing"), pk=pk)
    form, dosing = RestForm(posted(request)), dosing_or_404(request.user, drawn.dosing_id)

    def save():
        actions.waste_rest(by=request.user, drawn=drawn, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:dosing", dosing.pk)
    text = f"{amount(drawn.amount_mg)} were drawn from vial {drawn.vial.number}. "
    text += f"{amount(actions.rest_of(drawn))} of it are neither given nor wasted."
    context = {**banner(dosing.episode), "dosing": dosing}
    return _page(request, form, "Waste the rest of a draw", "Record the waste", text, **context)


@for_roles(*KEEPS)
def correct(request: MemberRequest, pk: int) -> HttpResponse:
    """Ask a second person to take an entry back."""
    rows = StockEntry.objects.at_clinic_of(request.user).filter(kind__in=CORRECTABLE)
    entry = get_object_or_404(rows.select_related("vial", "dosing__episode"), pk=pk)
    form = CorrectionForm(posted(request))

    def save():
        ask_correction(by=request.user, entry=entry, **form.cleaned_data)

    if done(request, form, save):
        return redirect("care:stock")
    text = f"{entry.get_kind_display()}, {amount(entry.amount_mg)}, vial {entry.vial.number}. "
    text += "Nothing is changed or deleted: a second person takes the entry back with another "
    text += "one. Then record what is right."
    title = f"Entry {entry.reference} is a mistake"
    return _page(request, form, title, "Ask for the correction", text)


def _write_on(vials: list[Vial]) -> str:
    if len(vials) == 1:
        return f"Received. Write {vials[0].number} on the vial."
    return f"Received. Write the numbers {vials[0].number} to {vials[-1].number} on the vials."


def _address(dosing: DosingSession) -> str:
    """As it was given at the last draw for this client."""
    rows = StockEntry.objects.filter(
        kind=EntryKind.DRAWN, dosing__episode__client=dosing.episode.client_id
    )
    rows = rows.filter(vial__clinic=dosing.episode.clinic_id)
    return rows.order_by("-pk").values_list("address", flat=True).first() or ""


def _page(request: MemberRequest, form, title: str, action: str, text: str, **more) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "text": text, **more}
    return render(request, "care/stock_form.html", context)
