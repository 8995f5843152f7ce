"""The order of a day: when each process acts, as dyadic fractions, so that day + hour is exact.

No two processes that touch the same state act at the same hour: what happens first must not hang on which of two was
scheduled first.
"""

from __future__ import annotations

# midnight: treatment, belief reset, shifts
BEGIN = 0 / 64
SHIFT = 1 / 64
RESET = 2 / 64
TOLD = 3 / 64
# morning: what the diary says so far, dose, exposure, learning, placebo response
REVIEW = 15 / 64
DOSE = 16 / 64
EXPOSURE = 17 / 64
LEARNING = 18 / 64
PLACEBO = 19 / 64
# noon: triggers, one after the other
TRIGGER = 32 / 64
BETWEEN_TRIGGERS = 1 / 1024
# evening: noise, score, entry
NOISE = 48 / 64
DRIFT = 49 / 64
SCORE = 50 / 64
ENTRY = 51 / 64
SECONDARY = 52 / 64
# night: guess, gaps, dropout
GUESS = 56 / 64
GAP = 57 / 64
DROPOUT = 58 / 64
OBSERVE = 60 / 64
