from __future__ import annotations

import math
from collections.abc import Callable

import pytest

from n1trial import formulas


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: formulas.evpi(0, -1), "sd"),
        (lambda: formulas.evsi(0, 1, -1), "se"),
        (lambda: formulas.attenuation("AB", 14, -3, 9), "onset_days"),
        (lambda: formulas.attenuation("AB", 14, 3, math.nan), "offset_days"),
        (lambda: formulas.normal_power(1, 1, alpha=2), "alpha"),
        (lambda: formulas.paired_power(1, 3, alpha=0), "alpha"),
        (lambda: formulas.senn_sample_size(3, 1, 1, 0), "sigma"),
        (lambda: formulas.serial_t([1, 2, math.nan]), "differences"),
    ],
)
def test_what_is_out_of_range_is_refused_by_name(call: Callable[[], object], name: str) -> None:
    with pytest.raises(ValueError, match=f"^{name} must be"):
        call()
