from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from numpy.typing import NDArray

from n1trial.evaluation.characteristics import Figure as Share
from n1trial.report.plot.diary import as_svg, draw_diary, save
from n1trial.report.plot.panels import DRUG, GUESSES, MEAN
from n1trial.report.plot.panels import legend as panel_legend
from n1trial.report.plot.rates import draw_power
from n1trial.simulation.life import Life
from tests.simulation.lives import at, lived, quiet, quiet_life, quiet_openly

WORDS = {"of_100": "of 100", "benefit": "Benefit", "shown": "shown", "alarms": "false alarm", "good": "good"}
PNG = b"\x89PNG\r\n\x1a\n"


def horizontal(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_xdata(), dtype=float)


def vertical(line: Line2D) -> NDArray[np.float64]:
    return np.asarray(line.get_ydata(), dtype=float)


def shaded(ax: Axes) -> list[tuple[float, float]]:
    """Begin and end, on the axis, of what is shaded as on the drug."""
    spans = [
        patch for patch in ax.patches if mpl.colors.to_hex(patch.get_facecolor()) == DRUG and patch.get_alpha() is None
    ]
    boxes = [patch.get_extents().transformed(ax.transData.inverted()) for patch in spans]
    return [(round(box.x0, 6), round(box.x1, 6)) for box in boxes]


def panels(figure: Figure) -> list[str]:
    return [ax.get_ylabel().replace("\n", " ") for ax in figure.axes]


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.legends[0].get_texts()]


def rows(ax: Axes) -> dict[str, list[int]]:
    """Days marked in each row of the lowest panel of a short trial."""
    names = [label.get_text() for label in ax.get_yticklabels()]
    days = [
        [round(float(middle) - 0.5) for middle in horizontal(line)] for line in ax.lines if line.get_marker() == "|"
    ]
    return dict(zip(names, days, strict=True))


def above(figure: Figure) -> list[tuple[str, bool]]:
    """Names above the scores, and whether they are upright."""
    return [(text.get_text(), text.get_rotation() == 90) for text in figure.axes[0].texts]


def eventful() -> Life:
    # 20 days, the longest trial that is shown in days
    life = quiet_life(design={"run_in_days": 1, "cycles": 2, "sequence": "ABBA", "washout_days": 1})
    return replace(
        life,
        is_lost=at(life, 1, 6),
        is_filled=at(life, 6),
        is_taken=~at(life, 2),
        hits={"stress": at(life, -1, 3), "caffeine": at(life, 100)},
        guesses={3: 1, 8: 1, 12: -1},
    )


def test_panels_from_above() -> None:
    figure = draw_diary(eventful())
    assert panels(figure) == ["Complaints (lower is better)", "Effect built up", "The patient thinks it is", ""]


@pytest.mark.parametrize(("period_days", "unit", "end"), [(10, "Days", 20), (11, "Weeks", 22 / 7)])
def test_a_short_trial_is_shown_in_days(period_days: int, unit: str, end: float) -> None:
    figure = draw_diary(quiet_life(design={"period_days": period_days}))
    assert figure.axes[-1].get_xlabel() == f"{unit} since the first day of treatment"
    assert figure.axes[-1].get_xlim() == (0, end)
    assert all(float(tick).is_integer() for tick in figure.axes[-1].get_xticks())


def test_a_long_trial_is_wider_and_its_marks_are_finer() -> None:
    short, long, endless = (
        draw_diary(quiet_life(design={"cycles": cycles, "period_days": 28, "sequence": "AB" * cycles}))
        for cycles in (1, 10, 26)
    )
    assert [figure.get_figwidth() for figure in (short, long, endless)] == pytest.approx([11, 12.7, 26])
    assert entry_size(short) > entry_size(long) > entry_size(endless)


def entry_size(figure: Figure) -> float:
    return next(line.get_markersize() for line in figure.axes[0].lines if line.get_marker() == "o")


