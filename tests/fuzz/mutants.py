"""Damaged and hostile input, drawn from seeds, and what must hold whatever a command is given.

``N1TRIAL_FUZZ`` is how many times as many cases are tried as in a usual run; each case has a seed of its own.
"""

from __future__ import annotations

import copy
import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from click.testing import Result

from n1trial.cli.group import OUR_FAULT
from n1trial.texts import refused_characters
from tests.cli.files import call

TIMES = int(os.environ.get("N1TRIAL_FUZZ", "1"))
EXIT_CODES = (0, 2, 3, 4)

TEXTS = (
    "", " ", "x", "0", "-1", "1e308", "-1e308", "1e400", "nan", "inf", "true", "yes", "5,5", "1:3:1", "[1, 2]", "{}",
    "[[", '"', "'", "=1+1", "@x", "\x1b]0;t\x07", "\u202eabc", "a\u2028b", "\x00", "\x7f", "\ufeff", "\ud800",
    "\U000e0041", "\ufffe", "\u7dad\u751f\u7d20", "<script>", "../../x", "a" * 300, "9" * 80, "2027-01-04",
    "04.01.2027", "0001-01-01", "9999-12-31",
)  # fmt: skip
"""What is put into the place of a text, a cell or an option."""
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 2**63, -(2**70), 10**400, 0.5, -1e308, float("nan"), float("inf"), [], {}, [[]],
    [None], {"value": None}, [1, 2], *TEXTS,
)  # fmt: skip
"""What is put into the place of a value."""


def draws(name: str, count: int) -> Iterator[random.Random]:
    """Random numbers of each case: the same in every run of the tests."""
    for number in range(count * TIMES):
        yield random.Random(f"{name} {number}")


def damaged(draw: random.Random, content: bytes) -> bytes:
    """Bytes of a file, changed in one to five places."""
    held = bytearray(content)
    for _ in range(draw.randint(1, 5)):
        at = draw.randrange(len(held) + 1)
        upto = min(len(held), at + draw.choice((1, 1, 2, 10, 200)))
        match draw.randrange(6):
            case 0:
                held[at:upto] = b""
            case 1:
                held[at:at] = held[at:upto] * draw.choice((1, 2, 50))
            case 2:
                held[at:upto] = bytes(draw.randrange(256) for _ in range(upto - at))
            case 3:
                held[at:at] = bytes([draw.choice(b'\n\r,;"=[].#\xff\0')])
            case _:
                held[at:at] = draw.choice(TEXTS).encode("utf-8", "surrogatepass")
    return bytes(held)


def changed(draw: random.Random, tree: Any) -> Any:
    """Nested values, one to three of which are others, missing, or there under another name."""
    root = copy.deepcopy(tree)
    for _ in range(draw.randint(1, 3)):
        holders = list(_holders(root))
        if not holders:
            break
        holder = draw.choice(holders)
        key = draw.choice(list(holder)) if isinstance(holder, dict) else draw.randrange(len(holder))
        match draw.randrange(5):
            case 0:
                del holder[key]
            case 1 if isinstance(holder, dict):
                holder[draw.choice(TEXTS)] = holder.pop(key)
            case 1:
                holder.insert(key, copy.deepcopy(holder[key]))
            case 2 if isinstance(holder[key], int | float) and not isinstance(holder[key], bool):
                holder[key] = draw.choice((-holder[key], holder[key] + 1, holder[key] * 1000, holder[key] / 3))
            case _:
                holder[key] = copy.deepcopy(draw.choice(VALUES))
    return root


def _holders(tree: Any) -> Iterator[Any]:
    """Tables and lists of nested values that hold something."""
    if isinstance(tree, dict | list) and tree:
        yield tree
        for held in tree.values() if isinstance(tree, dict) else tree:
            yield from _holders(held)


def table_changed(draw: random.Random, content: str) -> str:
    """CSV of which some cells, or rows, are others."""
    rows = [line.split(",") for line in content.splitlines()]
    for _ in range(draw.randint(1, 4)):
        row = draw.choice(rows)
        match draw.randrange(4):
            case 0 if len(rows) > 1:
                rows.remove(row)
            case 1:
                rows.insert(draw.randrange(len(rows) + 1), list(row))
            case _:
                row[draw.randrange(len(row))] = draw.choice(TEXTS)
    return "\n".join(",".join(row) for row in rows) + "\n"


def safe(*args: str, within: Path) -> Result:
    """Call a command, and let what must hold of every command hold.

    Parameters
    ----------
    *args : str
    within : Path
        Folder that the command may write to.

    Returns
    -------
    Result
    """
    before = _names(within)
    result = call(*args)
    told = result.stdout + result.stderr
    assert result.exit_code in EXIT_CODES, (args, told)
    assert OUR_FAULT not in told, (args, told)
    assert "Traceback" not in told, (args, told)
    assert refused_characters(told, allow="\n") == (), (args, told)
    left = _names(within) - before
    assert not [name for name in left if Path(name).name.startswith(".")], (args, left)
    if result.exit_code != 0:
        assert not left - {"trial.log"}, (args, left)
    return result


def _names(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}
