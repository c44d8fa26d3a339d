from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "xiangyue.records"
    label = "records"
