from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, WebSocket, expect

from tests.web.rooms import barriers, begin_with, begin_with_file, enter, is_within, write_plan

PASSPHRASE = "the key's own words"


def begin(page: Page, passphrase: str = PASSPHRASE, again: str = PASSPHRASE) -> None:
    """Ask for a pack."""
    page.get_by_label("First day of the diary").fill("2027-01-04")
    page.get_by_label("Passphrase of the key", exact=True).first.fill(passphrase)
    page.get_by_label("Passphrase of the key, once more").fill(again)
    page.get_by_role("button", name="Make the pack").click()


def test_six_random_words_are_offered_and_others_on_request(page: Page, tmp_path: Path) -> None:
    begin_with_file(page, write_plan(tmp_path))
    enter(page, "Pack")
    offer = page.locator("#pack-key_words")
    expect(offer).to_contain_text("Six random words for the key: ")
    first = offer.inner_text()
    assert len(first.partition(": ")[2].split()) == 6
    page.get_by_role("link", name="Draw six others").first.click()
    expect(offer).not_to_have_text(first)


def test_what_stands_in_the_way_is_told_and_nothing_is_made(page: Page, tmp_path: Path) -> None:
    plan = write_plan(tmp_path, treatment__abrupt_stop_safe=False, pack__shelf_life_days=3)
    begin_with_file(page, plan)
    enter(page, "Pack")
    expect(page.get_by_role("heading", name="2 things stand in the way of a pack")).to_be_visible()
    begin(page, "short", "else")
    faults = page.get_by_role("alert").get_by_role("listitem")
    expect(faults).to_have_count(4)
    told = faults.all_text_contents()
    assert told[0].startswith("small: no pack is made: treatment.abrupt_stop_safe: must be true")
    assert told[2].startswith("the passphrase of the key must have at least 12 characters, but has 5")
    assert page.get_by_role("link", name="Download the pack").count() == 0
    assert barriers(page) == []
    assert is_within(page, 390)


def test_a_pack_that_is_not_wanted_any_more_is_dropped(page: Page, tmp_path: Path) -> None:
    begin_with_file(page, write_plan(tmp_path, simulation__replicates=100_000))
    enter(page, "Pack")
    expect(page.get_by_role("heading", name="A pack can be made")).to_be_visible()
    expect(page.locator("#pack-chance")).to_contain_text("If it did nothing: false alarms")
    for is_canceled in (True, False):
        begin(page)
        expect(page.get_by_role("status").get_by_text("Simulating")).to_be_visible()
        assert barriers(page) == []
        if is_canceled:
            page.get_by_role("button", name="Cancel").click()
        else:  # what is asked for is another pack by now
            page.get_by_label("First day of the diary").fill("2027-01-11")
        expect(page.get_by_text("Simulating")).to_have_count(0)
        expect(page.get_by_role("progressbar")).to_have_count(0)
    assert page.get_by_role("alert").count() == 0
    assert page.get_by_role("heading", name="The pack is made").count() == 0


def test_a_passphrase_goes_one_way_and_is_forgotten(page: Page, tmp_path: Path) -> None:
    sent, received = list[str](), list[str]()

    def record(socket: WebSocket) -> None:
        socket.on("framesent", lambda frame: sent.append(str(frame)))
        socket.on("framereceived", lambda frame: received.append(str(frame)))

    page.on("websocket", record)
    page.reload()
    page.wait_for_function("() => window.Shiny?.shinyapp?.config?.sessionId")
    begin_with_file(page, write_plan(tmp_path))
    enter(page, "Pack")
    page.get_by_label("A rehearsal").check()
    begin(page)
    expect(page.get_by_role("heading", name="The pack is made")).to_be_visible()
    assert any(PASSPHRASE in frame for frame in sent)
    last = {name: [frame for frame in sent if f'"pack-{name}' in frame][-1] for name in ("key:", "key_again:")}
    assert all('""' in frame for frame in last.values()), last
    assert not [frame for frame in received if PASSPHRASE in frame]
    expect(page.get_by_label("Passphrase of the key", exact=True).first).to_have_value("")
    page.get_by_text("The calendar", exact=True).click()
    shown = page.frame_locator("iframe[title='The calendar']")
    expect(shown.get_by_text("EXAMPLE - NOT FOR A PATIENT").first).to_be_visible()
    assert page.locator("iframe[title='The calendar']").get_attribute("sandbox") == ""
    load, day = page.get_by_role("link", name="Download the pack"), page.get_by_label("First day of the diary")
    changed = page.get_by_text("This pack is of the plan as it was; the plan has been changed since.")
    expect(load).to_be_visible()
    day.fill("2027-01-11")
    expect(changed).to_be_visible()
    expect(load).to_have_count(0)
    day.fill("2027-01-04")
    expect(load).to_be_visible()
    expect(changed).to_have_count(0)
    begin_with(page, "minimal")
    enter(page, "Pack")
    expect(changed).to_be_visible()
    expect(load).to_have_count(0)
    assert barriers(page) == []
    assert is_within(page, 390)
