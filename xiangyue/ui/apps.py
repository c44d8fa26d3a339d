from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "xiangyue.ui"
    label = "ui"
