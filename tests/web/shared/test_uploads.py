from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, WebSocketRoute, expect
from starlette.requests import Request
from starlette.types import Message

from n1trial.errors import InputError
from n1trial.web.diary.room import DIARY
from n1trial.web.shared.uploads import Upload
from tests.web.conftest import PATIENCE_MS, Answer, Served, answered
from tests.web.reactions import run
from tests.web.rooms import enter, write_plan

RUN_IN = b"day,score\n-2,3\n-1,4\n"


@pytest.fixture
def address(page: Page, served: Served) -> str:
    """Where the diary's field of an open page takes files."""
    enter(page, "Diary")
    return f"{served.address}upload/{page.evaluate('Shiny.shinyapp.config.sessionId')}/diary-file"


def send(served: Served, address: str, body: bytes | Iterator[bytes], **headers: str) -> Answer:
    origin = f"http://{urlsplit(served.address).netloc}"
    return answered(address, "POST", body, **({"Cookie": served.cookie, "Origin": origin} | headers))


def test_content_comes_in_with_cookie_and_origin_alone(page: Page, served: Served, address: str) -> None:
    assert send(served, address, RUN_IN, Cookie="a=b").status == 403
    assert send(served, address, RUN_IN, Origin="http://evil.example").status == 403
    assert answered(address, "POST", RUN_IN, Cookie=served.cookie).status == 403
    assert send(served, f"{address}x", RUN_IN).status == 404
    assert send(served, f"{served.address}upload/0/diary-file", RUN_IN).status == 404
    expect(page.get_by_text("No diary is open yet.")).to_be_visible()
    assert send(served, address, RUN_IN, n1trial_name="..%2Fmine.csv").status == 200
    expect(page.get_by_text("mine.csv: no fault in the file")).to_be_visible()


def test_what_is_too_large_is_refused_while_it_comes_in(page: Page, served: Served, address: str) -> None:
    told = f"big.csv: {DIARY.too_large}"
    announced = send(served, address, b"", n1trial_name="big.csv", Content_Length=str(DIARY.most_bytes + 1))
    assert (announced.status, announced.text) == (413, told)
    expect(page.get_by_role("alert")).to_contain_text(told)

    unannounced = (bytes(1 << 16) for _ in range(DIARY.most_bytes // (1 << 16) + 1))
    with contextlib.suppress(OSError):  # the server may hang up before all was sent
        send(served, address, unannounced, n1trial_name="endless.csv")
    expect(page.get_by_role("alert")).to_contain_text(f"endless.csv: {DIARY.too_large}")


def test_no_more_is_taken_in_than_may_be() -> None:
    field, chunks = replace(DIARY, most_bytes=1000), count(1)
    last = 0

    async def receive() -> Message:
        nonlocal last
        last = next(chunks)
        return {"type": "http.request", "body": bytes(100), "more_body": True}

    scope = {"type": "http", "method": "POST", "path": "/", "headers": [(b"n1trial-name", b"my%20diary.csv")]}
    with pytest.raises(InputError, match=r"my diary\.csv: has more than 0 MB"):
        run(Upload(field).take(Request(scope, receive)))
    assert last == 11


def test_the_page_says_at_once_that_a_file_is_too_large(page: Page, tmp_path: Path) -> None:
    enter(page, "Diary")
    big = tmp_path / "big.csv"
    with big.open("wb") as file:
        file.truncate(DIARY.most_bytes + 1)
    page.set_input_files("#diary-file", big)
    expect(page.locator("#diary-file-state")).to_have_text(f"big.csv: {DIARY.too_large}")


def test_a_file_that_is_chosen_before_the_server_is_ready_is_taken(page: Page, tmp_path: Path) -> None:
    held = list[tuple[WebSocketRoute, str | bytes]]()

    def hold_back(socket: WebSocketRoute) -> None:
        server = socket.connect_to_server()
        socket.on_message(lambda message: held.append((server, message)))

    page.route_web_socket(re.compile("websocket"), hold_back)
    page.reload()
    page.wait_for_function("() => window.Shiny?.shinyapp?.config?.sessionId")
    plan = write_plan(tmp_path)
    page.locator("#before-file").set_input_files(plan)
    expect(page.locator("#before-file-state")).to_have_text(f"Opening {plan.name} ...")
    for server, message in held:
        server.send(message)
    expect(page.locator("#before-shipped option:checked")).to_contain_text(plan.name)


def test_no_message_names_a_file_of_this_machine(page: Page, tmp_path: Path) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_bytes(RUN_IN)
    enter(page, "Diary")
    page.evaluate(
        """(path) => {
            const named = [{ name: "secret.csv", size: 22, type: "text/csv", datapath: path }];
            for (const field of ["diary-file", "diary-pack", "before-file"]) {
                Shiny.setInputValue(field, named, { priority: "event" });
                Shiny.setInputValue(`${field}:shiny.file`, named, { priority: "event" });
            }
        }""",
        str(secret),
    )
    said = page.evaluate(
        """() => new Promise((resolve) => Shiny.shinyapp.makeRequest(
            "uploadInit", [[{ name: "a.csv", size: 1, type: "" }]], resolve, (error) => resolve(String(error))))"""
    )
    assert re.search("Unknown method", said)
    page.set_input_files("#diary-file", {"name": "b.csv", "mimeType": "text/csv", "buffer": RUN_IN})
    expect(page.get_by_text("b.csv: no fault in the file")).to_be_visible()
    assert page.get_by_text("secret.csv").count() == 0


def test_the_same_file_is_opened_again_after_it_was_changed(page: Page, tmp_path: Path) -> None:
    enter(page, "Diary")
    path = tmp_path / "mine.csv"
    for text, told in (("day,score\n-2,x\n", "mine.csv: line 2: score"), (RUN_IN.decode(), "no fault in the file")):
        path.write_text(text, encoding="utf-8")
        with page.expect_file_chooser() as chooser:
            page.locator("#diary-file").click()
        chooser.value.set_files(path)
        expect(page.get_by_text(told).first).to_be_visible()


def test_a_field_is_closed_with_its_page(page: Page, served: Served, address: str) -> None:
    page.reload()
    page.wait_for_function("() => window.Shiny?.shinyapp?.config?.sessionId")
    until = time.monotonic() + PATIENCE_MS / 1000
    while (status := send(served, address, RUN_IN).status) == 200 and time.monotonic() < until:
        time.sleep(0.1)
    assert status == 404
