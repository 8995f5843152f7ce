"""Who is let in: whoever comes by an address that opens the page once, and is then known by a cookie."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable
from hmac import compare_digest

SECONDS = 60.0
"""So long an address opens the page, unless it was used before."""
SECRET_BYTES, COOKIE_BYTES = 16, 32


class EntryAddresses:
    """Addresses that open the page once, and the cookie that its browser keeps.

    Parameters
    ----------
    cookie : str
        Name of the cookie.
    now : callable
        Seconds on a clock that only goes on.
    """

    def __init__(self, cookie: str, now: Callable[[], float] = time.monotonic) -> None:
        self._name, self._now = cookie.encode(), now
        self._value = secrets.token_urlsafe(COOKIE_BYTES).encode()
        self._over: dict[bytes, float] = {}

    def invite(self) -> str:
        """Make a secret that opens the page once, within `SECONDS`."""
        self._forget_what_is_over()
        secret = secrets.token_urlsafe(SECRET_BYTES)
        self._over[secret.encode()] = self._now() + SECONDS
        return secret

    def withdraw(self, secret: str) -> None:
        """Make a secret worthless."""
        self._over.pop(secret.encode(), None)

    def seconds_left(self, secret: str) -> float:
        """Return how long a secret still opens the page: 0 once it was used or is over."""
        return max(0.0, self._over.get(secret.encode(), 0.0) - self._now())

    def admit(self, secret: bytes) -> bool:
        """Use a secret up, whatever it holds; True if it opened the page."""
        self._forget_what_is_over()
        # all are compared, so that the time tells nothing of any
        fitting = [each for each in self._over if compare_digest(each, secret)]
        for each in fitting:
            del self._over[each]
        return bool(fitting)

    @property
    def set_cookie(self) -> str:
        """The header that lets a browser be known from now on."""
        return f"{self._name.decode()}={self._value.decode()}; Path=/; HttpOnly; SameSite=Strict"

    def is_known(self, headers: Iterable[bytes]) -> bool:
        """Return True if a browser sends the cookie, whatever others it sends.

        Parameters
        ----------
        headers : iterable of bytes
            Each ``Cookie`` header of a request. Pages on other ports of this machine share its cookies, so that any
            number of any form may stand beside ours.
        """
        pairs = (part.strip().partition(b"=") for header in headers for part in header.split(b";"))
        held = [value.strip().strip(b'"') for name, _, value in pairs if name.strip() == self._name]
        return any(compare_digest(value, self._value) for value in held)

    def _forget_what_is_over(self) -> None:
        now = self._now()
        self._over = {secret: end for secret, end in self._over.items() if end > now}
