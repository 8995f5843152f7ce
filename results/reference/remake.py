"""Remake the reference results and every page that quotes them: ``uv run python results/reference/remake.py``."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import n1trial
from n1trial.report.rates import in_100
from n1trial.report.run.page import PAGE, page
from n1trial.report.run.terminal.brief import brief_answer
from n1trial.report.run.terminal.full import answer
from n1trial.report.verdict import words
from n1trial.scenario.file.library import shipped_scenarios
from n1trial.study.batches.workers import available
from n1trial.study.run.result import Result

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
EXAMPLE = "b12-6-to-8-week"


def main() -> None:
    """Run every shipped scenario as it stands and write what it says."""
    results: dict[str, Result] = {}
    for scenario in shipped_scenarios():
        result = n1trial.run(n1trial.load_scenario(scenario.name), workers=available())
        results[scenario.name] = result
        folder = HERE / scenario.name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "run.json").write_text(result.to_json(), encoding="utf-8")
        (folder / "answer.txt").write_text(brief_answer(result), encoding="utf-8")
        (folder / "answer-long.txt").write_text(answer(result), encoding="utf-8")
        (folder / PAGE).write_text(page(result), encoding="utf-8")
        print(f"{scenario.name}: {words(result.verdict)}")  # noqa: T201
    example = "\n".join(f"    {line}".rstrip() for line in brief_answer(results[EXAMPLE]).splitlines())
    between(ROOT / "README.md", "example", f"\n{example}\n")
    between(ROOT / "scenarios" / "README.md", "answers", table(results))


def table(results: dict[str, Result]) -> str:
    """Answers of all scenarios, a row each."""
    rows = [
        "| scenario | shown if it moves the score by the smallest worthwhile difference | false alarm | verdict |",
        "|---|---|---|---|",
    ]
    for name, result in results.items():
        figures = result.figures[result.primary]
        shown, alarm = figures["mcid"]["detect_right"].value, figures["null"]["detect"].value
        rows.append(f"| `{name}` | {in_100(shown)} | {in_100(alarm)} | {words(result.verdict)} |")
    return "\n".join(rows)


def between(page: Path, mark: str, text: str) -> None:
    """Put text between the begin and end marks of a page."""
    begin, end = f"<!-- {mark}: begin -->", f"<!-- {mark}: end -->"
    content = page.read_text(encoding="utf-8")
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    replaced, count = re.subn(pattern, lambda _: f"{begin}\n{text}\n{end}", content, flags=re.DOTALL)
    if count != 1:
        raise ValueError(f"{page} must hold {begin} and {end} once, but holds them {count} times")
    page.write_text(replaced, encoding="utf-8")


if __name__ == "__main__":
    main()
