"""What must hold, each as one SQL query for the rows where it doesn't. Written from DOMAIN, not from the code:
the auditor shares nothing with the rooms whose work it checks."""

from xiangyue.auditor.checks_accounts import ACCOUNTS
from xiangyue.auditor.checks_causes import CAUSES
from xiangyue.auditor.checks_expiry import EXPIRY
from xiangyue.auditor.checks_rooms import SETTLEMENT, SHOP
from xiangyue.auditor.checks_seals import SEALS
from xiangyue.auditor.checks_transfers import TRANSFERS

LEDGER = (*ACCOUNTS, *TRANSFERS, *EXPIRY, *SEALS)  # whatever its batches were posted for
CHECKS = (*LEDGER, *CAUSES, *SETTLEMENT, *SHOP)
