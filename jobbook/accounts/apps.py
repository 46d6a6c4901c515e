from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "jobbook.accounts"
    label = "accounts"
