"""`n1trial analyze`: what a diary that was kept concludes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from n1trial.cli.analyze_key import EndOptions, analyze_with_key, early_of, key_options
from n1trial.cli.echo import say, say_json
from n1trial.cli.numbers import Whole
from n1trial.cli.options import load, set_option
from n1trial.errors import InputError

if TYPE_CHECKING:
    from n1trial.analysis.estimates import Estimates
    from n1trial.diary.diary import Diary
    from n1trial.diary.plan import Plan
    from n1trial.scenario.scenario import Scenario


def _terms(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    """Split terms at commas; an empty text stands for none."""
    if value is None:
        return None
    terms = tuple(term.strip() for term in value.split(",") if term.strip())
    if not set(terms) <= {"trend", "cycle"}:
        raise click.BadParameter(f"{value!r} is not made of trend and cycle", ctx, param)
    return terms


@click.command("analyze")
@click.argument("path", metavar="DIARY")
@click.option("--plan", "source", metavar="SCENARIO", help="The plan it was kept for: a file, or a shipped scenario.")
@key_options
@set_option
@click.option("--method", "methods", metavar="M", multiple=True, help="A method of analysis. Any number of times.")
@click.option(
    "--terms", metavar="TERMS", callback=_terms, help="Further terms of the daily models: trend, cycle, or trend,cycle."
)
@click.option("--df", type=click.Choice(["satterthwaite", "residual"]), help="Degrees of freedom of the method ar1.")
@click.option("--discard-days", metavar="N", type=Whole(0), help="Settling-in days left out of each period.")
@click.option("--minimum-days", metavar="N", type=Whole(1), help="Entries that a period needs to count.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON document instead of the answer in words.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    path: str,
    source: str | None,
    key: Path | None,
    changes: dict[str, str],
    methods: tuple[str, ...],
    terms: tuple[str, ...] | None,
    df: str | None,
    discard_days: int | None,
    minimum_days: int | None,
    as_json: bool,
    **of_key: Any,
) -> None:
    """Analyze a diary as it was planned.

    DIARY is a CSV file with a header and a row a day: day or date, period, cycle, treatment (1 the drug, 0 the
    control, or their names) and score, empty where an entry is missing. With a plan its primary method comes first and
    decides; all else is called sensitivity.

    With --key DIARY is that of a blinded pack: day, date, kit and score, and no treatment. The diary is frozen in
    trial.log beside the key, then the key is opened (its passphrase is asked for, or taken from N1TRIAL_PASSPHRASE)
    and held against its commitment; the plan that was sealed holds. A page and letters are written. Before the planned
    end of the trial the key stays shut, unless an early end was declared by n1trial freeze.
    """
    options = {"terms": terms, "df": df, "discard_days": discard_days, "minimum_days": minimum_days}
    settings: dict[str, Any] = {name: value for name, value in options.items() if value is not None}
    if key is not None:
        if changes or settings:
            given = "--set" if changes else f"--{next(iter(settings)).replace('_', '-')}"
            raise click.UsageError(f"with --key the sealed plan holds as it is, so {given} cannot be given", ctx)
        early = early_of(ctx, is_early=of_key.pop("is_early"), reason=of_key.pop("reason"))
        if faults := _unknown(methods):
            raise InputError(faults)
        plan = None if source is None else load(source, {})
        end = EndOptions(Path(path), key, early=early, plan=plan, methods=methods, as_json=as_json, **of_key)
        analyze_with_key(ctx, end)
        return
    if belongs_to_key := [name for name, value in of_key.items() if value]:
        raise click.UsageError(f"--{belongs_to_key[0].removeprefix('is_')} belongs to --key", ctx)
    if changes and source is None:
        raise click.UsageError("--set changes keys of a scenario, and needs --plan", ctx)
    _analyze_unblinded(path, None if source is None else load(source, changes), methods, settings, as_json=as_json)


def _analyze_unblinded(
    path: str, scenario: Scenario | None, methods: tuple[str, ...], settings: dict[str, Any], *, as_json: bool
) -> None:
    """Analyze a diary whose treatments are known, and print figures or the answer."""
    from n1trial.diary.plan import Plan
    from n1trial.evaluation.secondary.result import describe_all, scales_of
    from n1trial.report.diary.terminal import conclusions, figures
    from n1trial.report.words import POINTS

    planned = Plan() if scenario is None else scenario.plan()
    names = None if scenario is None else (scenario.treatment.name, scenario.control.name)
    outcomes = () if scenario is None else scenario.secondary
    diary, found = _analyze(path, planned, names, methods, settings, scales_of(outcomes), has_plan=scenario is not None)
    secondary = describe_all(diary, outcomes)
    if as_json:
        described = {"secondary": list(map(asdict, secondary))} if secondary else {}
        say_json(json.dumps({"methods": figures(found), **described}, indent=2))
        for note in diary.notes:
            say(note, err=True)
        return
    changed = [] if scenario is None else _changes(planned, settings)
    unit = POINTS if scenario is None else scenario.outcome.unit
    told = conclusions(
        diary, found, *([names] if names else []), has_plan=scenario is not None, changes=changed, unit=unit,
        is_control_active=scenario is not None and scenario.control.is_active, secondary=secondary,
    )  # fmt: skip
    say(told, nl=False)


def _analyze(
    path: str, plan: Plan, names: tuple[str, str] | None, methods: tuple[str, ...], settings: dict[str, Any],
    columns: Mapping[str, tuple[float, float]], *, has_plan: bool,
) -> tuple[Diary, dict[str, Estimates]]:  # fmt: skip
    """Read a diary and analyze it by every method that applies: all faults at once, of file and methods."""
    from n1trial.analysis.analyze import analyze
    from n1trial.diary.file.read import read_diary

    faults = _unknown(methods)
    try:
        diary = read_diary(path, plan, names, columns)
    except InputError as error:
        raise InputError([*faults, *error.findings]) from None
    if faults:
        raise InputError(faults)
    diary = diary.with_plan(replace(plan, **settings))
    chosen = methods or (plan.methods if has_plan else _all_that_apply(diary))
    applied = dict.fromkeys((plan.primary, *chosen) if has_plan else chosen)
    return diary, {method: analyze(diary, method) for method in applied}


def _unknown(methods: tuple[str, ...]) -> list[str]:
    """List the faults of the names of methods."""
    from n1trial.diary.methods import METHODS
    from n1trial.wording import near_miss

    known = ", ".join(METHODS)
    return [
        f"--method: {name!r} does not exist{near_miss(name, METHODS)}; there are {known}"
        for name in methods
        if name not in METHODS
    ]


def _all_that_apply(diary: Diary) -> tuple[str, ...]:
    """Name the methods that compare treatments, or the one for a diary on the drug alone."""
    from n1trial.diary.methods import methods_for

    is_crossover = ((diary.period > 0) & (diary.treatment == 0)).any()
    return methods_for("crossover" if is_crossover else "open-label")


def _changes(plan: Plan, settings: dict[str, Any]) -> list[str]:
    """List settings of the command line that differ from the plan."""

    def show(value: object) -> str:
        return (", ".join(value) or "none") if isinstance(value, tuple) else str(value)

    return [
        f"{name} is {show(value)}, and was planned to be {show(getattr(plan, name))}."
        for name, value in settings.items()
        if value != getattr(plan, name)
    ]
