from django.apps import AppConfig


class InsightConfig(AppConfig):
    name = "xiangyue.insight"
    label = "insight"
