"""What people wrap around the matter that they ask for: 扫街能得多少分？ asks for 扫街."""

import re
from typing import Final

_AROUND: Final = re.compile(
    r"(能|可以|会)?(得|加|扣|挣|给|有|是)?(多少|几)个?(积?分|豆)?|怎么|什么|[吗呢吧？?！!，,。\s]"
)


def matter_of(question: str) -> str:
    """Give what a question is about, without the asking."""
    return _AROUND.sub("", question)
