from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from n1trial.web.app import ROOMS, make_app
from n1trial.web.server.headers import inline_scripts, policy
from n1trial.web.shared.background import Background
from n1trial.web.shared.uploads import Uploads
from tests.web.conftest import Served, answered
from tests.web.rooms import begin_with_file, enter, wait_for_simulation, write_plan

WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) =>
  window.violations.push(`${event.violatedDirective} ${event.blockedURI} ${event.sample}`));
"""


def test_no_room_does_what_the_policy_forbids(page: Page, tmp_path: Path) -> None:
    page.add_init_script(WATCH)
    page.reload()
    page.wait_for_function("() => window.Shiny?.shinyapp?.config?.sessionId")
    page.get_by_label("yes").first.check()
    begin_with_file(page, write_plan(tmp_path))
    for room in ROOMS:
        enter(page, room)
        expect(page.locator(f".tab-pane.active[data-value={room.lower()}] h2").first).to_be_visible()
    enter(page, "Plan")
    wait_for_simulation(page)
    expect(page.locator("#plan-power svg")).to_be_visible()
    enter(page, "Pack")
    for box in ("A rehearsal", "Another passphrase", "A second copy"):
        page.get_by_label(box).check()
    expect(page.get_by_label("Seed of the rehearsal")).to_be_visible()
    enter(page, "Report")
    page.get_by_role("button", name="Work out the report").click()
    report = page.frame_locator("iframe.page-frame")
    expect(report.get_by_role("heading").first).to_be_visible()
    assert page.evaluate("window.violations") == []


def test_a_script_that_is_put_into_the_page_does_not_run(browser: Browser, served: Served) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(served.invited())
    page.evaluate("""() => {
        const script = document.createElement("script");
        script.textContent = "window.ran = true";
        document.body.append(script);
        document.body.insertAdjacentHTML("beforeend", '<p id="odd" onclick="window.ran = true">x</p>');
        document.getElementById("odd").click();
    }""")
    page.wait_for_function("() => window.violations.length === 2")
    assert page.evaluate("window.ran") is None
    context.close()


def test_only_scripts_of_the_library_stand_in_the_page() -> None:
    page = make_app(Background(1), Uploads())
    assert isinstance(page.ui, dict)
    scripts = inline_scripts(page.ui["html"])
    assert 0 < len(scripts) <= 2
    assert not [each for each in scripts if "n1trial" in each]
    assert not re.findall(r"\son\w+=|display-if", page.ui["html"])


def test_no_text_is_made_code() -> None:
    rules = policy(["begin()"], ["127.0.0.1:8757"])
    assert "unsafe-eval" not in rules
    (scripts,) = [each for each in rules.split("; ") if each.startswith("script-src")]
    assert scripts == "script-src 'self' 'sha256-15S4FGE7rP6kq/PzA1uIhN3+8zfaO6/TnJp4fMWo7lE='"


def test_every_answer_has_the_headers(served: Served) -> None:
    for path, status in (("/", 200), ("/n1trial.js", 200), ("/none", 404), ("/upload/x/y", 405)):
        answer = answered(f"{served.address}{path[1:]}", Cookie=served.cookie)
        assert answer.status == status
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert (answer.headers.get("cache-control") == "no-store") == (path in ("/", "/upload/x/y"))
    refused = answered(served.address)
    assert refused.status == 403
    assert refused.headers["referrer-policy"] == "no-referrer"
    assert refused.headers["cache-control"] == "no-store"
