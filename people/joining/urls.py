"""Addresses of joining and leaving."""

from django.urls import path

from people.joining.views import administrator, practice, public

app_name = "joining"
urlpatterns = [
    path("people/", administrator.people, name="people"),
    path("people/invite/", administrator.invite, name="invite"),
    path("people/invitation/<int:pk>/again/", administrator.invite_again, name="invite_again"),
    path("people/invitation/<int:pk>/close/", administrator.close, name="close"),
    path("people/request/<int:pk>/", administrator.answer, name="answer"),
    path("people/request/<int:pk>/decline/", administrator.decline, name="decline"),
    path("people/member/<int:pk>/", administrator.member, name="member"),
    path("people/member/<int:pk>/role/", administrator.change_role, name="change_role"),
    path("people/member/<int:pk>/end/", administrator.end, name="end"),
    path("people/licence/<int:pk>/", administrator.licence, name="licence"),
    path("people/licence/<int:pk>/look-up/", administrator.look_up, name="look_up"),
    path("practice/", practice.own, name="practice"),
    path("practice/invite/", practice.invite, name="invite_colleague"),
    path("practice/licence/", practice.licence, name="state_licence"),
    path("practice/leave/", practice.leave, name="leave"),
    path("join/", public.ask, name="ask"),
    path("join/asked/", public.asked, name="asked"),
    path("j/<str:token>/", public.accept, name="accept"),
]
