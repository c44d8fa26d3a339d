from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "xiangyue.ledger"
    label = "ledger"
