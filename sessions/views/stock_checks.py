"""Second looks at the drug log: one entry with its answers, counts, discrepancies."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from people.enums import Role
from people.permissions import allowed
from people.policy import for_roles
from people.requests import MemberRequest, done, posted
from sessions.actions.counting import count_vials, resolve_discrepancy
from sessions.actions.stock_checks import confirm, dispute
from sessions.enums.stock import CORRECTABLE
from sessions.forms.stock import AnswerForm, CountForm, ResolveForm
from sessions.models import Discrepancy, StockEntry, Vial
from sessions.permissions import (
    check_user_can_confirm,
    check_user_can_keep_stock,
    check_user_can_resolve,
)
from sessions.stock import notice_due, with_answers
from sessions.views.common import TREATING

COUNTED_AT_ONCE = 100  # vials in one count; those longest not counted come first


@for_roles(*TREATING)
def entry(request: MemberRequest, pk: int) -> HttpResponse:
    """One line of the log. While it waits for a second person, they answer here."""
    rows = with_answers(StockEntry.objects.at_clinic_of(request.user))
    row, form = get_object_or_404(rows, pk=pk), AnswerForm(posted(request))

    def save():
        key = form.cleaned_data["form_key"]
        if form.agrees:
            return confirm(by=request.user, entry=row, form_key=key)
        note = form.cleaned_data["note"]
        return dispute(by=request.user, entry=row, form_key=key, note=note)

    if done(request, form, save):
        return redirect("care:stock")
    keeps = allowed(check_user_can_keep_stock, request.user, row.vial.clinic_id)
    context = {
        "entry": row,
        "form": form,
        "waits": StockEntry.objects.waiting().filter(pk=row.pk).exists(),
        "why_not": _why_not(check_user_can_confirm, request.user, row),
        "correctable": keeps and row.kind in CORRECTABLE and row.taken_back_by is None,
    }
    return render(request, "care/stock_entry.html", context)


@for_roles(Role.PRESCRIBER, Role.NURSE)
def count(request: MemberRequest) -> HttpResponse:
    """Count every vial in stock, or (?vial=12) one. Nobody sees the balance while counting."""
    clinic = request.membership.organization
    vials = _to_count(request)
    form = CountForm(posted(request), vials=vials)
    found: list[StockEntry] = []

    def save():
        given = {name: form.cleaned_data[name] for name in ("form_key", "occasion", "note")}
        found.extend(count_vials(by=request.user, clinic=clinic, found=form.found(), **given))

    if done(request, form, save):
        differ = sum(each.amount_mg != each.balance_mg for each in found)
        if differ:
            messages.warning(request, f"{differ} of {len(found)} differ. See the discrepancies.")
        else:
            messages.success(request, "Counted: everything is there.")
        return redirect("care:stock")
    return render(request, "care/stock_count.html", {"form": form, "vials": vials})


@for_roles(*TREATING)
def discrepancy(request: MemberRequest, pk: int) -> HttpResponse:
    rows = Discrepancy.objects.select_related(
        "entry__vial__clinic", "entry__recorded_by", "entry__about__recorded_by", "resolved_by"
    )
    row = get_object_or_404(
        rows.filter(entry__in=StockEntry.objects.at_clinic_of(request.user)), pk=pk
    )
    form = ResolveForm(posted(request), discrepancy=row)

    def save():
        resolve_discrepancy(by=request.user, discrepancy=row, **form.content())

    if done(request, form, save):
        return redirect("care:stock")
    context = {
        "discrepancy": row,
        "entry": row.entry,
        "form": form,
        "why_not": _why_not(check_user_can_resolve, request.user, row),
        "notice_due": notice_due(row.entry.day),
    }
    return render(request, "care/stock_discrepancy.html", context)


def _why_not(check, *args) -> str:
    """The sentence why this person does not do it, or nothing."""
    try:
        check(*args)
    except PermissionDenied as refusal:
        return str(refusal)
    return ""


def _to_count(request: MemberRequest) -> list[Vial]:
    rows = Vial.objects.at_clinic_of(request.user).in_stock()
    if (number := request.GET.get("vial", "")).isdecimal() and len(number) < 10:
        rows = rows.filter(number=int(number))
    oldest = rows.order_by("counted_at", "number")[:COUNTED_AT_ONCE]
    return sorted(oldest, key=lambda vial: vial.number)
