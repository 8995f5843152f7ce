"""The results folder: written beside, then put in place whole."""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from n1trial.analysis import Status
from n1trial.errors import InputError, RunError
from n1trial.scenario.write import resolved

if TYPE_CHECKING:
    import pandas as pd

    from n1trial.study.result import Result

MARK = "run.json"
"""File by which a folder of ours is known."""
COLUMNS = (
    "estimate", "standard_error", "df", "ci_low", "ci_high", "p_value", "p_benefit", "p_worthwhile", "p_decision",
)  # fmt: skip


def holds_results(mark: Path) -> bool:
    """Whether a file is one by which a folder of ours is known."""
    try:
        document = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and "version" in document and "scenario" in document


def check_replaceable(folder: Path, mark: str = MARK, is_ours: Callable[[Path], bool] = holds_results) -> None:
    """Refuse a folder that holds anything but results of ours.

    Parameters
    ----------
    folder : Path
    mark : str
        File by which a folder of ours is known.
    is_ours : callable
        Whether that file is one of ours.

    Raises
    ------
    InputError
        If `folder` is a file, or holds files but not an earlier result.
    """
    if not folder.exists():
        return
    if not folder.is_dir():
        raise InputError(f"{folder}: results go into a folder, but this is a file; choose another with --out")
    if any(folder.iterdir()) and not is_ours(folder / mark):
        raise InputError(
            f"{folder}: holds files but no earlier results of n1trial, so it is not replaced; choose another with --out"
        )


def check_writable(folder: Path, mend: str = "choose another with --out") -> None:
    """Refuse a place where no folder can be made, before anything is simulated for it.

    Raises
    ------
    InputError
        If a file is in the way, or nothing may be written there.
    """
    try:
        above = next(path for path in folder.absolute().parents if path.exists())
        if not above.is_dir():
            raise InputError(f"{folder}: {above} is a file and no folder; {mend}")
        if not os.access(above, os.W_OK | os.X_OK):
            raise InputError(f"{folder}: nothing may be written to {above}; {mend}")
    except OSError as error:
        raise InputError(f"{folder}: cannot be written ({error.strerror}); {mend}") from None


def replace_folder(folder: Path, write: Callable[[Path], None], mark: str = MARK) -> Path:
    """Fill a new folder by `write` and put it in the place of `folder`: whole or not at all.

    Raises
    ------
    InputError
        If `folder` holds anything but results of ours.
    RunError
        If it cannot be written.
    """
    check_replaceable(folder, mark)
    folder = folder.resolve()  # what a link points to is replaced, and not the link
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        beside = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror})") from error
    try:
        fresh = beside / "new"
        fresh.mkdir()
        write(fresh)
        _swap(fresh, folder, beside / "old")
    except OSError as error:
        raise RunError(f"{folder}: cannot be written ({error.strerror}); nothing was changed") from error
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return folder


def _swap(fresh: Path, folder: Path, old: Path) -> None:
    """Put a new folder in the place of an old one, which stays where it was if that fails."""
    if not folder.exists():
        fresh.rename(folder)
        return
    folder.rename(old)
    try:
        fresh.rename(folder)
    except BaseException:  # an interruption too must not leave the place empty
        old.rename(folder)
        raise


def save_run(result: Result, folder: Path) -> Path:
    """Write the results of a run: scenario, document, characteristics, the first replicates' estimates, and pages."""

    def write(fresh: Path) -> None:
        (fresh / "scenario.toml").write_text(resolved(result.scenario), encoding="utf-8")
        (fresh / MARK).write_text(result.to_json(), encoding="utf-8")
        result.characteristics.to_csv(fresh / "characteristics.csv", index=False, lineterminator="\n")
        if result.stress:
            _stress(result).to_csv(fresh / "stress.csv", index=False, lineterminator="\n")
        text = _estimates(result).to_csv(index=False, float_format="%.8g", lineterminator="\n")
        (fresh / "estimates.csv.gz").write_bytes(gzip.compress(text.encode(), mtime=0))
        for name, page in (result.pages(result) if result.pages is not None else {}).items():
            (fresh / name).write_text(page, encoding="utf-8")

    return replace_folder(folder, write)


def _estimates(result: Result) -> pd.DataFrame:
    """First replicates' estimates, one row a truth, method and replicate."""
    import pandas as pd

    parts = []
    for truth, measured in result.measured.items():
        for method in result.figures:
            first = 0
            for effects, estimates in measured.kept:
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
    """False alarms and detection of every method under every departure from the plan."""
    import pandas as pd

    rows = [
        (row.departure, row.method, row.type_1.value, row.type_1.mcse, row.detect.value, row.detect.mcse)
        for row in result.stress
    ]
    return pd.DataFrame(rows, columns=["departure", "method", "type_1", "type_1_mcse", "detect", "detect_mcse"])
