"""Addresses of the page: each opens it once, and there is a new one whenever somebody needs it."""

from __future__ import annotations

from collections.abc import Callable

from n1trial.web.server.entry import SECONDS, EntryAddresses

TOKEN = "token"
"""What an address calls its secret."""
ENOUGH_SECONDS = SECONDS / 2
"""With so many seconds left the last address is good for whoever asks."""


class Invitations:
    """Addresses that open the page.

    Parameters
    ----------
    entry : EntryAddresses
    home : str
        Address of the page for a browser that is known already.
    tell : callable
        Given a new address, to be shown to whoever started the page.
    """

    def __init__(self, entry: EntryAddresses, home: str, tell: Callable[[str], None]) -> None:
        self.home = home
        self._entry, self._tell, self._last = entry, tell, ""

    def address(self) -> str:
        """Make an address that opens the page once, within a minute."""
        return self._address(self._entry.invite())

    def withdraw(self, address: str) -> None:
        """Make an address worthless."""
        self._entry.withdraw(address.rpartition("=")[2])

    def renew(self) -> None:
        """Show an address, unless the one that was shown last is still good for a while."""
        if self._entry.seconds_left(self._last) < ENOUGH_SECONDS:
            self._last = self._entry.invite()
            self._tell(self._address(self._last))

    def _address(self, secret: str) -> str:
        return f"{self.home}?{TOKEN}={secret}"
