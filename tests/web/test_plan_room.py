from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

from playwright.sync_api import Page, expect

from n1trial.scenario.file.load import load_scenario
from n1trial.scenario.file.write import starter
from n1trial.study.batches.measure import measure
from n1trial.study.run.cells import Address, cells_of_a_verdict
from n1trial.web.shared.state import FIRST
from tests.cli.files import call
from tests.searched_once import searched_once
from tests.web.few import FEW
from tests.web.rooms import (
    analyze_by_the_primary_alone,
    barriers,
    begin_with,
    box,
    download,
    enter,
    figure,
    is_within,
    slider,
    wait_for_simulation,
)

ROOMS = ["Before", "Plan", "Report"]
TAKEN = "Was B12 taken in the last 12 months, as tablets, injections or fortified drinks?"


def test_every_room_is_accessible_and_fits(page: Page) -> None:
    for width in (390, 1300):
        page.set_viewport_size({"width": width, "height": 844})
        for room in ROOMS:
            enter(page, room)
            if room == "Plan":
                wait_for_simulation(page)
            assert (room, width, barriers(page)) == (room, width, [])
            assert is_within(page, width), (room, width)


def test_figures_are_those_of_the_command_line(page: Page, tmp_path: Path) -> None:
    begin_with(page, "minimal")
    enter(page, "Plan")
    analyze_by_the_primary_alone(page)
    box(page, "design.cycles").fill("4")
    slider(page, "patient.autocorrelation").fill("0.5")
    expect(box(page, "patient.autocorrelation")).to_have_value("0.5")
    wait_for_simulation(page, design__cycles="4", patient__autocorrelation="0.5")
    expect(page.locator("#plan-power table tbody tr")).to_have_count(8)
    on_the_page = {name: figure(page, name) for name in ("shown", "alarms")}
    enter(page, "Report")
    file = download(page, "Download the scenario file", tmp_path)
    commands = [page.locator(f"#command-{name}").inner_text() for name in ("file", "shipped")]
    assert file.name == "minimal.toml"
    assert load_scenario(str(file)) == load_scenario("minimal").replace(
        **{"design.cycles": 4, "patient.autocorrelation": 0.5, "analysis.methods": ["paired"]}
    )
    for command in commands:
        program, *args = shlex.split(command.replace("minimal.toml", str(file)))
        assert program == "n1trial"
        with searched_once():
            result = call(*args, "--json", "--out", str(tmp_path / "run"))
        methods = json.loads(result.stdout)["methods"]["paired"]
        assert on_the_page["shown"] == methods["mcid"]["detect_right"]["value"]
        assert on_the_page["alarms"] == methods["null"]["detect"]["value"]


def test_what_was_asked_for_last_is_what_is_shown(page: Page) -> None:
    begin_with(page, "minimal")
    enter(page, "Plan")
    wait_for_simulation(page)
    for cycles in (8, 7, 6, 5, 4, 3, 2):
        box(page, "design.cycles").fill(str(cycles))
        expect(page.locator(".verdict")).to_have_attribute("data-command", re.compile(f"design.cycles={cycles}$"))
    wait_for_simulation(page, design__cycles="2")
    expect(page.locator("#plan-calendar")).to_contain_text("4 possible orders")
    expect(page.locator("#plan-power table tbody tr")).to_have_count(8)
    scenario = load_scenario("minimal").replace(**{"design.cycles": 2, "simulation.replicates": FEW})
    cells = cells_of_a_verdict(scenario)
    seen = measure([cells[Address("mcid")]], scenario.simulation.seed)[0].tallies["paired"]
    assert figure(page, "shown") == seen.detected_right / FEW


def test_faults_stand_beside_their_field_in_the_words_of_the_command_line(page: Page) -> None:
    begin_with(page, "b12-8-week")
    enter(page, "Plan")
    expect(page.locator("#plan-verdict")).to_contain_text("shown in")
    box(page, "design.cycles").fill("0")
    box(page, "conduct.missing").evaluate("element => element.closest('details').open = true")
    box(page, "conduct.missing").fill("1,5")
    told = call("check", "b12-8-week", "--set", "design.cycles=0", "--set", "conduct.missing=1,5").stderr.splitlines()
    for key, line in zip(("conduct.missing", "design.cycles"), told, strict=True):
        fault = page.locator(f'[data-key="{key}"] .fault')
        expect(fault).to_have_text(line.split(": ", 1)[1])
        expect(box(page, key)).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#plan-faults li")).to_have_count(2)
    said = page.locator(".strip[role=status]").get_by_text("These figures are of the plan before the faults in: ")
    expect(said).to_contain_text("Rounds")
    expect(said).to_contain_text("Entries missing")
    expect(page.locator("section.answer")).to_have_class(re.compile("of-before"))
    assert barriers(page) == []  # what is grayed can still be read
    box(page, "design.cycles").fill("3")
    box(page, "conduct.missing").fill("0.15")
    expect(page.locator("#plan-faults li")).to_have_count(0)
    expect(said).to_have_count(0)
    expect(page.locator(".of-before")).to_have_count(0)
    expect(box(page, "design.cycles")).to_have_attribute("aria-invalid", "false")


