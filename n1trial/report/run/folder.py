"""The results folder of a run: written beside, then put in place whole."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

from n1trial.analysis.estimates import Status
from n1trial.errors import InputError
from n1trial.files.folders import replace_folder
from n1trial.report.run.document import MARK, SCENARIO, to_json
from n1trial.scenario.file.write import write_resolved
from n1trial.study.run.result import Result

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (
    "estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "p_decision",
)  # fmt: skip


def save_run(result: Result, folder: Path, *, estimates: bool = False) -> Path:
    """Write the results of a run: scenario, document, characteristics and the page.

    Parameters
    ----------
    result : Result
    folder : Path
        A folder that does not exist, is empty or holds an earlier run; that run is replaced.
    estimates : bool
        Whether the first replicates' estimates are written, too.

    Raises
    ------
    InputError
        If the folder holds something else, or a result that was read back is to give estimates.
    """
    if estimates and not result.measurements:
        raise InputError("estimates: a result that was read back holds none of single trials; simulate it again")

    from n1trial.report.run.page import PAGE, page  # slow to import, and not wanted before the answer

    def write(fresh: Path) -> None:
        (fresh / SCENARIO).write_text(write_resolved(result.scenario), encoding="utf-8")
        (fresh / MARK).write_text(to_json(result), encoding="utf-8")
        result.characteristics.to_csv(fresh / "characteristics.csv", index=False, lineterminator="\n")
        if result.stress:
            _stress(result).to_csv(fresh / "stress.csv", index=False, lineterminator="\n")
        if estimates:
            text = _estimates(result).to_csv(index=False, float_format="%.8g", lineterminator="\n")
            (fresh / "estimates.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        (fresh / PAGE).write_text(page(result), encoding="utf-8", newline="\n")

    return replace_folder(folder, write, MARK)


def _estimates(result: Result) -> pd.DataFrame:
    """Return the first replicates' estimates, one row a truth, method and replicate."""
    import pandas as pd

    parts = []
    for truth, measured in result.measurements.items():
        for method in result.figures:
            first = 0
            for effects, estimates in measured.samples:
                one = estimates[method]
                numbers = range(first, first + len(effects))
                columns = {name: getattr(one, name) for name in COLUMNS}
                parts.append(
                    pd.DataFrame(
                        {"truth": truth, "method": method, "replicate": numbers, "effect": effects, **columns,
                         "status": [Status(code).word for code in one.status], "n": one.n}
                    )
                )  # fmt: skip
                first += len(effects)
    return pd.concat(parts, ignore_index=True)


def _stress(result: Result) -> pd.DataFrame:
    """Return false alarms and detection of every method under every departure from the plan."""
    import pandas as pd

    rows = [
        (row.departure, row.method, row.type_1.value, row.type_1.mcse, row.detect.value, row.detect.mcse)
        for row in result.stress
    ]
    return pd.DataFrame(rows, columns=["departure", "method", "type_1", "type_1_mcse", "detect", "detect_mcse"])
