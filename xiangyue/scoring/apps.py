from django.apps import AppConfig


class ScoringConfig(AppConfig):
    name = "xiangyue.scoring"
    label = "scoring"
