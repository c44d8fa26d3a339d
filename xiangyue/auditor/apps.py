from django.apps import AppConfig


class AuditorConfig(AppConfig):
    name = "xiangyue.auditor"
    label = "auditor"
