"""Addresses of log-in and profile."""

from django.urls import path

from jobbook.accounts import user_views, views

urlpatterns = [
    path("log-in/", views.log_in, name="login"),
    path("log-out/", views.log_out, name="logout"),
    path("password/", views.password_change, name="password_change"),
    path("link/<str:uid>/<str:token>/", views.link, name="link"),
    path("profile/", views.profile, name="profile"),
    path("preferences/", views.preferences, name="preferences"),
    path("signature/", views.signature, name="account_signature"),
    path("setup/users/", user_views.user_list, name="user_list"),
    path("setup/users/new/", user_views.user_new, name="user_new"),
    path("setup/users/<int:pk>/", user_views.user_edit, name="user_edit"),
    path("setup/users/<int:pk>/link/", user_views.user_link, name="user_link"),
]
