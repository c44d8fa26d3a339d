"""SMS for laptops and demonstrations: a line on the terminal, and a row for the page that shows what was sent."""

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from xiangyue.kernel import clock
from xiangyue.messages.channels import Sms
from xiangyue.messages.models import ShownText
from xiangyue.people.private import keys, masked_phone

logger = logging.getLogger(__name__)

KEPT: Final = timedelta(days=1)


@dataclass(frozen=True)
class Console:
    """Shows an SMS instead of sending it. words: what our template says, with its variables."""

    words: dict[str, str]

    def __call__(self, sms: Sms) -> None:
        text = self.words[sms.template] % sms.params
        now = clock.now()
        seal = keys().seal
        ShownText.objects.filter(at__lt=now - KEPT).delete()
        ShownText.objects.create(at=now, phone=seal(sms.phone), text=seal(text))
        logger.info("SMS to %s: %s", masked_phone(sms.phone), text)