def test_it_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the plan")).to_be_focused()
    page.get_by_role("tab", name="Before").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(page.get_by_role("tab", name="Plan")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#plan-verdict")).to_contain_text("shown in")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('[data-key=\"treatment.effect\"] .slider')"):
            break
    expect(slider(page, "treatment.effect")).to_be_focused()
    page.keyboard.press("ArrowRight")
    expect(box(page, "treatment.effect")).to_have_value("-0.9")
    page.keyboard.press("Tab")
    expect(box(page, "treatment.effect")).to_be_focused()
    page.keyboard.type("5")
    expect(page.locator('[data-key="treatment.effect"] .fault')).to_be_empty()
    summary = page.locator(".plan-form summary", has_text="The drug")
    summary.focus()
    page.keyboard.press("Enter")
    expect(box(page, "treatment.name")).to_be_visible()


def test_a_form_that_is_drawn_anew_stays_open_and_in_hand(page: Page) -> None:
    begin_with(page, "minimal")
    enter(page, "Plan")
    layout, washout = box(page, "design.layout"), box(page, "design.washout_days")
    fold = page.locator(".plan-form summary", has_text="The layout")
    fold.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(layout).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(washout).to_have_count(0)  # the form is another one
    expect(layout).to_have_value("open-label")
    expect(layout).to_be_visible()
    expect(layout).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(washout).to_be_visible()
    expect(layout).to_be_focused()
    expect(page.locator(".plan-form details[open]")).to_have_count(1)
    # a slider too, and the fold of an input that is no more
    slider(page, "design.cycles").focus()
    change_layout(page, "open-label")
    expect(washout).to_have_count(0)
    expect(slider(page, "design.cycles")).to_be_focused()
    change_layout(page, "crossover")
    expect(washout).to_be_visible()
    washout.focus()
    change_layout(page, "open-label")
    expect(washout).to_have_count(0)
    expect(fold).to_be_focused()


def change_layout(page: Page, layout: str) -> None:
    """Choose another layout with the focus elsewhere."""
    choose = "(element, value) => { element.value = value; element.dispatchEvent(new Event('input', {bubbles: true})) }"
    box(page, "design.layout").evaluate(choose, layout)


def test_what_is_typed_while_the_form_is_drawn_anew_is_not_lost(page: Page) -> None:
    begin_with(page, "minimal")
    enter(page, "Plan")
    wait_for_simulation(page)
    period, effect = box(page, "design.period_days"), box(page, "treatment.effect")
    page.evaluate(
        "() => { const socket = Shiny.shinyapp.$socket, hear = socket.onmessage; window.late = [];"
        " socket.onmessage = (told) => late.push(told);"
        " window.hearAll = () => { socket.onmessage = hear; late.forEach(hear) } }"
    )
    change_layout(page, "open-label")
    page.wait_for_function("() => late.some((told) => told.data.includes('plan-inputs'))")  # sent, and not drawn yet
    period.fill("2")  # wrong by itself: the plan is that of before
    page.wait_for_function(
        "() => late.some((told) => told.data.includes('n1trial-faults') && told.data.includes('must be'))"
    )
    effect.fill("-1.75")
    effect.evaluate("element => element.setSelectionRange(1, 3)")
    page.evaluate("hearAll()")
    expect(box(page, "design.washout_days")).to_have_count(0)
    expect(period).to_have_value("2")
    expect(page.locator('[data-key="design.period_days"] .fault')).not_to_be_empty()
    expect(effect).to_be_focused()
    expect(effect).to_have_value("-1.75")
    assert effect.evaluate("element => [element.selectionStart, element.selectionEnd]") == [1, 3]
    period.fill("28")
    expect(page.locator("#plan-verdict .verdict:not(.before)")).to_have_attribute(
        "data-command", re.compile(r"treatment\.effect=-1\.75")
    )
    # another plan is another plan
    begin_with(page, "fast-drug-2-week")
    enter(page, "Plan")
    expect(period).to_have_value("14")


def test_a_file_of_ones_own_and_one_that_is_wrong(page: Page, tmp_path: Path) -> None:
    good, bad = tmp_path / "mine.toml", tmp_path / "bad.toml"
    good.write_text(starter("mine", load_scenario("minimal")), encoding="utf-8")
    bad.write_text(good.read_text(encoding="utf-8").replace('better = "lower"', 'better = "lowest"'), encoding="utf-8")
    page.locator("#before-file").set_input_files(bad)
    expect(page.locator("#before-faults")).to_contain_text('bad.toml: outcome.better: must be "lower" or "higher"')
    page.locator("#before-file").set_input_files(good)
    expect(page.locator("#before-faults li")).to_have_count(0)
    enter(page, "Report")
    expect(page.locator("#command-file")).to_contain_text("n1trial run mine.toml")
    enter(page, "Before")
    expect(page.locator("#before-shipped option:checked")).to_have_text("your file: mine.toml")
    begin_with(page, FIRST)


def test_questions_before_planning_are_recorded(page: Page, tmp_path: Path) -> None:
    page.get_by_role("radiogroup", name=TAKEN).get_by_label("yes").check()
    expect(page.get_by_text("The simulated patient starts with none of the effect").first).to_be_visible()
    page.get_by_label("If it shows a benefit, what will you do?").fill("go on")
    enter(page, "Report")
    expect(page.locator("#report-take_away")).to_contain_text("Download")
    file = download(page, "Download the scenario file", tmp_path)
    recorded = {each.question: each.answer for each in load_scenario(str(file)).considered}
    assert recorded == {TAKEN: "yes", "If it shows a benefit, what will you do?": "go on"}
    enter(page, "Plan")
    expect(page.locator("#plan-remarks")).to_contain_text(f"{TAKEN} yes")


def test_an_answer_does_not_take_away_what_is_typed_beside_it(page: Page) -> None:
    place = page.get_by_label("If it shows a benefit, what will you do?")
    expect(place).to_be_visible()
    # as one types before the page has heard of the answer: nothing tells it of this text
    place.evaluate("element => { element.value = 'half a sent' }")
    page.get_by_role("radiogroup", name=TAKEN).get_by_label("yes").check()
    enter(page, "Plan")
    expect(page.locator("#plan-remarks")).to_contain_text(f"{TAKEN} yes")
    enter(page, "Before")
    expect(place).to_have_value("half a sent")


def test_answers_belong_to_the_plan_that_they_were_given_for(page: Page, tmp_path: Path) -> None:
    nightly = page.get_by_role("radiogroup", name="Do complaints come on most nights")
    nightly.get_by_label("no", exact=True).check()
    enter(page, "Plan")
    expect(page.locator("#plan-remarks")).to_contain_text("for rarer ones these figures are wrong")
    begin_with(page, "fast-drug-2-week")
    expect(page.locator("#before-questions")).to_contain_text("May both treatments be stopped")
    expect(page.locator("#before-questions input:checked")).to_have_count(4)
    assert {each.input_value() for each in page.locator("#before-questions input:checked").all()} == {""}
    answered = load_scenario("b12-8-week").replace(
        considered=[
            {"question": "Do complaints come on most nights, about five a week or more?", "answer": "mostly"},
            {"question": "If the answer is not clear, what will you do?", "answer": "ask again"},
        ]
    )
    file = tmp_path / "mine.toml"
    file.write_text(starter("mine", answered), encoding="utf-8")
    page.locator("#before-file").set_input_files(file)
    expect(page.get_by_label("mostly")).to_be_checked()
    expect(page.get_by_label("If the answer is not clear, what will you do?")).to_have_value("ask again")
    enter(page, "Report")
    expect(page.locator("#command-file")).to_contain_text("mine.toml")
    again = download(page, "Download the scenario file", tmp_path)
    assert load_scenario(str(again)).considered == answered.considered


def test_the_report_is_the_page_of_the_run(page: Page, tmp_path: Path) -> None:
    begin_with(page, "minimal")
    enter(page, "Plan")
    analyze_by_the_primary_alone(page)
    wait_for_simulation(page, analysis__methods='["paired"]')
    page.get_by_role("link", name="work out the whole report").click()
    page.get_by_role("button", name="Work out the report").click()
    expect(page.locator("iframe")).to_be_visible()
    inside = page.frame_locator("iframe")
    expect(inside.get_by_text("Probably no clear answer").first).to_be_visible()
    file = download(page, "Download the report", tmp_path)
    call("run", "minimal", "--set", 'analysis.methods=["paired"]', "--replicates", str(FEW),
         "--out", str(tmp_path / "run"))  # fmt: skip
    assert file.read_text(encoding="utf-8") == (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    figures = download(page, "Download the figures (JSON)", tmp_path)
    assert figures.read_text(encoding="utf-8") == (tmp_path / "run" / "run.json").read_text(encoding="utf-8")
