"""Closed forms: what can be said of a design, or of a few numbers, without simulating."""

from __future__ import annotations

from n1trial.formulas.design import attenuation, gls_standard_error
from n1trial.formulas.power import normal_power, paired_power, retrodesign, senn_sample_size
from n1trial.formulas.serial import serial_t
from n1trial.formulas.value import evpi, evsi

__all__ = [
    "attenuation", "evpi", "evsi", "gls_standard_error", "normal_power", "paired_power", "retrodesign",
    "senn_sample_size", "serial_t",
]  # fmt: skip


def __dir__() -> list[str]:
    return list(__all__)
