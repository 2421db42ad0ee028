from django.urls import path

from reminders import views
from reminders.notifications import views as notifications
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
    path("notifications/", notifications.notifications, name="notifications"),
    path("notifications/count/", notifications.count, name="unseen"),
    path("notifications/seen/", notifications.seen, name="seen"),
    path("notifications/preferences/", notifications.preferences, name="preferences"),
    path("notifications/<int:pk>/open/", notifications.open_one, name="open_notification"),
]
