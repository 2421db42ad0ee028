"""What every page knows: who reads it, where they can go, and whether this is the demo."""

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from people.enums import Role
from people.formats import place

WORKLIST = ("Worklist", "reminders:worklist")
CLIENTS = ("Clients", "reminders:worklist")  # the same list, as the clinic has it
PEOPLE = ("People", "joining:people")
PRACTICE = ("Practice", "joining:practice")
STAFF = ("Training", "people:staff")
DRUG_LOG = ("Drug log", "care:stock")
QUALITY = ("Quality", "reminders:quality")
CONFERENCES = ("Conferences", "reminders:conferences")
SCHEDULE = ("Schedule", "care:schedule")
CLINICS = ("Clinics", "people:clinics")
PROFILE = ("Profile", "people:profile")
NAVIGATION = {
    Role.THERAPIST: [
        WORKLIST,
        SCHEDULE,
        CONFERENCES,
        CLINICS,
        ("Cover", "referrals:covers"),
        PRACTICE,
    ],
    Role.PHYSICIAN: [
        WORKLIST,
        SCHEDULE,
        CONFERENCES,
        ("Emergency access", "consent:emergency_find"),
        PRACTICE,
    ],
    Role.COORDINATOR: [
        ("Today", "reminders:today"),
        CLIENTS,
        SCHEDULE,
        CONFERENCES,
        ("Referrals", "referrals:queue"),
        QUALITY,
    ],
    Role.PRESCRIBER: [
        ("Today", "reminders:today"),
        CLIENTS,
        SCHEDULE,
        CONFERENCES,
        ("Referrals", "referrals:queue"),
        DRUG_LOG,
        STAFF,
        QUALITY,
    ],
    Role.NURSE: [("Today", "reminders:today"), CLIENTS, SCHEDULE, CONFERENCES, DRUG_LOG],
    Role.KAP_THERAPIST: [("Today", "reminders:today"), CLIENTS, SCHEDULE, CONFERENCES, DRUG_LOG],
    Role.ADMINISTRATOR: [
        ("Releases", "consent:releases"),
        ("Disclosures", "consent:ledger"),
        ("Emergencies", "consent:emergencies"),
        PEOPLE,
        ("Notices", "care:notices"),
        STAFF,
        PROFILE,
        QUALITY,
        ("Mail", "reminders:operations"),
    ],
}


def page(request: HttpRequest) -> dict:
    membership = getattr(request.user, "membership", None) if hasattr(request, "user") else None
    places = NAVIGATION[membership.role] if membership else []
    if settings.DEMO:
        places = [*places, ("Sent mail", "sent_mail")]
    links = [(label, reverse(name)) for label, name in places]
    return {
        "demo": settings.DEMO,
        "membership": membership,
        "navigation": [(label, url, request.path == url) for label, url in links],
        "zone_name": timezone.get_current_timezone_name(),
        "zone": place(timezone.get_current_timezone_name()),
        "idle_seconds": settings.IDLE_MINUTES * 60,
        # django-htmx looks for this name, django-csp sets another.
        "csp_nonce": getattr(request, "csp_nonce", ""),
    }
