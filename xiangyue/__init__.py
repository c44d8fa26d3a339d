"""xiangyue 乡约: points schemes for villages that govern themselves."""

__version__ = "0.1.0"
