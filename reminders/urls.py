from django.urls import path

from reminders import views
from reminders.conferences.views import agenda, cases, planning
from reminders.notifications import views as notifications
from reminders.operations import views as operations
from reminders.quality import views as quality
from reminders.worklists import views as worklists

app_name = "reminders"
urlpatterns = [
    path("worklist/", worklists.worklist, name="worklist"),
    path("worklist/views/", worklists.saved_views, name="saved_views"),
    path("worklist/views/<int:pk>/", worklists.saved_view, name="saved_view"),
    path("worklist/views/<int:pk>/first/", worklists.default_view, name="default_view"),
    path("worklist/views/<int:pk>/delete/", worklists.delete_saved, name="delete_view"),
    path("today/", views.today, name="today"),
    path("quality/", quality.quality, name="quality"),
    path("quality/csv/", quality.quality_csv, name="quality_csv"),
    path("operations/", operations.operations, name="operations"),
    path("operations/<str:mail>/<int:pk>/resend/", operations.resend, name="resend"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/count/", notifications.count, name="unseen"),
    path("notifications/seen/", notifications.seen, name="seen"),
    path("notifications/window/<int:pk>/see-to/", notifications.see_to, name="see_to"),
    path("notifications/window/<int:pk>/again/", notifications.tell_again, name="tell_again"),
    path("notifications/preferences/", notifications.preferences, name="preferences"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="open_notification"),
    path("conferences/", planning.conferences, name="conferences"),
    path("conferences/series/", planning.conference_series, name="conference_series"),
    path("conferences/series/<int:pk>/end/", planning.end_conferences, name="conferences_end"),
    path("conferences/next/", planning.next_agenda, name="conferences_next"),
    path("conferences/<int:pk>/", agenda.conference, name="conference"),
    path("conferences/<int:pk>/minutes/", agenda.minutes, name="conference_minutes"),
    path("conferences/<int:pk>/call-off/", planning.call_off, name="conference_call_off"),
    path("conferences/<int:pk>/attendance/", agenda.attendance, name="conference_attendance"),
    path("conferences/<int:pk>/add/", agenda.add_case, name="conference_add"),
    path("conferences/<int:pk>/take/<int:referral>/", agenda.take_case, name="conference_take"),
    path("conferences/<int:pk>/case/<int:case>/", cases.conference_case, name="conference_case"),
    path("conferences/<int:pk>/case/<int:case>/invite/", cases.invite, name="conference_invite"),
    path("conferences/<int:pk>/case/<int:case>/joined/", cases.joined, name="conference_joined"),
    path("conferences/<int:pk>/case/<int:case>/off/", cases.take_off, name="conference_take_off"),
    path(
        "conferences/<int:pk>/decision/<int:decision>/",
        cases.correct_decision,
        name="decision_correct",
    ),
    path(
        "conferences/<int:pk>/decision/<int:decision>/done/",
        cases.decision_done,
        name="decision_done",
    ),
]