def test_names_of_periods_are_upright_where_they_have_no_room() -> None:
    assert above(draw_diary(quiet_life())) == [("Drug", False), ("Placebo", False)]
    many = {"cycles": 26, "period_days": 1, "sequence": "AB" * 26, "run_in_days": 5}
    assert above(draw_diary(quiet_life(design=many))) == [*[("Drug", True), ("Placebo", True)] * 26, ("Run-in", False)]
    tiny = {"cycles": 26, "period_days": 1, "sequence": "AB" * 26, "washout_days": 14}
    assert above(draw_diary(quiet_life(design=tiny))) == []


def test_a_period_cut_short_does_not_decide_for_the_others() -> None:
    life = replace(quiet_life(design={"period_days": 200}), dropout_day=201)
    assert above(draw_diary(life)) == [("Drug", False)]


def test_a_huge_scale_is_written_out() -> None:
    life = quiet_life(outcome={"scale": [0, 1e6], "mcid": 1e5})
    figure = draw_diary(life)
    figure.draw_without_rendering()
    axis = figure.axes[0].yaxis
    assert axis.get_offset_text().get_text() == ""
    assert "1000000" in [label.get_text() for label in axis.get_ticklabels()]


def test_what_was_on_the_drug_is_shaded_in_every_panel() -> None:
    figure = draw_diary(eventful())
    figure.canvas.draw()
    for ax in figure.axes:
        assert shaded(ax) == [(0, 4), (15, 19)]


def test_the_effect_built_up_is_the_one_that_was_simulated() -> None:
    life = lived(quiet(treatment={"onset_days": 3.0, "offset_days": 5.0}))
    line = draw_diary(life).axes[1].lines[-1]
    np.testing.assert_array_equal(vertical(line), life.exposure)
    np.testing.assert_allclose(horizontal(line), life.day + 0.5)


def test_single_days_have_a_row_a_kind_and_what_never_happened_has_none() -> None:
    assert rows(draw_diary(eventful()).axes[-1]) == {
        "no entry": [1], "filled in later": [6], "dose missed": [2], "stress": [-1, 3],
    }  # fmt: skip
    assert len(draw_diary(quiet_life()).axes) == 3


def test_means_are_those_of_the_days_that_count() -> None:
    life = quiet_life(analysis={"discard_days": 1})
    means = [line for line in draw_diary(life).axes[0].lines if line.get_linewidth() == 2]
    assert [set(vertical(line)) for line in means] == [{3.0}, {5.0}]
    np.testing.assert_allclose([horizontal(line) for line in means], [[1, 4], [5, 8]])


def test_the_mean_of_a_single_day_is_as_wide_as_the_day() -> None:
    figure = draw_diary(quiet_life(design={"period_days": 1}))
    means = [line for line in figure.axes[0].lines if line.get_linewidth() == 2]
    np.testing.assert_allclose([horizontal(line) for line in means], [[0, 1], [1, 2]])


def test_the_legend_explains_what_is_there_and_nothing_else() -> None:
    believes = "what the patient believes"
    assert legend(draw_diary(quiet_life())) == ["on Drug", "on Placebo", "entry", MEAN, believes]
    assert legend(draw_diary(eventful())) == [
        "on Drug", "on Placebo", "washout", "entry", "filled in later", MEAN, believes, "right guess", "wrong guess",
        "cannot tell",
    ]  # fmt: skip
    assert legend(draw_diary(lived(quiet_openly()))) == ["on Drug", "entry", MEAN]


def test_the_legend_of_a_patient_who_leaves_before_a_day_counts() -> None:
    life = quiet_life(design={"washout_days": 1}, analysis={"discard_days": 3})
    score = np.full_like(life.diary.score, np.nan)
    score[:2] = 5
    life = replace(life, dropout_day=2, diary=replace(life.diary, score=score))
    assert legend(draw_diary(life)) == ["on Drug", "stopped", "entry", "what the patient believes"]


