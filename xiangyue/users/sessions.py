"""Sessions as Django keeps them in the database, read by a statement that each connection plans once."""

from typing import Final

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.contrib.sessions.models import Session

from xiangyue.kernel import clock
from xiangyue.kernel.prepared import Prepared

_SESSION: Final = Prepared(
    "session",
    "SELECT session_data, expire_date FROM django_session WHERE session_key = %(key)s AND expire_date > %(now)s",
    {"key": "text", "now": "timestamptz"},
)


class SessionStore(DatabaseStore):
    """What `SESSION_ENGINE` names: every page of somebody who is signed in begins with it."""

    def _get_session_from_db(self) -> Session | None:
        # By the machine's own clock, by which Django wrote when they end.
        rows = _SESSION.rows({"key": self.session_key, "now": clock.outside()})
        if not rows:
            self._session_key = None
            return None
        ((data, expires),) = rows
        return Session(session_key=str(self.session_key), session_data=data, expire_date=expires)
