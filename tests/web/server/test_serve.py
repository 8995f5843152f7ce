from __future__ import annotations

import socket
from collections.abc import Mapping
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from tests.cli.files import call
from tests.web.conftest import PATIENCE_MS, Served, answered

UPGRADE = {
    "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": "AAAAAAAAAAAAAAAAAAAAAA==",
    "Sec-WebSocket-Version": "13",
}  # fmt: skip


def known(served: Served) -> dict[str, str]:
    """What a browser sends that was let in by the address."""
    return {"Cookie": served.cookie}


def answer(served: Served, path: str, headers: Mapping[str, str]) -> int:
    """Status that a request gets."""
    connection = HTTPConnection(urlsplit(served.address).netloc, timeout=PATIENCE_MS / 1000)
    try:
        connection.request("GET", path, headers=dict(headers))
        return connection.getresponse().status
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/", "/n1trial.css", "/n1trial.js"])
def test_the_page_and_what_it_needs_are_served(served: Served, path: str) -> None:
    assert answer(served, path, known(served)) == 200


@pytest.mark.parametrize("path", ["/", "/n1trial.js", "/websocket/", "/?token=", "/?token=x"])
def test_who_was_not_told_the_address_is_not_answered(served: Served, path: str) -> None:
    own = known(served)["Cookie"]
    for headers in ({}, {"Cookie": f"{own}x"}, {"Cookie": own.partition("=")[0] + "="}, {"Cookie": "a=b"}):
        assert answer(served, path, {**UPGRADE, **headers} if path == "/websocket/" else headers) == 403


def test_no_other_page_can_show_this_one_within_itself(served: Served) -> None:
    told = answered(served.address, Cookie=served.cookie).headers
    assert told["x-frame-options"] == "DENY"
    assert "frame-ancestors 'none'" in told["content-security-policy"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:8757"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Host": "["},
    ],
)
def test_no_other_site_can_ask(served: Served, headers: dict[str, str]) -> None:
    assert answer(served, "/", known(served) | headers) == 403
    assert answer(served, "/websocket/", UPGRADE | known(served) | headers) == 403


def test_the_page_itself_can(served: Served) -> None:
    origin = f"http://{urlsplit(served.address).netloc}"
    assert answer(served, "/websocket/", UPGRADE | known(served) | {"Origin": origin}) == 101


def test_nobody_else_on_the_network_is_answered(served: Served) -> None:
    port = urlsplit(served.address).port
    assert port is not None
    for info in socket.getaddrinfo(socket.gethostname(), port, family=socket.AF_INET, type=socket.SOCK_STREAM):
        host = info[4][0]
        if host != "127.0.0.1":
            with socket.socket() as other:
                other.settimeout(5)
                assert other.connect_ex((host, port)) != 0


def test_a_port_that_is_taken_is_told() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        result = call("web", "--port", str(port))
    assert result.exit_code == 2
    assert result.stderr.startswith(f"--port {port}: cannot be used")
    assert "Traceback" not in result.stderr


def test_a_port_that_is_none_is_told() -> None:
    result = call("web", "--port", "70000")
    assert result.exit_code == 2
    assert "70000" in result.stderr
