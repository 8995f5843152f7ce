from __future__ import annotations

import pytest

from n1trial.errors import InputError
from n1trial.web.shared.plan.designs import NamedDesign, assign_slots, differences, keep, remove, rename, trial_of
from n1trial.web.shared.plan.draft import Draft

FIRST = Draft.begin("b12-6-to-8-week")
LONGER = FIRST.edit({"design.period_days": "56"})
MORE = FIRST.edit({"design.cycles": "4", "analysis.primary": "paired"})


def kept_designs() -> tuple[NamedDesign, ...]:
    return keep(keep(keep((), FIRST), LONGER), MORE, "Four rounds")


def told(kept: tuple[NamedDesign, ...], draft: Draft) -> str:
    with pytest.raises(InputError) as caught:
        keep(kept, draft)
    return "; ".join(caught.value.faults)


def test_a_design_keeps_its_seat_while_others_come_and_go() -> None:
    one, two, three = (
        NamedDesign(f"Plan {cycles}", Draft.begin("minimal").edit({"design.cycles": str(cycles)}))
        for cycles in (2, 3, 4)
    )
    assert assign_slots((None,) * 3, [one, two]) == (one, two, None)
    assert assign_slots((one, two, None), [two]) == (None, two, None)
    renamed = NamedDesign("Other", two.draft)
    assert assign_slots((None, two, None), [renamed, three]) == (three, renamed, None)


def test_three_are_kept_and_a_fourth_is_refused() -> None:
    kept = kept_designs()
    assert [one.name for one in kept] == ["Plan 1", "Plan 2", "Four rounds"]
    assert "3 designs are kept already" in told(kept, FIRST.edit({"design.cycles": "5"}))


def test_the_same_trial_is_kept_once_whatever_it_is_called() -> None:
    renamed = FIRST.edit({"title": "Another title", "name": "another", "simulation.replicates": "50"})
    assert told(keep((), FIRST), renamed) == "this design is kept already: it is Plan 1"


def test_what_is_wrong_is_not_kept() -> None:
    assert told((), FIRST.edit({"design.cycles": "0"})).startswith("design.cycles: ")


def test_names_are_taken_once() -> None:
    kept = keep(keep((), FIRST, "Found 1"), LONGER, "Found 1")
    assert [one.name for one in kept] == ["Found 1", "Found 1 2"]
    assert [one.name for one in keep(remove(kept_designs(), "Plan 1"), FIRST)] == ["Plan 2", "Four rounds", "Plan 1"]


def test_one_is_removed_and_renamed() -> None:
    kept = rename(remove(kept_designs(), "Plan 1"), "Plan 2", "  Longer   periods ")
    assert [one.name for one in kept] == ["Longer periods", "Four rounds"]
    assert kept[0].draft == LONGER


@pytest.mark.parametrize(
    ("name", "rule"), [(" ", "cannot be empty"), ("x" * 41, "40 characters"), ("Four rounds", "another design")]
)
def test_a_bad_name_is_refused(name: str, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        rename(kept_designs(), "Plan 1", name)


def test_only_what_differs_is_told() -> None:
    found = {row.key: row for row in differences([one.scenario for one in kept_designs()])}
    assert found["design.period_days"].values == ("49 days", "56 days", "49 days")
    assert found["design.period_days"].label == "Length of a period"
    assert found["design.cycles"].values == ("3", "3", "4")
    assert [words.partition(":")[0] for words in found["analysis.primary"].values] == [
        "course", "course", "paired",
    ]  # fmt: skip
    assert list(found) == ["design.cycles", "design.period_days", "analysis.primary"]
    assert differences([FIRST.scenario, FIRST.edit({"name": "other"}).scenario]) == []  # type: ignore[list-item]


def test_what_only_one_design_has_is_told() -> None:
    openly = Draft.begin("b12-6-month-open-label").scenario
    assert FIRST.scenario is not None
    assert openly is not None
    found = {row.key: row.values for row in differences([FIRST.scenario, openly])}
    assert found["design.layout"] == ("crossover", "open-label")
    assert found["design.randomization"] == ("pairs: the order of each round drawn by lot", "does not apply")


def test_what_matters_first_the_layout_and_the_analysis_come_before_the_rest() -> None:
    changes = {
        "conduct.missing": "0.2", "analysis.discard_days": "14", "design.cycles": "4", "treatment.effect": "-0.5",
        "decision.benefit": "0.5",
    }  # fmt: skip
    found = differences([FIRST.scenario, FIRST.edit(changes).scenario])  # type: ignore[list-item]
    assert [row.key for row in found[:2]] == ["treatment.effect", "design.cycles"]
    assert {row.key for row in found if row.is_first} == {"treatment.effect", "design.cycles", "analysis.discard_days"}
    assert {row.key for row in found if not row.is_first} == {"conduct.missing", "decision.benefit"}


def test_values_that_differ_are_told_apart_to_the_last_digit() -> None:
    near = FIRST.edit({"conduct.missing": "0.1500001"}).scenario
    (row,) = differences([FIRST.scenario, near])  # type: ignore[list-item]
    assert row.values == ("15 of 100", "15.00001 of 100")


def test_a_trial_is_known_again_with_what_it_depends_on() -> None:
    scenario = FIRST.scenario
    assert scenario is not None
    again = trial_of(scenario)
    assert again.unsettled == scenario.unsettled
    assert again == trial_of(scenario.replace(title="Other"))
    assert again != trial_of(scenario.replace(**{"simulation.seed": 3}))
    assert (again.layout(), again.plan()) == (scenario.layout(), scenario.plan())