def test_no_two_marks_in_the_legend_are_alike() -> None:
    handles = [handle for handle in panel_legend(eventful()) if isinstance(handle, Line2D)]
    looks = {(handle.get_marker(), handle.get_color(), handle.get_markerfacecolor()) for handle in handles}
    assert len(looks) == len(handles) == 7
    shapes = {handle.get_marker() for handle in handles if handle.get_label() in GUESSES}
    assert "o" not in shapes


def test_nothing_is_drawn_of_a_patient_who_has_left() -> None:
    life = quiet_life()
    score = life.diary.score.copy()
    score[5:] = np.nan
    life = replace(life, dropout_day=5, diary=replace(life.diary, score=score), hits={"stress": at(life, 2, 6)})
    figure = draw_diary(life)
    assert len(horizontal(figure.axes[1].lines[-1])) == 5
    assert rows(figure.axes[-1]) == {"stress": [2]}
    assert "stopped" in legend(figure)
    assert figure.get_suptitle().endswith("; stopped after 5 days")


@pytest.mark.parametrize(("dropout_day", "week"), [(6, 1), (7, 1), (8, 2)])
def test_a_long_trial_is_stopped_in_the_week_of_its_last_day(dropout_day: int, week: int) -> None:
    life = replace(quiet_life(design={"period_days": 28}), dropout_day=dropout_day)
    assert draw_diary(life).get_suptitle().endswith(f"; stopped in week {week}")


def test_the_open_label_layout_has_nothing_to_guess_and_a_mean_before() -> None:
    figure = draw_diary(lived(quiet_openly()))
    assert panels(figure) == ["Complaints (lower is better)", "Effect built up"]
    means = [line for line in figure.axes[0].lines if line.get_linewidth() == 2]
    assert [set(vertical(line)) for line in means] == [{3.0}, {5.0}]
    assert figure.get_suptitle().endswith("\nNo control: the drug cannot be told from placebo response and time")


def test_the_title_of_a_drug_without_effect() -> None:
    title = draw_diary(quiet_life(treatment={"effect": 0.0})).get_suptitle()
    assert title.endswith("\nIn this simulated patient Drug is assumed to do nothing")


@pytest.mark.parametrize(
    "name", ["$x^", "a $dollar$ b", "北京", "A very long name indeed, of a drug that nobody knows"]
)
def test_names_are_shown_as_they_are(name: str, tmp_path: Path) -> None:
    life = quiet_life(treatment={"name": name})
    figure = draw_diary(life)
    assert figure.get_suptitle() == (
        "Simulated patient 0 of quiet\n"
        f"In this simulated patient {name} is assumed to lower the score by 2 points once built up"
    )
    save(figure, tmp_path / "diary")
    assert name in (tmp_path / "diary.svg").read_text(encoding="utf-8")


def test_the_same_life_is_the_same_bytes(tmp_path: Path) -> None:
    save(draw_diary(eventful()), tmp_path / "one")
    for _ in range(3):
        draw_diary(eventful())
    with mpl.rc_context({"svg.hashsalt": None, "font.size": 20}):
        save(draw_diary(eventful()), tmp_path / "two")
    for ending in (".svg", ".png"):
        assert (tmp_path / f"one{ending}").read_bytes() == (tmp_path / f"two{ending}").read_bytes()
    assert (tmp_path / "one.png").read_bytes().startswith(PNG)
    svg = (tmp_path / "one.svg").read_text(encoding="utf-8")
    assert "<text" in svg
    assert "dc:date" not in svg


def test_pictures_that_several_threads_draw_are_those_that_one_draws() -> None:
    """How matplotlib draws is one setting for all threads."""

    def drawn(place: int) -> str:
        curve = {1.0: Share(0.2), 2.0: Share(0.7)}
        return as_svg(draw_power(curve, Share(0.05), {}, WORDS), f"picture-{place % 2}", "title", "description")

    alone = [drawn(0), drawn(1)]
    own = (mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"])
    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(drawn, range(8))) == alone * 4
    assert (mpl.rcParams["font.size"], mpl.rcParams["svg.hashsalt"]) == own
