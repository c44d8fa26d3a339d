from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "xiangyue.setup"
    label = "setup"
