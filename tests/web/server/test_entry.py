from __future__ import annotations

from itertools import count

import pytest

from n1trial.web.server.entry import SECONDS, EntryAddresses
from n1trial.web.server.invitations import ENOUGH_SECONDS, Invitations
from n1trial.web.server.peer import account_of
from tests.web.conftest import Served, answered

OURS = b"n1trial-8757"


class Clock:
    """A clock that goes on when it is told to."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def value_of(entry: EntryAddresses) -> bytes:
    return entry.set_cookie.partition(";")[0].partition("=")[2].encode()


def test_a_secret_opens_the_page_once() -> None:
    entry = EntryAddresses("n1trial-8757")
    secret, other = entry.invite(), entry.invite()
    assert entry.admit(secret.encode())
    assert not entry.admit(secret.encode())
    entry.withdraw(other)
    assert not entry.admit(other.encode())


def test_a_secret_is_over_after_a_minute() -> None:
    clock = Clock()
    entry = EntryAddresses("n1trial-8757", clock)
    secret, later = entry.invite(), entry.invite()
    clock.seconds += SECONDS - 1
    assert entry.seconds_left(later) == pytest.approx(1)
    assert entry.admit(secret.encode())
    clock.seconds += 1
    assert not entry.admit(later.encode())
    assert entry.seconds_left(later) == 0


def test_a_secret_is_another_than_the_cookie() -> None:
    entry = EntryAddresses("n1trial-8757")
    secret = entry.invite()
    assert secret not in entry.set_cookie
    assert not entry.is_known([OURS + b"=" + secret.encode()])
    assert not entry.admit(value_of(entry))


@pytest.mark.parametrize(
    "foreign",
    [
        b"flag", b"foo bar=1", b'{"a":1}=x', b"a[b]=1", b"=", b"", b"\xe9=\xff", b'q="a;b', b"n1trial-8757=junk",
        b"n1trial-8757", b"n1trial-875=1", b"x=n1trial-8757", b"expires=Thu, 01 Jan 1970 00:00:00 GMT", b"a,b=c,d",
    ],
)  # fmt: skip
def test_cookies_of_others_do_no_harm(foreign: bytes) -> None:
    entry = EntryAddresses("n1trial-8757")
    own = OURS + b"=" + value_of(entry)
    for headers in ([foreign + b"; " + own], [own + b"; " + foreign], [foreign, own], [own, foreign], [own + b";" * 9]):
        assert entry.is_known(headers)
    assert not entry.is_known([foreign])


@pytest.mark.parametrize("secret", ["", "\xe9", "x" * 5000, "\0"])
def test_odd_secrets_open_nothing(secret: str) -> None:
    entry = EntryAddresses("n1trial-8757")
    entry.invite()
    assert not entry.admit(secret.encode())


def test_an_address_is_shown_again_where_the_last_one_is_of_no_use() -> None:
    clock, shown = Clock(), list[str]()
    invitations = Invitations(EntryAddresses("n1trial-8757", clock), "http://127.0.0.1:8757/", shown.append)
    for expected, later in ((1, 0.0), (1, SECONDS - ENOUGH_SECONDS), (2, 1.0), (2, 0.0), (3, SECONDS)):
        clock.seconds += later
        invitations.renew()
        assert len(shown) == expected
    assert len(set(shown)) == 3


def test_the_address_opens_once_and_a_reload_needs_none(served: Served) -> None:
    address = served.invited()
    first = answered(address)
    assert (first.status, first.headers["location"]) == (303, "/")
    assert first.headers["cache-control"] == "no-store"
    assert served.cookie in first.headers["set-cookie"]
    assert answered(address).status == 403
    again = answered(address, Cookie=served.cookie)  # as a browser that was let in loads it again
    assert (again.status, again.headers["location"]) == (303, "/")
    assert answered(served.address, Cookie=served.cookie).status == 200


def test_what_starts_the_browser_is_not_what_is_printed_nor_what_it_keeps(served: Served) -> None:
    addresses = [each.address for each in served.printed]
    assert len(set(addresses)) == len(addresses)
    assert not [each for each in addresses if served.cookie.partition("=")[2] in each]


@pytest.mark.parametrize("odd", ["%C3%A9", "%FF", "%00", "", "x" * 2000, "&token=", "%", "[]"])
def test_odd_addresses_are_refused(served: Served, odd: str) -> None:
    assert answered(f"{served.address}?token={odd}").status == 403


def test_the_account_at_the_other_end_is_read_from_the_tables() -> None:
    heads = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode"
    client, server = ("127.0.0.1", 45678), ("127.0.0.1", 8757)
    number = count()

    def row(own: str, other: str, account: int) -> str:
        return f"   {next(number)}: {own} {other} 01 00000000:00000000 00:00000000 00000000  {account}        0 1 1"

    lines = [heads, row("0100007F:2235", "0100007F:B26E", 1), row("0100007F:B26E", "0100007F:2235", 1001)]
    assert account_of(client, server, lines) == 1001
    assert account_of(client, ("127.0.0.1", 8758), lines) is None
    six = "0000000000000000FFFF00000100007F"
    assert account_of(client, server, [row(f"{six}:B26E", f"{six}:2235", 7)]) == 7
    assert account_of(client, server, ["", "x y"]) is None
