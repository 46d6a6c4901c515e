from django.apps import AppConfig


class TransferConfig(AppConfig):
    name = "jobbook.transfer"
    label = "transfer"
