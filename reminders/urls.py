from django.urls import path

from reminders import views
from reminders.notifications import views as notifications
from reminders.quality import views as quality

app_name = "reminders"
urlpatterns = [
    path("worklist/", views.worklist, name="worklist"),
    path("today/", views.today, name="today"),
    path("quality/", quality.quality, name="quality"),
    path("quality/csv/", quality.quality_csv, name="quality_csv"),
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/count/", notifications.count, name="unseen"),
    path("notifications/seen/", notifications.seen, name="seen"),
    path("notifications/preferences/", notifications.preferences, name="preferences"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="open_notification"),
]
