from django.apps import AppConfig


class GateConfig(AppConfig):
    name = "xiangyue.gate"
    label = "gate"
