from django.urls import path

from referrals.views import (
    clinic,
    closing,
    covers,
    drafting,
    duplicates,
    messages,
    packet,
    practice,
)

app_name = "referrals"
urlpatterns = [
    path("referrals/", clinic.queue, name="queue"),
    path("referrals/new/", drafting.new, name="new"),
    path("practice/cover/", covers.covers, name="covers"),
    path("practice/cover/<int:pk>/end/", covers.end, name="end_cover"),
    path("referrals/duplicates/", duplicates.duplicates, name="duplicates"),
    path("referrals/duplicates/<int:pk>/<int:other>/", duplicates.compare, name="compare"),
    path("referrals/duplicates/<int:pk>/<int:other>/apart/", duplicates.apart, name="apart"),
    path("referrals/<int:pk>/", practice.detail, name="detail"),
    path("referrals/<int:pk>/edit/", drafting.edit, name="edit"),
    path("referrals/<int:pk>/edit/<slug:section>/", drafting.save, name="save"),
    path("referrals/<int:pk>/resume/", drafting.resume, name="resume"),
    path("referrals/<int:pk>/check/", drafting.check, name="check"),
    path("referrals/<int:pk>/send/", drafting.submit, name="submit"),
    path("referrals/<int:pk>/sent/", practice.sent, name="sent"),
    path("referrals/<int:pk>/answer/", practice.answer, name="answer"),
    path("referrals/<int:pk>/cancel/", closing.cancel, name="cancel"),
    path("referrals/<int:pk>/error/", closing.in_error, name="in_error"),
    path("referrals/<int:pk>/reopen/", closing.reopen, name="reopen"),
    path("referrals/<int:pk>/packet/", packet.packet, name="packet"),
    path("referrals/<int:pk>/messages/", messages.thread, name="messages"),
    path("referrals/<int:pk>/messages/check/", messages.check_message, name="check_message"),
    path("referrals/<int:pk>/messages/discard/", messages.discard_message, name="discard_message"),
    path("referrals/<int:pk>/messages/new/<slug:kind>/", messages.write, name="write_message"),
    path(
        "referrals/<int:pk>/messages/<int:message>/pdf/", messages.message_pdf, name="message_pdf"
    ),
    path("referrals/<int:pk>/triage/", clinic.triage, name="triage"),
    path("referrals/<int:pk>/receive/", clinic.receive, name="receive"),
    path("referrals/<int:pk>/ask/", clinic.ask, name="ask"),
    path("referrals/<int:pk>/accept/", clinic.accept, name="accept"),
    path("referrals/<int:pk>/decline/", clinic.decline, name="decline"),
    path("referrals/<int:pk>/more-time/", clinic.more_time, name="more_time"),
]
